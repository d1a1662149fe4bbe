import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { destinationOf } from './destination.ts';

/**
 * Whether the function around `node`, which makes a client, closes it: `always` where a `finally`, both reactions of a promise or something that runs after
 * the response does; `sometimes` where a plain statement does, which a throw passes by.
 */
export function closesOf(model: ProgramModel, node: Node): 'always' | 'sometimes' | 'never' {
  const variables = new Set(destinationOf(model, node).keepers.flatMap((keeper) => (keeper.kind === 'variable' ? [keeper.variable] : [])));
  const closes = [...model.file.calls.values()].flat().filter((call) => {
    const { isMethod, name, receiver } = callShape(call);
    const owner = receiver && unwrapChain(receiver);
    const variable = isMethod && name === '$disconnect' && owner?.type === 'Identifier' ? model.scopes.variableOf(owner) : undefined;
    return variable !== undefined && variables.has(variable);
  });
  if (closes.length === 0) return 'never';
  const ways = closes.map((close) => wayOf(close, node));
  if (ways.includes('finally') || (ways.includes('caught') && ways.includes('plain'))) return 'always';
  return 'sometimes';
}

/** On which way out a call that closes stands. */
function wayOf(close: CallLike, opened: Node): 'finally' | 'caught' | 'plain' {
  let way: 'finally' | 'caught' | 'plain' = 'plain';
  for (let child: Node = close, parent: Node | undefined = child.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'TryStatement' && parent.finalizer === child) return 'finally';
    if (parent.type === 'CatchClause') way = 'caught';
    if (parent.type === 'CallExpression' && parent.callee !== child) {
      const { name } = callShape(parent);
      if (name === 'finally' || name === 'waitUntil' || name === 'after') return 'finally';
      if (name === 'catch') way = 'caught';
    }
    if (isFunctionNode(parent) && parent.range[0] <= opened.range[0] && opened.range[1] <= parent.range[1]) break;
  }
  return way;
}
