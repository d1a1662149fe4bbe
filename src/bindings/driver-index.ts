/** The tables of libraries as bindings look things up in them; made once for a list of tables. */
import type { Driver } from '../drivers/driver.ts';

/** The tables by the names that code uses. */
export interface DriverIndex {
  readonly byModule: ReadonlyMap<string, Driver>;
  /** The names of all methods that the tables know, on whatever object: a call of any other name is none of theirs. */
  readonly memberNames: ReadonlySet<string>;
}

const driverIndexes = new WeakMap<readonly Driver[], DriverIndex>();

/** The index of `drivers`. */
export function driverIndex(drivers: readonly Driver[]): DriverIndex {
  let index = driverIndexes.get(drivers);
  if (index === undefined) {
    const types = drivers.flatMap((driver) => Object.values(driver.types));
    index = {
      byModule: new Map(drivers.flatMap((driver) => driver.modules.map((name) => [name, driver]))),
      memberNames: new Set(types.flatMap((type) => Object.keys(type.members))),
    };
    driverIndexes.set(drivers, index);
  }
  return index;
}

/** The path in a package that a specifier of Deno, or one with an extension, names: `npm:mysql2@3/promise`, `mysql2/promise.js`. */
export function packagePath(specifier: string): string {
  const deno = /^(https:\/\/deno\.land\/x\/[^/@]+)@[^/]*(\/.*)$/.exec(specifier);
  if (deno !== null) return `${deno[1]!}${deno[2]!}`;
  const [, name, path = ''] = /^(?:npm|jsr):\/?((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier) ?? [];
  return (name === undefined ? specifier : name + path).replace(/\.js$/, '');
}
