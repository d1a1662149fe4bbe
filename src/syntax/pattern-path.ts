import type { Node } from './estree.ts';
import { staticPropertyName } from './static-name.ts';

/**
 * Where, below the value that is assigned, the target `node` of an assignment or a declaration finds its own: `.client` in `{ client: node } = value`,
 * `.?` for an element of the list that a `for…of` loop goes over. Undefined where that is not known: a rest, a default, a computed name.
 */
export function patternPath(node: Node): string | undefined {
  let path = '';
  for (let value = node, parent = node.parent; parent; value = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'Property': {
        const name = staticPropertyName(parent);
        if (name === undefined || parent.value !== value) return undefined;
        path = `.${name}${path}`;
        break;
      }
      case 'ArrayPattern':
        path = `.${String(parent.elements.indexOf(value as never))}${path}`;
        break;
      case 'ObjectPattern':
        break;
      case 'VariableDeclarator':
        if (parent.id !== value) return undefined;
        return parent.init === null && parent.parent.parent.type === 'ForOfStatement' ? `.?${path}` : path;
      case 'AssignmentExpression':
        return parent.left === value ? path : undefined;
      case 'ForOfStatement':
        return parent.left === value ? `.?${path}` : undefined;
      default:
        return undefined;
    }
  }
  return undefined;
}
