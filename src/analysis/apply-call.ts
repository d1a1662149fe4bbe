/**
 * What a call does to a disjunct, in this order: it registers reactions of a promise (`apply-reaction.ts`); it is a method of the resource (`apply-to-resource.ts`); it runs a function of the project,
 * which is then followed (`follow-call.ts`); or it is unknown, and what it is given decides (`settle-arguments.ts`).
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { withFact } from '../domain/facts.ts';
import { FULFILS, NULLISH, OTHER_TRUTHY, REJECTS, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import type { CallLike, FunctionNode } from '../syntax/estree.ts';
import { applyCallback } from './apply-callback.ts';
import { bindPlace } from './bind-value.ts';
import { applyPromise } from './apply-promise.ts';
import { applyReaction } from './apply-reaction.ts';
import { applyToResource } from './apply-to-resource.ts';
import { callShape, mayTakeCare, type CallShape } from './call-shape.ts';
import { callSite } from './call-site.ts';
import { isAbstract, isOverridden } from './class-lineage.ts';
import { closesWithPool } from './closed-with-pool.ts';
import { completesOf } from './completes-of.ts';
import { followCall, isRelevant, sendOutcomes, type Continue } from './follow-call.ts';
import { applyOtherRelease, applyOtherReleaser, isOtherRelease, isPromiseMethod, isTakeBack, takesResource } from './other-resources.ts';
import { heldBy } from './held.ts';
import { isQuietByTables, isQuietCall } from './quiet-call.ts';
import type { Run } from './run.ts';
import { settleArguments } from './settle-arguments.ts';
import { maskOf } from './value-of.ts';

/** Applies the call at `instruction`. */
export function applyCall(run: Run, instruction: Instruction, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  const shape = callShape(instruction.node as CallLike);
  if (run.model.callGraph.calleeOf(shape.node) === undefined && applyReaction(run, instruction, shape, disjunct, next)) return;
  if (applyPromise(run, instruction, shape, disjunct, next)) return;
  if (disjunct.aliases.length > 0 && applyToResource(run, instruction, shape, disjunct, next, thrown)) return;
  if (isCalledOnNothing(run, shape, disjunct)) {
    thrown(disjunct);
    return;
  }
  const callee = run.model.callGraph.calleeOf(shape.node) ?? distantCallee(run, shape, disjunct);
  if (isCalledOnHolder(run, shape, disjunct) && (callee === undefined ? isAbstract(run.model, shape.node, shape.name ?? '') : isOverridden(run.model, callee))) {
    run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, shape.node);
    return;
  }
  if (callee !== undefined) {
    if (closesWithPool(run, shape, disjunct, callee)) next(closed(disjunct));
    else applyLocalCall(run, instruction, shape, callee, disjunct, withOut(run, shape, next), thrown);
    return;
  }
  if (applyCallback(run, instruction, shape, disjunct, next, thrown)) return;
  if (closesWithPool(run, shape, disjunct)) next(closed(disjunct));
  else applyUnknownCall(run, shape, disjunct, next, thrown);
}

/** Closed with what it was taken from: even where that fails, and what the code does with it later is no proof of anything. */
function closed(disjunct: Disjunct): Disjunct {
  return { ...disjunct, state: 'destroyed', exact: false };
}

/** `next`, with a note that what the call acquires is out, where a release of it may throw. Where it is awaited, the `await` notes that. */
function withOut(run: Run, shape: CallShape, next: Continue): Continue {
  const companion = shape.isAwaited ? undefined : run.context.companions.get(shape.node);
  return companion === undefined ? next : (state) => next({ ...state, facts: withFact(state.facts, companion.id, OTHER_TRUTHY) });
}

/** `wrapper.release()`, of an object that holds the resource below it, when we do not see what that does. */
function isOwnerGivingUp(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  if (disjunct.state !== 'held' || !shape.isMethod || shape.receiver === undefined || !mayTakeCare(shape)) return false;
  return heldBy(run.model, disjunct, shape.receiver).some(({ path }) => path !== '');
}

/** `this.take()`, where a field of `this` holds the resource: a method of a class below may run instead. */
function isCalledOnHolder(run: Run, { isMethod, receiver }: CallShape, disjunct: Disjunct): boolean {
  if (disjunct.state !== 'held' || !isMethod || receiver?.type !== 'ThisExpression') return false;
  return heldBy(run.model, disjunct, receiver).some(({ path }) => path !== '');
}

/** `wrappers.get(client)`: what is kept under the resource holds it, most likely; or there is nothing. */
function isLookup(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  const [key] = shape.arguments;
  if (disjunct.state !== 'held' || !shape.isMethod || shape.name !== 'get' || key === undefined) return false;
  return heldBy(run.model, disjunct, key).some(({ path, role }) => path === '' && role === 'handle');
}

/** `let writer; … writer.release()` before anything was assigned: a TypeError. */
function isCalledOnNothing(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  if (!shape.isMethod || shape.receiver === undefined || disjunct.facts.length === 0) return false;
  return (maskOf(run.model, disjunct, shape.receiver) & ~NULLISH) === 0;
}

/** The function of another file that is given the resource, where a file calls it that is not the one which is analysed. */
function distantCallee(run: Run, shape: CallShape, disjunct: Disjunct): FunctionNode | undefined {
  if (disjunct.aliases.length === 0) return undefined;
  const given = shape.receiver === undefined || !shape.isMethod ? shape.arguments : [shape.receiver, ...shape.arguments];
  return given.some((node) => heldBy(run.model, disjunct, node).length > 0) ? run.model.callGraph.distantCalleeOf(shape.node) : undefined;
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
      if (settleArguments(run, shape, disjunct, false, next)) return;
    }
    sendOutcomes(followCall(run, callee, disjunct, site), callee, next, thrown);
    return;
  }
  if (run.context.releaseOutcomes.has(shape.node)) {
    applyOtherReleaser(run, shape, callee, disjunct, next, thrown);
    return;
  }
  const completes = completesOf(run.context, callee);
  if (!callee.async) {
    if (completes.returns) next(completes.keepsPromise ? settledAt(run, instruction, disjunct, FULFILS) : disjunct);
    // A check that refuses its arguments is no way by which a root is lost.
    if (completes.throws && !(completes.returns && run.context.kind.onlyAwaitedThrows)) thrown(disjunct);
    return;
  }
  if (completes.returns && completes.throws) {
    next(disjunct);
    return;
  }
  next(settledAt(run, instruction, disjunct, completes.returns ? FULFILS : REJECTS));
}

/** `disjunct`, in which the call at `instruction` gave a promise that is settled so. */
function settledAt(run: Run, { node }: Instruction, disjunct: Disjunct, outcome: ValueMask): Disjunct {
  const key = run.model.places.placeKey(node, '');
  return { ...disjunct, facts: withFact(disjunct.facts, key.id, outcome) };
}

/** What keeps the root that it is given stands for it from there on: `const db = drizzle(pool)`, `new Kysely({ dialect: new PostgresDialect({ pool }) })`. */
function applyWrapper(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  const { model, tests } = run;
  if (disjunct.state !== 'held' || disjunct.site?.acquisition.isRoot !== true) return false;
  if (!shape.arguments.some((argument) => heldBy(model, disjunct, argument).some(({ role }) => role === 'handle'))) return false;
  const made = model.bindings.constructionOf(shape.node);
  if (made?.driver.types[made.type]?.wraps === undefined) return false;
  next(bindPlace(model, tests, disjunct, { root: shape.node, path: '' }, { held: [{ path: '', role: 'handle', closure: undefined }], mask: OTHER_TRUTHY, source: undefined }));
  return true;
}

function applyUnknownCall(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  if (applyWrapper(run, shape, disjunct, next)) return;
  if (isOwnerGivingUp(run, shape, disjunct)) {
    run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, shape.node);
    return;
  }
  // An owner that takes the resource and a collection are not expected to throw while they take it (facts/shapes.md).
  if (disjunct.aliases.length > 0 && settleArguments(run, shape, disjunct, false, next)) return;
  if (isOtherRelease(run, shape) || isTakeBack(run, shape)) {
    applyOtherRelease(run, shape, disjunct, next, thrown);
    return;
  }
  if (run.context.acquiringCalls.has(shape.node)) {
    // What another acquisition gives is there: `if (other) other.release()` is taken.
    withOut(run, shape, next)({ ...disjunct, facts: withFact(disjunct.facts, run.model.places.placeKey(shape.node, '').id, OTHER_TRUTHY) });
  } else if (isLookup(run, shape, disjunct)) {
    const result = { root: shape.node, path: '' };
    next(bindPlace(run.model, run.tests, disjunct, result, { held: [{ path: FACT_PATHS.keyed, role: 'handle', closure: undefined }], mask: OTHER_TRUTHY, source: undefined }));
    next(bindPlace(run.model, run.tests, disjunct, result, { held: [], mask: UNDEFINED, source: undefined }));
  } else {
    next(disjunct);
  }
  // Where the result is awaited, the await has the same handler, and is the better cause; where it is chained, it is a promise.
  if (shape.isAwaited || shape.isChained || isQuietCall(run.model, shape) || isQuietByTables(run.model, shape)) return;
  if (run.context.kind.onlyAwaitedThrows) return;
  if (shape.isNew ? takesResource(run, shape, disjunct) : isPromiseMethod(run, shape)) return;
  thrown(disjunct);
}
