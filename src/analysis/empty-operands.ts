/** Calls that ask, by running, whether a variable is still empty. */
import type { FactKey } from '../domain/place.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { ProgramModel } from './program-model.ts';

/**
 * The variables that start out empty and that the call asks about: a method call on one whether it still is, and so does a constructor that is
 * given one. Then they throw.
 */
export function emptyOperands(model: ProgramModel, call: CallLike): FactKey[] {
  if (call.type === 'TaggedTemplateExpression') return [];
  const callee = unwrapChain(call.callee);
  const operands = call.type === 'NewExpression' ? call.arguments : callee.type === 'MemberExpression' ? [callee.object] : [];
  return operands.map((operand) => emptyVariable(model, operand)).filter((key) => key !== undefined);
}

function emptyVariable(model: ProgramModel, node: Node): FactKey | undefined {
  const object = unwrapExpression(node);
  const variable = object.type === 'Identifier' ? model.scopes.variableOf(object) : undefined;
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  return !declarator.init || isEmptyAtTimes(declarator.init) ? model.places.placeKey(variable, '') : undefined;
}

/** Whether the value is written as nothing, or as nothing in one case: `undefined`, `own ? await pool.connect() : null`. */
function isEmptyAtTimes(node: Node): boolean {
  const value = unwrapExpression(node);
  switch (value.type) {
    case 'Literal':
      return value.value === null && !('regex' in value);
    case 'Identifier':
      return value.name === 'undefined';
    case 'ConditionalExpression':
      return isEmptyAtTimes(value.consequent) || isEmptyAtTimes(value.alternate);
    default:
      return false;
  }
}
