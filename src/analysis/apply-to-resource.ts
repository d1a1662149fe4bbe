/** Calls of the resource itself: its methods, its detached release, the take-backs of its pool, and functions that capture it. */
import { ownRow } from '../bindings/own-row.ts';
import type { Instruction } from '../cfg/graph.ts';
import { mayThrow } from '../cfg/throw-policy.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { withFact } from '../domain/facts.ts';
import type { Silence } from '../domain/obligation.ts';
import type { Held } from '../domain/place.ts';
import { FULFILS, OTHER_TRUTHY, REJECTS, UNDEFINED } from '../domain/value-mask.ts';
import type { OpenRow, ReleaseRow, TypeRow } from '../drivers/driver.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callSite } from './call-site.ts';
import { isParameter } from './callback-acquisition.ts';
import { callbackArgument, runCallback } from './apply-driver-callback.ts';
import { applyListener } from './apply-listener.ts';
import { bindPlace } from './bind-value.ts';
import { mayGiveUp, type CallShape } from './call-shape.ts';
import { followCall, sendOutcomes, type Continue } from './follow-call.ts';
import { heldBy } from './held.ts';
import { noteOvertaken, noteUse } from './overtaken.ts';
import type { Run } from './run.ts';
import { NODE_OUTCOMES } from './run-later.ts';
import { settleArguments } from './settle-arguments.ts';

function resourceType(disjunct: Disjunct): TypeRow | undefined {
  return disjunct.site?.acquisition.type;
}

/** Whether the value itself (not something below it) is the resource in one of the roles. */
export function itself(held: readonly Held[]): Held | undefined {
  return held.find((one) => one.path === '');
}

/** The call is a method of the resource, its release method, or a take-back of the pool. Returns false when it is none of these. */
export function applyToResource(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  const { model } = run;
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
    sendOutcomes(followCall(run, called.closure, disjunct, { ...callSite(run, shape), isClosure: true }), called.closure, next, thrown);
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
  const { model, tests } = run;
  const type = resourceType(disjunct);
  const result = { root: instruction.node, path: '' };
  switch (receiver.role) {
    case 'promise':
      // A promise has no such method: `pool.connect().query()` throws a TypeError, and the client is out.
      thrown(disjunct);
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
  const callback = callbackArgument(run, shape, disjunct);
  if (row?.effect === 'release') {
    // What it is given runs when the resource is gone.
    const released = (state: Disjunct): void => (callback === undefined ? next(state) : runCallback(run, instruction, shape, callback, state, next));
    releaseHeld(run, instruction, disjunct, row, released, thrown);
    return true;
  }
  if (row === undefined && isGuessed(disjunct) && mayGiveUp(shape)) {
    run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, instruction.node);
    return true;
  }
  if (row?.effect === 'open' && disjunct.state === 'idle') {
    openHeld(run, instruction, shape, row, callback, disjunct, next);
    return true;
  }
  if (row?.effect === 'tells') {
    next(disjunct);
    return true;
  }
  if (row?.effect === 'prepares') {
    // The command releases when it is run, and not before.
    next(bindPlace(model, tests, disjunct, result, { held: [{ path: `.${row.by}`, role: 'bound', closure: undefined }], mask: OTHER_TRUTHY, source: undefined }));
    return true;
  }
  if ((row?.effect === 'self' && callback === undefined) || (row?.effect === 'returns' && row.keeps === true)) {
    next(bindPlace(model, tests, disjunct, result, { held: [receiver], mask: OTHER_TRUTHY, source: undefined }));
    return true;
  }
  if (disjunct.state === 'released' || disjunct.state === 'destroyed') {
    if (mayThrow(instruction.node) && type?.useAfterRelease !== 'harmless' && type?.useAfterRelease !== undefined) {
      run.misuse('use-after-release', disjunct, instruction.node);
    }
  }
  const used = noteUse(model, disjunct, shape.node, false);
  if (applyListener(run, instruction, shape, used, next)) return true;
  if (callback !== undefined) {
    runCallback(run, instruction, shape, callback, used, next);
    return true;
  }
  if (settleArguments(run, shape, used, true, next)) return true;
  if (type?.closedByFailure === true && used.state === 'held') {
    // Nothing is owed where the call failed, and a release is not held against the code.
    const { id } = model.places.placeKey(shape.node, '');
    next({ ...used, facts: withFact(used.facts, id, FULFILS) });
    next({ ...used, state: 'given', facts: withFact(used.facts, id, REJECTS) });
    return true;
  }
  next(used);
  // The method of a promise-style driver does not throw itself; its await does.
  if ((type === undefined || type.failsAtOnce === true) && !shape.isAwaited && !shape.isChained) thrown(used);
  return true;
}

/** Whether the library of the resource is not known: what its methods do that have no row is not known either. */
function isGuessed({ site }: Disjunct): boolean {
  return site?.acquisition.pair !== undefined || site?.acquisition.isGuess === true;
}

/** A pair's acquisition may give a promise, or something that takes callbacks: `getConnection().then(…)`, `getConnection(…).exec({ success: (report) => … })`. */
function silenceOfUnsettled(shape: CallShape, disjunct: Disjunct): Silence | undefined {
  if (disjunct.site?.acquisition.style !== 'either' || shape.name === undefined) return undefined;
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

/** The release method that a detached one is taken for: the first of the type. */
export function mainRelease(type: TypeRow | undefined): ReleaseRow | undefined {
  for (const row of Object.values(type?.members ?? {})) {
    if (row.effect === 'release') return row;
    if (row.effect === 'prepares') return row.release;
  }
  return undefined;
}

/** A release: the first one discharges; what a second one does, the row says. */
export function releaseHeld(run: Run, instruction: Instruction, disjunct: Disjunct, row: ReleaseRow, next: Continue, thrown: Continue): void {
  // Which of the two is the first is not known when one of them happens later; behind this one, it is given back in any case.
  const again = disjunct.state === 'released';
  run.noteRelease(instruction.node, again && row.again === 'throws' ? 'throws' : 'completes');
  if (!again) run.noteRelease(instruction.node, 'first');
  if (again && row.again !== 'harmless') run.misuse('double-release', disjunct, instruction.node, row.again);
  if (again && row.again === 'throws') {
    thrown(disjunct);
    return;
  }
  if (disjunct.state === 'given' && disjunct.site !== undefined) run.noteTakenBack(disjunct.site, instruction.node);
  const state = row.destroys === true || disjunct.state === 'destroyed' || disjunct.state === 'idle' ? 'destroyed' : 'released';
  const key = run.model.places.placeKey(instruction.node, '');
  const { facts } = noteUse(run.model, disjunct, instruction.node, true);
  const send = (released: Disjunct): void => {
    if (!again) noteOvertaken(run, disjunct, released, row);
    next(released);
  };
  if (row.mayReject !== true) {
    // A release that gives no promise cannot reject when it is awaited.
    send({ ...disjunct, state, facts: withFact(facts, key.id, UNDEFINED) });
  } else {
    // After a `commit()` that failed, `rollback()` is what the code should do: nothing is owed, and nothing is held against it.
    send({ ...disjunct, state, facts: withFact(facts, key.id, FULFILS) });
    send({ ...disjunct, state: 'given', facts: withFact(facts, key.id, REJECTS) });
  }
}

/**
 * `client.connect()` on a client that owes nothing yet: if it comes to pass, the release is owed from here on. What a command opens on the way
 * was acquired where it was made, and the command may fail when it is open.
 */
function openHeld(
  run: Run,
  instruction: Instruction,
  shape: CallShape,
  row: OpenRow,
  callback: Node | undefined,
  disjunct: Disjunct,
  next: Continue,
): void {
  const { context, model } = run;
  const isImplied = row.implied === true;
  context.opened.add(shape.node);
  const site = row.reports === 'construction' || disjunct.site === undefined ? disjunct.site : context.site(shape.node, disjunct.site.acquisition, disjunct.site.origin ?? disjunct.site.node);
  const open: Disjunct = { ...disjunct, state: 'held', site };
  if (callback !== undefined) {
    if (!isImplied && isParameter(model, callback)) {
      const given = run.handOver(open, 'given to a callback', shape.node);
      if (given !== undefined) next(given);
    } else {
      const [failed, succeeded] = NODE_OUTCOMES;
      runCallback(run, instruction, shape, callback, open, next, [succeeded!]);
      runCallback(run, instruction, shape, callback, isImplied ? open : disjunct, next, [failed!]);
    }
    return;
  }
  if (isImplied) {
    next(open);
    return;
  }
  const key = model.places.placeKey(shape.node, '').id;
  next({ ...open, facts: withFact(disjunct.facts, key, FULFILS) });
  next({ ...disjunct, facts: withFact(disjunct.facts, key, REJECTS) });
}
