/** Where the value of an expression can be found. */
import type { Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/**
 * The place that `expression` reads in the file of `model`: a root, and the static properties below it. An expression that is no such path is a root itself.
 * `ProgramModel.placeOf` remembers it.
 */
export function findPlace(model: ProgramModel, expression: Node): PlaceRef {
  const node = unwrapExpression(expression);
  switch (node.type) {
    case 'Identifier': {
      const variable = model.scopes.variableOf(node);
      return { root: variable ?? node, path: '' };
    }
    case 'ThisExpression':
      return { root: model.selfOf(model.file.unitOf(node)), path: '' };
    case 'MemberExpression': {
      const name = staticMemberName(node);
      if (name === undefined) return { root: node, path: '' };
      const object = model.placeOf(node.object);
      return { root: object.root, path: `${object.path}.${name}` };
    }
    case 'ChainExpression':
      // `options?.client` is `options.client` wherever that can be read.
      return node.expression.type === 'MemberExpression' ? model.placeOf(node.expression) : { root: node, path: '' };
    case 'CallExpression': {
      // An ambient store (`AsyncLocalStorage`) answers the same throughout a function: the call reads a place.
      const callee = isStoreRead(node) ? unwrapExpression(node.callee) : undefined;
      if (callee?.type !== 'MemberExpression') return { root: node, path: '' };
      const object = model.placeOf(callee.object);
      return { root: object.root, path: `${object.path}.getStore()` };
    }
    case 'AssignmentExpression':
      return node.operator === '=' ? model.placeOf(node.right) : { root: node, path: '' };
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      return last ? model.placeOf(last) : { root: node, path: '' };
    }
    default:
      return { root: node, path: '' };
  }
}

/** Whether the call reads an ambient store: `storage.getStore()`. */
export function isStoreRead(node: Node): boolean {
  if (node.type !== 'CallExpression' || node.arguments.length > 0) return false;
  const callee = unwrapExpression(node.callee);
  return callee.type === 'MemberExpression' && staticMemberName(callee) === 'getStore';
}

/** Whether the expression is a variable or a member of something: where its value can be found, others may find it again. */
export function isPlace(node: Node): boolean {
  return node.type === 'Identifier' || node.type === 'MemberExpression';
}
