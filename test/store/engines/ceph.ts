import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { answers, createWorkspace, credentials, type Engine, engineAt, eventually, run } from './engine.ts';

/** Ceph's object gateway with one monitor and one in-memory OSD. */
export async function startCeph(t: Owner): Promise<Engine> {
  const { folder, kill, start } = await createWorkspace(t, 'ceph');
  const [monitorPort, gatewayPort] = (await freePorts(2)) as [number, number];
  const [cluster, store] = [randomUUID(), randomUUID()];
  const path = join(folder, 'ceph.conf');
  const map = join(folder, 'monmap');
  await writeFile(path, configuration(folder, cluster, monitorPort, gatewayPort));
  await writeFile(join(folder, 'keyring'), '');
  for (const data of ['mon', 'osd']) await mkdir(join(folder, data));
  const [conf, env] = [['-c', path], { CEPH_CONF: path }];
  const command = (program: string, ...args: string[]) =>
    run(program, [...conf, ...args], { env: { ...process.env, ...env } });

  const monitor = `[v2:127.0.0.1:${monitorPort}]`;
  await command('monmaptool', '--create', '--fsid', cluster, '--addv', 'a', monitor, map);
  await command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
  start('ceph-mon', [...conf, '-f', '-i', 'a'], env);
  await command('ceph', 'osd', 'new', store);
  await command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', store);
  await command('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default');
  start('ceph-osd', [...conf, '-f', '-i', '0'], env);

  const endpoint = `http://127.0.0.1:${gatewayPort}`;
  const startGateway = async () => {
    const child = start('radosgw', [...conf, '-f', '-n', 'client.rgw'], env);
    await eventually('the object gateway to answer', answers(endpoint));
    return child;
  };
  let gateway = await startGateway();
  const keys = ['--access-key', credentials.accessKeyId, '--secret', credentials.secretAccessKey];
  await command('radosgw-admin', 'user', 'create', '--uid', 'test', '--display-name', 'test', ...keys);
  return {
    ...engineAt(t, { name: 'Ceph', endpoint, process: () => gateway }),
    kill: () => kill(gateway),
    async restart() {
      gateway = await startGateway();
    },
  };
}

/** Small and fast, without persistence. */
const configuration = (folder: string, cluster: string, monitorPort: number, gatewayPort: number) => `[global]
fsid = ${cluster}
mon host = v2:127.0.0.1:${monitorPort}
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = true
ms mon client mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = ${folder}
log file = ${folder}/$name.log
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
mon data = ${folder}/mon
osd data = ${folder}/osd
keyring = ${folder}/keyring
osd objectstore = memstore
memstore device bytes = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd crush chooseleaf type = 0
osd max object name len = 1024
mon allow pool size one = true
mon warn on pool no redundancy = false
mon osd min up ratio = 0
paxos propose interval = 0.05
paxos min wait = 0.01
osd client watch timeout = 1
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
`;
