import type { Node, TSESTree } from './estree.ts';
import { unwrapExpression } from './unwrap-expression.ts';

/**
 * The name a property key has on every run, or undefined when it is computed at run time.
 * Well-known symbols read `@@dispose`, `@@asyncDispose` (`[Symbol.dispose]`), private names read `#name`.
 */
export function staticKeyName(key: Node, computed: boolean): string | undefined {
  if (!computed) {
    if (key.type === 'Identifier') return key.name;
    if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  }
  const inner = unwrapExpression(key);
  if (inner.type === 'Literal') return inner.value === null ? undefined : String(inner.value);
  if (inner.type === 'TemplateLiteral' && inner.expressions.length === 0) return inner.quasis[0]?.value.cooked ?? undefined;
  if (
    inner.type === 'MemberExpression' &&
    !inner.computed &&
    inner.object.type === 'Identifier' &&
    inner.object.name === 'Symbol' &&
    inner.property.type === 'Identifier'
  ) {
    return `@@${inner.property.name}`;
  }
  return undefined;
}

/** The name of the property that a member expression reads (`a.b`, `a['b']`, `a.#b`), or undefined when computed at run time. */
export function staticMemberName(node: TSESTree.MemberExpression): string | undefined {
  return staticKeyName(node.property, node.computed);
}

/** The name that a property, method or accessor of an object literal or class defines, or undefined when computed at run time. */
export function staticPropertyName(
  node: TSESTree.Property | TSESTree.PropertyDefinition | TSESTree.MethodDefinition,
): string | undefined {
  return staticKeyName(node.key, node.computed);
}
