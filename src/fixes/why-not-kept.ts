import { eachChild } from '../syntax/each-child.ts';
import type { Node } from '../syntax/estree.ts';
import { isFunctionNode } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { BlockedReason } from './blocked-reason.ts';

/** Where an acquisition goes that no variable keeps by itself: the nearest of the things around it that says so. */
export function whyNotKept(acquisition: Node): BlockedReason {
  for (let node = acquisition; node.parent && !isFunctionNode(node.parent); node = node.parent) {
    const { parent } = node;
    if (parent.type === 'ArrayExpression') {
      const call = parent.parent;
      return (call.type === 'CallExpression' && combinator(call)) || 'in a list';
    }
    if (parent.type === 'VariableDeclarator' && isAwaitedFurtherDown(parent, acquisition)) return 'kept as a promise';
    if (parent.type === 'VariableDeclaration') return /using/.test(parent.kind) ? 'declared by using' : 'not in a variable';
    if ((parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.arguments.some((argument) => argument === node)) return 'an argument';
    // A chain goes on with it.
    if (parent.type === 'MemberExpression' && /^(?:then|catch|finally)$/.test(staticMemberName(parent) ?? '')) return 'not in a variable';
    if (/Statement$/.test(parent.type)) break;
  }
  return 'not in a variable';
}

/** `const pending = pool.connect();` */
function isAwaitedFurtherDown({ id, init, parent }: Extract<Node, { type: 'VariableDeclarator' }>, acquisition: Node): boolean {
  const promise = init && unwrapExpression(init);
  let scope: Node = parent;
  while (scope.parent && scope.type !== 'BlockStatement') scope = scope.parent;
  return promise === acquisition && id.type === 'Identifier' && awaitsName(scope, id.name);
}

function awaitsName(scope: Node, name: string): boolean {
  let isFound = false;
  const visit = (node: Node): void => {
    if (node.type === 'AwaitExpression' && node.argument.type === 'Identifier' && node.argument.name === name) isFound = true;
    if (!isFound) eachChild(node, VISITOR_KEYS, visit);
  };
  visit(scope);
  return isFound;
}

/** `Promise.race([…])`, `Promise.all([…])` */
function combinator(call: Extract<Node, { type: 'CallExpression' }>): BlockedReason | undefined {
  const callee = unwrapChain(call.callee);
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== 'Promise') return undefined;
  const name = staticMemberName(callee) ?? '';
  if (/^(?:race|any)$/.test(name)) return 'given up to a race';
  return /^all(?:Settled)?$/.test(name) ? 'one of several promises' : undefined;
}
