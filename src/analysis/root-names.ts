/** What texts show of roots, by the tables: the modules that make them, and the names by which they are made. */
import type { Driver, ExportRow } from '../drivers/driver.ts';
import { eachImport } from '../syntax/each-import.ts';
import { modulePattern } from './module-pattern.ts';

interface RootNames {
  readonly modules: RegExp;
  /** Classes, factories, and static methods of the classes. */
  readonly names: ReadonlySet<string>;
  /** Modules that are such a class or factory themselves: the name is the file's own. */
  readonly nameless: ReadonlySet<string>;
}

const compiled = new WeakMap<readonly Driver[], RootNames>();

/** Whether the text names a module that makes roots. */
export function namesRootModule(text: string, drivers: readonly Driver[]): boolean {
  return rootNamesOf(drivers).modules.test(text);
}

/** The names by which the code of `text` may make roots. */
export function rootNamesIn(text: string, drivers: readonly Driver[]): ReadonlySet<string> {
  const { names, nameless } = rootNamesOf(drivers);
  const own = [...eachImport(text)].flatMap(({ specifier, whole }) => (whole !== undefined && nameless.has(specifier) ? [whole] : []));
  return own.length === 0 ? names : new Set([...names, ...own]);
}

function rootNamesOf(drivers: readonly Driver[]): RootNames {
  const known = compiled.get(drivers);
  if (known !== undefined) return known;
  const making = drivers.filter(({ types }) => Object.values(types).some(({ root }) => root !== undefined));
  const names = new Set<string>();
  for (const driver of making) {
    for (const [name, row] of Object.entries(driver.exports)) if (makesRoot(driver, row)) names.add(name);
    for (const { statics } of Object.values(driver.types)) {
      for (const [name, row] of Object.entries(statics ?? {})) if (makesRoot(driver, row)) names.add(name);
    }
  }
  const result = {
    modules: modulePattern(making),
    names,
    nameless: new Set(making.filter((driver) => driver.itself && makesRoot(driver, driver.itself)).flatMap(({ modules }) => modules)),
  };
  compiled.set(drivers, result);
  return result;
}

function makesRoot(driver: Driver, row: ExportRow): boolean {
  if (row.is === 'maker') return makesRoot(driver, row.of);
  return (row.is === 'class' || row.is === 'factory') && driver.types[row.type]?.root !== undefined;
}
