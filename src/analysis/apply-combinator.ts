/**
 * `Promise.all`, `allSettled`, `race` and `any`. What was acquired by one of the promises is reachable only through the promise of them all:
 * where that is rejected by another one, or settled by one that was faster, the resource is lost.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import type { Held } from '../domain/place.ts';
import { ALL, FULFILS, OTHER_TRUTHY, REJECTS, TRUE, type ValueMask } from '../domain/value-mask.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { isSingle } from './array-value.ts';
import { callShape, type CallShape } from './call-shape.ts';
import { completesOf } from './completes-of.ts';
import type { Continue } from './follow-call.ts';
import { heldBy } from './held.ts';
import { keepInside, noteInside } from './inside.ts';
import { isReleased, orderRelease } from './later.ts';
import type { Run } from './run.ts';
import { fulfilPlace, rejectPlace } from './settle-promise.ts';
import { maskOf } from './value-of.ts';

/** One of the promises that are combined: written in the array, or known to lie there. */
interface Element {
  /** The expression, where there is one. */
  readonly node: Node | undefined;
  /** Its place in the array: `.0`; `.?` for any of them. */
  readonly path: string;
  /** What its value holds of the resource once it is fulfilled. */
  readonly held: readonly Held[];
  /** How it may be settled. */
  readonly outcome: ValueMask;
}

/** Applies a combinator to what `argument` gives. Returns false when it is none. */
export function applyCombinator(run: Run, shape: CallShape, argument: Node, disjunct: Disjunct, goOn: Continue): boolean {
  const elements = elementsOf(run, disjunct, argument);
  const next = isReleasedLater(run, disjunct, argument) ? orderedBy(run, shape, disjunct, goOn) : goOn;
  const isOurs = elements.some((element) => element.held.length > 0);
  switch (shape.name) {
    case 'all':
      if (isOurs) applyAll(run, shape, elements, disjunct, next);
      else next(withOutcome(run, shape, disjunct, outcomeOfAll(elements)));
      return true;
    case 'allSettled': {
      const held = elements.flatMap((element) => element.held.map((one) => ({ ...one, path: `${element.path}.value${one.path}` })));
      next(fulfilPlace(run.model, run.tests, disjunct, placeOf(shape), held, OTHER_TRUTHY));
      return true;
    }
    case 'race':
    case 'any':
      if (isOurs) applyRace(run, shape, elements, disjunct, next);
      else next(disjunct);
      return true;
    default:
      return false;
  }
}

/** Whether the resource is released in what one of the promises stands for. */
function isReleasedLater(run: Run, disjunct: Disjunct, argument: Node): boolean {
  if (!isReleased(disjunct)) return false;
  const { model } = run;
  const list = unwrapChain(argument);
  const promises = list.type === 'ArrayExpression' ? list.elements.filter((element) => element !== null) : [list];
  return promises.some((node) => {
    const { root, path } = model.placeOf(node);
    return factOf(disjunct.facts, model.places.placeKey(root, path + FACT_PATHS.later).id) === TRUE;
  });
}

/** Goes on behind a combinator: whoever waits for all of them waits for the release; where one of them settles it before, that comes later. */
function orderedBy(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): Continue {
  const key = run.model.places.placeKey(shape.node, '').id;
  const send = (state: Disjunct): void => {
    const waits = factOf(state.facts, key) === FULFILS && (shape.name === 'all' || shape.name === 'allSettled');
    next(keepInside(state, waits ? orderRelease(run, shape.node, disjunct, state, true) : { ...state, state: 'scheduled' }));
  };
  return (state) => {
    if (factOf(state.facts, key) !== ALL) {
      send(state);
      return;
    }
    for (const outcome of [FULFILS, REJECTS]) send(keepInside(state, { ...state, facts: withFact(state.facts, key, outcome) }));
  };
}

function placeOf(shape: CallShape): { root: Node; path: string } {
  return { root: shape.node, path: '' };
}

function elementsOf(run: Run, disjunct: Disjunct, argument: Node): readonly Element[] {
  const list = unwrapChain(argument);
  if (list.type === 'ArrayExpression' && !list.elements.some((element) => element?.type === 'SpreadElement')) {
    return list.elements.flatMap((node, index): Element[] => {
      if (node === null) return [];
      const held = heldBy(run.model, disjunct, node).map(awaited);
      return [{ node, path: `.${String(index)}`, held, outcome: outcomeOf(run, disjunct, node, held) }];
    });
  }
  // Only what lies in the list is known of it, and that there may be others.
  const known = new Map<string, Held[]>();
  for (const one of heldBy(run.model, disjunct, argument)) {
    const path = /^\.[^.]*/.exec(one.path)?.[0] ?? '.?';
    known.set(path, [...(known.get(path) ?? []), awaited({ ...one, path: one.path.slice(path.length) })]);
  }
  const elements: Element[] = [...known].map(([path, held]) => ({ node: undefined, path, held, outcome: FULFILS }));
  return [...elements, { node: disjunct.site?.node, path: '.?', held: [], outcome: outcomeOfList(run, disjunct, list) }];
}

function awaited(one: Held): Held {
  return one.path === '' && one.role === 'promise' ? { ...one, role: 'handle' } : one;
}

/** How the promise that `node` gives may be settled; anything but a promise is fulfilled. */
function outcomeOf(run: Run, disjunct: Disjunct, node: Node, held: readonly Held[]): ValueMask {
  const value = unwrapChain(node);
  if (held.some((one) => one.path === '') || isFunctionNode(value)) return FULFILS;
  if (value.type === 'Literal' || value.type === 'ObjectExpression' || value.type === 'ArrayExpression' || value.type === 'TemplateLiteral') return FULFILS;
  const mask = maskOf(run.model, disjunct, node);
  if (mask === FULFILS || mask === REJECTS) return mask;
  return (mask & (REJECTS | OTHER_TRUTHY)) === 0 ? FULFILS : FULFILS | REJECTS;
}

/** How the promises of a list may be settled that is not written out: `list.map(() => pool.connect())` gives those of its function. */
function outcomeOfList(run: Run, disjunct: Disjunct, list: Node): ValueMask {
  const callback = list.type === 'CallExpression' ? list.arguments[0] : undefined;
  if (callback === undefined || !isFunctionNode(callback)) return FULFILS | REJECTS;
  const receiver = callShape(list as CallLike).receiver;
  const isOnly = receiver !== undefined && isSingle(receiver);
  // The function runs once for each of them: besides the one that acquired there are no others.
  if (isOnly && disjunct.site !== undefined && run.model.isWithin(disjunct.site.node, callback)) return FULFILS;
  const { fulfils, throws, rejects } = completesOf(run.context, callback);
  return (isOnly && callback.async && !fulfils ? 0 : FULFILS) | (rejects || (callback.async && throws) ? REJECTS : 0);
}

function outcomeOfAll(elements: readonly Element[]): ValueMask {
  if (elements.some((element) => element.outcome === REJECTS)) return REJECTS;
  return elements.every((element) => element.outcome === FULFILS) ? FULFILS : ALL;
}

function withOutcome(run: Run, shape: CallShape, disjunct: Disjunct, outcome: ValueMask): Disjunct {
  if (outcome === ALL) return disjunct;
  return { ...disjunct, facts: withFact(disjunct.facts, run.model.places.placeKey(shape.node, '').id, outcome) };
}

/** All are fulfilled, and the values lie in an array; or one is rejected, and nobody gets at the values of the others. */
function applyAll(run: Run, shape: CallShape, elements: readonly Element[], disjunct: Disjunct, next: Continue): void {
  const { model, tests } = run;
  const failing = elements.filter((element) => (element.outcome & REJECTS) !== 0);
  const [first] = failing;
  if (first !== undefined) {
    const inside = first.outcome === REJECTS || first.node === undefined ? {} : { rejected: first.node };
    next(noteInside(rejectPlace(model, disjunct, placeOf(shape)), { ...inside, isRejected: true }));
  }
  if (failing.some((element) => element.outcome === REJECTS)) return;
  const held = elements.flatMap((element) => element.held.map((one) => ({ ...one, path: element.path + one.path })));
  next(fulfilPlace(model, tests, disjunct, placeOf(shape), held, OTHER_TRUTHY));
}

/** One of them is the first. Whatever the others come to, nobody gets it. */
function applyRace(run: Run, shape: CallShape, elements: readonly Element[], disjunct: Disjunct, next: Continue): void {
  const { model, tests } = run;
  for (const element of elements) {
    if (element.held.length > 0) {
      next(fulfilPlace(model, tests, disjunct, placeOf(shape), element.held, OTHER_TRUTHY));
      continue;
    }
    const inside = element.node === undefined ? {} : { outrun: element.node };
    // Where both may be, what the winner rejects with decides: most often it is a time limit, and the value is taken for the resource.
    if ((element.outcome & REJECTS) !== 0 && shape.name === 'race') next(noteInside(rejectPlace(model, disjunct, placeOf(shape)), { ...inside, isRejected: true }));
    else if (element.outcome !== REJECTS) next(noteInside(fulfilPlace(model, tests, disjunct, placeOf(shape), [], ALL), inside));
  }
}
