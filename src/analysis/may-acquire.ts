import { familiesOf } from '../bindings/result-use.ts';
import type { ProjectPlace } from './linked-models.ts';
import type { Driver, MemberRow, OpenRow } from '../drivers/driver.ts';
import { GENERIC_PAIRS, type Pair } from '../drivers/generic.ts';

/** For each driver, the names that acquire and the modules that must be mentioned; compiled once per set of tables. */
interface QuickCheck {
  readonly modules: RegExp;
  readonly names: RegExp;
  /** Where nothing else is known: names that must occur together, one of each (`src/bindings/result-use.ts`). */
  readonly uses: readonly (readonly RegExp[])[];
}

const compiled = new WeakMap<readonly Driver[], QuickCheck>();
const GENERIC_NAMES = new RegExp(`\\b(?:${[...GENERIC_PAIRS.keys()].join('|')})\\b`);

/**
 * Whether the text of a file can hold an acquisition at all: it names a driver's module and one of its acquiring methods,
 * a pair of names, or all that is asked of a connection which is known by its use. A cheap question that most files answer with no, before anything is walked.
 */
export function mayAcquire(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  const check = quickCheck(drivers);
  if (check.names.test(text) && check.modules.test(text)) return true;
  if (check.uses.some((words) => words.every((word) => word.test(text)))) return true;
  return GENERIC_NAMES.test(text) || pairs.some((pair) => text.includes(pair.acquire));
}

/** Something that is imported from another file: by a path, an alias, or the name of a package. */
const IMPORTS = /\b(?:from|import|require\s*\()\s*\(?\s*['"`]/;

/**
 * Whether the text of a file may call an acquiring method on what another file of its project gives it: it names one of the methods, and imports
 * something. Asked when the file alone shows no acquisition. `place` finds the project, and is asked last.
 */
export function mayAcquireFromProject(text: string, drivers: readonly Driver[], place: () => ProjectPlace | undefined): boolean {
  return quickCheck(drivers).names.test(text) && IMPORTS.test(text) && place() !== undefined;
}

/** Whether the text of a file, of which a type checker knows more, may call an acquiring method. */
export function mayAcquireByType(text: string, drivers: readonly Driver[]): boolean {
  return quickCheck(drivers).names.test(text);
}

function isOpening(row: MemberRow): row is OpenRow {
  return row.effect === 'open';
}

function quickCheck(drivers: readonly Driver[]): QuickCheck {
  const known = compiled.get(drivers);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const driver of drivers) {
    for (const [name, row] of Object.entries(driver.exports)) {
      // What a factory makes may be opened by its mere use.
      if (row.is === 'acquire' || (row.is === 'factory' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening))) names.add(name);
    }
    for (const type of Object.values(driver.types)) {
      for (const [name, row] of Object.entries(type.members)) if (row.effect === 'acquire' || (isOpening(row) && !row.implied)) names.add(name);
    }
  }
  const check = {
    names: oneOf([...names]),
    uses: [...familiesOf(drivers)].flatMap(([name, families]) => families.map(({ release, sends }) => [oneOf([name]), oneOf([release]), oneOf(sends)])),
    modules: new RegExp(`['"\`](?:npm:/?)?(?:${drivers.flatMap((driver) => driver.modules).map(specifiersOf).join('|')})(?:\\.js)?['"\`]`),
  };
  compiled.set(drivers, check);
  return check;
}

function oneOf(names: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${names.join('|')})\\b`);
}

/** A pattern for what names the module `mysql2/promise`: a version may follow the package. */
function specifiersOf(module: string): string {
  const [, name = module, path = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(module) ?? [];
  return `${escapeRegExp(name)}(?:@[^'"\`/]*)?${escapeRegExp(path)}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
