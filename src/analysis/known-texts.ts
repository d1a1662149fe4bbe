/** What single texts say of drivers, whatever the other files are; found once for each text. */
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { SourceText } from '../project/source-files.ts';
import { eachImport, type NamedImport } from '../syntax/each-import.ts';
import { aliasesIn, type Aliases } from './acquiring-names.ts';
import { driversTouchedBy, namesAcquisitionOf, namesMethodOf, namesUnknownAcquisition, type TouchedDrivers } from './may-acquire.ts';
import { namesRootModule } from './root-names.ts';

/** What a module, with what it imports, has to do with drivers. */
export interface Touch extends TouchedDrivers {
  /** Whether it or what it imports names a module that makes roots. */
  readonly root: boolean;
}

/** What is known of a text, whatever the other files are. */
export interface TextFacts extends Touch {
  readonly imports: readonly NamedImport[];
  /** Whether it names something that acquires from a driver, or of no library, where that was asked. */
  readonly acquires: Map<Driver | 'unknown', boolean>;
  /** Whether it names a method that acquires from an object of a driver, where that was asked. */
  readonly borrows: Map<Driver, boolean>;
  /** The functions that may hand out, by the names that the text imports. */
  readonly handing: Map<string, ReadonlySet<string>>;
  /** What it calls by several names, where that was asked. */
  aliases: Aliases | undefined;
  /** The names under which it may hand out a root that it makes, where that was asked. */
  rootMakers: ReadonlySet<string> | undefined;
}

/** What is known of the texts of one project, with one set of tables. */
export class KnownTexts {
  readonly drivers: readonly Driver[];
  readonly pairs: readonly Pair[];
  private readonly facts = new WeakMap<SourceText, TextFacts>();
  /** Of the files that were analysed lately, by their paths: whoever imports one reads the same text again. */
  private given = new Map<string, { readonly text: string; readonly facts: TextFacts }>();

  constructor(drivers: readonly Driver[], pairs: readonly Pair[]) {
    this.drivers = drivers;
    this.pairs = pairs;
  }

  /** Whether the text names something that acquires from one of these drivers, or something of no library that does. */
  namesAcquisition(source: SourceText, touched: Iterable<Driver>): boolean {
    const { acquires } = this.factsOf(source);
    const answer = (key: Driver | 'unknown'): boolean => {
      let known = acquires.get(key);
      if (known === undefined) {
        known = key === 'unknown' ? namesUnknownAcquisition(source.text, this.drivers, this.pairs) : namesAcquisitionOf(key, source.text, this.drivers);
        acquires.set(key, known);
      }
      return known;
    };
    for (const driver of touched) if (answer(driver)) return true;
    return answer('unknown');
  }

  /** Whether the text, which names no library, may take something from an object of `lent`, or of no library, that it is given. */
  mayTakeFrom(source: SourceText, lent: Driver | 'unknown'): boolean {
    if (lent === 'unknown') return this.namesAcquisition(source, []);
    const { borrows } = this.factsOf(source);
    let known = borrows.get(lent);
    if (known === undefined) {
      known = namesMethodOf(lent, source.text, this.drivers);
      borrows.set(lent, known);
    }
    return known;
  }

  /** What the text calls by several names. */
  aliasesOf(source: SourceText): Aliases {
    return (this.factsOf(source).aliases ??= aliasesIn(source.text));
  }

  /** `path`: where the text was read, if that is known. */
  factsOf(source: SourceText, path?: string): TextFacts {
    let facts = this.facts.get(source);
    if (facts === undefined) {
      const given = path === undefined ? undefined : this.given.get(path);
      facts = given?.text === source.text ? given.facts : this.findFacts(source.text);
      this.facts.set(source, facts);
    }
    return facts;
  }

  /** Of the file at `path`, whose text was given; `source`: the text that was read there, if it was. */
  factsOfGiven(path: string, text: string, source: SourceText | undefined): TextFacts {
    if (source?.text === text) return this.factsOf(source, path);
    let known = this.given.get(path);
    if (known?.text !== text) {
      known = { text, facts: this.findFacts(text) };
      this.given.set(path, known);
    }
    return known.facts;
  }

  /** Forgets the texts that were given. */
  forgetGiven(): void {
    this.given = new Map();
  }

  private findFacts(text: string): TextFacts {
    return {
      imports: [...eachImport(text)],
      ...driversTouchedBy(text, this.drivers, this.pairs),
      root: namesRootModule(text, this.drivers),
      acquires: new Map(),
      borrows: new Map(),
      handing: new Map(),
      aliases: undefined,
      rootMakers: undefined,
    };
  }
}
