/** The graph of one unit: a function, the top level of a module, or the field initialisers of a class. */
import type { VisitorKeys } from '../syntax/each-child.ts';
import type { UnitNode } from '../syntax/estree.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Graph } from './graph.ts';
import { lowerExpression, lowerPattern, valueOf, type LoweringContext } from './lower-expression.ts';
import { lowerStatements } from './lower-statement.ts';

/**
 * Lowers `unit` to its control-flow graph. Nested functions are values here and have graphs of their own; class static blocks
 * and static fields run where the class is defined and belong to the unit around it. Never throws on odd syntax.
 */
export function lowerUnit(unit: UnitNode, name: string, visitorKeys: VisitorKeys): Graph {
  const builder = new GraphBuilder(unit);
  const context: LoweringContext = {
    builder,
    visitorKeys,
    returnAwaits: 'generator' in unit && unit.generator && unit.async,
    lowerStatements: (statements) => {
      lowerStatements(context, statements);
    },
  };
  if (unit.type === 'Program') {
    lowerStatements(context, unit.body);
  } else if (unit.type === 'ClassBody') {
    for (const element of unit.body) {
      if (element.type !== 'PropertyDefinition' && element.type !== 'AccessorProperty') continue;
      if (element.static || !element.value) continue;
      builder.startStatement();
      lowerExpression(context, element.value);
      builder.emit({ op: 'assign', node: element, target: element, value: valueOf(element.value), declares: true });
    }
  } else {
    for (const parameter of unit.params) {
      // A plain identifier is bound by the call itself.
      if (parameter.type === 'Identifier') continue;
      if (parameter.type !== 'TSParameterProperty') {
        lowerPattern(context, parameter, valueOf(parameter), parameter, true);
        continue;
      }
      // `constructor(private readonly pool: Pool)` binds the parameter and the field.
      const inner = parameter.parameter;
      const name = inner.type === 'AssignmentPattern' ? inner.left : inner;
      if (inner.type === 'AssignmentPattern') lowerPattern(context, inner, valueOf(inner), inner, true);
      builder.emit({ op: 'assign', node: parameter, target: parameter, value: valueOf(name), declares: true });
    }
    if (unit.body.type === 'BlockStatement') {
      lowerStatements(context, unit.body.body);
    } else {
      lowerExpression(context, unit.body);
      builder.emit({ op: 'return', node: unit.body, value: valueOf(unit.body) });
    }
  }
  // Falling off the end returns undefined, whatever an overridden `return` left behind.
  if (unit.type !== 'ArrowFunctionExpression' || unit.body.type === 'BlockStatement') {
    builder.startStatement();
    builder.emit({ op: 'return', node: unit, value: undefined });
  }
  builder.leave({ kind: 'return' }, unit);
  return builder.finish(name);
}
