/** What a run knows of the resources that it does not follow: whether a value is one, and what their releases do. */
import { completesOf } from './completes-of.ts';
import type { Continue } from './follow-call.ts';
import { writesOf } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, FALSE, FULFILS, OTHER_TRUTHY, REJECTS, UNDEFINED, NULLISH } from '../domain/value-mask.ts';
import type { CallLike, FunctionNode, Node } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, isListMethod, type CallShape } from './call-shape.ts';
import { heldBy } from './held.ts';
import type { ProgramModel } from './program-model.ts';
import { acquiringCallOf } from './resource-paths.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

/** Whether a constructor is given some resource, still held or not: an owner is not expected to throw while it takes one. */
export function takesResource(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  // The unknown base of an owner is one too: `class Transaction extends Base { constructor(client) { super(); … } }`.
  if (shape.callee.type === 'Super' && disjunct.aliases.length > 0) return true;
  // Our own would have been taken above, were it still held.
  if (shape.arguments.some((argument) => heldBy(run.model, disjunct, argument).length > 0)) return true;
  return shape.arguments.some((argument) => acquiringCallOf(run, argument) !== undefined && (maskOf(run.model, disjunct, argument) & ~NULLISH) !== 0);
}

/**
 * `disjunct` at the beginning of `loop`: each turn releases another element, so whether a release in there throws depends on what was released
 * before the loop, not on the turns before.
 */
export function enterLoop(run: Run, loop: Node, disjunct: Disjunct): Disjunct {
  let { facts } = disjunct;
  for (const [node, { companion }] of run.context.releaseOutcomes) {
    if (companion === undefined || node.range[0] < loop.range[0] || node.range[1] > loop.range[1]) continue;
    if (isCall(node) && loopOf(run.model, callShape(node)) === loop) facts = withFact(facts, keyBefore(run, loop), factOf(facts, companion.id));
  }
  return facts === disjunct.facts ? disjunct : { ...disjunct, facts };
}

function isCall(node: Node): node is CallLike {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

/** The key of the fact that the resources whose turn comes in `loop` were out when it began. */
function keyBefore(run: Run, loop: Node): number {
  // What is known of a call is forgotten with its result.
  return run.model.places.placeKey(loop.type === 'CallExpression' ? loop.callee : loop, FACT_PATHS.out).id;
}

/** The loop, or the call of a list method, whose element the call releases, or which releases each of them. */
function loopOf(model: ProgramModel, shape: CallShape): Node | undefined {
  if (shape.isMethod && isListMethod(shape.name)) return shape.node;
  for (const node of shape.isMethod ? [shape.receiver, shape.arguments[0]] : [shape.arguments[0]]) {
    const root = node && rootOf(node);
    const variable = root?.type === 'Identifier' ? model.scopes.variableOf(root) : undefined;
    const definition = variable?.defs[0];
    const declaration = (definition?.node as Node | undefined)?.parent;
    if (declaration?.type === 'VariableDeclaration' && declaration.parent.type === 'ForOfStatement' && declaration.parent.left === declaration) return declaration.parent;
    const callback = (definition?.type as string) === 'Parameter' ? (definition?.node as Node) : undefined;
    if (callback?.parent?.type === 'CallExpression' && callback.parent.callee !== callback && isListMethod(callShape(callback.parent).name)) return callback.parent;
  }
  return undefined;
}

/** The variable that a path of properties begins with. */
function rootOf(node: Node): Node {
  let root = unwrapChain(node);
  while (root.type === 'MemberExpression') root = unwrapChain(root.object);
  return root;
}

/** A release of another resource throws only where that one was released before and its library minds. */
export function applyOtherRelease(
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
  const { companion, completes = true, leaves = false } = outcome ?? {};
  let facts = withFact(disjunct.facts, key, isAsync ? FULFILS : UNDEFINED);
  const loop = loopOf(run.model, shape);
  const isOut = companion === undefined ? ALL : factOf(disjunct.facts, loop === undefined ? companion.id : keyBefore(run, loop));
  if (companion !== undefined) facts = withFact(facts, companion.id, leaves && isOut !== FALSE ? ALL : FALSE);
  if (outcome?.throws !== true) next({ ...disjunct, facts });
  // A function of another file may have released it before: what never was a first release is none here.
  else if (!leaves && (isOut === FALSE || !completes)) throws(disjunct);
  else {
    next({ ...disjunct, facts });
    if (isOut !== OTHER_TRUTHY) throws(disjunct);
  }
}

/** A call of a function of the project that releases another resource. Apart from that, it returns and throws like any function. */
export function applyOtherReleaser(run: Run, shape: CallShape, callee: FunctionNode, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  const { context, model } = run;
  const completes = context.withoutReleases(() => completesOf(context, callee));
  applyOtherRelease(run, shape, disjunct, (state) => (completes.returns ? next(state) : undefined), thrown, callee.async);
  if (!completes.throws) return;
  // Whether it came to its release then is not known.
  const companion = context.releaseOutcomes.get(shape.node)?.companion;
  const facts = companion === undefined ? disjunct.facts : withFact(disjunct.facts, companion.id, ALL);
  if (callee.async) next({ ...disjunct, facts: withFact(facts, model.places.placeKey(shape.node, '').id, REJECTS) });
  else thrown({ ...disjunct, facts });
}

/**
 * Whether the call releases some other resource: by the row of its library, or by the name of the release of what this file acquires
 * where nothing is known of the receiver (the parameter of a helper).
 */
export function isOtherRelease(run: Run, shape: CallShape): boolean {
  const { bindings } = run.model;
  if (!shape.isMethod) {
    const entity = shape.isNew ? undefined : bindings.entityOf(shape.callee);
    return entity?.kind === 'release-method' && entity.row.detachable === true && entity.row.mayReject !== true;
  }
  if (shape.receiver === undefined || shape.name === undefined) return false;
  const row = bindings.memberRowOf(shape.node)?.row;
  if (row !== undefined) return row.effect === 'release' && row.mayReject !== true;
  return run.context.releaseNames.has(shape.name) && bindings.entityOf(shape.receiver) === undefined;
}

/** Whether the call takes back something, as what this file acquires is taken back: that does not throw either. */
export function isTakeBack(run: Run, shape: CallShape): boolean {
  if (shape.isNew || shape.name === undefined) return false;
  return run.context.takeBackNames.has(`${shape.isMethod ? 'pool' : 'function'} ${shape.name}`);
}

/** Whether `node` is a variable that only ever holds what was acquired: awaiting it again does not throw. */
export function isResource(run: Run, node: Node): boolean {
  const inner = unwrapChain(node);
  const variable = inner.type === 'Identifier' ? run.model.scopes.variableOf(inner) : undefined;
  const writes = variable === undefined ? [] : writesOf(variable);
  return writes.length > 0 && writes.every((write) => {
    const written = write.writeExpr && unwrapChain(write.writeExpr);
    if (written == null) return false;
    if (written.type === 'AwaitExpression') return run.context.acquiringCalls.has(unwrapAwait(written));
    // What a pair gives without an `await` is taken for the connection itself.
    return written.type === 'CallExpression' && run.context.acquiringCalls.has(written) && run.model.bindings.acquisitionOf(written)?.style === 'either';
  });
}

/** Whether the call is a method of another resource of a promise-style driver: it does not throw, its `await` does. */
export function isPromiseMethod(run: Run, shape: CallShape): boolean {
  if (!shape.isMethod || shape.receiver?.type !== 'Identifier') return false;
  const call = acquiringCallOf(run, shape.receiver);
  const acquisition = call?.type === 'CallExpression' ? run.model.bindings.acquisitionOf(call) : undefined;
  return acquisition !== undefined && acquisition.type.failsAtOnce !== true;
}
