/** Loads the text of a fixture as a module whose drivers are those of this folder. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = fileURLToPath(new URL(`../../.cache/real-pools-${String(process.pid)}/`, import.meta.url));
const DRIVERS: Readonly<Record<string, string>> = { pg: 'pg.ts', 'mysql2/promise': 'mysql2-promise.ts' };

/** The libraries that a text imports, but for their types alone. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(/^import (?!type )[^;]*? from '(?<name>[^']+)'/gm)].map(({ groups }) => groups!['name']!);
}

/** Whether all that a text imports is there for it. */
export function isRunnable(text: string): boolean {
  return importsOf(text).every((name) => DRIVERS[name] !== undefined);
}

let count = 0;

/** Removes what was written here. */
export function forgetFixtures(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** The exports of `text`. Throws what the module throws. */
export async function loadFixture(text: string): Promise<Readonly<Record<string, unknown>>> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${String(count++)}.ts`);
  const here = fileURLToPath(new URL('.', import.meta.url));
  writeFileSync(path, text.replaceAll(/(?<=^import [^;]*? from )'(?<name>[^']+)'/gm, (specifier, name: string) => (DRIVERS[name] === undefined ? specifier : `'${join(here, DRIVERS[name])}'`)));
  return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
}
