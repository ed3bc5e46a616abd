import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { closeWith, type Owner } from './owner.ts';
import { type ProcessResult, type RunOptions, runOrThrow } from './run.ts';

interface Stage {
  /** Root of its file system. */
  root: string;
  folder: string;
  user: string;
  env: Record<string, string>;
  command: string[];
  healthCheck: string[];
  /** Output of all RUN instructions. */
  output: string;
}

export interface Container {
  stage: Stage;
  /** Starts the CMD in its own network namespace, with these variables on top of those of ENV. */
  start(env?: Record<string, string>): ChildProcess;
  /** Runs a program of the container as its user, in the network namespace of CMD. */
  exec(program: readonly string[]): Promise<ProcessResult>;
  /** Runs a program of this machine in that network namespace. */
  runInNetwork(program: string, args: readonly string[]): Promise<ProcessResult>;
}

/**
 * Executes a Dockerfile without a container engine. In place of its base image, each stage gets a copy-on-write view of
 * this machine's file system; changes stay in memory and are dropped at the end. Needs root.
 */
export async function buildContainer(t: Owner, context: string): Promise<Container> {
  const scratch = mkdtempSync(join(tmpdir(), 'imgwire-container-'));
  const network = scratch.slice(scratch.lastIndexOf('/') + 1);
  const stages = new Map<string, Stage>();
  let started: ChildProcess | undefined;
  const release = () => {
    started?.kill('SIGKILL');
    for (const { root } of stages.values()) for (const path of ['proc', 'dev', '']) unmount(join(root, path));
    unmount(scratch);
    execFileSync('ip', ['netns', 'delete', network]);
    rmSync(scratch, { recursive: true });
  };
  execFileSync('ip', ['netns', 'add', network]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4g', 'tmpfs', scratch]);
  const isInContext = buildContextFilter(context);

  const stage = await build().catch((error) => {
    release();
    throw error;
  });
  closeWith(t, release);
  const inNetwork = ['netns', 'exec', network];

  /** @returns the last stage */
  async function build(): Promise<Stage> {
    let last: Stage | undefined;
    for (const [instruction, text] of parseInstructions(join(context, 'Dockerfile'))) {
      if (instruction === 'FROM') {
        const name = / AS (\S+)$/.exec(text)?.[1] ?? `stage ${stages.size}`;
        last = openStage(join(scratch, String(stages.size)));
        stages.set(name, last);
      } else if (last === undefined) throw new Error(`Expected FROM but received ${instruction}`);
      else await execute(last, instruction, text);
    }
    if (last === undefined) throw new Error('Expected a stage in the Dockerfile but received none');
    return last;
  }

  async function execute(stage: Stage, instruction: string, text: string): Promise<void> {
    const target = (path: string) => join(stage.root, resolve(stage.folder, path));
    switch (instruction) {
      case 'WORKDIR':
        stage.folder = text;
        mkdirSync(target(''), { recursive: true });
        return;
      case 'ENV':
        for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.env[name] = value;
        return;
      case 'COPY': {
        const words = text.split(/\s+/);
        const from = words[0]?.startsWith('--from=') ? stages.get(words.shift()?.slice(7) as string)?.root : undefined;
        const destination = words.pop() as string;
        for (const word of words) {
          if (from === undefined && !isInContext(word)) throw new Error(`COPY ${word}: ignored by .dockerignore`);
          const source = join(from ?? context, word);
          if (statSync(source).isDirectory()) execFileSync('cp', ['-aT', source, target(destination)]);
          else execFileSync('cp', ['-a', source, target(destination)]);
        }
        return;
      }
      case 'RUN': {
        const { stdout, stderr } = await runOrThrow(
          'chroot',
          chrootArguments(stage, ['sh', '-c', text]),
          environment(stage),
        );
        stage.output += stdout + stderr;
        return;
      }
      case 'USER':
        stage.user = text;
        return;
      case 'CMD':
        stage.command = JSON.parse(text);
        return;
      case 'HEALTHCHECK':
        stage.healthCheck = JSON.parse(text.slice(text.indexOf('CMD') + 3));
        return;
      case 'VOLUME':
        if (!existsSync(join(stage.root, text))) throw new Error(`VOLUME ${text}: no such folder`);
        return;
      case 'EXPOSE':
        return;
      default:
        throw new Error(`Expected a supported instruction but received ${instruction}`);
    }
  }

  return {
    stage,
    start(env = {}) {
      const program = [
        'sh',
        '-c',
        'ip link set lo up; exec "$@"',
        'sh',
        'chroot',
        ...chrootArguments(stage, stage.command),
      ];
      started = spawn('ip', [...inNetwork, ...program], {
        env: { ...environment(stage).env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return started;
    },
    exec: (program) =>
      runOrThrow('ip', [...inNetwork, 'chroot', ...chrootArguments(stage, program)], environment(stage)),
    runInNetwork: (program, args) => runOrThrow('ip', [...inNetwork, program, ...args]),
  };
}

/** Whether `.dockerignore`, whose first line ignores everything, lets a name through. */
function buildContextFilter(context: string): (name: string) => boolean {
  const [first, ...rest] = readFileSync(join(context, '.dockerignore'), 'utf8').trim().split('\n');
  if (first !== '*') throw new Error(`Expected * in the first line of .dockerignore but received ${first}`);
  return (name) => rest.includes(`!${name}`);
}

function parseInstructions(path: string): [instruction: string, text: string][] {
  const lines = readFileSync(path, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [instruction = ''] = line.split(' ', 1);
      return [instruction, line.slice(instruction.length).trim()];
    });
}

function openStage(folder: string): Stage {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [upper, work, root]) mkdirSync(path, { recursive: true });
  execFileSync('mount', ['-t', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, 'overlay', root]);
  execFileSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', join(root, 'dev')]);
  const devices = ['null', 'zero', 'full', 'random', 'urandom'].map((name) => join('/dev', name));
  execFileSync('cp', ['-a', ...devices, join(root, 'dev')]);
  symlinkSync('/proc/self/fd', join(root, 'dev/fd'));
  // The base image has this user.
  execFileSync('chroot', [root, 'sh', '-c', 'id node 2>/dev/null || useradd --create-home node']);
  return { root, folder: '/', user: 'root', env: {}, command: [], healthCheck: [], output: '' };
}

const chrootArguments = ({ root, folder, user }: Stage, program: readonly string[]): string[] => [
  `--userspec=${user}:${user}`,
  root,
  'env',
  `--chdir=${folder}`,
  ...program,
];

const environment = ({ env, user }: Stage): RunOptions & { env: NodeJS.ProcessEnv } => ({
  env: { PATH: process.env.PATH, HOME: user === 'root' ? '/root' : `/home/${user}`, ...env },
});

function unmount(path: string): void {
  execFileSync('umount', ['--lazy', path]);
}
