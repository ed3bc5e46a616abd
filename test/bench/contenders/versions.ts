import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { ipxFolder } from './ipx.ts';
import { thumborCommand } from './thumbor.ts';

const run = promisify(execFile);

/** Lists the contenders' versions, with the libvips of those given as binaries. */
export async function versions(): Promise<string> {
  const { version: fastify } = await manifest(new URL('../../../node_modules/fastify/package.json', import.meta.url));
  const { version: ipx } = await manifest(`${ipxFolder}/package.json`);
  const { IMGPROXY, IMAGOR } = process.env;
  return [
    `sharp ${sharp.versions.sharp} (libvips ${sharp.versions.vips})`,
    `Fastify ${fastify}`,
    `ipx ${ipx}`,
    ...(IMGPROXY ? [`imgproxy ${await versionOf(IMGPROXY, 'version')} (${await libvipsOf(IMGPROXY)})`] : []),
    ...(IMAGOR ? [`imagor ${await versionOf(IMAGOR, '-version')} (${await libvipsOf(IMAGOR)})`] : []),
    ...(existsSync(thumborCommand) ? [`thumbor ${await versionOf(thumborCommand, '--version')} (Pillow)`] : []),
  ].join(', ');
}

const manifest = async (path: string | URL) => JSON.parse(await readFile(path, 'utf8')) as { version: string };

async function versionOf(command: string, flag: string): Promise<string> {
  const { stdout, stderr } = await run(command, [flag]);
  return /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0] ?? '';
}

/** File name of the linked libvips, such as `libvips-cpp.so.8.18.7`, which is sharp's. */
async function libvipsOf(binary: string): Promise<string> {
  const { stdout } = await run('ldd', [binary]);
  return /libvips\S*/.exec(stdout)?.[0] ?? 'linked statically';
}
