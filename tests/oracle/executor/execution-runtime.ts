/**
 * The world that an instrumented program runs in: one object per program, reset before each execution.
 *
 * Conventions of the verdict, as decided here (after "Conventions of the verdict" in the design):
 * - An execution ends when the entry has returned, thrown or been stopped by its consumer and every floating promise has
 *   settled. A handle that is then neither released nor transferred is a leak of the acquiring call, whatever the end.
 * - `process.exit()` ends the execution at once; no `finally` and no `catch` of the program runs; nothing leaks.
 * - An infinite loop, a promise that never settles and a generator that is never resumed are no leak: executions that
 *   exceed the bound of turns are discarded.
 * - A rejected acquisition acquired nothing. An acquisition that nobody awaits did acquire.
 * - Transferred for good: stored on an object from outside, `this`, or a module variable; passed to an unknown constructor
 *   that returned; reachable from the value the entry returns (also through a returned closure). Later overwriting
 *   does not take it back. A yielded handle is lent, a handle passed to an unknown function is borrowed.
 * - A function of the file that hands a handle to its caller makes its call the acquisition; for a function expression called
 *   in place either call may be reported.
 * - A rejection that nobody handles ends the function that rejected, and nothing else.
 * - Callbacks (`task-queue.ts` has the order): a driver call in callback style does not throw; what a callback of a driver, a timer
 *   or an emitter throws synchronously ends the process, so that nothing leaks; the rejection of an async one goes nowhere.
 * - A function written in place as a callback is no place of its own: what it acquires and returns is still the
 *   acquisition of the call inside it. Passed by name (`.then(open)`), the call it is passed to is the acquisition, and the name or
 *   the call inside may be reported instead.
 * - `callback(null, handle)` of a callback that a function was given hands the handle over, as `return` does: to whoever called the entry, or
 *   to the function of the file that wrote the callback, whose call is the acquisition then. Any other call of a parameter (`work(client)`)
 *   lends. A second release or a use by somebody else's function
 *   (`withClient((c) => c.release())`) is doubtful.
 * - An execution that rests on a promise which nobody will settle has not ended: what it still holds is doubtful.
 * - What a collection took (`clients.push(client)`) and nobody released is doubtful.
 * - Iterating over an array of the language (`for…of`, `forEach`) does not throw; a constructor that is given a handle, released or not, does
 *   not either.
 * - `work(k)` throws synchronously, as any unknown call may; driver calls in promise style reject.
 * - A call of a function of the file throws when that function throws, and not otherwise. Iterating throws where a step of the
 *   iterable does; `for-in`, destructuring of literals and an iterator's `return()` never do. A parameter that is not given is
 *   `undefined`, never `null`.
 * - Reading a property of `undefined` is outside the conventions ("property reads never throw"): what an execution shows
 *   after such a TypeError is doubtful, so it may be reported and need not be. The TypeError of `using` on a value
 *   without a dispose method is within them.
 * - pg: a second release throws, and is a double release. mysql2/promise: a second release does nothing here, and is a
 *   double release, except after `destroy()`, which took the connection out of the pool for good. pg `Client`:
 *   `end()` may be called twice. Release functions given `undefined` do nothing.
 * - Of two events, one of which happens in a callback, a reaction or an async function that nobody waits for, the order is not that of the text:
 *   a second release or a use is doubtful then, unless what it happens in was registered after the release; so is all that follows from
 *   the error of such a release.
 * - Turns of a list method that wait (`ids.map(async …)`) run side by side: that both release is an event, that one of them uses what the other released
 *   is doubtful.
 * - A second release or a use is seen from the innermost function that contains the release and it: in that function's call.
 *   Once a handle is transferred, such events are doubtful. An unknown function that is given a released
 *   handle may be reported as a use.
 */
import { activationBelow, callChain, isWithin, placesOfSecondEvent, type Acquisition, type Activation, type CallbackRole, type CallPoint } from './acquisition.ts';
import type { CallSite } from './call-site-table.ts';
import { DisposalScope } from './disposal.ts';
import { HandleReach, isObject } from './reach-handles.ts';
import { TaskQueue, type TaskPhase, type Task } from './task-queue.ts';

/** Decides what each opaque call does; option 0 is the uneventful one. */
export interface Chooser {
  choose(site: number, options: number): number;
}

export type EventKind = 'leak' | 'double-release' | 'use-after-release';

export interface ObservedEvent {
  readonly kind: EventKind;
  readonly site: number;
  /** The calls by which the handle was acquired, as far as a reader may take them for the acquisition. */
  readonly acquiredAt: readonly number[];
  /** Other calls at which the same event may be reported instead. */
  readonly substitutes: readonly number[];
  /** Calls at which a report would not be wrong. */
  readonly tolerated: readonly number[];
  readonly isDoubtful: boolean;
  /** It threw, and comes second in an order that the text does not show: in another order the execution goes on otherwise, and none of ours shows that. */
  readonly restsOnOrder: boolean;
}

export type ReleaseBehaviour = 'throws' | 'silent' | 'repeatable' | 'destroys';

/** Thrown to unwind an execution that has ended; no `catch` of the program sees it. */
const STOP = { stop: true };
const NOTHING: readonly never[] = [];
const MAX_CHOICES = 150;

type Callback = (...values: unknown[]) => unknown;

/** What an opaque call throws. Not an `Error`: no stack is collected for it. */
export class OpaqueError {
  readonly name = 'OpaqueError';
  constructor(readonly message: string) {}
}

export class ExecutionRuntime {
  readonly root: Activation = newActivation(undefined, -1, undefined);
  /** The call that is about to happen. */
  caller: Activation = this.root;
  site = -1;
  events: ObservedEvent[] = [];
  isDoubtful = false;
  /** 'exit' after `process.exit()`, 'abandoned' beyond a bound. */
  stopped: 'exit' | 'abandoned' | undefined;
  lastYield = -1;
  floating = 0;
  reach = new HandleReach();
  readonly tasks = new TaskQueue();
  /** What the function that is about to be entered is called as; undefined for a plain call. */
  private entering: CallbackRole | undefined;
  /** Since when, for one that nobody waits for. */
  private enteringSince: number | undefined;
  private clock = 0;
  /** What it is given, where that may hand a handle over. */
  private given: readonly unknown[] = NOTHING;
  readonly hooks = this.makeHooks();
  private outside = new Set<object>();
  private acquisitions: Acquisition[] = [];
  private activationOf = new Map<Promise<unknown>, Activation>();
  private ownErrors = new Set<object>();
  private chooser: Chooser = { choose: () => 0 };
  private choices = 0;
  /** Reached acquisition calls, over all executions. */
  readonly acquiringSites = new Set<number>();

  constructor(
    readonly sites: readonly CallSite[],
    private readonly maxTurns: number,
    readonly global: (name: string) => unknown,
  ) {}

  /** Forgets the last execution. */
  reset(chooser: Chooser): void {
    this.chooser = chooser;
    this.root.turns.length = 0;
    this.root.latestCallee = undefined;
    this.root.forwarded = undefined;
    this.caller = this.root;
    this.site = -1;
    this.events = [];
    this.isDoubtful = false;
    this.stopped = undefined;
    this.floating = 0;
    this.entering = undefined;
    this.enteringSince = undefined;
    this.given = NOTHING;
    this.clock = 0;
    this.tasks.clear();
    this.choices = 0;
    this.acquisitions = [];
    this.outside = new Set();
    this.reach = new HandleReach();
    this.activationOf = new Map();
    this.ownErrors = new Set();
  }

  /** One of `options` outcomes for the call that is happening. */
  choose(options: number, site = this.site): number {
    if (this.stopped) throw STOP;
    if (++this.choices > MAX_CHOICES) this.stop('abandoned');
    return this.chooser.choose(site, options);
  }

  stop(how: 'exit' | 'abandoned'): never {
    this.stopped ??= how;
    throw STOP;
  }

  here(): CallPoint {
    // A release that is handed over by reference runs when it is called, like a callback around it would.
    const isLater = this.entering === 'discarded' && this.enteringSince !== undefined;
    const activation = isLater ? { ...newActivation(this.caller, this.site, undefined, this.entering), detachedSince: this.enteringSince } : this.caller;
    return { activation, site: this.site };
  }

  /** As `here`, for a function of a driver: one that is called as a callback (`res.on('close', client.release)`) runs when that does. */
  private there(): CallPoint {
    if (this.entering === undefined) return this.here();
    const activation = newActivation(this.caller, this.site, undefined, this.entering);
    activation.detachedSince = this.enteringSince;
    return { activation, site: this.site };
  }

  /** A TypeError or Error that a driver or `using` raises by its rules, unlike one of a broken program. */
  ruleError<E extends Error>(error: E): E {
    this.ownErrors.add(error);
    return error;
  }

  opaqueError(site = this.site): OpaqueError {
    return new OpaqueError(this.sites[site]?.label ?? 'opaque');
  }

  /** A handle taken by the call that is happening, or by an earlier one whose callback is about to get it. */
  acquire(point: CallPoint = this.here()): Acquisition {
    this.acquiringSites.add(point.site);
    const acquisition: Acquisition = {
      isBorrowed: false,
      owner: point.activation,
      site: point.site,
      substitutes: [],
      holder: point.activation,
      released: undefined,
      releasedAt: 0,
      destroyed: false,
      transferred: false,
      collected: false,
    };
    this.acquisitions.push(acquisition);
    return acquisition;
  }

  /** A handle that belongs to whoever called the entry. */
  lend(): Acquisition {
    return { isBorrowed: true, owner: this.root, site: -1, substitutes: [], holder: this.root, released: undefined, releasedAt: 0, destroyed: false, transferred: false, collected: false };
  }

  /** Has a driver, a timer or an emitter call a function of the program later, on behalf of the call that is happening. */
  callLater(phase: TaskPhase, callback: unknown, values: readonly unknown[] | (() => readonly unknown[])): Task {
    const point = this.here();
    const since = this.tick();
    const task = (): void => this.callBack(point, since, callback, typeof values === 'function' ? values() : values);
    this.tasks.add(phase, task);
    return task;
  }

  /** The present moment, unlike any other. */
  tick(): number {
    return ++this.clock;
  }

  /** Has what happens next happen at that call. */
  at({ activation, site }: CallPoint): void {
    if (this.stopped) throw STOP;
    this.caller = activation;
    this.site = site;
  }

  /** Calls a function of the program that a driver was given, as a part of that call. */
  callInline(point: CallPoint, callback: (...values: never[]) => unknown, values: readonly unknown[]): unknown {
    return this.callAs('inline', point, callback as Callback, values);
  }

  /** Calls a function of the program from outside: nobody looks at its result, and what it throws ends the process. */
  callBack(point: CallPoint, since: number, callback: unknown, values: readonly unknown[]): void {
    if (this.stopped || typeof callback !== 'function') return;
    try {
      this.given = values;
      this.float(this.callAs('discarded', point, callback as Callback, values, since));
    } catch (error) {
      this.noteError(error);
      this.stopped ??= 'exit';
    }
  }

  release(acquisition: Acquisition, behaviour: ReleaseBehaviour): void {
    if (this.stopped) throw STOP;
    const point = this.there();
    if (!acquisition.released) {
      acquisition.released = point;
      acquisition.releasedAt = this.tick();
      acquisition.destroyed = behaviour === 'destroys';
      return;
    }
    if (behaviour !== 'repeatable' && !acquisition.destroyed) this.recordSecond('double-release', acquisition, acquisition.released, point, behaviour === 'throws');
    acquisition.destroyed ||= behaviour === 'destroys';
    if (behaviour !== 'throws') return;
    if (this.isUnordered(acquisition.released, acquisition.releasedAt, point)) {
      // In another order it would be the other one that throws: what follows is doubtful, with the error and without.
      this.isDoubtful = true;
      if (this.choose(2) === 1) return;
    }
    throw this.ruleError(new Error('Release called on client which has already been released to the pool.'));
  }

  /** A query, or whatever else needs the connection. */
  use(acquisition: Acquisition | undefined): void {
    if (acquisition?.released) this.recordSecond('use-after-release', acquisition, acquisition.released, this.there());
  }

  /** An unknown function was given values: reporting a released handle among them as a use would not be wrong. */
  borrow(values: readonly unknown[]): void {
    if (!values.some(isObject)) return;
    for (const acquisition of this.reachable(values)) {
      if (acquisition.released && !acquisition.isBorrowed) {
        this.events.push({ kind: 'use-after-release', site: this.site, acquiredAt: acquiredAt(acquisition), substitutes: NOTHING, tolerated: NOTHING, isDoubtful: true, restsOnOrder: false });
      }
    }
  }

  /** Whether a handle that nobody released yet, own or borrowed, can be got at from the values. */
  holdsHandle(values: readonly unknown[]): boolean {
    return [...this.reachable(values)].some((acquisition) => !acquisition.released);
  }

  /** Whether a handle, released or not, can be got at from the values. */
  leadsToHandle(values: readonly unknown[]): boolean {
    return values.some(isObject) && this.reachable(values).size > 0;
  }

  /** Someone outside has the values now; of a promise, what it will be fulfilled with. */
  transfer(values: readonly unknown[]): void {
    for (const acquisition of this.reachable(values)) acquisition.transferred = true;
    for (const value of values) {
      if (value instanceof Promise) value.then((result: unknown) => this.transfer([result]), () => undefined);
    }
  }

  /** An object that outlives the execution. */
  markOutside<T extends object>(value: T): T {
    this.outside.add(value);
    return value;
  }

  noteError(error: unknown): void {
    if (typeof error !== 'object' || error === null || this.ownErrors.has(error)) return;
    if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) this.isDoubtful = true;
  }

  /** Judges what is still held when the execution has ended, or rests on a promise that nobody will settle. */
  finish(roots: readonly (() => unknown)[], isSuspended: boolean): void {
    if (this.stopped) return;
    if (this.acquisitions.every((acquisition) => acquisition.released || acquisition.transferred)) return;
    this.transfer([...roots.map((read) => read()), ...this.outside]);
    for (const acquisition of this.acquisitions) {
      const { released, transferred, collected, site, substitutes } = acquisition;
      if (!released && !transferred) {
        this.events.push({ kind: 'leak', site, acquiredAt: acquiredAt(acquisition), substitutes, tolerated: NOTHING, isDoubtful: this.isDoubtful || isSuspended || collected, restsOnOrder: false });
      }
    }
  }

  private callAs(role: CallbackRole, point: CallPoint, callback: Callback, values: readonly unknown[], since?: number): unknown {
    this.caller = point.activation;
    this.site = point.site;
    this.entering = role;
    this.enteringSince = since;
    try {
      return callback(...values);
    } finally {
      this.entering = undefined; // a function of a driver does not take it
      this.enteringSince = undefined;
      this.given = NOTHING;
    }
  }

  /** A promise that nobody awaits: the execution has not ended before it has settled. */
  private float(value: unknown): void {
    if (!(value instanceof Promise)) return;
    this.floating++;
    const settle = (): void => void this.floating--;
    value.then(settle, (error: unknown) => {
      settle();
      this.noteError(error);
    });
  }

  private reachable(values: readonly unknown[]): Set<Acquisition> {
    const found = new Set<Acquisition>();
    for (const value of values) this.reach.collect(value, found);
    return found;
  }

  private recordSecond(kind: EventKind, acquisition: Acquisition, first: CallPoint, second: CallPoint, throws = false): void {
    if (acquisition.isBorrowed) return;
    const places = placesOfSecondEvent(first, second);
    const last = places.length - 1;
    let primary = places.findIndex(({ site }, index) => this.sites[site]?.kind === 'call' && !this.sites[site].immediate && !this.isCallbackIn(places, index));
    if (primary < 0) primary = last;
    const outer = places.slice(0, primary).filter((_, index) => !this.isCallbackIn(places, index) || this.isByName(places[index]));
    const siteOf = (point: CallPoint): number => point.site;
    const isUnordered = this.isUnordered(first, acquisition.releasedAt, second);
    const isOpen = kind === 'use-after-release' && areSideBySide(first, second);
    this.events.push({
      kind,
      site: places[primary]?.site ?? second.site,
      acquiredAt: acquiredAt(acquisition),
      substitutes: outer.map(siteOf),
      tolerated: places.slice(primary + 1).map(siteOf),
      isDoubtful: this.isDoubtful || isOpen || acquisition.transferred || this.isByParameter(acquisition, first, second) || isUnordered || this.sites[places[0]?.site ?? -1]?.kind !== 'call',
      restsOnOrder: isUnordered && throws,
    });
  }

  /**
   * A function that was given to the caller as a callback (`getClient((err, client) => …)`) is told `(null, handle)`: as with `return`,
   * the duty to release passes to the function that wrote the callback, by its call.
   */
  private handOver(values: readonly unknown[], to: Activation): void {
    const { definer, caller } = to;
    if (values.length < 2 || (values[0] !== null && values[0] !== undefined) || !definer || definer === this.root || !caller) return;
    const giver = activationBelow(definer, caller);
    if (!giver) return;
    for (const acquisition of this.reachable(values)) {
      if (!isWithin(acquisition.owner, giver)) continue;
      acquisition.owner = definer;
      acquisition.holder = to;
      acquisition.site = giver.callSite;
      acquisition.substitutes.length = 0;
      this.acquiringSites.add(giver.callSite);
    }
  }

  /** Does the way to an event lead through a function that was given, to whoever lent the handle or further in? Its author is to blame. */
  private isByParameter(acquisition: Acquisition, first: CallPoint, second: CallPoint): boolean {
    const lent = callChain(second);
    const from = lent.findIndex(({ activation }) => activation === acquisition.holder);
    const ways = [placesOfSecondEvent(first, second), placesOfSecondEvent(second, first), from < 0 ? [] : lent.slice(from)];
    return ways.some((way) => way.slice(0, -1).some(({ site }) => this.sites[site]?.callsParameter === true));
  }

  /**
   * Is the order of two events another than that of the text? One of them happens in a callback, a reaction or an async function that the
   * function that contains both does not wait for; only what was registered after the first event comes after it for a reader.
   */
  private isUnordered(first: CallPoint, at: number, second: CallPoint): boolean {
    const below = (point: CallPoint, other: CallPoint): (number | undefined)[] => placesOfSecondEvent(other, point).slice(1).map(({ activation }) => activation.detachedSince);
    return below(first, second).some((since) => since !== undefined) || below(second, first).some((since) => since !== undefined && since < at);
  }

  /** Is what happens at that place the call of a callback? Written in place, it is no place of its own for a reader. */
  private isCallbackIn(places: readonly CallPoint[], index: number): boolean {
    const callback = places[index + 1]?.activation.callback;
    return callback === 'inline' || callback === 'discarded';
  }

  private isByName(point: CallPoint | undefined): boolean {
    return (this.sites[point?.site ?? -1]?.references.length ?? 0) > 0;
  }

  /** What a function completes with passes to its caller, with the duty to release what it acquired. */
  private handOutOf(value: unknown, activation: Activation): void {
    for (const acquisition of this.reachable([value])) {
      if (isWithin(acquisition.owner, activation)) this.handOut(acquisition, activation);
    }
  }

  private handOut(acquisition: Acquisition, activation: Activation): void {
    const { caller, callback } = activation;
    if (!caller || callback === 'discarded') return;
    if (caller === this.root) {
      acquisition.transferred = true;
      return;
    }
    acquisition.holder = caller;
    if (callback === 'inline') {
      acquisition.owner = caller;
      return;
    }
    if (callback === 'reference' || this.sites[activation.callSite]?.immediate) acquisition.substitutes.push(acquisition.site);
    else acquisition.substitutes.length = 0;
    acquisition.owner = caller;
    acquisition.site = activation.callSite;
    this.acquiringSites.add(activation.callSite);
    if (caller.forwarded?.has(activation)) this.handOut(acquisition, caller);
  }

  private makeHooks() {
    return {
      __at: (activation: Activation, site: number): readonly never[] => {
        if (this.stopped) throw STOP;
        this.caller = activation;
        this.site = site;
        this.given = NOTHING;
        return NOTHING;
      },
      /** What is given to a function that was a parameter. */
      __given: (activation: Activation, site: number, values: readonly unknown[]): readonly unknown[] => {
        this.hooks.__at(activation, site);
        this.given = values;
        return values;
      },
      __enter: (definer: Activation): Activation => {
        if (this.stopped) throw STOP;
        const { given } = this;
        const activation = newActivation(this.caller, this.site, definer, this.entering);
        activation.detachedSince = this.enteringSince;
        this.entering = undefined;
        this.enteringSince = undefined;
        this.given = NOTHING;
        this.caller.latestCallee = activation;
        if (given.length > 1) this.handOver(given, activation);
        return activation;
      },
      __exit: <T>(activation: Activation, value: T): T => {
        if (!isObject(value)) return value;
        if (value instanceof Promise) {
          const inner = this.activationOf.get(value);
          if (inner) (activation.forwarded ??= new Set()).add(inner);
          // Before any reaction of the caller: its own are registered later.
          value.then((result: unknown) => this.handOutOf(result, activation), () => undefined);
        }
        this.handOutOf(value, activation);
        return value;
      },
      /** A function that the language will call: a promise reaction, an array method's, a promise executor. */
      __callback: <T>(activation: Activation, site: number, callback: T, role: CallbackRole): T => {
        if (typeof callback !== 'function') return callback;
        const point: CallPoint = { activation, site };
        const since = this.sites[site]?.isReaction && this.sites[site].isFloating ? this.tick() : undefined;
        const called = (...values: unknown[]): unknown => {
          if (this.stopped) throw STOP;
          try {
            const result = this.callAs(role, point, callback as unknown as Callback, values, since);
            if (result instanceof Promise && activation.latestCallee?.callSite === site) activation.latestCallee.isAsync = true;
            this.float(result); // `ids.map(async …)` may be dropped as a whole
            const made = activation.latestCallee;
            const isDropped = role === 'discarded' || this.sites[site]?.isFloating === true;
            if (isDropped && result instanceof Promise && made?.callSite === site) made.detachedSince ??= this.tick();
            return result;
          } catch (error) {
            this.noteError(error);
            throw error;
          }
        };
        this.reach.hold(called, [() => callback]);
        return called as T;
      },
      /** `Promise.race`: any of them may be the first to settle. */
      __race: (activation: Activation, site: number, members: Iterable<unknown>): Promise<unknown> => {
        this.hooks.__at(activation, site);
        const list = [...members];
        return list.length < 2 ? Promise.race(list) : Promise.resolve(list[this.choose(list.length)]);
      },
      /** `Promise.any`: any of those that are fulfilled may be the first. */
      __any: async (activation: Activation, site: number, members: Iterable<unknown>): Promise<unknown> => {
        this.hooks.__at(activation, site);
        const list = [...members];
        const first = list.length < 2 ? 0 : this.choose(list.length);
        const results = await Promise.allSettled([...list.slice(first), ...list.slice(0, first)]);
        const fulfilled = results.find((result) => result.status === 'fulfilled');
        if (fulfilled) return fulfilled.value;
        throw this.ruleError(new Error('All promises were rejected'));
      },
      /** An element that a collection is given. */
      __collect: <T>(value: T): T => {
        for (const acquisition of this.reachable([value])) acquisition.collected = true;
        return value;
      },
      __f: <T extends object>(holder: T, ...variables: (() => unknown)[]): T => {
        this.reach.hold(holder, variables);
        return holder;
      },
      /** The value of an assignment to `object.x`, or to a module variable when the object is null. */
      __store: <T>(object: object | null, value: T): T => {
        if (object === null || this.outside.has(object)) this.transfer([value]);
        return value;
      },
      __loop: (activation: Activation, loop: number, lastInner: number): void => {
        if (this.stopped) throw STOP;
        const turns = (activation.turns[loop] ?? 0) + 1;
        if (turns > this.maxTurns) this.stop('abandoned');
        activation.turns[loop] = turns;
        for (let inner = loop + 1; inner <= lastInner; inner++) activation.turns[inner] = 0;
      },
      __caught: (error: unknown): void => {
        if (this.stopped) throw STOP;
        this.noteError(error);
      },
      __yield: <T>(site: number, value: T): T => {
        if (this.stopped) throw STOP;
        this.lastYield = site;
        return value;
      },
      /** A call whose promise is not awaited on the spot. */
      __tame: <T>(activation: Activation, site: number, value: T): T => {
        if (!(value instanceof Promise)) return value;
        const callee = activation.latestCallee;
        if (callee?.callSite === site && !callee.callback) {
          this.activationOf.set(value, callee);
          if (this.sites[site]?.isFloating) callee.detachedSince ??= this.tick();
        }
        this.float(value);
        return value;
      },
      __tag: <T>(activation: Activation, site: number, tag: T): T => {
        this.hooks.__at(activation, site);
        return tag;
      },
      __import: async (activation: Activation, site: number): Promise<object> => {
        this.hooks.__at(activation, site);
        if (this.choose(2) === 1) throw this.opaqueError();
        return {};
      },
      /** What is imported is not exported: no program. */
      __missing: (name: string): never => {
        throw new Error(`nothing exports ${name}`);
      },
      __scope: (): DisposalScope => new DisposalScope(),
      __using: <T>(scope: DisposalScope, value: T, isAwait: boolean, site: number): T =>
        scope.add(value, isAwait, site, (message) => this.ruleError(new TypeError(message))),
      __failed: (scope: DisposalScope, error: unknown): void => {
        if (this.stopped) throw STOP;
        scope.fail(error);
      },
      __disposeSync: (scope: DisposalScope, activation: Activation): void =>
        scope.disposeSync((site) => void this.hooks.__at(activation, site)),
      __disposeAsync: (scope: DisposalScope, activation: Activation): Promise<void> =>
        scope.disposeAsync((site) => void this.hooks.__at(activation, site)),
    };
  }
}

function acquiredAt({ site, substitutes }: Acquisition): readonly number[] {
  return [site, ...substitutes];
}

/** Do two events lie in two turns of one call that gives a promise for each turn (`ids.map(async …)`)? Both turns happen, in no order that the text shows. */
function areSideBySide(first: CallPoint, second: CallPoint): boolean {
  const one = placesOfSecondEvent(second, first)[1]?.activation;
  const other = placesOfSecondEvent(first, second)[1]?.activation;
  return one !== undefined && other !== undefined && one !== other && one.isAsync && one.callSite === other.callSite && one.callback !== undefined;
}

function newActivation(caller: Activation | undefined, callSite: number, definer: Activation | undefined, callback?: CallbackRole): Activation {
  return { caller, callSite, definer, callback, detachedSince: undefined, isAsync: false, turns: [], latestCallee: undefined, forwarded: undefined };
}
