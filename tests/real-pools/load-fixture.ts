/** Loads the text of a fixture as a module whose drivers are those of this folder. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { world } from './world.ts';

const FOLDER = fileURLToPath(new URL(`../../.cache/real-pools-${String(process.pid)}/`, import.meta.url));
/** The libraries that the fixtures may import: what stands in for them, or themselves where they do nothing but what another one does for them. */
const DRIVERS: Readonly<Record<string, string>> = {
  pg: './stand-ins/pg.ts',
  'mysql2/promise': './stand-ins/mysql2-promise.ts',
  knex: './stand-ins/knex.ts',
  sequelize: './stand-ins/sequelize.ts',
  typeorm: './stand-ins/typeorm.ts',
  'pg-promise': './stand-ins/pg-promise.ts',
  'generic-pool': './stand-ins/generic-pool.ts',
  mongodb: './stand-ins/mongodb.ts',
  kysely: 'kysely',
};

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
  writeFileSync(path, text.replaceAll(/(?<=^import [^;]*? from )'(?<name>[^']+)'/gm, (specifier, name: string) => (DRIVERS[name]?.startsWith('.') === true ? `'${fileURLToPath(new URL(DRIVERS[name], import.meta.url))}'` : specifier)));
  const loaded = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  await Promise.all(world.opening);
  return loaded;
}
