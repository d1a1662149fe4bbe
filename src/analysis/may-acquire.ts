import { familiesOf } from '../bindings/result-use.ts';
import type { Driver, MemberRow, OpenRow } from '../drivers/driver.ts';
import { GENERIC_PAIRS, type Pair } from '../drivers/generic.ts';
import { modulePattern } from './module-pattern.ts';

/** For each driver, the names that acquire and the modules that must be mentioned; compiled once per set of tables. */
interface QuickCheck {
  readonly modules: RegExp;
  readonly names: RegExp;
  /** As `names`, and the classes whose objects are opened later. */
  readonly taking: ReadonlySet<string>;
  readonly takes: RegExp;
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

/** Whether the text names a module of a driver, or one half of a pair. */
export function mayTouchDriver(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  return quickCheck(drivers).modules.test(text) || GENERIC_NAMES.test(text) || pairs.some((pair) => text.includes(pair.acquire));
}

/** Whether the text names something that acquires, on whatever receiver. */
export function namesAcquisition(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  return quickCheck(drivers).takes.test(text) || GENERIC_NAMES.test(text) || pairs.some((pair) => text.includes(pair.acquire));
}

/** Whether the tables, the settings or a pair know something of this name that acquires. */
export function isAcquireName(name: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  return quickCheck(drivers).taking.has(name) || GENERIC_PAIRS.has(name) || pairs.some((pair) => pair.acquire === name);
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
  const classes = new Set<string>();
  for (const driver of drivers) {
    for (const [name, row] of Object.entries(driver.exports)) {
      // What a factory makes may be opened by its mere use.
      if (row.is === 'acquire' || (row.is === 'factory' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening))) names.add(name);
      else if (row.is === 'class' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening)) classes.add(name);
    }
    for (const type of Object.values(driver.types)) {
      for (const [name, row] of Object.entries(type.members)) if (row.effect === 'acquire' || (isOpening(row) && !row.implied)) names.add(name);
    }
  }
  const check = {
    names: oneOf([...names]),
    taking: new Set([...names, ...classes]),
    takes: oneOf([...names, ...classes]),
    uses: [...familiesOf(drivers)].flatMap(([name, families]) => families.map(({ release, sends }) => [oneOf([name]), oneOf([release]), oneOf(sends)])),
    modules: modulePattern(drivers.filter(handsOut)),
  };
  compiled.set(drivers, check);
  return check;
}

/** Whether something of the library can be acquired, as far as its table says. */
function handsOut(driver: Driver): boolean {
  const isAcquiring = (row: MemberRow): boolean => row.effect === 'acquire' || row.effect === 'open';
  return Object.values(driver.exports).some((row) => row.is === 'acquire') || Object.values(driver.types).some((type) => Object.values(type.members).some(isAcquiring));
}

function oneOf(names: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${names.join('|')})\\b`);
}
