/** Methods of the resource that are given a callback: `client.query(sql, (error, result) => …)`. */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Bound } from './bind-value.ts';
import { isParameter } from './callback-acquisition.ts';
import { callShape, REACTIONS, type CallShape } from './call-shape.ts';
import { isTouching } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { isFunctionLike } from './callback-function.ts';
import type { Run } from './run.ts';
import { NODE_OUTCOMES, runLater } from './run-later.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';

/** The callback that a method of the resource is given, as its last argument; of an unknown library nothing is known. */
export function callbackArgument(run: Run, shape: CallShape, disjunct: Disjunct): Node | undefined {
  const last = shape.arguments.at(-1);
  if (last === undefined || last.type === 'SpreadElement' || disjunct.site?.acquisition.pair !== undefined) return undefined;
  return isFunctionLike(run, disjunct, last) ? last : undefined;
}

/** Goes on behind a method that `callback` was given to, once per outcome. The call does not throw itself. */
export function runCallback(
  run: Run,
  instruction: Instruction,
  shape: CallShape,
  callback: Node,
  disjunct: Disjunct,
  next: Continue,
  outcomes: readonly (readonly Bound[])[] = NODE_OUTCOMES,
): void {
  for (const given of outcomes) {
    if (isTouching(run, shape.node, callback, given, disjunct)) runLater(run, instruction, callback, given, disjunct, next);
    else next(disjunct);
  }
}

/**
 * Whether the resource is given to a callback that belongs to whoever called the function: `callback(null, client)`, `callback(err, client)`;
 * inside a callback also `next(client)`, where nothing is done with what it gives.
 */
export function isGivenToCallback(run: Run, shape: CallShape, hasResource: (node: Node) => boolean): boolean {
  const [error, ...results] = shape.arguments;
  if (shape.isNew || shape.isMethod || error === undefined || !isParameter(run.model, shape.callee)) return false;
  if (results.some(hasResource) && isErrorSlot(run, error)) return true;
  return shape.arguments.some(hasResource) && isOuterParameter(run, shape.callee) && isLastWord(run, shape.node);
}

function isOuterParameter(run: Run, node: Node): boolean {
  const variable = node.type === 'Identifier' ? run.model.scopes.variableOf(node) : undefined;
  return variable !== undefined && run.model.scopes.unitOfVariable(variable) !== run.unit;
}

/** Whether the call stands in a callback that nobody waits for, and its value is not used. */
function isLastWord(run: Run, node: Node): boolean {
  const { unit } = run;
  const call = isFunctionNode(unit) && !unit.async ? unit.parent : undefined;
  if (call?.type !== 'CallExpression' || call.callee === unit || REACTIONS.has(callShape(call).name ?? '')) return false;
  let value = node;
  let { parent } = value;
  while (parent && (parent.type === 'LogicalExpression' || parent.type === 'ConditionalExpression' || parent.type === 'ChainExpression')) {
    value = parent;
    parent = value.parent;
  }
  return parent?.type === 'ExpressionStatement' || parent?.type === 'ReturnStatement' || parent === unit;
}

/** `null`, `undefined`, or the first parameter of a function: what a callback is given where an error would be. */
function isErrorSlot(run: Run, node: Node): boolean {
  if (node.type === 'Literal') return node.value === null && !('regex' in node);
  if (node.type !== 'Identifier') return false;
  const variable = run.model.scopes.variableOf(node);
  if (variable === undefined) return node.name === 'undefined';
  const definition = variable.defs[0];
  if ((definition?.type as string | undefined) !== 'Parameter') return false;
  const owner = definition!.node as { params?: readonly unknown[] };
  return owner.params?.[0] === definition!.name;
}
