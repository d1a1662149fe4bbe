import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Builds the package as it would be published, and says where the tarball is; it is gone when the process ends. */
export function packPlugin(): string {
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-pack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: resolve(import.meta.dirname, '../..'), stdio: 'pipe' });
  return join(folder, readdirSync(folder)[0]!);
}
