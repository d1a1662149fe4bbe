/** Where a file names a member. Asked only of files that keep a connection, so it is collected then. */
import { CodeWalk } from '../syntax/code-walk.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';

/** A member expression, or the property of a pattern that takes the member out of an object. */
export type MemberUse = TSESTree.MemberExpression | TSESTree.Property;

const indexes = new WeakMap<FileIndex, ReadonlyMap<string, readonly MemberUse[]>>();

/** The uses of members called `name` in the file, of whatever object in source order. */
export function memberUses(file: FileIndex, name: string): readonly MemberUse[] {
  let index = indexes.get(file);
  if (index === undefined) {
    index = collectUses(file);
    indexes.set(file, index);
  }
  return index.get(name) ?? [];
}

function collectUses(file: FileIndex): ReadonlyMap<string, readonly MemberUse[]> {
  const found = new Map<string, MemberUse[]>();
  const walk = new CodeWalk(file.program, VISITOR_KEYS);
  const pending: (Node | undefined)[] = [file.program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const name = node.type === 'MemberExpression' ? staticMemberName(node) : node.type === 'Property' && node.parent.type === 'ObjectPattern' ? staticPropertyName(node) : undefined;
    if (name !== undefined) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [node as MemberUse]);
      else known.push(node as MemberUse);
    }
    walk.pushChildren(node, pending);
  }
  return found;
}
