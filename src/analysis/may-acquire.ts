import { familiesOf } from '../bindings/result-use.ts';
import type { Driver, ExportRow, MemberRow, OpenRow } from '../drivers/driver.ts';
import { GENERIC_PAIRS, type Pair } from '../drivers/generic.ts';
import { ModuleNames } from './module-pattern.ts';

/** What the tables know of drivers that hand something out; compiled once per set of tables. */
interface QuickCheck {
  readonly modules: ModuleNames;
  /** What acquires, in whatever library. */
  readonly names: RegExp;
  readonly byDriver: ReadonlyMap<Driver, DriverNames>;
  /** As `names`, and the classes whose objects are opened later. */
  readonly taking: ReadonlySet<string>;
  /** Where nothing else is known: names that must occur together, one of each (`src/bindings/result-use.ts`). */
  readonly uses: readonly (readonly RegExp[])[];
}

interface DriverNames {
  /** The names that acquire. */
  readonly names: RegExp;
  /** These, and the classes whose objects are opened later. */
  readonly takes: RegExp;
  /** All of them. */
  readonly taking: ReadonlySet<string>;
  /** A method of an object of the library that acquires, as far as a text shows that it is one; undefined where only its module has such functions. */
  readonly methods: RegExp | undefined;
}

/** The drivers that a text, or what it imports, has to do with. */
export interface TouchedDrivers {
  readonly drivers: ReadonlySet<Driver>;
  /** Whether it names one half of a pair, which is of no library. */
  readonly pair: boolean;
}

const compiled = new WeakMap<readonly Driver[], QuickCheck>();
const GENERIC_NAMES = new RegExp(`\\b(?:${[...GENERIC_PAIRS.keys()].join('|')})\\b`);

/**
 * Whether the text of a file can hold an acquisition at all: it names a driver's module and one of that driver's acquiring methods,
 * a pair of names, or all that is asked of a connection which is known by its use. A cheap question that most files answer with no, before anything is walked.
 */
export function mayAcquire(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  const check = quickCheck(drivers);
  // One look for all names: most files have none of them.
  if (check.names.test(text)) {
    for (const driver of check.modules.namedIn(text)) if (check.byDriver.get(driver)!.names.test(text)) return true;
    if (isKnownByUse(check, text)) return true;
  }
  return namesPair(text, pairs);
}

/** The drivers of which the text names a module, and whether it names one half of a pair. */
export function driversTouchedBy(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): TouchedDrivers {
  return { drivers: quickCheck(drivers).modules.namedIn(text), pair: namesPair(text, pairs) };
}

/** Whether there is anything to do with a driver, or with a pair. */
export function isTouched({ drivers, pair }: TouchedDrivers): boolean {
  return pair || drivers.size > 0;
}

/** Whether the text names something that acquires from one of the drivers that it has to do with, or something of no library that does. */
export function namesAcquisition(text: string, drivers: readonly Driver[], pairs: readonly Pair[], touched: Iterable<Driver>): boolean {
  for (const driver of touched) if (namesAcquisitionOf(driver, text, drivers)) return true;
  return namesUnknownAcquisition(text, drivers, pairs);
}

/** Whether the text names something that acquires from `driver`. */
export function namesAcquisitionOf(driver: Driver, text: string, drivers: readonly Driver[]): boolean {
  return quickCheck(drivers).byDriver.get(driver)!.takes.test(text);
}

/** Whether the text names a method by which something is acquired from an object of `driver` that somebody else has: `pool.connect`, `{ connect } = pool`. */
export function namesMethodOf(driver: Driver, text: string, drivers: readonly Driver[]): boolean {
  return quickCheck(drivers).byDriver.get(driver)?.methods?.test(text) === true;
}

/** Whether the text names something of no library that acquires. */
export function namesUnknownAcquisition(text: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  return namesPair(text, pairs) || isKnownByUse(quickCheck(drivers), text);
}

/** Whether the tables, the settings or a pair know something of this name that acquires. */
export function isAcquireName(name: string, drivers: readonly Driver[], pairs: readonly Pair[]): boolean {
  return quickCheck(drivers).taking.has(name) || GENERIC_PAIRS.has(name) || pairs.some((pair) => pair.acquire === name);
}

/** The names by which something is acquired from `touched`, from a pair, or from what is known by its use. */
export function acquireNames(drivers: readonly Driver[], pairs: readonly Pair[], touched: Iterable<Driver>): ReadonlySet<string> {
  const { byDriver } = quickCheck(drivers);
  const names = new Set([...GENERIC_PAIRS.keys(), ...familiesOf(drivers).keys(), ...pairs.map(({ acquire }) => acquire)]);
  for (const driver of touched) for (const name of byDriver.get(driver)?.taking ?? []) names.add(name);
  return names;
}

/** Whether the text of a file, of which a type checker knows more, may call an acquiring method. */
export function mayAcquireByType(text: string, drivers: readonly Driver[]): boolean {
  return quickCheck(drivers).names.test(text);
}

function namesPair(text: string, pairs: readonly Pair[]): boolean {
  return GENERIC_NAMES.test(text) || pairs.some((pair) => text.includes(pair.acquire));
}

function isKnownByUse(check: QuickCheck, text: string): boolean {
  return check.uses.some((words) => words.every((word) => word.test(text)));
}

function isOpening(row: MemberRow): row is OpenRow {
  return row.effect === 'open';
}

function quickCheck(drivers: readonly Driver[]): QuickCheck {
  const known = compiled.get(drivers);
  if (known !== undefined) return known;
  const all = new Set<string>();
  const taking = new Set<string>();
  const byDriver = new Map<Driver, DriverNames>();
  for (const driver of drivers.filter(handsOut)) {
    const names = new Set<string>();
    const classes = new Set<string>();
    const methods = new Set<string>();
    const statics = Object.values(driver.types).flatMap((type) => Object.entries(type.statics ?? {}));
    const isOpenWhenMade = (row: ExportRow): boolean => (row.is === 'class' || row.is === 'factory') && driver.types[row.type]?.isOpenWhenMade === true;
    // What the module is itself has whatever name the file gives it: the text names the module.
    if (driver.itself !== undefined && isOpenWhenMade(driver.itself)) for (const name of driver.modules) names.add(name);
    for (const [name, row] of [...Object.entries(driver.exports), ...statics]) {
      if (isOpenWhenMade(row)) names.add(name);
      // What a factory makes may be opened by its mere use.
      if (row.is === 'acquire' || (row.is === 'factory' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening))) names.add(name);
      else if (row.is === 'class' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening)) classes.add(name);
    }
    for (const type of Object.values(driver.types)) {
      for (const [name, row] of Object.entries(type.members)) {
        const isMaking = row.effect === 'returns' && Object.values(driver.types[row.type]?.members ?? {}).some(isOpening);
        if (row.effect === 'acquire' || isMaking || (isOpening(row) && !row.implied)) methods.add(name);
      }
    }
    for (const name of methods) names.add(name);
    const own = new Set([...names, ...classes]);
    byDriver.set(driver, { names: oneOf(names), takes: oneOf(own), taking: own, methods: methods.size === 0 ? undefined : methodOf(methods) });
    for (const name of names) all.add(name);
    for (const name of own) taking.add(name);
  }
  const check: QuickCheck = {
    modules: new ModuleNames([...byDriver.keys()]),
    names: oneOf(all),
    byDriver,
    taking,
    uses: [...familiesOf(drivers)].flatMap(([name, families]) => families.map(({ release, sends }) => [oneOf([name]), oneOf([release]), oneOf(sends)])),
  };
  compiled.set(drivers, check);
  return check;
}

/** Whether something of the library can be acquired, as far as its table says. */
function handsOut(driver: Driver): boolean {
  const isAcquiring = (row: MemberRow): boolean => row.effect === 'acquire' || row.effect === 'open';
  return Object.values(driver.exports).some((row) => row.is === 'acquire')
    || Object.values(driver.types).some((type) => type.isOpenWhenMade === true || Object.values(type.members).some(isAcquiring));
}

/** `.connect`, `?.connect`, `{ connect }`, `['connect']`. */
function methodOf(names: Iterable<string>): RegExp {
  return new RegExp(`[.{,'"\`]\\s*(?:${[...names].join('|')})\\b`);
}

function oneOf(names: Iterable<string>): RegExp {
  return new RegExp(`\\b(?:${[...names].join('|') || '(?!)'})\\b`);
}
