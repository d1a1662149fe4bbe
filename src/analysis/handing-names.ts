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
import type { NamedImport } from '../syntax/each-import.ts';
import { hasWord } from '../syntax/has-word.ts';
import { aliasesIn, withAliasesOf, type Aliases } from './acquiring-names.ts';
import { findHandingFunctions } from './handing-functions.ts';
import { KnownTexts, type TextFacts, type Touch } from './known-texts.ts';
import { findRootMakers, namesHandedOn } from './root-makers.ts';
import { mayCallRootModule } from './root-names.ts';
import { acquireNames, isAcquireName, isTouched, type TouchedDrivers } from './may-acquire.ts';

/** How many imports away a module may lie from the file that is analysed. */
const STEPS = 3;

const NO_NAMES: ReadonlySet<string> = new Set();

/** A module that is imported: where it is, its text (undefined: it could not be read), and the reach of what it imports itself. */
interface Target {
  readonly path: string;
  readonly source: SourceText | undefined;
  readonly beyond: Reach;
  /** What the importing text calls the module, or its default export. */
  readonly whole: string | undefined;
}

/**
 * What the imports of a text lead to, and how long that holds: until a text changes, or a specifier may name another file. Whether there is anything
 * to do with a driver is read from texts at once; names need syntax, and are found when somebody asks for them.
 */
interface Reach {
  /** The text whose imports these are; undefined: none are looked at. */
  readonly source: SourceText | undefined;
  readonly targets: readonly Target[];
  /** What the targets, with what they import, have to do with drivers. */
  readonly touch: Touch;
  /** Names under which connections may be handed out. */
  names: ReadonlySet<string> | undefined;
  /** Names under which modules that know no driver may hand out what they take from an object of a driver, by that driver. */
  readonly borrowed: Map<Driver | 'unknown', ReadonlySet<string>>;
  /** Names under which roots may be handed out, once they are made. */
  rootNames: ReadonlySet<string> | undefined;
}

const NOTHING: Reach = { source: undefined, targets: [], touch: { drivers: new Set(), pair: false, root: false }, names: NO_NAMES, borrowed: new Map(), rootNames: NO_NAMES };

/** What the analyses of one project keep for each other. */
class KeptNames {
  readonly texts: KnownTexts;
  readonly pairs: readonly Pair[];
  /** By the steps that are left, and the path. */
  private reaches = new Map<string, Reach>();
  private turn: number | undefined;
  /** Those that hold, as far as the texts of a run show, by these texts. */
  private readonly current = new WeakMap<Project['texts'], Set<Reach>>();

  constructor(drivers: readonly Driver[], pairs: readonly Pair[]) {
    this.texts = new KnownTexts(drivers, pairs);
    this.pairs = pairs;
  }

  /** What was found out with the answers that the resolver gives now. */
  reachesAt(turn: number): Map<string, Reach> {
    if (turn !== this.turn) {
      this.reaches = new Map();
      this.texts.forgetGiven();
    }
    this.turn = turn;
    return this.reaches;
  }

  /** Those that were found to hold with `texts`. */
  currentWith(texts: Project['texts']): Set<Reach> {
    const current = this.current.get(texts) ?? new Set<Reach>();
    this.current.set(texts, current);
    return current;
  }
}

/** By the tables: packages of one project may have different ones. */
const keptOf = new WeakMap<SourceFiles, WeakMap<readonly Driver[], KeptNames>>();
const namesOf = new WeakMap<Project, HandingNames>();

/** The names for the files of `project`, one object for each project: the tables and pairs are the same in all that is asked in one analysis. */
export function handingNamesOf(project: Project, drivers: readonly Driver[], pairs: readonly Pair[]): HandingNames {
  let names = namesOf.get(project);
  if (names === undefined) {
    const byDrivers = keptOf.get(project.sources) ?? new WeakMap<readonly Driver[], KeptNames>();
    keptOf.set(project.sources, byDrivers);
    let kept = byDrivers.get(drivers);
    if (kept?.pairs !== pairs) {
      kept = new KeptNames(drivers, pairs);
      byDrivers.set(drivers, kept);
    }
    names = new HandingNames(project, kept);
    namesOf.set(project, names);
  }
  return names;
}

/** Answers for the files of one project, as one analysis sees them. */
class HandingNames {
  private readonly project: Project;
  private readonly texts: KnownTexts;
  /** The kept reaches, and those of them that were found to hold in this analysis. */
  private readonly reaches: Map<string, Reach>;
  private readonly current: Set<Reach>;
  /** For files whose text was given. */
  private readonly given = new Map<string, Reach>();
  private readonly imported = new Map<string, ReadonlySet<string>>();

  constructor(project: Project, kept: KeptNames) {
    this.project = project;
    this.texts = kept.texts;
    this.reaches = kept.reachesAt(project.resolverTurn());
    this.current = kept.currentWith(project.texts);
  }

  /**
   * The names under which the modules that `text`, at `path`, imports may hand out something; for the default export of a module, the name
   * that the text gives it. Where the file has to do with a driver, those too that know none: they may take something from what it gives them.
   */
  importedInto(path: string, text: string): ReadonlySet<string> {
    let names = this.imported.get(path);
    if (names === undefined) {
      const reach = this.importsOf(path, text);
      const { drivers } = this.factsOfGiven(path, text);
      const lent = new Set([...drivers, ...reach.touch.drivers]);
      const all = new Set(this.namesOf(reach));
      for (const driver of lent) for (const name of this.borrowedFrom(reach, driver)) all.add(name);
      if (lent.size > 0) for (const name of this.borrowedFrom(reach, 'unknown')) all.add(name);
      names = all;
      this.imported.set(path, names);
    }
    return names;
  }

  /** The names by which a call in `text`, at `path`, may acquire by itself: of the drivers that it or what it imports has to do with, and what they are called there. */
  acquiringIn(path: string, text: string): ReadonlySet<string> {
    const { drivers, pairs } = this.texts;
    const reach = this.importsOf(path, text);
    const touched = new Set([...this.factsOfGiven(path, text).drivers, ...reach.touch.drivers]);
    const aliases: Aliases[] = [aliasesIn(text)];
    const seen = new Set<Reach | SourceText>();
    const visit = (of: Reach): void => {
      if (seen.has(of) || !isTouched(of.touch)) return;
      seen.add(of);
      for (const target of of.targets) {
        visit(target.beyond);
        if (target.source === undefined || seen.has(target.source) || !this.isTouching(target)) continue;
        seen.add(target.source);
        aliases.push(this.texts.aliasesOf(target.source));
        if (target.whole !== undefined) aliases.push(new Map([['default', [target.whole]]]));
      }
    };
    visit(reach);
    return withAliasesOf(acquireNames(drivers, pairs, touched), aliases);
  }

  /** As `importedInto`, for roots that are made. */
  rootsImportedInto(path: string, text: string): ReadonlySet<string> {
    return this.rootNamesOf(this.importsOf(path, text));
  }

  /** What the modules that `text`, at `path`, imports have to do with drivers. */
  touchedBy(path: string, text: string): TouchedDrivers {
    return this.importsOf(path, text).touch;
  }

  private importsOf(path: string, text: string): Reach {
    let reach = this.given.get(path);
    if (reach === undefined) {
      reach = this.findReach(path, undefined, this.factsOfGiven(path, text).imports, STEPS);
      this.given.set(path, reach);
    }
    return reach;
  }

  private factsOfGiven(path: string, text: string): TextFacts {
    return this.texts.factsOfGiven(path, text, this.project.texts.get(path));
  }

  /** The reach of what the file `source`, at `path`, imports: the one that is kept, as long as it holds. */
  private reachOf(path: string, source: SourceText, steps: number): Reach {
    if (steps === 0) return NOTHING;
    const key = `${String(steps)} ${path}`;
    const known = this.reaches.get(key);
    if (known?.source === source && this.isCurrent(known)) return known;
    const found = this.findReach(path, source, this.texts.factsOf(source, path).imports, steps);
    this.reaches.set(key, found);
    this.current.add(found);
    return found;
  }

  private isCurrent(kept: Reach): boolean {
    if (kept.targets.length === 0 || this.current.has(kept)) return true;
    for (const { path, source, beyond } of kept.targets) if (this.project.sourceAt(path) !== source || !this.isCurrent(beyond)) return false;
    this.current.add(kept);
    return true;
  }

  /** The reach of `imports`, as the file at `path` makes them. */
  private findReach(path: string, source: SourceText | undefined, imports: Iterable<NamedImport>, steps: number): Reach {
    const targets: Target[] = [];
    const drivers = new Set<Driver>();
    let pair = false;
    let root = false;
    for (const { specifier, whole } of imports) {
      const target = this.project.resolve(path, specifier);
      if (target === undefined) continue;
      const text = this.project.sourceAt(target);
      const beyond = text === undefined ? NOTHING : this.reachOf(target, text, steps - 1);
      targets.push({ path: target, source: text, beyond, whole });
      for (const touch of text === undefined ? [] : [this.texts.factsOf(text, target), beyond.touch]) {
        for (const driver of touch.drivers) drivers.add(driver);
        pair ||= touch.pair;
        root ||= touch.root;
      }
    }
    return { source, targets, touch: { drivers, pair, root }, names: undefined, borrowed: new Map(), rootNames: undefined };
  }

  private namesOf(reach: Reach): ReadonlySet<string> {
    if (reach.names === undefined) {
      const names = new Set<string>();
      for (const target of isTouched(reach.touch) ? reach.targets : []) {
        if (!this.isTouching(target)) continue;
        for (const name of this.namesOf(target.beyond)) names.add(name);
        addNames(names, target, this.handingIn(target));
      }
      reach.names = names;
    }
    return reach.names;
  }

  private rootNamesOf(reach: Reach): ReadonlySet<string> {
    if (reach.rootNames === undefined) {
      const names = new Set<string>();
      for (const target of reach.touch.root ? reach.targets : []) addNames(names, target, this.rootsIn(target));
      reach.rootNames = names;
    }
    return reach.rootNames;
  }

  /** The names of the functions of modules that know no driver, and yet may take something from an object of `lent`, or of no library, that they are given. */
  private borrowedFrom(reach: Reach, lent: Driver | 'unknown'): ReadonlySet<string> {
    let names = reach.borrowed.get(lent);
    if (names === undefined) {
      const all = new Set<string>();
      for (const target of reach.targets) {
        const { path, source, beyond } = target;
        if (source === undefined) continue;
        for (const name of this.borrowedFrom(beyond, lent)) all.add(name);
        if (!this.isTouching(target) && this.texts.mayTakeFrom(source, lent)) addNames(all, target, this.handingFunctions(path, source, NO_NAMES));
      }
      names = all.size === 0 ? NO_NAMES : all;
      reach.borrowed.set(lent, names);
    }
    return names;
  }

  /** Whether a module, with what it imports, has to do with a driver. */
  private isTouching({ source, beyond }: Target): boolean {
    return isTouched(beyond.touch) || (source !== undefined && isTouched(this.texts.factsOf(source)));
  }

  /** The names of the functions of a module that may hand out what they get by one of the drivers' names, or by one that it imports. */
  private handingIn({ path, source, beyond }: Target): ReadonlySet<string> {
    if (source === undefined) return NO_NAMES;
    const imported = this.namesOf(beyond);
    const touched = new Set([...this.texts.factsOf(source).drivers, ...beyond.touch.drivers]);
    if (!this.texts.namesAcquisition(source, touched) && !hasWord(source.text, imported)) return NO_NAMES;
    return this.handingFunctions(path, source, imported);
  }

  private handingFunctions(path: string, source: SourceText, imported: ReadonlySet<string>): ReadonlySet<string> {
    const { drivers, pairs } = this.texts;
    const facts = this.texts.factsOf(source);
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
  private rootsIn({ path, source, beyond }: Target): ReadonlySet<string> {
    if (source === undefined) return NO_NAMES;
    const handedOn = namesHandedOn(source.text, this.rootNamesOf(beyond));
    const facts = this.texts.factsOf(source);
    if (!facts.root) return handedOn;
    if (facts.rootMakers === undefined) {
      const file = this.project.fileAt(path);
      facts.rootMakers = typeof file === 'string' ? NO_NAMES : findRootMakers(file, (call) => mayCallRootModule(file.scopes, call, this.texts.drivers));
    }
    return handedOn.size === 0 ? facts.rootMakers : new Set([...facts.rootMakers, ...handedOn]);
  }
}

/** Adds what a module hands out, by the names that the text which imports it uses. */
function addNames(names: Set<string>, { whole }: Target, handing: ReadonlySet<string>): void {
  for (const name of handing) names.add(name === 'default' ? (whole ?? name) : name);
}
