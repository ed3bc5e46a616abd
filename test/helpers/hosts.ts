import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { closeWith, type Owner } from './owner.ts';

/** Machines of a test: network namespaces that know each other by name. */
export interface Hosts {
  /** IPv4 address of a machine, reachable from the test too. */
  address(name: string): string;
  /** Starts a program on a machine; its processes are killed after the test. */
  start(name: string, command: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
}

/** Numbers the networks of this process: the kernel frees the names of removed ones only later. */
let networkCount = 0;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });

/**
 * Creates network namespaces on one bridge; `ip netns exec` shows each its own hosts file. Needs root.
 * @param subnet first three numbers, e.g. `172.30.1`
 */
export function createHosts(t: Owner, subnet: string, names: readonly string[]): Hosts {
  networkCount += 1;
  const prefix = `iw${process.pid}n${networkCount}`;
  const bridge = `${prefix}br`;
  const namespace = (name: string) => `${prefix}-${name}`;
  const address = (name: string) => `${subnet}.${names.indexOf(name) + 10}`;
  const children: ChildProcess[] = [];
  closeWith(t, async () => {
    await Promise.all(children.map(kill));
    for (const name of names.filter((one) => existsSync(`/etc/netns/${namespace(one)}`))) {
      // E.g. nginx workers, which outlive it.
      const remainingPids = execFileSync('ip', ['netns', 'pids', namespace(name)], { encoding: 'utf8' }).split('\n');
      for (const pid of remainingPids.filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
      ip('netns', 'del', namespace(name));
      rmSync(`/etc/netns/${namespace(name)}`, { recursive: true });
    }
    ip('link', 'del', bridge);
  });

  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  const hosts = ['127.0.0.1 localhost', ...names.map((name) => `${address(name)} ${name}`), ''].join('\n');
  for (const [index, name] of names.entries()) {
    const [outer, inner] = [`${prefix}o${index}`, `${prefix}i${index}`];
    ip('netns', 'add', namespace(name));
    mkdirSync(`/etc/netns/${namespace(name)}`, { recursive: true });
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', namespace(name));
    ip('link', 'set', outer, 'master', bridge, 'up');
    ip('-n', namespace(name), 'addr', 'add', `${address(name)}/24`, 'dev', inner);
    ip('-n', namespace(name), 'link', 'set', inner, 'up');
    ip('-n', namespace(name), 'link', 'set', 'lo', 'up');
    writeFileSync(`/etc/netns/${namespace(name)}/hosts`, hosts);
  }

  return {
    address,
    start(name, command, env = {}) {
      const child = spawn('ip', ['netns', 'exec', namespace(name), ...command], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH, ...env },
      });
      children.push(child);
      return child;
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
