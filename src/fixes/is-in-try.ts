import type { Node } from '../syntax/estree.ts';

/**
 * Whether a `try` statement of the unit, or a block with a `using` declaration, is around `node`: an `await` there lets its `catch` and `finally`, and what the block disposes,
 * see what they would not see else.
 */
export function isInTry(node: Node, unit: Node): boolean {
  for (let current: Node | undefined = node; current && current !== unit; current = current.parent) if (current.type === 'TryStatement' || disposes(current, node)) return true;
  return false;
}

/** Whether something is disposed where the node ends that holds `inner`. */
function disposes(node: Node, inner: Node): boolean {
  const isUsing = (one: Node | null): boolean => one?.type === 'VariableDeclaration' && /using/.test(one.kind) && one.range[0] < inner.range[0];
  switch (node.type) {
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body.some(isUsing);
    case 'SwitchCase':
      return node.consequent.some(isUsing);
    case 'ForStatement':
      return isUsing(node.init);
    case 'ForOfStatement':
      return isUsing(node.left);
    default:
      return false;
  }
}
