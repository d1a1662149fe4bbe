import type { Node } from './estree.ts';

/**
 * The expression below TypeScript's wrappers (`x as T`, `<T>x`, `x!`, `x satisfies T`, `f<T>`): they have no effect at run time.
 * Parentheses are no nodes in ESTree. Optional chains are kept, because they decide what is evaluated.
 */
export function unwrapExpression(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSInstantiationExpression':
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** As `unwrapExpression`, and below `ChainExpression` too: what the expression is when no link of the chain is missing. */
export function unwrapChain(node: Node): Node {
  let inner = unwrapExpression(node);
  while (inner.type === 'ChainExpression') inner = unwrapExpression(inner.expression);
  return inner;
}

/** As `unwrapChain`, and below `await`: whose value or promise this is. */
export function unwrapAwait(node: Node): Node {
  let inner = unwrapChain(node);
  while (inner.type === 'AwaitExpression') inner = unwrapChain(inner.argument);
  return inner;
}
