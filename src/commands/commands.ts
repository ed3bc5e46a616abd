import { variables } from '../config.ts';
import type { Command } from './command.ts';
import { grant } from './grant.ts';
import { keygen } from './keygen.ts';
import { serve } from './serve.ts';
import { sign } from './sign.ts';
import { verify } from './verify.ts';

export const commands = { serve, keygen, sign, grant, verify } as const satisfies Record<string, Command>;

const width = Math.max(...Object.keys(commands).map(({ length }) => length));

export const help = `Usage: imgwire [command] [options]

Stores images and serves any size and format of them, over HTTP and ZeroMQ.

Commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  .join('\n')}

Options:
  --help     show this text
  --version  show the version

Environment variables and their defaults:
${variables.map(({ name, defaultText, description }) => `  ${name} (${defaultText})\n      ${description}`).join('\n')}`;
