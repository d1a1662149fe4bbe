/** What classes of value an expression can have in a disjunct. */
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf } from '../domain/facts.ts';
import { ALL, BOOLEAN, FALSE, FALSY, maskOfLiteral, negateMask, OTHER_TRUTHY, PROMISE, TRUE, TRUTHY, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import { ownRow } from '../bindings/own-row.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { heldAt, heldBy } from './held.ts';
import type { ProgramModel } from './program-model.ts';

/** The classes of value that `expression` (at `path` below it) can have. ALL: nothing is known. */
export function maskOf(model: ProgramModel, disjunct: Disjunct, expression: Node, path = ''): ValueMask {
  const node = unwrapExpression(expression);
  if (path === '') {
    switch (node.type) {
      case 'Literal':
        return 'regex' in node ? OTHER_TRUTHY : maskOfLiteral(node.value);
      case 'TemplateLiteral':
        return node.quasis.some((quasi) => quasi.value.raw !== '') ? OTHER_TRUTHY : ALL;
      case 'ObjectExpression':
      case 'ArrayExpression':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassExpression':
        return OTHER_TRUTHY;
      case 'NewExpression':
        return (model.places.factAt(disjunct.facts, node, '') & (OTHER_TRUTHY | PROMISE)) || OTHER_TRUTHY;
      case 'UnaryExpression':
        if (node.operator === '!') return negateMask(maskOf(model, disjunct, node.argument));
        if (node.operator === 'void') return UNDEFINED;
        if (node.operator === 'typeof') return OTHER_TRUTHY;
        return ALL;
      case 'BinaryExpression':
        if (asksForMethod(model, disjunct, node)) return /^!/.test(node.operator) ? FALSE : TRUE;
        break;
      case 'Identifier':
        {
          const variable = model.scopes.variableOf(node);
          if (variable === undefined && node.name === 'undefined') return UNDEFINED;
          if (variable !== undefined && model.acquiringCalls.size > 0 && isAcquiredConstant(model, variable)) return OTHER_TRUTHY;
        }
        break;
      default:
        break;
    }
  }
  const told = path === '' && disjunct.aliases.length > 0 ? toldBy(model, disjunct, unwrapChain(node)) : undefined;
  if (told !== undefined) return told;
  if (path !== '' && node.type === 'ObjectExpression') return maskOfProperty(model, disjunct, node, path);
  if (path !== '' && node.type === 'ArrayExpression') return maskOfElement(model, disjunct, node, path);
  const place = model.placeOf(node);
  const full = place.path + path;
  const key = model.places.findKey(place.root, full)?.id;
  const known = key === undefined ? ALL : factOf(disjunct.facts, key);
  const mask = known === ALL && key !== undefined ? (model.domains.get(key) ?? ALL) : known;
  for (const alias of disjunct.aliases) {
    // A place that holds the resource, or something that holds it, is an object; a promise of it may be fulfilled or not.
    if (alias.root === place.root && (alias.path === full || alias.path.startsWith(`${full}.`))) {
      return (mask & (OTHER_TRUTHY | PROMISE)) || OTHER_TRUTHY;
    }
  }
  if (disjunct.aliases.length > 0 && heldAt(disjunct, place.root, full).some((held) => held.path === '')) return OTHER_TRUTHY;
  return node.type === 'BinaryExpression' && isComparison(node.operator) && path === '' ? mask & BOOLEAN : mask;
}

/** What `trx.isCompleted()` or `runner.isReleased` gives: the library says whether the resource was released. */
function toldBy(model: ProgramModel, disjunct: Disjunct, node: Node): ValueMask | undefined {
  const member = node.type === 'CallExpression' ? unwrapChain(node.callee) : node;
  const name = member.type === 'MemberExpression' ? staticMemberName(member) : undefined;
  const row = name === undefined ? undefined : ownRow(disjunct.site?.acquisition.type.members, name);
  if (row?.effect !== 'tells' || (row.by === 'call') !== (node.type === 'CallExpression') || member.type !== 'MemberExpression') return undefined;
  if (!heldBy(model, disjunct, member.object).some((one) => one.path === '' && one.role === 'handle')) return undefined;
  switch (disjunct.state) {
    case 'held':
    case 'idle':
      return row.released ? FALSY : TRUTHY;
    case 'released':
    case 'destroyed':
      return row.released ? TRUTHY : FALSY;
    default:
      return ALL;
  }
}

/** Whether the test asks if the resource has a method that its library gives it: `'release' in client`, `typeof client.release === 'function'`. */
export function asksForMethod(model: ProgramModel, disjunct: Disjunct, node: TSESTree.BinaryExpression): boolean {
  if (disjunct.aliases.length === 0) return false;
  const isMethodOf = (name: string | undefined, object: Node): boolean =>
    name !== undefined && ownRow(disjunct.site?.acquisition.type.members, name) !== undefined &&
    heldBy(model, disjunct, object).some((one) => one.path === '' && one.role === 'handle');
  const left = unwrapExpression(node.left);
  if (node.operator === 'in') return left.type === 'Literal' && isMethodOf(String(left.value), node.right);
  if (!/^[=!]==?$/.test(node.operator) || left.type !== 'UnaryExpression' || left.operator !== 'typeof') return false;
  const right = unwrapExpression(node.right);
  const member = unwrapExpression(unwrapChain(left.argument));
  return right.type === 'Literal' && right.value === 'function' && member.type === 'MemberExpression' && isMethodOf(staticMemberName(member), member.object);
}

function isComparison(operator: string): boolean {
  return /^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(operator);
}

/** The value of an element of an array literal: `undefined` behind its end. */
function maskOfElement(model: ProgramModel, disjunct: Disjunct, node: TSESTree.ArrayExpression, path: string): ValueMask {
  const [name = '', ...rest] = path.slice(1).split('.');
  const index = Number(name);
  if (!Number.isInteger(index) || node.elements.slice(0, index + 1).some((element) => element?.type === 'SpreadElement')) return ALL;
  const element = node.elements[index];
  return element ? maskOf(model, disjunct, element, rest.map((part) => `.${part}`).join('')) : UNDEFINED;
}

/** The value of a property of an object literal: `undefined` when the literal has none of this name. */
function maskOfProperty(model: ProgramModel, disjunct: Disjunct, node: TSESTree.ObjectExpression, path: string): ValueMask {
  const [name = '', ...rest] = path.slice(1).split('.');
  let found: Node | undefined;
  for (const property of node.properties) {
    const key = property.type === 'Property' ? staticPropertyName(property) : undefined;
    if (key === undefined || property.type !== 'Property') return ALL;
    if (key === name) found = property.value;
  }
  if (found === undefined) return name in Object.prototype ? ALL : UNDEFINED;
  return maskOf(model, disjunct, found, rest.map((part) => `.${part}`).join(''));
}

/** Whether the variable is a constant that was given what an acquisition of the tables gave: then it is there. */
function isAcquiredConstant(model: ProgramModel, variable: Variable): boolean {
  const declarator = variable.defs[0]?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) return false;
  const init = unwrapExpression(declarator.init);
  const call = init.type === 'AwaitExpression' ? unwrapExpression(init.argument) : undefined;
  if (call?.type !== 'CallExpression' || !model.acquiringCalls.has(call) || !isConstant(variable)) return false;
  return model.bindings.acquisitionOf(call) !== undefined;
}
