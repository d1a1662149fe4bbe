/** The user's `settings['connection-leaks']`: its shape, and clear errors about what is wrong with it. */
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import { readDrivers, type DriverSetting } from './read-drivers.ts';

/** What a user may write under `settings['connection-leaks']`. */
export interface ConnectionLeaksSettings {
  /** Calls that hand a connection out, and what takes it back, for libraries that the plugin does not know. */
  readonly pairs?: readonly {
    /** Name of the method or function that hands a connection out. */
    readonly acquire: string;
    /** Name (or names) of what takes it back. */
    readonly release: string | readonly string[];
    /** `connection`: `handle.release()`; `pool`: `receiver.release(handle)`; `function`: `release(handle)`. */
    readonly releaseOn: 'connection' | 'pool' | 'function';
    /** Module that the function, or the object the method is called on, is imported from. */
    readonly from?: string;
  }[];
  /** Tables of libraries, of the shape that the plugin's own have; one for a module that the plugin knows takes the place of what it knows. */
  readonly drivers?: readonly DriverSetting[];
  /**
   * Other files of the project: `false` looks at none; `root` is the directory below which they lie (default: the root of the workspace or repository);
   * `content` stands for what is in them, and is made by `cacheableSettings`.
   */
  readonly project?: false | { readonly root?: string; readonly content?: string };
  /** Prisma: `module` is the file that holds the project's own client, as a path relative to where ESLint runs or as a specifier. */
  readonly prisma?: { readonly module?: string };
  /** Functions of the project that take a connection, hand it to a callback and release it, for fixes: `from` is the file that exports one, as a path relative to where ESLint runs or as a specifier. */
  readonly scoped?: readonly { readonly name: string; readonly from: string }[];
}

/** The settings as the plugin uses them. */
export interface Settings {
  readonly pairs: readonly Pair[];
  /** All tables, those of the user in front. */
  readonly drivers: readonly Driver[];
  /** False: each file is looked at alone. */
  readonly project: false | { readonly root: string | undefined };
  readonly prisma: { readonly module: string | undefined };
  readonly scoped: readonly { readonly name: string; readonly from: string }[];
}

const NAME = 'settings["connection-leaks"]';
const RELEASE_ON = ['connection', 'pool', 'function'];
const PAIR_KEYS = ['acquire', 'release', 'releaseOn', 'from'];

const PROJECT_KEYS = ['root', 'content'];
const PRISMA_KEYS = ['module'];
const SCOPED_KEYS = ['name', 'from'];
const KEYS = ['pairs', 'drivers', 'project', 'prisma', 'scoped'];
const DEFAULTS: Settings = { pairs: [], drivers: readDrivers(undefined, '', fail), project: { root: undefined }, prisma: { module: undefined }, scoped: [] };

const read = new WeakMap<object, Settings>();

/**
 * Reads ESLint's settings. Throws an error that names the entry when something is malformed, as ESLint does for options; what is absent has
 * its default.
 */
export function readSettings(settings: Readonly<Record<string, unknown>>): Settings {
  const own = settings['connection-leaks'];
  if (own === undefined) return DEFAULTS;
  if (!isRecord(own)) fail(NAME, 'must be an object');
  const known = read.get(own);
  if (known !== undefined) return known;
  for (const key of Object.keys(own)) if (!KEYS.includes(key)) fail(`${NAME}.${key}`, `is not a known setting (known: ${KEYS.join(', ')})`);
  const entries = own['pairs'] ?? [];
  if (!Array.isArray(entries)) fail(`${NAME}.pairs`, 'must be an array');
  const pairs = (entries as unknown[]).map((entry, index) => readPair(entry, `${NAME}.pairs[${String(index)}]`));
  const drivers = readDrivers(own['drivers'], `${NAME}.drivers`, fail);
  const result = { pairs, drivers, project: readProject(own['project']), prisma: readPrisma(own['prisma']), scoped: readScoped(own['scoped']) };
  read.set(own, result);
  return result;
}

function readProject(value: unknown): Settings['project'] {
  const name = `${NAME}.project`;
  if (value === undefined) return DEFAULTS.project;
  if (value === false) return false;
  if (!isRecord(value)) fail(name, 'must be false or an object');
  for (const key of Object.keys(value)) if (!PROJECT_KEYS.includes(key)) fail(`${name}.${key}`, `is not a known key (known: ${PROJECT_KEYS.join(', ')})`);
  const { root, content } = value;
  if (root !== undefined && !isName(root)) fail(`${name}.root`, 'must be the path of a directory');
  if (content !== undefined && !isName(content)) fail(`${name}.content`, 'must be a string');
  return { root };
}

function readPrisma(value: unknown): Settings['prisma'] {
  const name = `${NAME}.prisma`;
  if (value === undefined) return DEFAULTS.prisma;
  if (!isRecord(value)) fail(name, 'must be an object');
  for (const key of Object.keys(value)) if (!PRISMA_KEYS.includes(key)) fail(`${name}.${key}`, `is not a known key (known: ${PRISMA_KEYS.join(', ')})`);
  const { module } = value;
  if (module !== undefined && !isName(module)) fail(`${name}.module`, 'must be the path of a file, or a module specifier');
  return { module };
}

function readScoped(value: unknown): Settings['scoped'] {
  const name = `${NAME}.scoped`;
  if (value === undefined) return DEFAULTS.scoped;
  if (!Array.isArray(value)) fail(name, 'must be an array');
  return (value as unknown[]).map((entry, index) => {
    const own = `${name}[${String(index)}]`;
    if (!isRecord(entry)) fail(own, 'must be an object');
    for (const key of Object.keys(entry)) if (!SCOPED_KEYS.includes(key)) fail(`${own}.${key}`, `is not a known key (known: ${SCOPED_KEYS.join(', ')})`);
    const { name: called, from } = entry;
    if (!isName(called)) fail(`${own}.name`, 'must be the name of a function');
    if (!isName(from)) fail(`${own}.from`, 'must be the path of a file, or a module specifier');
    return { name: called, from };
  });
}

function readPair(entry: unknown, name: string): Pair {
  if (!isRecord(entry)) fail(name, 'must be an object');
  for (const key of Object.keys(entry)) if (!PAIR_KEYS.includes(key)) fail(`${name}.${key}`, `is not a known key (known: ${PAIR_KEYS.join(', ')})`);
  const { acquire, release, releaseOn, from } = entry;
  if (!isName(acquire)) fail(`${name}.acquire`, 'must be the name of a method or function');
  const releases: unknown[] = Array.isArray(release) ? release : [release];
  if (releases.length === 0 || !releases.every(isName)) fail(`${name}.release`, 'must be a name or a list of names');
  if (typeof releaseOn !== 'string' || !RELEASE_ON.includes(releaseOn)) fail(`${name}.releaseOn`, `must be one of ${RELEASE_ON.map((one) => `"${one}"`).join(', ')}`);
  if (from !== undefined && !isName(from)) fail(`${name}.from`, 'must be the name of a module');
  return { acquire, release: releases, releaseOn: releaseOn as Pair['releaseOn'], ...(from === undefined ? {} : { from }) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function fail(name: string, problem: string): never {
  throw new Error(`eslint-plugin-connection-leaks: ${name} ${problem}.`);
}
