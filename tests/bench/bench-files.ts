/** The sources that are linted for the benchmark, read once. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { parseFixture, sourceTypeOf } from '../fixture-runner/parse-fixture.ts';
import { writeAcquiringService } from './acquiring-service.ts';

export interface BenchFile {
  readonly path: string;
  readonly text: string;
  readonly sourceType: 'module' | 'commonjs';
  /** The plugin's settings, where the file comes with some. */
  readonly settings: Readonly<Record<string, unknown>> | undefined;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function readFolder(folder: string, extension = '.ts', sourceType: BenchFile['sourceType'] = 'module'): BenchFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8'), sourceType, settings: undefined }));
}

/** Code that has nothing to do with a database: ESLint's own, copied to where it is a part of this project, since nothing is asked of a dependency. */
export function filesWithoutDatabase(): BenchFile[] {
  const copy = '.cache/bench-files/eslint';
  cpSync(join(dirname(createRequire(import.meta.url).resolve('eslint/package.json')), 'lib'), join(ROOT, copy), { recursive: true });
  return readFolder(copy, '.js', 'commonjs');
}

/** Code without a database that names all libraries and what they are called: the project's own, and the modules of the example without one. */
export function filesNamingLibraries(): BenchFile[] {
  const example = readFolder('docs/example').filter((file) => !/pg|mysql2|Pool|Client/.test(file.text));
  return [...readFolder('src'), ...readFolder('rules'), ...example];
}

/** The example service. */
export function exampleFiles(): BenchFile[] {
  return readFolder('docs/example/src');
}

/** The fixtures: each file is made of acquisitions, many of them in shapes that are seldom seen elsewhere. */
export function fixtureFiles(): BenchFile[] {
  return findFixtures().map((path) => {
    const text = readFileSync(join(fixturesFolder, path), 'utf8');
    const { settings } = parseFixture(path, text);
    // Not where they lie: the code of tests is silent.
    return { path: join(ROOT, 'src/fixtures', path), text, sourceType: sourceTypeOf(path), settings };
  });
}

/** Generated services, 40 acquiring functions each. */
export function serviceFiles(): BenchFile[] {
  return Array.from({ length: 6 }, (_, index) => ({
    path: join(ROOT, `src/service${String(index)}.ts`),
    text: writeAcquiringService(40, index),
    sourceType: 'module',
    settings: undefined,
  }));
}
