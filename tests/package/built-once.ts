import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, '.cache/built');

/** What the build is made of. */
const SOURCES = ['src', 'rules', 'types', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsdown.config.ts'];

/** No build takes as long: who began it is gone. */
const GIVEN_UP = 180_000;

/**
 * The folder with the plugin as it is built from the sources as they are now. The test files that need it are run side by side, and one of them builds it; the
 * folder is named after the content of all sources, so that it is never an older one.
 */
export async function builtOnce(): Promise<string> {
  const folder = path.join(cache, hashOfSources());
  const lock = `${folder}.lock`;
  await mkdir(cache, { recursive: true });
  while (!existsSync(folder)) {
    if (!(await takeLock(lock))) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (!existsSync(folder)) await build(folder);
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return folder;
}

async function build(folder: string): Promise<void> {
  const own = `${folder}.of-${String(process.pid)}`;
  await run(process.execPath, [path.join(root, 'node_modules/tsdown/dist/run.mjs'), '--out-dir', own], { cwd: root });
  // Those of other sources are of no use any more, unless somebody copies one right now.
  for (const name of await readdir(cache)) {
    const other = path.join(cache, name);
    if (!other.startsWith(folder) && Date.now() - (await stat(other)).mtimeMs > GIVEN_UP) await rm(other, { recursive: true, force: true });
  }
  await rename(own, folder);
}

/** Whether this process may build. A lock that is left over is taken away. */
async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const since = await stat(lock).then(({ mtimeMs }) => mtimeMs, () => Date.now());
    if (Date.now() - since > GIVEN_UP) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    const at = path.join(root, file);
    if (statSync(at).isDirectory()) {
      for (const name of readdirSync(at).sort()) add(path.join(file, name));
      return;
    }
    hash.update(`${file}\0`).update(readFileSync(at)).update('\0');
  };
  for (const file of SOURCES) add(file);
  return hash.digest('hex').slice(0, 16);
}
