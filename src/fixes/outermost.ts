import type { Node } from '../syntax/estree.ts';

/** The node with the wrappers around it that have no effect at run time, and the chain that it ends. */
export function outermost(node: Node): Node {
  let outer = node;
  for (let { parent } = outer; parent; { parent } = outer) {
    const isWrapper = parent.type === 'ChainExpression' || parent.type === 'TSNonNullExpression' || parent.type === 'TSAsExpression' || parent.type === 'TSSatisfiesExpression' || parent.type === 'TSTypeAssertion';
    if (!isWrapper) break;
    outer = parent;
  }
  return outer;
}
