import { execFile } from 'node:child_process';

export interface ProcessResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to completion, whatever its exit code. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env = process.env }: RunOptions = {},
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd, env, maxBuffer: 67_108_864 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Like `run`. @throws Error with the program's output unless it exits with 0 */
export async function runOrThrow(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProcessResult> {
  const ended = await run(file, args, options);
  if (ended.code !== 0) throw new Error(`${file} ${args.join(' ')}: ${ended.code}\n${ended.stdout}${ended.stderr}`);
  return ended;
}
