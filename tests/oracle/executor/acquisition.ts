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
  /** The activation whose function the function that runs is written in; the root's for a function at module level. */
  readonly definer: Activation | undefined;
  /** Since when it runs on its own time, where its caller does not wait for it: when it was registered, or called without an `await`. */
  detachedSince: number | undefined;
  /** Whether it gave a promise, so that it may still run when its caller goes on. */
  isAsync: boolean;
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
  /** When it was. */
  releasedAt: number;
  /** The activation that the owner came to hold it in: a callback of the owner's, or the owner. */
  holder: Activation;
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

/**
 * The activation, called by `outer`, that calls a callback defined in `outer` from `caller` (or from something that it called); undefined when
 * `caller` is no deeper than `outer`, as for the callback of a call that `outer` makes itself.
 */
export function activationBelow(outer: Activation, caller: Activation): Activation | undefined {
  for (let current: Activation | undefined = caller; current; current = current.caller) {
    if (current.caller === outer) return current;
  }
  return undefined;
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
