import { readFile } from 'node:fs/promises';
import type { Service } from './service.ts';

type Addresses = Pick<Service, 'http' | 'zmq'>;

export interface Block {
  /** Language and name, such as `python dealer`. */
  info: string;
  code: string;
}

/** All examples of a document, with the addresses of a service that runs. */
export async function blocks(document: string, to: Addresses): Promise<Block[]> {
  const found = [...(await read(document)).matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)];
  return found.map(([, info = '', code = '']) => ({ info, code: addressed(code, to) }));
}

/** The examples of a document in one language, with the addresses of a service that runs. */
export async function snippets(language: string, to: Addresses, document = 'docs/clients.md'): Promise<string[]> {
  return (await blocks(document, to)).filter(({ info }) => info === language).map(({ code }) => code);
}

/** The commands of this name that stand within the text of a document. */
export async function inlineCommands(name: string, to: Addresses, document: string): Promise<string[]> {
  const found = [...(await read(document)).matchAll(/`([^`\n]+)`/g)];
  return found.flatMap(([, code = '']) => (code.startsWith(`${name} `) ? [addressed(code, to)] : []));
}

const read = (document: string) => readFile(new URL(`../../${document}`, import.meta.url), 'utf8');

const addressed = (code: string, { http, zmq }: Addresses) =>
  code.replaceAll('http://localhost:8080', http).replaceAll('tcp://localhost:5555', zmq);
