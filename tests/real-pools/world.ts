/** What code does to real pools, call by call; each of its effects can be made to fail. */

/** A connection that a pool has lent. */
export interface Lent {
  /** Gives it back, whatever the code did with it. */
  readonly discard: () => void;
}

/** Something that the code does which others see: a connection taken, a statement sent, a function called. */
export interface Effect {
  readonly name: string;
}

/** What the pools of one run note. There is one for the process: the modules that stand for the drivers write into it. */
class World {
  readonly effects: Effect[] = [];
  /** What happened, in its order: effects, and releases that left a transaction open. */
  readonly log: string[] = [];
  readonly lent = new Set<object>();
  private readonly discards = new Map<object, () => void>();
  private failing: readonly number[] = [];

  /** Begins a run in which the effects with these numbers fail. */
  begin(failing: readonly number[]): void {
    this.effects.length = 0;
    this.log.length = 0;
    this.lent.clear();
    this.discards.clear();
    this.failing = failing;
  }

  /** Notes an effect; the answer is whether it is to fail. */
  note(name: string): boolean {
    const fails = this.failing.includes(this.effects.length);
    this.effects.push({ name });
    this.log.push(fails ? `${name} fails` : name);
    return fails;
  }

  lend(connection: object, discard: () => void): void {
    this.lent.add(connection);
    this.discards.set(connection, discard);
  }

  takeBack(connection: object, transaction: string): void {
    if (!this.lent.delete(connection)) this.log.push('release of what is not lent');
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
