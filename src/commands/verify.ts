import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { checkCurrentFolder } from '../current-folder.ts';
import { verifyS3Store } from '../worker/store/s3/verify.ts';
import { type VerifyOptions, verifyFsStore } from '../worker/store/verify.ts';
import type { Command } from './command.ts';
import { print } from './print.ts';
import { createProgressBar } from './progress-bar.ts';

export const verify: Command = {
  summary: 'rehash every stored image, and list those that are damaged',
  async run(args) {
    parseArgs({ args, options: {} });
    checkCurrentFolder();
    const config = readConfig(process.env);
    const bar = createProgressBar(process.stderr);
    const checked = { images: 0, bytes: 0, damaged: 0 };
    const printLine = (line: string) => {
      bar.clear();
      print(line);
    };
    const counts = () => `${checked.images} images, ${(checked.bytes / 1e6).toFixed(1)} MB, ${checked.damaged} damaged`;

    const options: VerifyOptions = {
      ...config,
      onDamage({ path, problem }) {
        checked.damaged += 1;
        printLine(`${path}: ${problem}`);
      },
      onLeftover: (path) => printLine(`${path}: left over; removed when the service starts`),
      onImage(imageId, size) {
        checked.images += 1;
        checked.bytes += size;
        bar.update(fractionBefore(imageId), counts());
      },
    };
    await (config.store === 's3' ? verifyS3Store({ ...config, ...options }) : verifyFsStore(options));
    printLine(counts());
    if (checked.damaged > 0) process.exitCode = 1;
  },
};

/** Fraction of images that sort before this one, without counting them: hashes are evenly distributed. */
function fractionBefore(imageId: string): number {
  return Number.parseInt(imageId.slice(0, 8), 16) / 2 ** 32;
}
