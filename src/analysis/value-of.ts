/** What classes of value an expression can have in a disjunct. */
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf } from '../domain/facts.ts';
import { ALL, BOOLEAN, maskOfLiteral, negateMask, OTHER_TRUTHY, PROMISE, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { heldAt } from './held.ts';
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
      case 'NewExpression':
        return OTHER_TRUTHY;
      case 'UnaryExpression':
        if (node.operator === '!') return negateMask(maskOf(model, disjunct, node.argument));
        if (node.operator === 'void') return UNDEFINED;
        if (node.operator === 'typeof') return OTHER_TRUTHY;
        return ALL;
      case 'Identifier':
        if (node.name === 'undefined' && model.scopes.variableOf(node) === undefined) return UNDEFINED;
        break;
      default:
        break;
    }
  }
  const place = model.placeOf(node);
  const full = place.path + path;
  const key = model.places.placeKey(place.root, full).id;
  const known = factOf(disjunct.facts, key);
  const mask = known === ALL ? (model.domains.get(key) ?? ALL) : known;
  for (const alias of disjunct.aliases) {
    // A place that holds the resource, or something that holds it, is an object; a promise of it may be fulfilled or not.
    if (alias.root === place.root && (alias.path === full || alias.path.startsWith(`${full}.`))) {
      return (mask & (OTHER_TRUTHY | PROMISE)) || OTHER_TRUTHY;
    }
  }
  if (disjunct.aliases.length > 0 && heldAt(disjunct, place.root, full).some((held) => held.path === '')) return OTHER_TRUTHY;
  return node.type === 'BinaryExpression' && isComparison(node.operator) && path === '' ? mask & BOOLEAN : mask;
}

function isComparison(operator: string): boolean {
  return /^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(operator);
}
