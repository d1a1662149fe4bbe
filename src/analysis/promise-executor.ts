/** `new Promise((resolve, reject) => …)`, from its text alone: the executor, and the functions that settle the promise. */
import type { Variable } from '../bindings/scope-index.ts';
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';

/** The executor that is written where the promise is made. */
export function executorOf(node: Node): FunctionNode | undefined {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'Promise') return undefined;
  const [executor] = node.arguments;
  return executor !== undefined && isFunctionNode(executor) ? executor : undefined;
}

/** What calling the variable does, when it is `resolve` or `reject` of an executor. */
export function settlerOf(variable: Variable | undefined): { readonly executor: FunctionNode; readonly settles: 'fulfils' | 'rejects' } | undefined {
  const definition = variable?.defs[0];
  if ((definition?.type as string | undefined) !== 'Parameter') return undefined;
  const executor = definition!.node as Node;
  const parent = executor.parent;
  if (!isFunctionNode(executor) || parent === undefined || executorOf(parent) !== executor) return undefined;
  const index = executor.params.findIndex((parameter) => parameter === definition!.name);
  return index === 0 || index === 1 ? { executor, settles: index === 0 ? 'fulfils' : 'rejects' } : undefined;
}
