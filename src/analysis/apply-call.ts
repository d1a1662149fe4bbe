/**
 * What a call does to a disjunct, in this order: it is a method of the resource (release, use, open); it runs a function of this file,
 * which is then followed; or it is unknown, and what it is given decides.
 */
import { ownRow } from '../bindings/own-row.ts';
import { writesOf } from '../bindings/scope-index.ts';
import { mayThrow } from '../cfg/throw-policy.ts';
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, FALSE, FULFILS, NULLISH, OTHER_TRUTHY, REJECTS, UNDEFINED } from '../domain/value-mask.ts';
import type { ReleaseRow, TypeRow } from '../drivers/driver.ts';
import type { Silence } from '../domain/obligation.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import { bindPlace } from './bind-value.ts';
import { callShape, isContainerCall, isPromiseCombinator, mayTakeCare, REACTIONS, type CallShape } from './call-shape.ts';
import { completesOf, followCall, isRelevant, type CallSite, type Outcomes } from './follow-call.ts';
import { heldBy, type Held } from './held.ts';
import { mayDischarge } from './may-discharge.ts';
import { isQuietCall } from './quiet-call.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

type Continue = (state: Disjunct) => void;

/** Applies the call at `instruction`. */
export function applyCall(run: Run, instruction: Instruction, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  const shape = callShape(instruction.node as CallLike);
  if (disjunct.aliases.length > 0 && applyToResource(run, instruction, shape, disjunct, next, thrown)) return;
  if (isCalledOnNothing(run, shape, disjunct)) {
    thrown(disjunct);
    return;
  }
  const callee = run.context.model.calleeOf(shape.node);
  if (callee !== undefined) {
    applyLocalCall(run, instruction, shape, callee, disjunct, next, thrown);
    return;
  }
  applyUnknownCall(run, shape, disjunct, next, thrown);
}

/** `let writer; … writer.release()` before anything was assigned: a TypeError. */
function isCalledOnNothing(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  if (!shape.isMethod || shape.receiver === undefined || disjunct.facts.length === 0) return false;
  return (maskOf(run.context.model, disjunct, shape.receiver) & ~NULLISH) === 0;
}

function resourceType(disjunct: Disjunct): TypeRow | undefined {
  return disjunct.site?.acquisition.type;
}

/** Whether the value itself (not something below it) is the resource in one of the roles. */
function itself(held: readonly Held[]): Held | undefined {
  return held.find((one) => one.path === '');
}

/** The call is a method of the resource, its release method, or a take-back of the pool. Returns false when it is none of these. */
function applyToResource(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  const { model } = run.context;
  const type = resourceType(disjunct);
  const called = itself(heldBy(model, disjunct, shape.callee));
  if ((called?.role === 'releaser' || called?.role === 'bound') && !shape.isNew) {
    const attached = rowOfCallee(type, shape);
    const row = attached ?? mainRelease(type);
    if (row !== undefined) {
      if (attached === undefined && called.role === 'releaser' && row.detachable !== true) {
        // Called without its object it fails with a TypeError, and nothing is released.
        thrown(disjunct);
        return true;
      }
      releaseHeld(run, instruction, disjunct, row, next, thrown);
      return true;
    }
  }
  if (called?.role === 'closure' && called.closure !== undefined) {
    sendOutcomes(runClosure(run, called.closure, disjunct, { ...callSite(run, shape), isClosure: true }), called.closure, next, thrown);
    return true;
  }
  if (shape.receiver !== undefined && shape.isMethod) {
    const receiver = itself(heldBy(model, disjunct, shape.receiver));
    if (receiver !== undefined) return applyToReceiver(run, instruction, shape, receiver, disjunct, next, thrown);
  }
  for (const back of type?.takenBackBy ?? []) {
    if (back.name !== (back.on === 'function' ? model.bindings.nameOf(shape.node) : shape.name) || (back.on === 'pool') !== shape.isMethod) continue;
    if (!shape.arguments.some((argument) => itself(heldBy(model, disjunct, argument))?.role === 'handle')) continue;
    releaseHeld(run, instruction, disjunct, back.release, next, thrown);
    return true;
  }
  return false;
}

function applyToReceiver(
  run: Run,
  instruction: Instruction,
  shape: CallShape,
  receiver: Held,
  disjunct: Disjunct,
  next: Continue,
  thrown: Continue,
): boolean {
  const { model, tests } = run.context;
  const type = resourceType(disjunct);
  const result = { root: instruction.node, path: '' };
  switch (receiver.role) {
    case 'promise':
      if (shape.name !== undefined && REACTIONS.has(shape.name)) {
        run.settle(disjunct, { kind: 'unknown', why: 'continuation' }, instruction.node);
      } else {
        // A promise has no such method: `pool.connect().query()` throws a TypeError, and the client is out.
        thrown(disjunct);
      }
      return true;
    case 'releaser':
    case 'bound':
    case 'closure':
      if (shape.name === 'bind') {
        const role = receiver.role === 'releaser' ? 'bound' : receiver.role;
        next(bindPlace(model, tests, disjunct, result, { held: [{ ...receiver, role }], mask: OTHER_TRUTHY, source: undefined }));
        return true;
      }
      if (shape.name === 'call' || shape.name === 'apply') {
        run.settle(disjunct, { kind: 'unknown', why: 'unsupported' }, instruction.node);
        return true;
      }
      return false;
    case 'handle':
      break;
  }
  const silence = silenceOfUnsettled(shape, disjunct);
  if (silence !== undefined) {
    run.settle(disjunct, { kind: 'unknown', why: silence }, instruction.node);
    return true;
  }
  const row = shape.name === undefined ? undefined : ownRow(type?.members, shape.name);
  if (row?.effect === 'release') {
    releaseHeld(run, instruction, disjunct, row, next, thrown);
    return true;
  }
  if (row?.effect === 'open') {
    openHeld(run, shape, disjunct, next);
    return true;
  }
  if (disjunct.state === 'released' || disjunct.state === 'destroyed') {
    if (mayThrow(instruction.node) && type?.useAfterRelease !== 'harmless' && type?.useAfterRelease !== undefined) {
      run.misuse('use-after-release', disjunct, instruction.node);
    }
  }
  if (settleArguments(run, shape, disjunct, true)) return true;
  next(disjunct);
  // The method of a promise-style driver does not throw itself; its await does.
  if (type?.promises !== true && !shape.isAwaited && !shape.isChained) thrown(disjunct);
  return true;
}

/** A pair's acquisition may give a promise, or something that takes callbacks: `getConnection().then(…)`, `getConnection(…).exec({ success: (report) => … })`. */
function silenceOfUnsettled(shape: CallShape, disjunct: Disjunct): Silence | undefined {
  if (disjunct.site?.acquisition.style !== 'either' || shape.name === undefined) return undefined;
  if (REACTIONS.has(shape.name)) return 'continuation';
  const isInPlace = shape.receiver !== undefined && unwrapChain(shape.receiver) === disjunct.site.node;
  return isInPlace && shape.arguments.some(holdsFunction) ? 'callback' : undefined;
}

/** Whether the expression is a function, or an object literal with one. */
function holdsFunction(node: Node): boolean {
  const value = unwrapChain(node);
  if (value.type !== 'ObjectExpression') return isFunctionNode(value);
  return value.properties.some((property) => property.type === 'Property' && isFunctionNode(property.value));
}

function rowOfCallee(type: TypeRow | undefined, shape: CallShape): ReleaseRow | undefined {
  const row = shape.isMethod && shape.name !== undefined ? ownRow(type?.members, shape.name) : undefined;
  return row?.effect === 'release' ? row : undefined;
}

function mainRelease(type: TypeRow | undefined): ReleaseRow | undefined {
  for (const row of Object.values(type?.members ?? {})) if (row.effect === 'release') return row;
  return undefined;
}

/** A release: the first one discharges; what a second one does, the row says. */
export function releaseHeld(run: Run, instruction: Instruction, disjunct: Disjunct, row: ReleaseRow, next: Continue, thrown: Continue): void {
  const again = disjunct.state === 'released';
  run.noteRelease(instruction.node, again && row.again === 'throws');
  if (again && row.again !== 'harmless') run.misuse('double-release', disjunct, instruction.node, row.again);
  if (again && row.again === 'throws') {
    thrown(disjunct);
    return;
  }
  const state = row.destroys === true || disjunct.state === 'destroyed' || disjunct.state === 'idle' ? 'destroyed' : 'released';
  const key = run.context.model.places.placeKey(instruction.node, '');
  // A release that gives no promise cannot reject when it is awaited.
  const facts = row.mayReject === true ? disjunct.facts : withFact(disjunct.facts, key.id, UNDEFINED);
  next({ ...disjunct, state, facts });
}

/** `client.connect()` on a client that owes nothing yet: if it is fulfilled, the release is owed from here on. */
function openHeld(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): void {
  const { context } = run;
  if (disjunct.state !== 'idle' || disjunct.site === undefined) {
    next(disjunct);
    return;
  }
  const key = context.model.places.placeKey(shape.node, '');
  if (shape.arguments.length > 0) {
    run.settle({ ...disjunct, state: 'held', site: context.site(shape.node, disjunct.site.acquisition) }, { kind: 'unknown', why: 'callback' }, shape.node);
    return;
  }
  next({
    ...disjunct,
    state: 'held',
    site: context.site(shape.node, disjunct.site.acquisition),
    facts: withFact(disjunct.facts, key.id, FULFILS),
  });
  next({ ...disjunct, facts: withFact(disjunct.facts, key.id, REJECTS) });
}

function callSite(run: Run, shape: CallShape): CallSite {
  const { model } = run.context;
  const receiver = shape.isMethod && shape.receiver !== undefined ? model.placeOf(shape.receiver) : undefined;
  return { receiver: shape.isNew ? { root: shape.node, path: '' } : receiver, arguments: shape.arguments, call: shape.node, isClosure: false };
}

/** Follows a call of `closure` and gives its outcomes in the caller's terms. */
export function runClosure(run: Run, closure: FunctionNode, disjunct: Disjunct, site: CallSite): Outcomes {
  return followCall(run, closure, disjunct, site);
}

/** An async function does not throw at the call: its outcome lies in the promise. */
function sendOutcomes(outcomes: Outcomes, callee: FunctionNode, next: Continue, thrown: Continue): void {
  for (const state of outcomes.normal) next(state);
  for (const state of outcomes.thrown) (callee.async ? next : thrown)(state);
}

function applyLocalCall(
  run: Run,
  instruction: Instruction,
  shape: CallShape,
  callee: FunctionNode,
  disjunct: Disjunct,
  next: Continue,
  thrown: Continue,
): void {
  const site = callSite(run, shape);
  if (isRelevant(run, callee, disjunct, site)) {
    if (disjunct.aliases.length > 0 && shape.arguments.some((argument) => argument.type === 'SpreadElement')) {
      if (settleArguments(run, shape, disjunct, false)) return;
    }
    sendOutcomes(followCall(run, callee, disjunct, site), callee, next, thrown);
    return;
  }
  if (run.context.releaseOutcomes.has(shape.node)) {
    applyOtherRelease(run, shape, disjunct, next, thrown, callee.async);
    return;
  }
  const completes = completesOf(run.context, callee);
  if (!callee.async) {
    if (completes.returns) next(disjunct);
    if (completes.throws) thrown(disjunct);
    return;
  }
  if (completes.returns && completes.throws) {
    next(disjunct);
    return;
  }
  const key = run.context.model.places.placeKey(instruction.node, '');
  next({ ...disjunct, facts: withFact(disjunct.facts, key.id, completes.returns ? FULFILS : REJECTS) });
}

function applyUnknownCall(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  // An owner that takes the resource and a collection are not expected to throw while they take it (facts/shapes.md).
  if (disjunct.aliases.length > 0 && settleArguments(run, shape, disjunct, false)) return;
  if (isOtherRelease(run, shape) || isTakeBack(run, shape)) {
    applyOtherRelease(run, shape, disjunct, next, thrown);
    return;
  }
  if (applyReaction(run, shape, disjunct, next)) return;
  if (run.context.acquiringCalls.has(shape.node)) {
    // What another acquisition gives is there: `if (other) other.release()` is taken.
    let facts = withFact(disjunct.facts, run.context.model.places.placeKey(shape.node, '').id, OTHER_TRUTHY);
    const companion = run.context.companions.get(shape.node);
    if (companion !== undefined && !shape.isAwaited) facts = withFact(facts, companion.id, OTHER_TRUTHY);
    next({ ...disjunct, facts });
  } else {
    next(disjunct);
  }
  if (isQuietCall(run.context.model, shape)) return;
  // Where the result is awaited, the await has the same handler, and is the better cause; where it is chained, it is a promise.
  if (!shape.isAwaited && !shape.isChained && !isQuiet(run, shape) && !(shape.isNew && takesResource(run, shape, disjunct))) thrown(disjunct);
}

/**
 * `promise.then(…)`, `.catch(…)`, `.finally(…)` do not throw themselves. What `catch` gives is fulfilled where its function cannot throw.
 */
function applyReaction(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  if (!shape.isMethod || shape.name === undefined || !REACTIONS.has(shape.name)) return false;
  const [reaction] = shape.arguments;
  if (shape.name !== 'catch' || reaction === undefined || !cannotThrow(run, reaction)) {
    next(disjunct);
    return true;
  }
  const key = run.context.model.places.placeKey(shape.node, '');
  next({ ...disjunct, facts: withFact(disjunct.facts, key.id, FULFILS) });
  return true;
}

/** Whether the function that `node` stands for is known to return. */
function cannotThrow(run: Run, node: Node): boolean {
  const expression = unwrapChain(node);
  if (expression.type === 'MemberExpression') return expression.object.type === 'Identifier' && expression.object.name === 'console';
  const entity = isFunctionNode(expression) ? undefined : run.context.model.bindings.entityOf(expression);
  const unit = isFunctionNode(expression) ? expression : entity?.kind === 'local-function' ? entity.node : undefined;
  return unit !== undefined && !unit.generator && !completesOf(run.context, unit).throws;
}

/** Whether a constructor is given some resource: an owner is not expected to throw while it takes one. */
function takesResource(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  // Our own would have been taken above, were it still held.
  if (shape.arguments.some((argument) => heldBy(run.context.model, disjunct, argument).length > 0)) return false;
  return shape.arguments.some((argument) => isAcquired(run, argument));
}

/** A release of another resource throws only where that one was released before and its library minds. */
function applyOtherRelease(
  run: Run,
  shape: CallShape,
  disjunct: Disjunct,
  next: Continue,
  thrown: Continue,
  isAsync = false,
): void {
  const { context } = run;
  const key = context.model.places.placeKey(shape.node, '').id;
  const throws = isAsync ? (state: Disjunct): void => next({ ...state, facts: withFact(state.facts, key, REJECTS) }) : thrown;
  const outcome = context.releaseOutcomes.get(shape.node);
  const { companion } = outcome ?? {};
  let facts = withFact(disjunct.facts, key, isAsync ? FULFILS : UNDEFINED);
  const isOut = companion === undefined ? ALL : factOf(disjunct.facts, companion.id);
  if (companion !== undefined) facts = withFact(facts, companion.id, FALSE);
  if (outcome?.throws !== true) next({ ...disjunct, facts });
  else if (isOut === OTHER_TRUTHY) next({ ...disjunct, facts });
  else if (isOut === FALSE) throws(disjunct);
  else {
    if (outcome.completes) next({ ...disjunct, facts });
    throws(disjunct);
  }
}

/**
 * Whether the call releases some other resource: by the row of its library, or by the name of the release of what this file acquires
 * where nothing is known of the receiver (the parameter of a helper).
 */
function isOtherRelease(run: Run, shape: CallShape): boolean {
  const { bindings } = run.context.model;
  if (!shape.isMethod) {
    const entity = shape.isNew ? undefined : bindings.entityOf(shape.callee);
    return entity?.kind === 'release-method' && entity.row.detachable === true && entity.row.mayReject !== true;
  }
  if (shape.receiver === undefined || shape.name === undefined) return false;
  const row = bindings.memberRowOf(shape.node)?.row;
  if (row !== undefined) return row.effect === 'release' && row.mayReject !== true;
  return run.context.releaseNames.has(shape.name) && bindings.entityOf(shape.receiver) === undefined;
}

/** Whether `node` is a variable that only ever holds what was acquired and awaited: awaiting it again does not throw. */
export function isResource(run: Run, node: Node): boolean {
  const inner = unwrapChain(node);
  const variable = inner.type === 'Identifier' ? run.context.model.scopes.variableOf(inner) : undefined;
  const writes = variable === undefined ? [] : writesOf(variable);
  return writes.length > 0 && writes.every((write) => {
    const written = write.writeExpr && unwrapChain(write.writeExpr);
    return written?.type === 'AwaitExpression' && run.context.acquiringCalls.has(unwrapAwait(written));
  });
}

/** Whether `node`, once awaited, is something acquired by a call that the tables know, and so is there. */
export function givesResource(run: Run, node: Node): boolean {
  const { bindings, scopes } = run.context.model;
  if (node.type === 'CallExpression') return run.context.acquiringCalls.has(node) && bindings.acquisitionOf(node) !== undefined;
  const variable = node.type === 'Identifier' ? scopes.variableOf(node) : undefined;
  const writes = variable === undefined ? [] : writesOf(variable);
  return writes.length > 0 && writes.every((write) => {
    const written = write.writeExpr ? unwrapAwait(write.writeExpr) : undefined;
    return written?.type === 'CallExpression' && givesResource(run, written);
  });
}

/** Whether `node` is something acquired: the value of an acquiring call, or a variable that is given one. */
function isAcquired(run: Run, node: Node): boolean {
  const { acquiringCalls, model } = run.context;
  const value = unwrapAwait(node);
  if (value.type === 'ConditionalExpression') return isAcquired(run, value.consequent) || isAcquired(run, value.alternate);
  if (value.type === 'LogicalExpression') return isAcquired(run, value.left) || isAcquired(run, value.right);
  if (value.type !== 'Identifier') return acquiringCalls.has(value);
  const variable = model.scopes.variableOf(value);
  return variable !== undefined && writesOf(variable).some((write) => {
    const written = write.writeExpr;
    return written != null && written.type !== 'Identifier' && isAcquired(run, written);
  });
}

/** Whether the call takes back something, as what this file acquires is taken back: that does not throw either. */
function isTakeBack(run: Run, shape: CallShape): boolean {
  if (shape.isNew || shape.name === undefined) return false;
  return run.context.takeBackNames.has(`${shape.isMethod ? 'pool' : 'function'} ${shape.name}`);
}

/** Whether the call is known not to throw itself: it gives a promise, or makes an object of a known library. */
function isQuiet(run: Run, shape: CallShape): boolean {
  const { bindings } = run.context.model;
  // Constructing a root or a client opens nothing, and its factory is no less quiet.
  const made = bindings.entityOf(shape.callee);
  if (made?.kind === (shape.isNew ? 'class' : 'factory')) return true;
  if (bindings.acquisitionOf(shape.node)?.style === 'promise') return true;
  if (!shape.isMethod || shape.receiver === undefined) return false;
  const entity = bindings.entityOf(shape.receiver);
  return entity?.kind === 'instance' && entity.driver.types[entity.type]?.promises === true;
}

/**
 * What an unknown callee does with what it is given. True: the path ends here (taken, or out of sight).
 * An unknown function borrows; a constructor and a collection take; a closure that may discharge puts the obligation out of sight.
 */
function settleArguments(run: Run, shape: CallShape, disjunct: Disjunct, isOwnMethod: boolean): boolean {
  const { model } = run.context;
  // What was given back is nobody's duty: it is only watched for a use.
  if (disjunct.state === 'released' || disjunct.state === 'destroyed') return false;
  for (const argument of shape.arguments) {
    const value: Node = argument.type === 'SpreadElement' ? argument.argument : argument;
    const held = heldBy(model, disjunct, value);
    if (held.length === 0) continue;
    if (argument.type === 'SpreadElement') {
      run.settle(disjunct, { kind: 'unknown', why: 'spread' }, shape.node);
      return true;
    }
    if (isPromiseCombinator(shape)) {
      run.settle(disjunct, { kind: 'unknown', why: 'promise combinator' }, shape.node);
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
      run.settle(disjunct, { kind: 'transferred', to: 'given to a constructor' }, shape.node);
      return true;
    }
    if (isContainerCall(shape) && !isOwnMethod) {
      run.settle(disjunct, { kind: 'transferred', to: 'put into a container' }, shape.node);
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
