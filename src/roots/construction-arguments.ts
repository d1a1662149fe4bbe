/** What the arguments of a construction show: options of object literals, and URLs. What is not seen is not known. */
import { isConstant } from '../bindings/scope-index.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/** The value of the option `name` in one of the object literals among `given`; undefined where none is seen. */
export function optionValue(model: ProgramModel, given: readonly Node[], name: string): Node | undefined {
  for (const argument of given) {
    const options = valueOfConstant(model, argument);
    if (options.type !== 'ObjectExpression') continue;
    for (const property of options.properties) {
      if (property.type === 'Property' && staticPropertyName(property) === name) return property.value;
    }
  }
  return undefined;
}

/** The text of the option `name`, where it is a literal. */
export function literalOption(model: ProgramModel, given: readonly Node[], name: string): string | undefined {
  const option = optionValue(model, given, name);
  const value = option && valueOfConstant(model, option);
  return value?.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

/** Whether `node` is seen to be a text: written here, or read from the environment of the process. */
export function showsUrl(model: ProgramModel, node: Node): boolean {
  const value = valueOfConstant(model, node);
  switch (value.type) {
    case 'Literal':
      return typeof value.value === 'string';
    case 'TemplateLiteral':
      return true;
    case 'LogicalExpression':
      return showsUrl(model, value.left) || showsUrl(model, value.right);
    case 'ConditionalExpression':
      return showsUrl(model, value.consequent) || showsUrl(model, value.alternate);
    case 'MemberExpression':
      return isEnvironment(value.object);
    default:
      return false;
  }
}

/** `process.env`, `import.meta.env`. */
function isEnvironment(node: Node): boolean {
  const object = unwrapChain(node);
  if (object.type !== 'MemberExpression' || staticMemberName(object) !== 'env') return false;
  const owner = unwrapChain(object.object);
  return owner.type === 'MetaProperty' || (owner.type === 'Identifier' && owner.name === 'process');
}

/** What a constant of the file is declared as; any other expression is itself. */
export function valueOfConstant(model: ProgramModel, node: Node): Node {
  let value = unwrapChain(node);
  for (let count = 0; value.type === 'Identifier' && count < 5; count++) {
    const variable = model.scopes.variableOf(value);
    const declarator = variable?.defs[0]?.node as Node | undefined;
    if (variable === undefined || !isConstant(variable) || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) break;
    value = unwrapChain(declarator.init);
  }
  return value;
}
