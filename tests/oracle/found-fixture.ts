/**
 * A disagreement as a file: the shrunk program under a comment that says what went wrong and how to see it.
 *
 * The files in `found/` carry no verdict: they are executed and judged anew each time.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FoundDisagreement } from './oracle-run.ts';
import { filesOf } from './program-files.ts';

export const FOUND_FOLDER = fileURLToPath(new URL('./found/', import.meta.url));

/** The text of a fixture. */
export function printFoundFixture(found: FoundDisagreement, seed: number): string {
  const { source, disagreement } = found.minimised ?? found;
  const call = source.slice(disagreement.start).split('\n')[0] ?? '';
  const files = filesOf(source);
  const file = files.findLast(({ base }) => base <= disagreement.start);
  const line = source.slice(file?.base, disagreement.start).split('\n').length;
  const place = files.length > 1 ? `line ${line} of ${file?.path}` : `line ${line} of the code below`;
  const { witness } = disagreement;
  const header = [
    `// ${disagreement.kind}: \`${call}\` (${place})`,
    `// Found by the execution oracle, family ${found.family}, seed ${seed}, program ${found.index}.`,
  ];
  if (witness) {
    const choices = witness.choices.map(({ key, option }) => `${key}=${option}`).join(', ');
    header.push(`// Shown by an execution of ${witness.entry} under: ${choices || 'no choices'}`);
  } else {
    header.push('// No execution bears the report out; the exploration was exhaustive.');
  }
  return `${header.join('\n')}\n${source}`;
}

/** Writes a fixture and returns its path. */
export function writeFoundFixture(found: FoundDisagreement, seed: number, folder = FOUND_FOLDER): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${found.disagreement.kind}-${found.family}-${seed}-${found.index}.ts`);
  writeFileSync(path, printFoundFixture(found, seed));
  return path;
}

/** All fixtures found so far, by file name. */
export function readFoundFixtures(folder = FOUND_FOLDER): { name: string; source: string }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // nothing found yet
  }
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ name, source: readFileSync(join(folder, name), 'utf8') }));
}
