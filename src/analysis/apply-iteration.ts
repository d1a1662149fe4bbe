/** Methods of lists that run a function on their elements, at once: none of them, some, or all, as a loop does. */
import type { Instruction } from '../cfg/graph.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import type { Held } from '../domain/place.ts';
import { disjunctKey, type Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, FALSE, FALSY, OTHER_TRUTHY, TRUE, TRUTHY, type ValueMask } from '../domain/value-mask.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { elementCount } from './array-value.ts';
import { bindPlace, forgetPlace, type Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { functionOf } from './callback-function.ts';
import { completesOf } from './completes-of.ts';
import { continuationOf, isTouching, runContinuation } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { heldAt, heldBy } from './held.ts';
import { insideOf, keepInside } from './inside.ts';
import { combinatorOf, isReleased } from './later.ts';
import { enterLoop } from './other-resources.ts';
import { enterOvertaken, expectUses, leaveOvertaken } from './overtaken.ts';
import type { PlaceRef } from './program-model.ts';
import type { Run } from './run.ts';
import { someValue } from './run-later.ts';

/** What a method makes of what its function gives for an element. */
interface Method {
  /** The index of the parameter that is the element. */
  readonly element: number;
  /** What the function gives for an element that is the last one it is asked about. */
  readonly stopsAt?: ValueMask;
  /** What the call gives of an element: `kept` where the function says so, in a list or alone, or what the function gives, in a list. */
  readonly gives?: 'kept' | 'kept alone' | 'mapped';
  /** What the call gives when it stopped, and when no element is left. */
  readonly results?: { readonly stopped: ValueMask; readonly ended: ValueMask };
  /** Whether it begins with the last element. */
  readonly isBackwards?: boolean;
}

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['forEach', { element: 0 }], ['map', { element: 0, gives: 'mapped' }], ['flatMap', { element: 0 }], ['filter', { element: 0, gives: 'kept' }],
  ['some', { element: 0, stopsAt: TRUTHY, results: { stopped: TRUE, ended: FALSE } }],
  ['every', { element: 0, stopsAt: FALSY, results: { stopped: FALSE, ended: TRUE } }],
  ['find', { element: 0, stopsAt: TRUTHY, gives: 'kept alone' }], ['findLast', { element: 0, stopsAt: TRUTHY, gives: 'kept alone', isBackwards: true }],
  ['findIndex', { element: 0, stopsAt: TRUTHY }], ['findLastIndex', { element: 0, stopsAt: TRUTHY, isBackwards: true }],
  ['reduce', { element: 1 }], ['reduceRight', { element: 1, isBackwards: true }],
]);

/** Literals up to this length are followed element by element. */
const LITERAL_LENGTH = 8;

const OTHERS: readonly Bound[] = [0, 1, 2, 3].map(() => someValue());

/** Applies the call when it is such a method, and what it runs has to do with the resource. Returns false when not. */
export function applyIteration(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  const method = shape.isMethod && shape.name !== undefined ? METHODS.get(shape.name) : undefined;
  const [callback] = shape.arguments;
  if (method === undefined || callback === undefined || shape.receiver === undefined) return false;
  const callee = functionOf(run.model, callback) ?? continuationOf(run, disjunct, callback)?.callee;
  if (callee === undefined || callee.generator) return false;
  const held = elementsHeld(heldBy(run.model, disjunct, shape.receiver));
  if (held.length === 0 && !isTouching(run, shape.node, callback, OTHERS, disjunct)) {
    // A list method throws where its function does; what an async one throws lies in a promise.
    if (!callee.async && run.context.releaseOutcomes.size > 0) return false;
    next(disjunct);
    if (!callee.async && completesOf(run.context, callee).throws) thrown(disjunct);
    return true;
  }
  const iteration = new Iteration(run, instruction, method, callback, callee.async, thrown);
  const count = elementCount(run.model, shape.receiver);
  const before = callee.async ? expectUses(run.model, shape.node, disjunct) : disjunct;
  const start: Turn = { state: enterLoop(run, shape.node, before), isLast: false };
  const turns = count !== undefined && count <= LITERAL_LENGTH ? iteration.oneByOne(start, count, held) : iteration.someOf(start, held);
  for (const turn of turns) next(keepInside(turn.state, leaveList(run, shape.node, iteration.withResult(turn))));
  return true;
}

/** An element that holds the resource; its index is NaN where that is not known. */
interface Element {
  readonly index: number;
  readonly held: Held;
}

/** What the elements of a list hold of the resource, and at which index where that is known. */
function elementsHeld(held: readonly Held[]): Element[] {
  const found: Element[] = [];
  for (const one of held) {
    const path = /^\.(?<index>\d+|\?)(?<rest>\..*)?$/.exec(one.path);
    if (path !== null) found.push({ index: Number(path.groups!['index']), held: { ...one, path: path.groups!['rest'] ?? '' } });
  }
  return found;
}

/** What holds after some of the elements had their turn, and whether the method asks about no other. */
interface Turn {
  readonly state: Disjunct;
  readonly isLast: boolean;
}

/** The turns of one call. */
class Iteration {
  private readonly run: Run;
  private readonly instruction: Instruction;
  private readonly method: Method;
  private readonly callback: Node;
  private readonly isAsync: boolean;
  private readonly thrown: Continue;
  private readonly place: PlaceRef;
  /** The key of the fact that the resource was released in what a turn gave a promise of. */
  private readonly later: number;

  constructor(run: Run, instruction: Instruction, method: Method, callback: Node, isAsync: boolean, thrown: Continue) {
    this.run = run;
    this.instruction = instruction;
    this.method = method;
    this.callback = callback;
    this.isAsync = isAsync;
    this.thrown = thrown;
    this.place = { root: instruction.node, path: '' };
    this.later = run.model.places.placeKey(instruction.node, FACT_PATHS.later).id;
  }

  /** The turns of `count` elements, one after the other; where it is not known which of them holds the resource, each may be the one. */
  oneByOne(start: Turn, count: number, held: readonly Element[]): readonly Turn[] {
    const some = held.find((one) => Number.isNaN(one.index));
    const walk = (mineAt?: number): readonly Turn[] => {
      let turns: readonly Turn[] = [start];
      for (let index = 0; index < count; index++) turns = this.once(turns, (index === mineAt ? some : held.find((one) => one.index === index))?.held);
      return turns;
    };
    return some === undefined ? walk() : Array.from({ length: count }, (_, index) => walk(index)).flat();
  }

  /** The turns of any number of elements, of which exactly one is each of `held`. */
  someOf(start: Turn, held: readonly Element[]): readonly Turn[] {
    let turns: readonly Turn[] = [start];
    if (held[0]?.index !== 0 || this.method.isBackwards === true) turns = this.again(turns);
    for (const one of held) turns = this.again(this.once(turns, one.held));
    return turns;
  }

  /** What holds behind the call. */
  withResult({ state, isLast }: Turn): Disjunct {
    const { results } = this.method;
    if (results === undefined) return state;
    return { ...state, facts: withFact(state.facts, this.run.model.places.placeKey(this.place.root, '').id, isLast ? results.stopped : results.ended) };
  }

  /** The turn of an element that holds `mine` of the resource, or nothing. */
  private once(turns: readonly Turn[], mine?: Held): readonly Turn[] {
    return turns.flatMap((turn) => (turn.isLast ? [turn] : this.step(turn.state, mine)));
  }

  /** Any number of turns of elements that hold nothing of it. */
  private again(starts: readonly Turn[]): readonly Turn[] {
    const turns: Turn[] = [];
    const known = new Set<string>();
    const add = (turn: Turn): void => {
      const key = `${String(turn.isLast)}|${disjunctKey(turn.state, this.run.context.siteId(turn.state.site))}`;
      if (known.has(key)) return;
      known.add(key);
      turns.push(turn);
    };
    for (const start of starts) add(start);
    // Grows while it is walked; facts only ever take finitely many values.
    for (const turn of turns) for (const after of this.once([turn])) if (after !== turn) add(after);
    return turns;
  }

  private step(state: Disjunct, mine: Held | undefined): readonly Turn[] {
    const { run, method } = this;
    const { model } = run;
    const given = mine === undefined ? OTHERS : OTHERS.map((other, index) => (index === method.element ? { held: [mine], mask: other.mask, source: undefined } : other));
    const misuses = run.misuses.length;
    const entered = this.isAsync ? enterOvertaken(model, this.instruction.node as CallLike, state, 'the first await') : state;
    const outcomes = runContinuation(run, this.instruction, this.callback, given, entered, insideOf(state));
    // Turns that wait run side by side: both release it, but what one of them does may well be done before the other releases.
    if (this.isLater(state)) run.forgetUses(misuses);
    for (const after of outcomes.thrown) this.thrown(keepInside(after, leaveOvertaken(model, state, forgetPlace(model, after, this.place))));
    return outcomes.normal.flatMap((after) => {
      const mask = factOf(after.facts, model.places.placeKey(this.place.root, '').id);
      const left = this.leave(state, after);
      const { stopsAt } = method;
      const turns: Turn[] = [];
      if (stopsAt === undefined || (mask & ~stopsAt) !== 0) {
        for (const one of this.listed(after, left, mine, mask)) turns.push({ state: keepInside(after, one), isLast: false });
      }
      if (stopsAt !== undefined && (mask & stopsAt) !== 0) {
        const found = method.gives === 'kept alone' && mine !== undefined
          ? bindPlace(model, run.tests, this.asked(left, mask), this.place, { held: [mine], mask: OTHER_TRUTHY, source: undefined })
          : left;
        turns.push({ state: keepInside(after, found), isLast: true });
      }
      return turns;
    });
  }

  /** `left`, where the element was chosen for what the function gave: what is asked of something released may well be whether it was. */
  private asked(left: Disjunct, mask: ValueMask): Disjunct {
    return isDecided(mask) || !isReleased(left) ? left : { ...left, exact: false };
  }

  /** `after`, a turn that began with `state`, without its result. */
  private leave(state: Disjunct, after: Disjunct): Disjunct {
    const { model } = this.run;
    const listed = heldAt(state, this.place.root, '');
    const left = leaveOvertaken(model, state, forgetPlace(model, after, this.place));
    const isNoted = this.isLater(state) || this.isLater(after) || (this.isAsync && isReleased(left) && !isReleased(state));
    const noted = isNoted ? { ...left, facts: withFact(left.facts, this.later, TRUE) } : left;
    return listed.length === 0 ? noted : this.withElements(noted, listed);
  }

  /** `left`, with what the list that the call gives has in it of this turn. */
  private listed(after: Disjunct, left: Disjunct, mine: Held | undefined, mask: ValueMask): readonly Disjunct[] {
    const { gives } = this.method;
    if (gives === 'mapped' && !this.isAsync) {
      const given = heldAt(after, this.place.root, '').filter((one) => one.role === 'handle' && !one.path.startsWith('.?'));
      return [given.length === 0 ? left : this.withElements(left, given.map((one) => ({ ...one, path: `.?${one.path}` })))];
    }
    if (mine === undefined || (gives !== 'kept' && gives !== 'kept alone')) return [left];
    const states: Disjunct[] = [];
    if (gives === 'kept' && (mask & TRUTHY) !== 0) states.push(this.withElements(this.asked(left, mask), [{ ...mine, path: `.?${mine.path}` }]));
    if ((mask & FALSY) !== 0) {
      // By what it was left out we do not see.
      if (isDecided(mask)) states.push(left);
      else this.run.settle(left, { kind: 'unknown', why: 'unsupported' }, this.instruction.node);
    }
    return states;
  }

  private withElements(state: Disjunct, held: readonly Held[]): Disjunct {
    const known = heldAt(state, this.place.root, '');
    const { facts } = state;
    const bound = bindPlace(this.run.model, this.run.tests, state, this.place, { held: [...known, ...held], mask: ALL, source: undefined });
    return { ...bound, facts: withFact(bound.facts, this.later, factOf(facts, this.later)) };
  }

  private isLater(state: Disjunct): boolean {
    return factOf(state.facts, this.later) === TRUE;
  }
}

/** Whether a value is known to count as true, or as false. */
function isDecided(mask: ValueMask): boolean {
  return (mask & TRUTHY) === 0 || (mask & FALSY) === 0;
}

/** `state` behind the call: what is released in promises that nobody waits for is released later than what follows. */
function leaveList(run: Run, call: CallLike, state: Disjunct): Disjunct {
  const later = run.model.places.placeKey(call, FACT_PATHS.later).id;
  if (factOf(state.facts, later) !== TRUE || combinatorOf(call) !== undefined) return state;
  return { ...state, state: isReleased(state) ? 'scheduled' : state.state, facts: withFact(state.facts, later, ALL) };
}
