/**
 * Connections of no known library: pairs of names such as `getconn` / `putconn`. A pair is believed only where one receiver, class or
 * module is seen to offer both halves (`src/bindings/pair-evidence.ts`), or where the user names it in settings.
 */
export interface Pair {
  /** Name of the method or function that hands a connection out. */
  readonly acquire: string;
  /** Names of what takes it back. */
  readonly release: readonly string[];
  /** `connection`: `handle.release()`. `pool`: `receiver.release(handle)`. `function`: `release(handle)`. */
  readonly releaseOn: 'connection' | 'pool' | 'function';
  /** Module that the function, or the object the method is called on, is imported from; absent: any. */
  readonly from?: string;
}

const HANDS_OUT = ['get', 'acquire', 'checkout', 'checkOut', 'borrow', 'take'];
const TAKES_BACK: Readonly<Record<string, readonly string[]>> = {
  get: ['put', 'release', 'return', 'giveBack', 'free'],
  acquire: ['release', 'return', 'free'],
  checkout: ['checkin', 'return', 'release'],
  checkOut: ['checkIn', 'return', 'release'],
  borrow: ['return', 'giveBack', 'release'],
  take: ['put', 'return', 'give', 'giveBack', 'release'],
};
const THINGS = ['Connection', 'Conn', 'DbConnection', 'DBConnection', 'DatabaseConnection', 'Client', 'DbClient'];

/** Spellings of a verb and a thing: camel case, snake case, and all in lower case. */
function spellings(verb: string, thing: string): readonly [camel: string, snake: string, lower: string] {
  const words = `${verb}${thing}`.replace(/DB/g, 'Db').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [`${verb}${thing}`, words, `${verb}${thing}`.toLowerCase()];
}

/** For each name that hands a connection out, the names that take it back in the same spelling. */
export const GENERIC_PAIRS: ReadonlyMap<string, readonly string[]> = buildPairs();

function buildPairs(): Map<string, readonly string[]> {
  const pairs = new Map<string, string[]>();
  for (const verb of HANDS_OUT) {
    for (const thing of THINGS) {
      spellings(verb, thing).forEach((acquire, spelling) => {
        const names = (TAKES_BACK[verb] ?? []).map((back) => spellings(back, thing)[spelling]!);
        pairs.set(acquire, [...new Set([...(pairs.get(acquire) ?? []), ...names])]);
      });
    }
  }
  return pairs;
}
