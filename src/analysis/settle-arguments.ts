/** What becomes of the obligation when the resource is an argument of a call that we do not follow. */
import type { Disjunct } from '../domain/disjunct.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { isGrowingList } from './array-value.ts';
import { isGivenToCallback } from './apply-driver-callback.ts';
import { aliasSet } from './bind-value.ts';
import { isContainerCall, mayTakeCare, type CallShape } from './call-shape.ts';
import type { Held } from '../domain/place.ts';
import { heldBy } from './held.ts';
import { mayDischarge, mayDischargeRoot } from './may-discharge.ts';
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
  if (isGivenToGenerator(run, shape, disjunct)) {
    run.settle(disjunct, { kind: 'unknown', why: 'generator' }, shape.node);
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
    if (shape.isNew && !isPromiseExecutor(shape) && !isBorrower(run, shape)) {
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
    if (disjunct.site?.acquisition.isRoot === true && !isOwnMethod && mayLiveOn(shape, closures.length === held.length)) {
      goOn(run.handOver(disjunct, closures.length > 0 ? 'captured by a closure that lives on' : 'given to a function that may keep it', shape.node), next);
      return true;
    }
    if (!isOwnMethod && closures.length < held.length && mayTakeCare(shape)) {
      run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, shape.node);
      return true;
    }
  }
  return false;
}

/** Whether a generator function of the project is called that sees the resource and may take care of it. */
function isGivenToGenerator(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  const generator = run.model.callGraph.generatorOf(shape.node);
  if (generator === undefined) return false;
  const model = run.model.modelOf(generator);
  if (model === run.model && mayDischarge(model, disjunct, generator)) return true;
  return shape.arguments.some((argument, index) => {
    if (heldBy(run.model, disjunct, argument).length === 0) return false;
    const parameter = generator.params[index];
    const variable = parameter?.type === 'Identifier' ? model.scopes.variableOf(parameter) : undefined;
    return variable === undefined || mayDischargeRoot(model, generator, variable, disjunct.site?.acquisition.type);
  });
}

/**
 * Whether an unknown function that is given a root may keep it: `createRepository(pool)`, `app.get('/', () => pool.query(…))`. What is awaited
 * for its effect has done with it: `await migrate(pool)`, `await retry(() => pool.query(…))`.
 */
function mayLiveOn(shape: CallShape, isClosure: boolean): boolean {
  if (!shape.isAwaited) return !(isClosure && shape.isChained);
  if (isClosure) return false;
  let parent: Node | undefined = shape.node.parent;
  while (parent && parent.type !== 'AwaitExpression') parent = parent.parent;
  return parent?.parent?.type !== 'ExpressionStatement';
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

/** Whether a library's object is constructed that uses what it is given and does not keep it: `new sql.Request(transaction)`. */
function isBorrower(run: Run, shape: CallShape): boolean {
  const entity = run.model.bindings.entityOf(shape.callee);
  return entity?.kind === 'class' && entity.driver.types[entity.type]?.borrows === true;
}

function isPromiseExecutor(shape: CallShape): boolean {
  return shape.callee.type === 'Identifier' && shape.callee.name === 'Promise';
}
