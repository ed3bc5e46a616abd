import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith, type Owner } from './owner.ts';

/**
 * Mounts a tmpfs for the duration of the test. Needs root.
 * @param options such as `size=4m`
 */
export function mountSmallDisk(t: Owner, options: string): string {
  const path = mkdtempSync(join(tmpdir(), 'imgwire-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  closeWith(t, () => {
    execFileSync('umount', ['--lazy', path]);
    rmSync(path, { recursive: true });
  });
  return path;
}

export function remount(disk: string, mode: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${mode}`, disk]);
}
