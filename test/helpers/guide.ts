import { readFile } from 'node:fs/promises';
import type { Service } from './service.ts';

type Addresses = Pick<Service, 'http' | 'zmq'>;

export interface Block {
  /** Language and name, e.g. `python dealer`. */
  info: string;
  code: string;
}

/** All code blocks of a document, with their addresses replaced by a running service's. */
export async function blocks(document: string, to: Addresses): Promise<Block[]> {
  const found = [...(await read(document)).matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)];
  return found.map(([, info = '', code = '']) => ({ info, code: withAddresses(code, to) }));
}

/** The code blocks of a document in one language, with their addresses replaced by a running service's. */
export async function snippets(language: string, to: Addresses, document = 'docs/clients.md'): Promise<string[]> {
  return (await blocks(document, to)).filter(({ info }) => info === language).map(({ code }) => code);
}

/** The inline code of a document that calls this command. */
export async function inlineCommands(name: string, to: Addresses, document: string): Promise<string[]> {
  const found = [...(await read(document)).matchAll(/`([^`\n]+)`/g)];
  return found.flatMap(([, code = '']) => (code.startsWith(`${name} `) ? [withAddresses(code, to)] : []));
}

const read = (document: string) => readFile(new URL(`../../${document}`, import.meta.url), 'utf8');

const withAddresses = (code: string, { http, zmq }: Addresses) =>
  code.replaceAll('http://localhost:8080', http).replaceAll('tcp://localhost:5555', zmq);
