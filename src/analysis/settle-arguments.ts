/** What becomes of the obligation when the resource is an argument of a call that we do not follow. */
import type { Disjunct } from '../domain/disjunct.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { isGrowingList } from './array-value.ts';
import { isGivenToCallback } from './apply-driver-callback.ts';
import { aliasSet } from './bind-value.ts';
import { isContainerCall, mayTakeCare, type CallShape } from './call-shape.ts';
import { heldBy, type Held } from './held.ts';
import { mayDischarge } from './may-discharge.ts';
import type { Continue } from './follow-call.ts';
import type { Run } from './run.ts';

/**
 * What an unknown callee does with what it is given. True: the obligation ends here (taken, or out of sight).
 * An unknown function borrows; a constructor and a collection take; a closure that may discharge puts the obligation out of sight.
 */
export function settleArguments(run: Run, shape: CallShape, disjunct: Disjunct, isOwnMethod: boolean, next: Continue): boolean {
  const { model } = run;
  // What was given back is nobody's duty: it is only watched for a use.
  if (disjunct.state !== 'held' && disjunct.state !== 'idle') return false;
  if (isGivenToCallback(run, shape, (node) => heldBy(model, disjunct, node).length > 0)) {
    goOn(run.handOver(disjunct, 'given to a callback', shape.node), next);
    return true;
  }
  for (const argument of shape.arguments) {
    const value: Node = argument.type === 'SpreadElement' ? argument.argument : argument;
    const held = heldBy(model, disjunct, value);
    if (held.length === 0) continue;
    if (argument.type === 'SpreadElement') {
      run.settle(disjunct, { kind: 'unknown', why: 'spread' }, shape.node);
      return true;
    }
    if (held.some((one) => one.role === 'promise') || isPairInPlace(value, disjunct)) {
      // Whoever gets the promise is the only one that can release what it is fulfilled with: `expect(pool.connect()).rejects`.
      run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, shape.node);
      return true;
    }
    if (isObjectFunction(shape)) {
      // `Object.values(connections)`: the resource goes on in the result.
      run.settle(disjunct, { kind: 'unknown', why: 'unsupported' }, shape.node);
      return true;
    }
    const closures = held.filter((one) => one.role === 'closure');
    if (shape.isNew && !isPromiseExecutor(shape)) {
      goOn(run.handOver(disjunct, 'given to a constructor', shape.node), next);
      return true;
    }
    if (isContainerCall(shape) && !isOwnMethod) {
      const given = run.handOver(disjunct, 'put into a container', shape.node);
      if (given !== undefined) next(listed(run, shape, held, given));
      return true;
    }
    if (held.some((one) => one.role === 'releaser' || one.role === 'bound')) {
      run.settle(disjunct, { kind: 'unknown', why: 'callback' }, shape.node);
      return true;
    }
    if (closures.some((one) => one.closure !== undefined && mayDischarge(model, disjunct, one.closure))) {
      run.settle(disjunct, { kind: 'unknown', why: 'callback' }, shape.node);
      return true;
    }
    if (!isOwnMethod && closures.length < held.length && mayTakeCare(shape)) {
      run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, shape.node);
      return true;
    }
  }
  return false;
}

/** `given`, in which a list of the code itself got an element that holds `held`: where nothing leaves the list, it is found there again. */
function listed(run: Run, shape: CallShape, held: readonly Held[], given: Disjunct): Disjunct {
  const { receiver } = shape;
  if (receiver === undefined || (shape.name !== 'push' && shape.name !== 'unshift') || !isGrowingList(run.model, receiver)) return given;
  const { root, path } = run.model.placeOf(receiver);
  if (!run.isOwnRoot(root, '.?')) return given;
  const aliases = held.map((one) => run.model.places.alias(root, `${path}.?${one.path}`, one.role, one.closure));
  return { ...given, aliases: aliasSet([...given.aliases, ...aliases]) };
}

function goOn(state: Disjunct | undefined, next: Continue): void {
  if (state !== undefined) next(state);
}

/** The acquiring call of a pair itself, not awaited: it may be a promise. */
function isPairInPlace(node: Node, disjunct: Disjunct): boolean {
  return disjunct.site?.acquisition.style === 'either' && unwrapChain(node) === disjunct.site.node;
}

/** Whether the call is a function of `Object` or `Array` that gives back what lies in its argument. */
function isObjectFunction(shape: CallShape): boolean {
  return shape.receiver?.type === 'Identifier' && (shape.receiver.name === 'Object' || shape.receiver.name === 'Array');
}

function isPromiseExecutor(shape: CallShape): boolean {
  return shape.callee.type === 'Identifier' && shape.callee.name === 'Promise';
}
