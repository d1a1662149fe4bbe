/**
 * Promises that are made, not acquired: `new Promise(executor)`, whose executor is followed as the call that it is, `resolve` and `reject`
 * inside it, and the functions of `Promise`.
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { withFact } from '../domain/facts.ts';
import { ALL, FULFILS, OTHER_TRUTHY, PROMISE, REJECTS, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import { isFunctionNode, type FunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { itself } from './apply-to-resource.ts';
import { applyCombinator } from './apply-combinator.ts';
import { bindPlace, forgetPlace, type Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { completesOf } from './completes-of.ts';
import { isTouching, runContinuation } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { heldAt, heldBy } from './held.ts';
import { keepInside, keepRejected } from './inside.ts';
import { executorOf, settlerOf } from './promise-executor.ts';
import { copyPromiseFacts } from './promise-facts.ts';
import type { PlaceRef } from './program-model.ts';
import type { Run } from './run.ts';
import { fulfilPlace, rejectPlace } from './settle-promise.ts';
import { maskOf } from './value-of.ts';

/** Applies the call when it makes a promise or settles one. Returns false when it does neither. */
export function applyPromise(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  const executor = executorOf(shape.node);
  if (executor !== undefined) {
    applyExecutor(run, instruction, shape, executor, disjunct, next);
    return true;
  }
  const settler = settlerOfNode(run, shape.callee);
  if (settler !== undefined && !shape.isNew) {
    const [argument] = shape.arguments;
    if (argument?.type === 'SpreadElement') return false;
    next(settle(run, settler, argument === undefined ? NOTHING : boundOf(run, disjunct, argument), disjunct));
    return true;
  }
  return isPromiseFunction(run, shape) && applyPromiseFunction(run, shape, disjunct, next);
}

/** `Promise.resolve(value)`, `Promise.reject(error)`, and the combinators. */
function applyPromiseFunction(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  const [argument] = shape.arguments;
  const place = { root: shape.node, path: '' };
  if (argument?.type === 'SpreadElement') return false;
  switch (shape.name) {
    case 'resolve':
      next(resolvePlace(run, place, argument === undefined ? NOTHING : boundOf(run, disjunct, argument), disjunct));
      return true;
    case 'reject':
      next(rejectPlace(run.model, disjunct, place));
      return true;
    default:
      return argument !== undefined && applyCombinator(run, shape, argument, disjunct, next);
  }
}

/** Whether the call is of a function of the global `Promise`. */
function isPromiseFunction(run: Run, shape: CallShape): boolean {
  const { receiver } = shape;
  return shape.isMethod && receiver?.type === 'Identifier' && receiver.name === 'Promise' && run.model.scopes.variableOf(receiver) === undefined;
}

const NOTHING: Bound = { held: [], mask: UNDEFINED, source: undefined };
/** What an executor is given: functions. */
const SETTLER: Bound = { held: [], mask: OTHER_TRUTHY, source: undefined };

type Settler = NonNullable<ReturnType<typeof settlerOf>>;

/** What calling `node` does, when it is `resolve` or `reject`. */
export function settlerOfNode(run: Run, node: Node): Settler | undefined {
  const value = unwrapChain(node);
  return value.type === 'Identifier' ? settlerOf(run.model.scopes.variableOf(value)) : undefined;
}

function boundOf(run: Run, disjunct: Disjunct, node: Node): Bound {
  return { held: heldBy(run.model, disjunct, node), mask: maskOf(run.model, disjunct, node), source: node };
}

/** `disjunct` after `resolve` or `reject` was called with `given`: only the first call counts. */
export function settle(run: Run, settler: Settler, given: Bound, disjunct: Disjunct): Disjunct {
  const { model } = run;
  const place = { root: model.places.promised(settler.executor), path: '' };
  const known = model.places.factAt(disjunct.facts, place.root, '');
  if (known === FULFILS || known === REJECTS) return disjunct;
  return settler.settles === 'rejects' ? rejectPlace(model, disjunct, place) : resolvePlace(run, place, given, disjunct);
}

/** `disjunct` after the promise at `place` was resolved with `given`: a promise is taken over, anything else is its value. */
function resolvePlace(run: Run, place: PlaceRef, given: Bound, disjunct: Disjunct): Disjunct {
  const { model, tests } = run;
  if (given.mask === REJECTS) return rejectPlace(model, disjunct, place);
  const isPromise = given.mask === FULFILS || itself(given.held)?.role === 'promise';
  if (isPromise && given.source !== undefined) {
    const bound = fulfilPlace(model, tests, disjunct, place, given.held, ALL);
    return { ...bound, facts: copyPromiseFacts(model, disjunct.facts, model.placeOf(given.source), place, bound.facts) };
  }
  // Anything else that a call gives may be a promise, too: then the outcome is not known.
  if (given.held.length === 0 && given.source !== undefined && (given.mask & PROMISE) !== 0 && unwrapChain(given.source).type === 'CallExpression') return disjunct;
  return fulfilPlace(model, tests, disjunct, place, given.held, given.mask);
}

function applyExecutor(run: Run, instruction: Instruction, shape: CallShape, executor: FunctionNode, disjunct: Disjunct, next: Continue): void {
  const given = [SETTLER, SETTLER];
  if (!isTouching(run, shape.node, executor, given, disjunct)) {
    const outcome = outcomeOfExecutor(run, executor);
    next(outcome === PROMISE ? disjunct : { ...disjunct, facts: withFact(disjunct.facts, run.model.places.placeKey(shape.node, '').id, outcome) });
    return;
  }
  const outcomes = runContinuation(run, instruction, executor, given, disjunct);
  for (const state of outcomes.normal) next(promiseOf(run, shape.node, executor, state, false));
  for (const state of outcomes.thrown) next(promiseOf(run, shape.node, executor, state, !executor.async));
}

/** The promise at the executor's own place becomes the value of `call`. An executor that throws rejects it, unless it is settled. */
export function promiseOf(run: Run, call: Node, executor: FunctionNode, state: Disjunct, hasThrown: boolean): Disjunct {
  const { model, tests } = run;
  const from = { root: model.places.promised(executor), path: '' };
  const to = { root: call, path: '' };
  const known = model.places.factAt(state.facts, from.root, '');
  if (known === REJECTS || (known !== FULFILS && hasThrown)) return keepRejected(state, forgetPlace(model, rejectPlace(model, state, to), from));
  const bound = bindPlace(model, tests, state, to, { held: heldAt(state, from.root, ''), mask: known, source: undefined });
  const after = { ...bound, facts: copyPromiseFacts(model, state.facts, from, to, bound.facts) };
  return keepInside(state, forgetPlace(model, after, from));
}

/**
 * How the promise may be settled that `executor` makes: it is never rejected where nobody has `reject`, it does not throw and it resolves with
 * no promise; and never fulfilled where nobody has `resolve` (a time limit).
 */
function outcomeOfExecutor(run: Run, executor: FunctionNode): ValueMask {
  const [resolve, reject] = executor.params;
  const uses = usesOf(run, resolve);
  if (uses?.length === 0) return REJECTS;
  const isPlain = uses?.every((use) => {
    const call = use.parent;
    const value = call?.type === 'CallExpression' && call.callee === use ? call.arguments[0] : undefined;
    if (value?.type === 'Identifier' && isResultOfCallback(run, value)) return true;
    return value === undefined || value.type === 'Literal' || value.type === 'ObjectExpression' || value.type === 'ArrayExpression' || isFunctionNode(value);
  });
  return isPlain === true && usesOf(run, reject)?.length === 0 && !completesOf(run.context, executor).throws ? FULFILS : PROMISE;
}

/** Whether it is what a callback in the style of Node is given behind its error: no promise. */
function isResultOfCallback(run: Run, value: TSESTree.Identifier): boolean {
  const [definition] = run.model.scopes.variableOf(value)?.defs ?? [];
  if ((definition?.type as string | undefined) !== 'Parameter') return false;
  const callback = definition!.node as Node;
  return isFunctionNode(callback) && callback.parent.type === 'CallExpression' && callback.parent.callee !== callback && callback.params.findIndex((parameter) => parameter === definition!.name) > 0;
}

/** Where the parameter is used; undefined where that is not known. */
function usesOf(run: Run, parameter: Node | undefined): readonly Node[] | undefined {
  if (parameter === undefined) return [];
  const variable = parameter.type === 'Identifier' ? run.model.scopes.variableOf(parameter) : undefined;
  return variable?.references.map((reference) => reference.identifier);
}
