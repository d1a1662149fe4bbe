/** What a function that lends is written with, as the tables say it: for which pools one can be. */
import type { Driver } from '../drivers/driver.ts';

/** A kind of pool, and what it hands out. */
export interface Lendable {
  readonly driver: Driver;
  /** The method of the pool that takes a connection. */
  readonly acquire: string;
  /** What messages call the connection: `client`. */
  readonly noun: string;
  /** How it is released; `$` stands for it. */
  readonly release: string;
  /** The exported names of the types of both; undefined where the library does not name them. */
  readonly types: { readonly pool: string; readonly connection: string } | undefined;
}

/** What can be lent of a pool of `type`; undefined for what is no pool of connections that a promise hands out and a method of their own takes back. */
export function lendableOf(driver: Driver, type: string): Lendable | undefined {
  const pool = driver.types[type];
  if (pool?.root === undefined) return undefined;
  for (const [acquire, row] of Object.entries(pool.members)) {
    const given = row.effect === 'acquire' && row.style === 'promise' && row.property === undefined ? driver.types[row.yields] : undefined;
    if (row.effect !== 'acquire' || given?.pooledBy === undefined || given.ending !== undefined || !/^(?:await )?\$\.\w+\(\)$/.test(given.giveBack ?? '')) continue;
    const [poolNames, connectionNames] = [namesOf(driver, type), namesOf(driver, row.yields)];
    const isNamed = poolNames.length === 1 && connectionNames.length === 1;
    return { driver, acquire, noun: given.noun, release: given.giveBack!, types: isNamed ? { pool: poolNames[0]!, connection: connectionNames[0]! } : undefined };
  }
  return undefined;
}

/** The names that a type is exported by. */
function namesOf(driver: Driver, type: string): string[] {
  return Object.entries(driver.exports).flatMap(([name, row]) => ((row.is === 'class' || row.is === 'type') && row.type === type ? name : []));
}

/** The name of a function that lends: `withClient`. */
export function lenderName(noun: string): string {
  return `with${noun.split(' ').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
}

/** The name of what it lends: `client`. */
export function lentName(noun: string): string {
  const name = lenderName(noun).slice('with'.length);
  return name[0]!.toLowerCase() + name.slice(1);
}
