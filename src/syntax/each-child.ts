import { isNode, type Node } from './estree.ts';

/** For each node type, the fields that hold child nodes in source order (ESLint's `visitorKeys`). */
export type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

const NOT_CHILDREN = new Set(['parent', 'type', 'loc', 'range', 'tokens', 'comments']);

/**
 * Calls `visit` for each child node of `node`, in the order of the visitor keys. A node type that the keys do not know
 * (a newer parser, odd syntax) is searched field by field, so that nothing is lost.
 */
export function eachChild(node: Node, visitorKeys: VisitorKeys, visit: (child: Node) => void): void {
  const keys = visitorKeys[node.type] ?? Object.keys(node).filter((key) => !NOT_CHILDREN.has(key));
  const fields = node as unknown as Record<string, unknown>;
  for (const key of keys) {
    const value = fields[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    }
  }
}
