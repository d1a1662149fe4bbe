/**
 * The names under which other files of a project may hand a resource out: a cheap question, so that only calls and files that name one of them
 * are looked at more closely. It is answered from texts, and from the syntax of the few modules that take something from a driver; whether such a
 * function does hand out is found out later, by following it (`hand-outs.ts`). A name too many costs time, one too few costs a finding.
 *
 * Every file that is linted asks it of what it imports, and most of them import the same modules: so the answers are kept between analyses, with
 * the texts that they were read from.
 */
import type { Project } from '../project/project.ts';
import type { SourceFiles, SourceText } from '../project/source-files.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import { eachImport, type NamedImport } from '../syntax/each-import.ts';
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
  /** Modules that know no driver and yet name an acquisition: they may take something from an argument that they are given. */
  readonly borrowers: readonly Borrower[];
}

/** A module whose functions may take something from what their callers give them, and the name by which another one takes it as a whole. */
interface Borrower {
  readonly path: string;
  readonly whole: string | undefined;
}

const NOTHING: Reach = { touchesDriver: false, touchesRoot: false, names: NO_NAMES, rootNames: NO_NAMES, borrowers: [] };

/** What is known of a text, whatever the other files are. */
interface TextFacts {
  readonly imports: readonly NamedImport[];
  readonly touchesDriver: boolean;
  readonly touchesRoot: boolean;
  readonly namesAcquisition: boolean;
  /** The functions that may hand out, by the names that the text imports. */
  readonly handing: Map<string, ReadonlySet<string>>;
  /** The names under which it may hand out a root that it makes, where that was asked. */
  rootMakers: ReadonlySet<string> | undefined;
}

/** The files that a reach was read from, with their texts (undefined: it could not be read). */
type Origins = ReadonlyMap<string, SourceText | undefined>;

/** The reach of what a module imports, and how long it holds: until a text changes, or a specifier may name another file. */
interface KeptReach {
  readonly reach: Reach;
  readonly origins: Origins;
}

/** What the analyses of one project keep for each other. */
class KeptNames {
  readonly drivers: readonly Driver[];
  readonly pairs: readonly Pair[];
  private readonly facts = new WeakMap<SourceText, TextFacts>();
  /** By the steps that are left, and the path. */
  private reaches = new Map<string, KeptReach>();
  private turn: number | undefined;

  constructor(drivers: readonly Driver[], pairs: readonly Pair[]) {
    this.drivers = drivers;
    this.pairs = pairs;
  }

  /** What was found out with the answers that the resolver gives now. */
  reachesAt(turn: number): Map<string, KeptReach> {
    if (turn !== this.turn) this.reaches = new Map();
    this.turn = turn;
    return this.reaches;
  }

  factsOf(source: SourceText): TextFacts {
    let facts = this.facts.get(source);
    if (facts === undefined) {
      const { text } = source;
      facts = {
        imports: [...eachImport(text)],
        touchesDriver: mayTouchDriver(text, this.drivers, this.pairs),
        touchesRoot: namesRootModule(text, this.drivers),
        namesAcquisition: namesAcquisition(text, this.drivers, this.pairs),
        handing: new Map(),
        rootMakers: undefined,
      };
      this.facts.set(source, facts);
    }
    return facts;
  }
}

const keptOf = new WeakMap<SourceFiles, KeptNames>();
const namesOf = new WeakMap<Project, HandingNames>();

/** The names for the files of `project`, one object for each project: the tables and pairs are the same in all that is asked in one analysis. */
export function handingNamesOf(project: Project, drivers: readonly Driver[], pairs: readonly Pair[]): HandingNames {
  let names = namesOf.get(project);
  if (names === undefined) {
    let kept = keptOf.get(project.sources);
    if (kept?.drivers !== drivers || kept.pairs !== pairs) {
      kept = new KeptNames(drivers, pairs);
      keptOf.set(project.sources, kept);
    }
    names = new HandingNames(project, kept);
    namesOf.set(project, names);
  }
  return names;
}

/** Answers for the files of one project, as one analysis sees them. */
class HandingNames {
  private readonly project: Project;
  private readonly kept: KeptNames;
  /** The kept reaches, and those of them that were found to hold in this analysis. */
  private readonly reaches: Map<string, KeptReach>;
  private readonly current = new Set<KeptReach>();
  /** For files whose text was given. */
  private readonly given = new Map<string, Reach>();
  private readonly lent = new Map<string, ReadonlySet<string>>();

  constructor(project: Project, kept: KeptNames) {
    this.project = project;
    this.kept = kept;
    this.reaches = kept.reachesAt(project.resolverTurn());
  }

  /**
   * The names under which the modules that `text`, at `path`, imports may hand out something; for the default export of a module, the name
   * that the text gives it. Where the file has to do with a driver, those too that know none: they may take something from what it gives them.
   */
  importedInto(path: string, text: string): ReadonlySet<string> {
    let all = this.lent.get(path);
    if (all === undefined) {
      const { names, borrowers, touchesDriver } = this.importsOf(path, text);
      const lends = borrowers.length > 0 && (touchesDriver || mayTouchDriver(text, this.kept.drivers, this.kept.pairs));
      all = lends ? new Set([...names, ...borrowers.flatMap((borrower) => this.handedOutBy(borrower))]) : names;
      this.lent.set(path, all);
    }
    return all;
  }

  private handedOutBy({ path, whole }: Borrower): string[] {
    const source = this.project.sourceAt(path);
    const handing = source === undefined ? NO_NAMES : this.handingIn(path, source, NO_NAMES);
    return [...handing].map((name) => (name === 'default' ? (whole ?? name) : name));
  }

  /** As `importedInto`, for roots that are made. */
  rootsImportedInto(path: string, text: string): ReadonlySet<string> {
    return this.importsOf(path, text).rootNames;
  }

  /** Whether what `text`, at `path`, imports has to do with a driver at all. */
  touchesDriver(path: string, text: string): boolean {
    return this.importsOf(path, text).touchesDriver;
  }

  private importsOf(path: string, text: string): Reach {
    let reach = this.given.get(path);
    if (reach === undefined) {
      reach = this.findReach(path, eachImport(text), STEPS, new Map());
      this.given.set(path, reach);
    }
    return reach;
  }

  /** The reach of what the file `source`, at `path`, imports: the one that is kept, as long as it holds. */
  private reachOf(path: string, source: SourceText, steps: number): KeptReach {
    if (steps === 0) return { reach: NOTHING, origins: new Map() };
    const key = `${String(steps)} ${path}`;
    const known = this.reaches.get(key);
    if (known !== undefined && this.isCurrent(known)) return known;
    const origins = new Map<string, SourceText | undefined>([[path, source]]);
    const found = { reach: this.findReach(path, this.kept.factsOf(source).imports, steps, origins), origins };
    this.reaches.set(key, found);
    this.current.add(found);
    return found;
  }

  private isCurrent(kept: KeptReach): boolean {
    if (this.current.has(kept)) return true;
    for (const [path, source] of kept.origins) if (this.project.sourceAt(path) !== source) return false;
    this.current.add(kept);
    return true;
  }

  /** The reach of `imports`, as the file at `path` makes them; adds the files that it was read from to `origins`. */
  private findReach(path: string, imports: Iterable<NamedImport>, steps: number, origins: Map<string, SourceText | undefined>): Reach {
    let touchesDriver = false;
    let touchesRoot = false;
    const names = new Set<string>();
    const rootNames = new Set<string>();
    const borrowers: Borrower[] = [];
    for (const { specifier, whole } of imports) {
      const target = this.project.resolve(path, specifier);
      if (target === undefined) continue;
      const source = this.project.sourceAt(target);
      origins.set(target, source);
      if (source === undefined) continue;
      const beyond = this.reachOf(target, source, steps - 1);
      for (const [origin, text] of beyond.origins) origins.set(origin, text);
      const { reach } = beyond;
      const facts = this.kept.factsOf(source);
      const add = (to: Set<string>, handing: ReadonlySet<string>): void => {
        for (const name of handing) to.add(name === 'default' ? (whole ?? name) : name);
      };
      if (reach.touchesDriver || facts.touchesDriver) {
        touchesDriver = true;
        for (const name of reach.names) names.add(name);
        add(names, this.handingIn(target, source, reach.names));
      } else if (facts.namesAcquisition) {
        borrowers.push({ path: target, whole });
      }
      for (const borrower of reach.borrowers) if (!borrowers.some(({ path: known }) => known === borrower.path)) borrowers.push(borrower);
      if (reach.touchesRoot || facts.touchesRoot) {
        touchesRoot = true;
        add(rootNames, this.rootsIn(target, source, reach.rootNames));
      }
    }
    return touchesDriver || touchesRoot || borrowers.length > 0 ? { touchesDriver, touchesRoot, names, rootNames, borrowers } : NOTHING;
  }

  /** The names of the functions of a module that may hand out what they get by one of the driver's names or of `imported`. */
  private handingIn(path: string, source: SourceText, imported: ReadonlySet<string>): ReadonlySet<string> {
    const { drivers, pairs } = this.kept;
    const facts = this.kept.factsOf(source);
    if (!facts.namesAcquisition && !hasWord(source.text, imported)) return NO_NAMES;
    const key = [...imported].sort().join();
    let handing = facts.handing.get(key);
    if (handing === undefined) {
      const file = this.project.fileAt(path);
      handing = typeof file === 'string' ? NO_NAMES : findHandingFunctions(file, imported, (name) => imported.has(name) || isAcquireName(name, drivers, pairs));
      facts.handing.set(key, handing);
    }
    return handing;
  }

  /** The names of the functions and classes of a module that may hand out, or hold, a root that they make. */
  private rootsIn(path: string, source: SourceText, imported: ReadonlySet<string>): ReadonlySet<string> {
    const handedOn = namesHandedOn(source.text, imported);
    const facts = this.kept.factsOf(source);
    if (!facts.touchesRoot) return handedOn;
    if (facts.rootMakers === undefined) {
      const file = this.project.fileAt(path);
      facts.rootMakers = typeof file === 'string' ? NO_NAMES : findRootMakers(file, (call) => mayCallRootModule(file.scopes, call, this.kept.drivers));
    }
    return handedOn.size === 0 ? facts.rootMakers : new Set([...facts.rootMakers, ...handedOn]);
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
