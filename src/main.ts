import { commands, help } from './commands/commands.ts';
import { print } from './commands/print.ts';
import { printError } from './commands/print-error.ts';
import { ConfigError } from './config.ts';
import { version } from './version.ts';

/** Exit code of a usage error. */
const usageExitCode = 2;

async function main([name = 'serve', ...args]: string[]): Promise<void> {
  try {
    if (name === '--help' || name === '-h' || name === 'help' || args.includes('--help')) print(help);
    else if (name === '--version') print(version);
    else if (Object.hasOwn(commands, name)) await commands[name as keyof typeof commands].run(args);
    else
      throw new ConfigError(`Expected ${Object.keys(commands).join(', ')}, --help or --version but received ${name}`);
  } catch (error) {
    const isUsageError =
      error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    printError((error as Error).message);
    process.exitCode = isUsageError ? usageExitCode : 1;
  }
}

await main(process.argv.slice(2));
