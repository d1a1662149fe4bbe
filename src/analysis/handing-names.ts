/**
 * The names under which other files of a project may hand a resource out: a cheap question, so that only calls and files that name one of them
 * are looked at more closely. It is answered from texts, and from the syntax of the few modules that take something from a driver; whether such a
 * function does hand out is found out later, by following it (`hand-outs.ts`). A name too many costs time, one too few costs a finding.
 */
import type { Project } from '../project/project.ts';
import type { SourceFile } from '../project/source-files.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import { eachImport } from '../syntax/each-import.ts';
import { findHandingFunctions } from './handing-functions.ts';
import { findRootMakers, namesHandedOn } from './root-makers.ts';
import { mayCallRootModule, namesRootModule } from './root-names.ts';
import { isAcquireName, mayTouchDriver, namesAcquisition } from './may-acquire.ts';

/** How many imports away a module may lie from the file that is analysed. */
const STEPS = 3;

const NO_NAMES: ReadonlySet<string> = new Set();

/** What a module, with what it imports, has to do with drivers. */
interface Reach {
  /** Whether it or what it imports names a driver that hands connections out. */
  readonly touchesDriver: boolean;
  /** Whether it or what it imports names a module that makes roots. */
  readonly touchesRoot: boolean;
  /** Names under which connections may be handed out. */
  readonly names: ReadonlySet<string>;
  /** Names under which roots may be handed out, once they are made. */
  readonly rootNames: ReadonlySet<string>;
}

const NOTHING: Reach = { touchesDriver: false, touchesRoot: false, names: NO_NAMES, rootNames: NO_NAMES };

const kept = new WeakMap<Project, HandingNames>();

/** Which roots the files of projects make: a file that did not change says the same in the next analysis. */
const rootMakers = new WeakMap<SourceFile, ReadonlySet<string>>();

/** The names for the files of `project`, one object for each project: the tables and pairs are the same in all that is asked in one analysis. */
export function handingNamesOf(project: Project, drivers: readonly Driver[], pairs: readonly Pair[]): HandingNames {
  let names = kept.get(project);
  if (names === undefined) {
    names = new HandingNames(project, drivers, pairs);
    kept.set(project, names);
  }
  return names;
}

/** Answers for the files of one project, as one analysis sees them. */
class HandingNames {
  private readonly reaches = new Map<string, Reach>();
  private readonly project: Project;
  private readonly drivers: readonly Driver[];
  private readonly pairs: readonly Pair[];

  constructor(project: Project, drivers: readonly Driver[], pairs: readonly Pair[]) {
    this.project = project;
    this.drivers = drivers;
    this.pairs = pairs;
  }

  /**
   * The names under which the modules that `text`, at `path`, imports may hand out something; for the default export of a module, the name
   * that the text gives it.
   */
  importedInto(path: string, text: string): ReadonlySet<string> {
    return this.importsOf(path, text, STEPS).names;
  }

  /** As `importedInto`, for roots that are made. */
  rootsImportedInto(path: string, text: string): ReadonlySet<string> {
    return this.importsOf(path, text, STEPS).rootNames;
  }

  /** Whether what `text`, at `path`, imports has to do with a driver at all. */
  touchesDriver(path: string, text: string): boolean {
    return this.importsOf(path, text, STEPS).touchesDriver;
  }

  private importsOf(path: string, text: string, steps: number): Reach {
    if (steps === 0) return NOTHING;
    const key = `${String(steps)} ${path}`;
    const known = this.reaches.get(key);
    if (known !== undefined) return known;
    let touchesDriver = false;
    let touchesRoot = false;
    const names = new Set<string>();
    const rootNames = new Set<string>();
    for (const { specifier, whole } of eachImport(text)) {
      const target = this.project.resolve(path, specifier);
      const imported = target === undefined ? undefined : this.project.textAt(target);
      if (target === undefined || imported === undefined) continue;
      const beyond = this.importsOf(target, imported, steps - 1);
      const add = (to: Set<string>, ...found: readonly ReadonlySet<string>[]): void => {
        for (const name of found.flatMap((some) => [...some])) to.add(name === 'default' ? (whole ?? name) : name);
      };
      if (beyond.touchesDriver || mayTouchDriver(imported, this.drivers, this.pairs)) {
        touchesDriver = true;
        add(names, beyond.names, this.namesOf(target, imported, beyond.names));
      }
      if (beyond.touchesRoot || namesRootModule(imported, this.drivers)) {
        touchesRoot = true;
        add(rootNames, this.rootNamesOf(target, imported, beyond.rootNames));
      }
    }
    const reach = touchesDriver || touchesRoot ? { touchesDriver, touchesRoot, names, rootNames } : NOTHING;
    this.reaches.set(key, reach);
    return reach;
  }

  /** The names of the functions of a module that may hand out what they get by one of the driver's names or of `imported`. */
  private namesOf(path: string, text: string, imported: ReadonlySet<string>): ReadonlySet<string> {
    if (!namesAcquisition(text, this.drivers, this.pairs) && !hasWord(text, imported)) return NO_NAMES;
    const file = this.project.fileAt(path);
    if (typeof file === 'string') return NO_NAMES;
    return findHandingFunctions(file, imported, (name) => imported.has(name) || isAcquireName(name, this.drivers, this.pairs));
  }

  /** The names of the functions and classes of a module that may hand out, or hold, a root that they make. */
  private rootNamesOf(path: string, text: string, imported: ReadonlySet<string>): ReadonlySet<string> {
    const handedOn = namesHandedOn(text, imported);
    const file = namesRootModule(text, this.drivers) ? this.project.fileAt(path) : 'not found';
    if (typeof file === 'string') return handedOn;
    let made = rootMakers.get(file);
    if (made === undefined) {
      made = findRootMakers(file, (call) => mayCallRootModule(file.scopes, call, this.drivers));
      rootMakers.set(file, made);
    }
    return handedOn.size === 0 ? made : new Set([...made, ...handedOn]);
  }
}

/** Whether one of `words` stands in `text`. */
export function hasWord(text: string, words: ReadonlySet<string>): boolean {
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isWordCharacter(text, at - 1) && !isWordCharacter(text, at + word.length)) return true;
    }
  }
  return false;
}

function isWordCharacter(text: string, at: number): boolean {
  return /[\w$]/.test(text.charAt(at));
}
