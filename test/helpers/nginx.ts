import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { blocks } from './guide.ts';
import { closeWith, type Owner, temporaryFolder } from './owner.ts';

/** The server_name of the documented configuration. */
export const host = 'images.example.org';

export interface NginxOptions {
  port: number;
  /** Origin of the service, e.g. `http://127.0.0.1:40001`. */
  upstream: string;
  /** Default true. */
  tls?: boolean;
  /** Default true. */
  stripsPath?: boolean;
}

/**
 * Runs nginx with the configuration of docs/deployment.md, and stops it after the test.
 * @returns the certificate's path
 */
export async function startNginx(
  t: Owner,
  { port, upstream, tls = true, stripsPath = true }: NginxOptions,
): Promise<string> {
  const folder = await temporaryFolder(t, 'nginx');
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate]);

  let site = await findBlock('nginx', '#');
  const replace = (text: string, by: string) => {
    if (!site.includes(text)) throw new Error(`Expected ${text} in the nginx configuration of docs/deployment.md`);
    site = site.replace(text, by);
  };
  replace('127.0.0.1:8080', new URL(upstream).host);
  replace('listen 443 ssl', `listen 127.0.0.1:${port}${tls ? ' ssl' : ''}`);
  replace('/var/cache/nginx/imgwire', join(folder, 'cache'));
  replace(`/etc/ssl/certs/${host}.pem`, certificate);
  replace(`/etc/ssl/private/${host}.key`, key);
  if (!stripsPath) {
    replace('proxy_pass http://imgwire/;', 'proxy_pass http://imgwire;');
    replace('proxy_pass http://imgwire/images;', 'proxy_pass http://imgwire;');
  }

  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    [
      process.getuid?.() === 0 ? 'user root;' : '',
      'daemon off; worker_processes 1;',
      `pid ${folder}/pid; error_log stderr warn;`,
      `events {}\nhttp {\naccess_log off; ${paths.join(' ')}\n${site}\n}`,
    ].join('\n'),
  );
  const nginx = spawn('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(nginx, 'exit');
  closeWith(t, async () => {
    nginx.kill();
    await exited;
  });
  await waitUntilListening(nginx, port);
  return certificate;
}

/** The service settings from docs/deployment.md, for an nginx on this port. */
export async function documentedSettings(port: number): Promise<Record<string, string>> {
  const code = await findBlock('sh', 'IMGWIRE_PUBLIC_URL=');
  const settings = [...code.matchAll(/^(\w+)=(.+)$/gm)];
  return Object.fromEntries(settings.map(([, name, value]) => [name, value?.replace(host, `${host}:${port}`)]));
}

async function findBlock(language: string, start: string): Promise<string> {
  const documentedAddresses = { http: 'http://localhost:8080', zmq: 'tcp://localhost:5555' };
  const found = await blocks('docs/deployment.md', documentedAddresses);
  const block = found.find(({ info, code }) => info === language && code.startsWith(start));
  if (block === undefined) throw new Error(`Expected a ${language} block in docs/deployment.md`);
  return block.code;
}

async function waitUntilListening(nginx: ChildProcess, port: number): Promise<void> {
  while (nginx.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(20);
  }
  throw new Error(`nginx ended with ${nginx.exitCode}`);
}
