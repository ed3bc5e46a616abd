import { readFile } from 'node:fs/promises';
import type { Service } from './service.ts';

/** The examples of docs/clients.md in one language, with the addresses of a service that runs. */
export async function snippets(language: string, { http, zmq }: Pick<Service, 'http' | 'zmq'>): Promise<string[]> {
  const guide = await readFile(new URL('../../docs/clients.md', import.meta.url), 'utf8');
  const found = [...guide.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].filter(([, info]) => info === language);
  return found.map(([, , code = '']) =>
    code.replaceAll('http://localhost:8080', http).replaceAll('tcp://localhost:5555', zmq),
  );
}
