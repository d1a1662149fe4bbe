/** What code does to real pools, call by call; each of its effects can be made to fail. */

import { AsyncLocalStorage } from 'node:async_hooks';

/** What is noted of a second release. */
export const SECOND_RELEASE = 'release of what is not lent';

/** A connection that a pool has lent. */
export interface Lent {
  /** Gives it back, whatever the code did with it. */
  readonly discard: () => void;
}

/** Something that the code does which others see: a connection taken, a statement sent, a function called. */
export interface Effect {
  readonly name: string;
  /** Its name, and how often there was one of that name before. */
  readonly key: string;
}

/** What the pools of one run note. There is one for the process: the modules that stand for the drivers write into it. */
class World {
  readonly effects: Effect[] = [];
  /** What happened, in its order: effects, and releases that left a transaction open. */
  readonly log: string[] = [];
  readonly lent = new Set<object>();
  private readonly discards = new Map<object, () => void>();
  private failing: readonly string[] = [];
  private readonly quiet = new AsyncLocalStorage<true>();
  /** How many answers of a server or a pool have not come yet. */
  waiting = 0;
  /** What has to be there before a first run. */
  readonly opening: Promise<unknown>[] = [];

  /** Begins a run in which these effects fail. */
  begin(failing: readonly string[]): void {
    this.effects.length = 0;
    this.log.length = 0;
    this.lent.clear();
    this.discards.clear();
    this.failing = failing;
  }

  /** Notes an effect; the answer is whether it is to fail. */
  note(name: string): boolean {
    if (this.isQuiet()) return false;
    const key = `${name} #${String(this.effects.filter((effect) => effect.name === name).length)}`;
    const fails = this.failing.includes(key);
    this.effects.push({ name, key });
    this.log.push(fails ? `${name} fails` : name);
    return fails;
  }

  /** Runs what a library does by itself, once for a connection: none of it is an effect of the code. */
  quietly<T>(run: () => T): T {
    return this.quiet.run(true, run);
  }

  isQuiet(): boolean {
    return this.quiet.getStore() === true;
  }

  /** The same promise, whose answer is waited for until it comes. */
  answered<T>(answer: Promise<T>): Promise<T> {
    this.waiting++;
    const isHere = (): void => {
      this.waiting--;
    };
    answer.then(isHere, isHere);
    return answer;
  }

  lend(connection: object, discard: () => void): void {
    this.lent.add(connection);
    this.discards.set(connection, discard);
  }

  takeBack(connection: object, transaction: string): void {
    if (!this.lent.delete(connection)) this.log.push(SECOND_RELEASE);
    // When it is given back is not compared: a `finally` block may do it a little later. What is left in it is.
    else if (transaction !== '') this.log.push(`release${transaction}`);
  }

  /** Gives back what the code kept. */
  clean(): void {
    for (const connection of this.lent) this.discards.get(connection)?.();
    this.lent.clear();
  }
}

export const world = new World();

/** How a transaction stands after `text`: `''` outside of one. */
export function transactionAfter(text: string, before: string): string {
  if (/^\s*(?:begin|start transaction)\b/i.test(text)) return ' in a transaction';
  return /^\s*(?:commit|rollback)\b/i.test(text) ? '' : before;
}
