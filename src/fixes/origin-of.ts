/** Which variable of which module an expression means: through imports, `require` and what modules hand on. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { importedName } from '../bindings/resolve-value.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';

/** A constant of the top level of a module. */
export interface Origin {
  readonly home: ProgramModel;
  readonly variable: Variable;
}

/** What a name of a module stands for there. */
interface Question {
  readonly model: ProgramModel;
  readonly name: string;
}

/** The constant that `expression` means in the file of `model`; undefined where it may be another one at another time. */
export function originOf(model: ProgramModel, expression: Node, seen: readonly Question[] = []): Origin | undefined {
  const node = unwrapExpression(expression);
  if (node.type === 'MemberExpression') {
    const name = node.optional ? undefined : staticMemberName(node);
    const whole = name === undefined ? undefined : wholeModuleOf(model, node.object);
    return whole === undefined || name === undefined ? undefined : exportedOrigin(whole, name, seen);
  }
  const variable = node.type === 'Identifier' ? model.scopes.variableOf(node) : undefined;
  if (variable === undefined || !isConstant(variable) || variable.defs.length !== 1) return undefined;
  const imported = importOf(model, variable);
  if (imported !== undefined) return imported.module === undefined ? undefined : exportedOrigin(imported.module, imported.name, seen);
  return model.scopes.unitOfVariable(variable)?.type === 'Program' ? { home: model, variable } : undefined;
}

/** Whether both are the same constant. */
export function isSameOrigin(left: Origin, right: Origin): boolean {
  // The file that is linted may be read once more as another one's module.
  return left.home.path === right.home.path && left.variable.name === right.variable.name;
}

/** What a module gives under `name`. */
export function exportedOrigin(module: ProgramModel, name: string, seen: readonly Question[] = []): Origin | undefined {
  if (seen.some((one) => one.model === module && one.name === name)) return undefined;
  const asked = [...seen, { model: module, name }];
  const { named, stars, whole } = module.bindings.exports;
  const row = named.get(name);
  if (row !== undefined) {
    if ('node' in row) return originOf(module, row.node.type === 'FunctionDeclaration' && row.node.id ? row.node.id : row.node, asked);
    const other = moduleNamed(module, row.specifier);
    return other === undefined || row.name === '*' ? undefined : exportedOrigin(other, row.name, asked);
  }
  if (whole !== undefined) {
    const value = unwrapExpression(whole);
    if (name === 'default' || name === 'module.exports') return originOf(module, value, asked);
    const property = value.type === 'ObjectExpression' ? value.properties.find((one) => one.type === 'Property' && staticPropertyName(one) === name) : undefined;
    return property?.type === 'Property' ? originOf(module, property.value, asked) : undefined;
  }
  if (name === 'default') return undefined;
  for (const specifier of stars) {
    const other = moduleNamed(module, specifier);
    const found = other && exportedOrigin(other, name, asked);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names under which a module gives something, its own first; with those of the modules that it hands on. */
export function exportedNames(module: ProgramModel, seen: ReadonlySet<ProgramModel> = new Set()): readonly string[] {
  if (seen.has(module)) return [];
  const { named, stars, whole } = module.bindings.exports;
  const value = whole && unwrapExpression(whole);
  const properties = value?.type === 'ObjectExpression' ? value.properties.flatMap((one) => (one.type === 'Property' ? staticPropertyName(one) ?? [] : [])) : [];
  const handedOn = stars.flatMap((specifier) => {
    const other = moduleNamed(module, specifier);
    return other === undefined ? [] : exportedNames(other, new Set([...seen, module]));
  });
  return [...new Set([...named.keys(), ...properties, ...handedOn])].filter((name) => name !== 'default');
}

/** The module that all of an expression is: `db` of `import * as db from './db'` and of `const db = require('./db')`. */
export function wholeModuleOf(model: ProgramModel, expression: Node): ProgramModel | undefined {
  const node = unwrapExpression(expression);
  const variable = node.type === 'Identifier' ? model.scopes.variableOf(node) : undefined;
  if (variable === undefined || !isConstant(variable) || variable.defs.length !== 1) return undefined;
  const imported = importOf(model, variable);
  if (imported?.module === undefined) return undefined;
  // A default import of a CommonJS module is all that it exports.
  return imported.name === '*' || imported.name === 'module.exports' || (imported.name === 'default' && imported.module.bindings.exports.isCommonJs) ? imported.module : undefined;
}

/** The module of the project that a specifier names in the file of `model`. */
export function moduleNamed(model: ProgramModel, specifier: string): ProgramModel | undefined {
  const module = model.import(specifier);
  return module === null ? undefined : (model.family.modelNamed(module.path) ?? undefined);
}

/** The specifier of `require('./db')`. */
export function requiredSpecifier(model: ProgramModel, node: Node): string | undefined {
  const call = unwrapExpression(node);
  const [argument] = call.type === 'CallExpression' ? call.arguments : [];
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== 'require' || model.scopes.variableOf(call.callee) !== undefined) return undefined;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

/** What a variable gets of another module: undefined where it is none that an import declares; a name of `*` or `module.exports` is all of it. */
function importOf(model: ProgramModel, variable: Variable): { readonly module: ProgramModel | undefined; readonly name: string } | undefined {
  const definition = variable.defs[0]!;
  const node = definition.node as Node;
  const declaration = definition.parent as Node | null | undefined;
  if (definition.type === ('ImportBinding' as never)) {
    if (declaration?.type !== 'ImportDeclaration') return { module: undefined, name: '' };
    return { module: moduleNamed(model, declaration.source.value), name: node.type === 'ImportNamespaceSpecifier' ? '*' : importedName(node) };
  }
  if (node.type !== 'VariableDeclarator' || !node.init) return undefined;
  const init = unwrapExpression(node.init);
  const object = init.type === 'MemberExpression' ? init.object : init;
  const specifier = requiredSpecifier(model, object);
  if (specifier === undefined) return undefined;
  const module = moduleNamed(model, specifier);
  const member = init.type === 'MemberExpression' ? staticMemberName(init) : undefined;
  if (init.type === 'MemberExpression') return node.id.type === 'Identifier' && member !== undefined ? { module, name: member } : { module: undefined, name: '' };
  if (node.id.type === 'Identifier') return { module, name: 'module.exports' };
  const property = (definition.name as Node).parent;
  const key = property?.type === 'Property' && property.parent === node.id && property.value === definition.name ? staticPropertyName(property) : undefined;
  return key === undefined ? { module: undefined, name: '' } : { module, name: key };
}
