import { isNode, type Node } from './estree.ts';

/** For each node type, the fields that hold child nodes in source order (ESLint's `visitorKeys`). */
export type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

const NOT_CHILDREN = new Set(['parent', 'type', 'loc', 'range', 'tokens', 'comments']);

/**
 * Calls `visit` for each child node of `node`, in the order of the visitor keys. A node type that the keys do not know
 * (a newer parser, odd syntax) is searched field by field, so that nothing is lost.
 */
export function eachChild(node: Node, visitorKeys: VisitorKeys, visit: (child: Node) => void): void {
  const values = node as unknown as Record<string, unknown>;
  for (const field of fieldsOf(node, visitorKeys)) {
    const value = values[field];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    }
  }
}

/** The fields of `node` that may hold child nodes, in the order of the visitor keys; every field where these do not know its type. */
export function fieldsOf(node: Node, visitorKeys: VisitorKeys): readonly string[] {
  return visitorKeys[node.type] ?? Object.keys(node).filter((key) => !NOT_CHILDREN.has(key));
}
