import type { Node } from '../syntax/estree.ts';

/** Whether a `try` statement of the unit is around `node`: an `await` there lets its `catch` and `finally` see what they would not see else. */
export function isInTry(node: Node, unit: Node): boolean {
  for (let current: Node | undefined = node; current && current !== unit; current = current.parent) if (current.type === 'TryStatement') return true;
  return false;
}
