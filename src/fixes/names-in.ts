import { eachChild } from '../syntax/each-child.ts';
import type { Node } from '../syntax/estree.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';

/** The names that stand below `nodes` for something: those of properties do not count. */
export function namesIn(nodes: readonly Node[]): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...nodes];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'Identifier' && !isPropertyName(node)) found.add(node.name);
    eachChild(node, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found;
}

/** `b` in `a.b` and in `{ b: c }`. */
export function isPropertyName(node: Node): boolean {
  const { parent } = node;
  return (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) || (parent?.type === 'Property' && parent.key === node && !parent.shorthand && !parent.computed);
}
