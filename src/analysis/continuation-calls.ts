/** Which calls hand a function over as a continuation that is followed where they stand, from the text and the bindings alone. */
import { isFunctionNode, type CallLike, type FunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, isPromiseCombinator, REACTIONS } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';
import { executorOf } from './promise-executor.ts';

/** What kind of continuation `call` makes of `callee`: undefined when it hands it over to nobody that we know. */
export function continuationKind(model: ProgramModel, call: CallLike, callee: FunctionNode): 'reaction' | 'executor' | 'mapper' | undefined {
  if (executorOf(call) === callee) return 'executor';
  const shape = callShape(call);
  if (!shape.isMethod || shape.name === undefined || model.callGraph.calleeOf(call) !== undefined || !shape.arguments.some((argument) => isFunction(model, argument, callee))) return undefined;
  if (REACTIONS.has(shape.name)) return 'reaction';
  return shape.name === 'map' && isCombined(call) && shape.arguments[0] === callee ? 'mapper' : undefined;
}

/** The calls that hand over `callee`, written there or by its name. */
export function callsWith(model: ProgramModel, callee: FunctionNode): CallLike[] {
  const name = callee.id ?? (callee.parent.type === 'VariableDeclarator' ? callee.parent.id : undefined);
  const variable = name?.type === 'Identifier' ? model.scopes.variableOf(name) : undefined;
  const values: Node[] = [callee, ...(variable?.references.map((reference) => reference.identifier) ?? [])];
  const calls: CallLike[] = [];
  for (const value of values) {
    const parent = value.parent;
    if (parent?.type !== 'CallExpression' && parent?.type !== 'NewExpression') continue;
    if (parent.callee !== value && continuationKind(model, parent, callee) !== undefined) calls.push(parent);
  }
  return calls;
}

function isFunction(model: ProgramModel, node: Node, callee: FunctionNode): boolean {
  const value = unwrapChain(node);
  if (isFunctionNode(value)) return value === callee;
  const entity = value.type === 'Identifier' ? model.bindings.entityOf(value) : undefined;
  return entity?.kind === 'local-function' && entity.node === callee;
}

/** Whether the list that the call gives goes straight into a combinator: `Promise.all(list.map(f))`. */
function isCombined(call: Node): boolean {
  const { parent } = call;
  return parent?.type === 'CallExpression' && parent.arguments[0] === call && isPromiseCombinator(callShape(parent));
}
