import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';

// Baseline cost of HTTP: a route that sends a Buffer, one that answers 304, and a file sent by @fastify/static.
// Argument: the file. First message: its URL and the file's name.

const [file = ''] = process.argv.slice(2);
const image = await readFile(file);
const app = fastify();
app.get('/buffer', (_request, reply) => reply.type('image/jpeg').send(image));
app.get('/not-modified', (_request, reply) => reply.code(304).header('etag', '"a"').send());
app.register(fastifyStatic, { root: dirname(file), prefix: '/static/' });
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address() as { port: number };
process.send?.({ url: `http://127.0.0.1:${address.port}`, name: basename(file) });
