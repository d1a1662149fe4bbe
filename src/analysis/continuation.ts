/**
 * Functions that somebody else calls later: the reaction of a promise, the callback of a driver, a timer. A continuation is followed where it
 * is handed over, as if it ran there, once, with what it will be given. Its result is the value of the call that hands it over.
 */
import type { Instruction } from '../cfg/graph.ts';
import { ownRow } from '../bindings/own-row.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { withFact } from '../domain/facts.ts';
import { FULFILS, REJECTS, TRUE, UNDEFINED } from '../domain/value-mask.ts';
import type { ReleaseRow } from '../drivers/driver.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { settle, settlerOfNode } from './apply-promise.ts';
import { itself, mainRelease, releaseHeld } from './apply-to-resource.ts';
import type { Bound } from './bind-value.ts';
import { callShape } from './call-shape.ts';
import type { CallSite } from './call-site.ts';
import { completesOf } from './completes-of.ts';
import { followCall, isRelevant, type Outcomes } from './follow-call.ts';
import { heldBy } from './held.ts';
import { insideOf, keepInside, noteInside, type Inside } from './inside.ts';
import { applyOtherReleaser } from './other-resources.ts';
import type { Run } from './run.ts';

/** The function that an expression stands for, and whether it came as a value that captures the resource. */
export interface Continuation {
  readonly callee: FunctionNode;
  readonly isClosure: boolean;
}

/** The function of the project that `node` stands for: written there, known by its name, or a closure over the resource. */
export function continuationOf(run: Run, disjunct: Disjunct, node: Node): Continuation | undefined {
  const value = unwrapChain(node);
  if (isFunctionNode(value)) return { callee: value, isClosure: false };
  const held = itself(heldBy(run.model, disjunct, value));
  if (held?.role === 'closure' && held.closure !== undefined) return { callee: held.closure, isClosure: true };
  const callee = run.model.callGraph.functionAt(value);
  return callee && { callee, isClosure: false };
}

/** Whether calling what `node` stands for, given `given`, does anything to the resource, or to what is known. */
export function isTouching(run: Run, call: CallLike, node: Node, given: readonly Bound[], disjunct: Disjunct): boolean {
  const role = itself(heldBy(run.model, disjunct, unwrapChain(node)))?.role;
  if (role === 'releaser' || role === 'bound' || settlerOfNode(run, node) !== undefined || run.context.releaseOutcomes.has(call)) return true;
  const continuation = continuationOf(run, disjunct, node);
  if (continuation === undefined) return given.some((one) => one.held.length > 0);
  return isRelevant(run, continuation.callee, disjunct, siteOf(call, continuation, given));
}

/**
 * What holds after somebody called what `node` stands for with `given`. The outcomes are those of a call: what an async function gives is a
 * promise, so it never throws. `node` is handed over at `instruction`; `inside` is what the history tells before it runs.
 */
export function runContinuation(run: Run, instruction: Instruction, node: Node, given: readonly Bound[], before: Disjunct, inside: Inside = {}): Outcomes {
  const disjunct = noteInside(before, inside);
  const call = instruction.node as CallLike;
  const normal: Disjunct[] = [];
  const thrown: Disjunct[] = [];
  const outcomes = { normal, thrown };
  const row = releaseRowOf(run, disjunct, node);
  if (row === 'detached') return { normal, thrown: [throwing(disjunct, node)] };
  if (row !== undefined) {
    releaseHeld(run, instruction, disjunct, row, (state) => normal.push(keepInside(disjunct, state)), (state) => thrown.push(keepInside(disjunct, state)));
    return outcomes;
  }
  const settler = settlerOfNode(run, node);
  if (settler !== undefined) return { normal: [keepInside(disjunct, settle(run, settler, given[0] ?? { held: [], mask: UNDEFINED, source: undefined }, disjunct))], thrown };
  const continuation = continuationOf(run, disjunct, node);
  if (continuation === undefined) return applyUnseen(run, node, given, disjunct, call);
  const { callee } = continuation;
  // The body of a generator does not run.
  if (callee.generator) return { normal: [disjunct], thrown };
  const site = siteOf(call, continuation, given);
  if (isRelevant(run, callee, disjunct, site)) {
    const followed = followCall(run, callee, disjunct, site);
    return callee.async ? { normal: [...followed.normal, ...followed.thrown], thrown } : followed;
  }
  if (run.context.releaseOutcomes.has(call)) {
    applyOtherReleaser(run, callShape(call), callee, disjunct, (state) => normal.push(state), (state) => thrown.push(state));
    return outcomes;
  }
  const completes = completesOf(run.context, callee);
  const noted = (path: string, mask: number): Disjunct => keepInside(disjunct, { ...disjunct, facts: withFact(disjunct.facts, run.model.places.placeKey(call, path).id, mask) });
  if (callee.async) {
    if (completes.returns) normal.push(noted('', FULFILS));
    if (completes.throws) normal.push(noted('', REJECTS));
  } else {
    if (completes.returns) normal.push(completes.rejects ? noted(FACT_PATHS.rejects, TRUE) : disjunct);
    if (completes.throws) thrown.push(disjunct);
  }
  return outcomes;
}

/** `disjunct` after the function `node` threw, which is told unless a rejection is that came before. */
function throwing(disjunct: Disjunct, node: Node): Disjunct {
  return noteInside(disjunct, { rejected: node, ...insideOf(disjunct) });
}

/** A function that we do not see: it may return and may throw; when it is given the resource, it is the only one that has it. */
function applyUnseen(run: Run, node: Node, given: readonly Bound[], disjunct: Disjunct, call: Node): Outcomes {
  if (given.some((one) => one.held.length > 0) && (disjunct.state === 'held' || disjunct.state === 'idle')) {
    run.settle(disjunct, { kind: 'unknown', why: 'unseen function' }, call);
    return { normal: [], thrown: [] };
  }
  return { normal: [disjunct], thrown: isQuietFunction(node) ? [] : [throwing(disjunct, node)] };
}

/** Whether `node` is `console.error` or its like: a function that runs no code of the program and does not throw. */
export function isQuietFunction(node: Node): boolean {
  const value = unwrapChain(node);
  return value.type === 'MemberExpression' && value.object.type === 'Identifier' && value.object.name === 'console';
}

/** What the release method does that `node` stands for; `detached`: it does not work without its object. */
function releaseRowOf(run: Run, disjunct: Disjunct, node: Node): ReleaseRow | 'detached' | undefined {
  const value = unwrapChain(node);
  const held = itself(heldBy(run.model, disjunct, value));
  if (held?.role !== 'releaser' && held?.role !== 'bound') return undefined;
  const type = disjunct.site?.acquisition.type;
  const name = value.type === 'MemberExpression' ? staticMemberName(value) : undefined;
  const named = name === undefined ? undefined : ownRow(type?.members, name);
  const row = named?.effect === 'release' ? named : mainRelease(type);
  return row !== undefined && held.role === 'releaser' && row.detachable !== true ? 'detached' : row;
}

/** A continuation is called without an object: a method by reference has lost its own. */
function siteOf(call: Node, { isClosure }: Continuation, given: readonly Bound[]): CallSite {
  return { receiver: undefined, arguments: [], call, isClosure, given };
}
