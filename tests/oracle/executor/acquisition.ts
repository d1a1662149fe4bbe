/**
 * What an execution remembers: activations of functions, acquisitions of handles, and where releases happened.
 */

/**
 * Why a function of the program runs that no call of the program made run: as a callback written in place, as one passed by
 * name, or as one whose result nobody looks at (driver callbacks, timers, listeners, `forEach`, promise executors).
 */
export type CallbackRole = 'inline' | 'reference' | 'discarded';

/** One run of one function of the program. */
export interface Activation {
  readonly callback: CallbackRole | undefined;
  readonly caller: Activation | undefined;
  /** The call in the caller that made this activation; -1 for the outermost one. */
  readonly callSite: number;
  /** Turns taken by each loop of this activation. */
  readonly turns: number[];
  /** The activation made by the latest call out of this one, to recognise the promise which that call returned. */
  latestCallee: Activation | undefined;
  /** Activations whose promise this one returned without awaiting: what they hand out is handed on. */
  forwarded: Set<Activation> | undefined;
}

/** The call that an event happened at, in the activation that made the call. */
export interface CallPoint {
  readonly activation: Activation;
  readonly site: number;
}

/** One handle taken from a pool by one call, or one lent by the caller of the entry. */
export interface Acquisition {
  readonly isBorrowed: boolean;
  /** Who owes the release, and the call by which they came to hold it. */
  owner: Activation;
  site: number;
  /** Earlier calls on the way to the present owner that a reader may take for the acquisition. */
  readonly substitutes: number[];
  released: CallPoint | undefined;
  /** Was the connection destroyed (mysql2), so that further releases do nothing? */
  destroyed: boolean;
  /** Someone outside the execution has it and owes the release. */
  transferred: boolean;
  /** A collection took it (`clients.push(client)`): whether that discharges its owner is open. */
  collected: boolean;
}

/** The calls from the outermost activation down to a point. */
export function callChain(point: CallPoint): CallPoint[] {
  const chain: CallPoint[] = [point];
  let { activation } = point;
  while (activation.caller) {
    chain.push({ activation: activation.caller, site: activation.callSite });
    activation = activation.caller;
  }
  return chain.reverse();
}

/** Is an activation the given one, or was it called (directly or not) by it? */
export function isWithin(activation: Activation, outer: Activation): boolean {
  for (let current: Activation | undefined = activation; current; current = current.caller) {
    if (current === outer) return true;
  }
  return false;
}

/**
 * Where a second release, or a use after a release, is seen from the innermost function that contains both: the call
 * in that function, and the calls below it on the way to the event.
 */
export function placesOfSecondEvent(first: CallPoint, second: CallPoint): CallPoint[] {
  const firstChain = callChain(first);
  const secondChain = callChain(second);
  let common = 0;
  while (
    common + 1 < firstChain.length &&
    common + 1 < secondChain.length &&
    firstChain[common + 1]?.activation === secondChain[common + 1]?.activation
  ) {
    common++;
  }
  return secondChain.slice(common);
}
