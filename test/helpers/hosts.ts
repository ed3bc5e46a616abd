import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { closeWith, type Owner } from './owner.ts';

/** Machines of a test, each with a network of its own, which know each other by name. */
export interface Hosts {
  /** IPv4 address of a machine, which the test reaches too. */
  address(name: string): string;
  /** Starts a program on a machine; what is left of it is killed after the test. */
  start(name: string, command: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
}

/** Networks of this process: the kernel frees the names of removed ones only later. */
let made = 0;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });

/**
 * Makes network namespaces on one bridge; `ip netns exec` shows each of them a hosts file of its own. Takes root.
 * @param subnet first three numbers, such as `172.30.1`
 */
export function createHosts(t: Owner, subnet: string, names: readonly string[]): Hosts {
  made += 1;
  const prefix = `iw${process.pid}n${made}`;
  const bridge = `${prefix}br`;
  const space = (name: string) => `${prefix}-${name}`;
  const address = (name: string) => `${subnet}.${names.indexOf(name) + 10}`;
  const children: ChildProcess[] = [];
  closeWith(t, async () => {
    await Promise.all(children.map(kill));
    for (const name of names.filter((one) => existsSync(`/etc/netns/${space(one)}`))) {
      // Such as workers of nginx, which outlive it.
      const left = execFileSync('ip', ['netns', 'pids', space(name)], { encoding: 'utf8' }).split('\n');
      for (const pid of left.filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
      ip('netns', 'del', space(name));
      rmSync(`/etc/netns/${space(name)}`, { recursive: true });
    }
    ip('link', 'del', bridge);
  });

  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  const hosts = ['127.0.0.1 localhost', ...names.map((name) => `${address(name)} ${name}`), ''].join('\n');
  for (const [index, name] of names.entries()) {
    const [outer, inner] = [`${prefix}o${index}`, `${prefix}i${index}`];
    ip('netns', 'add', space(name));
    mkdirSync(`/etc/netns/${space(name)}`, { recursive: true });
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', space(name));
    ip('link', 'set', outer, 'master', bridge, 'up');
    ip('-n', space(name), 'addr', 'add', `${address(name)}/24`, 'dev', inner);
    ip('-n', space(name), 'link', 'set', inner, 'up');
    ip('-n', space(name), 'link', 'set', 'lo', 'up');
    writeFileSync(`/etc/netns/${space(name)}/hosts`, hosts);
  }

  return {
    address,
    start(name, command, env = {}) {
      const child = spawn('ip', ['netns', 'exec', space(name), ...command], {
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
