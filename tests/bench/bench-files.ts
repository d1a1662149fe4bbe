/** The sources that are linted for the benchmark, read once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

function readFolder(folder: string): BenchFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8'), sourceType: 'module', settings: undefined }));
}

/** Code that has nothing to do with a database: the project's own, and the modules of the example without one. */
export function filesWithoutDatabase(): BenchFile[] {
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
