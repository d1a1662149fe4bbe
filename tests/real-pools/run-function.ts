/** Runs one function of a fixture, and says how it ended, what it did and what it kept. */
import { world } from './world.ts';

/** How one run ended. */
export interface Outcome {
  readonly end: 'returned' | 'threw';
  /** What it returned, or the message of what it threw. */
  readonly value: string;
  readonly log: readonly string[];
  /** How many connections it kept. */
  readonly leaked: number;
  /** The effects that it had, by their keys. */
  readonly effects: readonly string[];
}

/** Runs `callee` with `given`; the effects with the keys `failing` fail. A generator is read to its end, or to its first value. */
export async function runFunction(callee: (...given: readonly unknown[]) => unknown, given: readonly unknown[], failing: readonly string[], stopsEarly = false): Promise<Outcome> {
  world.begin(failing);
  const restore = noteUnhandled();
  let end: Outcome['end'] = 'returned';
  let value: string;
  try {
    value = print(await settle(callee(...given), stopsEarly));
  } catch (error) {
    end = 'threw';
    value = error instanceof Error ? error.message : String(error);
  }
  // What nobody waited for: what comes behind an answer of the server, too.
  for (let turn = 0, idle = 0; turn < 100 && idle < 3; turn++) {
    idle = world.waiting > 0 ? 0 : idle + 1;
    await new Promise((resolve) => (world.waiting > 0 ? setTimeout(resolve, 1) : setImmediate(resolve)));
  }
  restore();
  const outcome: Outcome = { end, value, log: [...world.log], leaked: world.lent.size, effects: world.effects.map(({ key }) => key) };
  world.clean();
  return outcome;
}

/** Notes rejections that nobody handles; others than this are not told of them until the result is called. */
function noteUnhandled(): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => world.log.push(`nobody handles: ${String(error)}`));
  return () => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  };
}

async function settle(result: unknown, stopsEarly: boolean): Promise<unknown> {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) return result;
  const values: unknown[] = [];
  for await (const value of result as AsyncIterable<unknown>) {
    values.push(value);
    if (stopsEarly) break;
  }
  return values;
}

/** A value as text. What a query gives is its rows: the rest of it names the connection. */
function print(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'function') return 'a function';
    if (typeof inner === 'object' && inner !== null && 'rows' in inner && 'command' in inner) return { rows: inner.rows };
    return inner;
  }) ?? 'undefined';
}
