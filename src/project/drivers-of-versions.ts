/** The tables as they are for the versions that a project has: what came later is left out, and older rows take the place of newer ones. */
import type { Driver, TypeRow } from '../drivers/driver.ts';
import { highestVersion, isBefore, type Version } from './highest-version.ts';

/** The version of a package, or undefined where nothing is known of it; then it is the newest. */
export type VersionOf = (name: string) => Version | undefined;

const known = new WeakMap<readonly Driver[], Map<string, readonly Driver[]>>();
const packages = new WeakMap<readonly Driver[], readonly string[]>();

/** `drivers` for these versions. The same list as long as they make no difference, and one list for what is the same: caches are kept by it. */
export function driversOfVersions(drivers: readonly Driver[], versionOf: VersionOf): readonly Driver[] {
  const key = versionsKey(drivers, versionOf);
  if (key === '') return drivers;
  const lists = known.get(drivers) ?? new Map<string, readonly Driver[]>();
  known.set(drivers, lists);
  let list = lists.get(key);
  if (list === undefined) {
    const adapted = drivers.map((driver) => driverOfVersion(driver, versionOf));
    list = adapted.every((driver, index) => driver === drivers[index]) ? drivers : adapted;
    // Several versions may come to the same tables.
    const same = [...lists.values()].find((other) => JSON.stringify(other) === JSON.stringify(list));
    list = same ?? list;
    lists.set(key, list);
  }
  return list;
}

/** The versions that decide what the tables say, as a text: the same as long as they are. */
export function versionsKey(drivers: readonly Driver[], versionOf: VersionOf): string {
  const names = packages.get(drivers) ?? [...new Set(drivers.flatMap(packagesThatDecide))];
  packages.set(drivers, names);
  const known = names.map((name) => [name, versionOf(name)] as const);
  return known.flatMap(([name, version]) => (version === undefined ? [] : [`${name}@${version.join('.')}`])).join(' ');
}

/** The packages whose versions the rows of the table ask for. */
function packagesThatDecide(driver: Driver): string[] {
  const own = packageOf(driver);
  const found = Object.values(driver.types).flatMap(({ dispose, scoped = [] }) => [
    ...(dispose === undefined ? [] : [dispose.package ?? own]),
    ...(scoped.some(({ since }) => since !== undefined) ? [own] : []),
  ]);
  return [...found, ...(driver.older === undefined ? [] : [own])].filter((name) => name !== undefined);
}

/** The package that the modules of the table belong to; undefined for those of a runtime, and for addresses. */
function packageOf({ modules }: Driver): string | undefined {
  const [first = ''] = modules;
  return modules.some((name) => name.includes(':')) ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(first)?.[0];
}

function driverOfVersion(driver: Driver, versionOf: VersionOf): Driver {
  const own = packageOf(driver);
  const version = own === undefined ? undefined : versionOf(own);
  const older = version === undefined ? [] : (driver.older ?? []).filter(({ until }) => isBefore(version, versionNamed(until)));
  const replaced = older.reduce<Readonly<Record<string, TypeRow>>>((rows, { types }) => ({ ...rows, ...types }), driver.types);
  let isSame = older.length === 0;
  const types: Record<string, TypeRow> = {};
  for (const [name, type] of Object.entries(replaced)) {
    types[name] = typeOfVersion(type, version, versionOf);
    isSame &&= types[name] === type;
  }
  return isSame ? driver : { ...driver, types };
}

function typeOfVersion(type: TypeRow, version: Version | undefined, versionOf: VersionOf): TypeRow {
  const { dispose, scoped, ...rest } = type;
  const disposing = dispose?.package === undefined ? version : versionOf(dispose.package);
  const hasDispose = dispose !== undefined && !isMissing(disposing, dispose.since);
  const left = scoped?.filter(({ since }) => !isMissing(version, since));
  if (hasDispose === (dispose !== undefined) && left?.length === scoped?.length) return type;
  return { ...rest, ...(hasDispose ? { dispose } : {}), ...(left === undefined || left.length === 0 ? {} : { scoped: left }) };
}

/** Whether what came with `since` is not there yet. */
function isMissing(version: Version | undefined, since: string | undefined): boolean {
  return version !== undefined && since !== undefined && isBefore(version, versionNamed(since));
}

function versionNamed(text: string): Version {
  const version = highestVersion(text);
  if (version === undefined) throw new Error(`"${text}" is no version`);
  return version;
}
