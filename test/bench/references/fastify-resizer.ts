import { basename } from 'node:path';
import fastify from 'fastify';
import type { Picture } from '../contenders/contender.ts';
import { encode } from './encode.ts';

// The simplest service that resizes. Argument: the source folder. First message: its URL.

const [folder = ''] = process.argv.slice(2);
const app = fastify();
app.get('/:file', async (request, reply) => {
  const { file } = request.params as { file: string };
  const { width, quality, format } = request.query as { width: string; quality?: string; format?: 'webp' | 'avif' };
  const picture: Picture = { file: basename(file), width: Number(width) };
  if (format) picture.format = format;
  if (quality) picture.quality = Number(quality);
  const image = await encode(folder, picture);
  return reply.type(`image/${format ?? 'jpeg'}`).send(image);
});
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address() as { port: number };
process.send?.({ url: `http://127.0.0.1:${address.port}` });
