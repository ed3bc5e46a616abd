import { commands, help } from './commands/commands.ts';
import { complain } from './commands/complain.ts';
import { print } from './commands/print.ts';
import { ConfigError } from './config.ts';
import { version } from './version.ts';

/** A mistake in how the command was called. */
const exitUsage = 2;

async function main([name = 'serve', ...args]: string[]): Promise<void> {
  try {
    if (name === '--help' || name === '-h' || name === 'help' || args.includes('--help')) print(help);
    else if (name === '--version') print(version);
    else if (Object.hasOwn(commands, name)) await commands[name as keyof typeof commands].run(args);
    else
      throw new ConfigError(`Expected ${Object.keys(commands).join(', ')}, --help or --version but received ${name}`);
  } catch (error) {
    const isMistake = error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    complain((error as Error).message);
    process.exitCode = isMistake ? exitUsage : 1;
  }
}

await main(process.argv.slice(2));
