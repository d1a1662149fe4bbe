/** What a module exports, read from its top-level statements: ES exports and CommonJS assignments. Syntax alone; what it stands for is asked later. */
import type { Identifier, Node, TSESTree } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';

/** One export. */
export type ModuleExport =
  /** What is written here: a declaration, a name of this file, or a value. */
  | { readonly node: Node }
  /** What another module exports under `name`; `*`: all that it exports, as one object. */
  | { readonly specifier: string; readonly name: string };

export interface ModuleExports {
  readonly named: ReadonlyMap<string, ModuleExport>;
  /** The modules of `export * from`. */
  readonly stars: readonly string[];
  /** The value of `module.exports = …` or `export = …`. */
  readonly whole: Node | undefined;
  /** Whether the exports are assigned: then a default import gives all of them. */
  readonly isCommonJs: boolean;
}

/** Finds the exports of `program`; `isGlobal` says whether a name has no declaration in the file (`module`, `exports`). */
export function findExports(program: TSESTree.Program, isGlobal: (name: Identifier) => boolean): ModuleExports {
  const named = new Map<string, ModuleExport>();
  const stars: string[] = [];
  let whole: Node | undefined;
  let isCommonJs = false;
  const addCommonJs = (expression: Node): void => {
    if (expression.type === 'CallExpression') {
      for (const [name, node] of definedOnExports(expression, isGlobal)) {
        named.set(name, { node });
        isCommonJs = true;
      }
      return;
    }
    // `exports = module.exports = { … }`, `exports.a = exports.b = …`: each target gets the value at the end.
    let value: Node = expression;
    const targets: Node[] = [];
    while (value.type === 'AssignmentExpression' && value.operator === '=') {
      targets.push(unwrapExpression(value.left));
      value = unwrapExpression(value.right);
    }
    for (const target of targets) {
      if (target.type !== 'MemberExpression') continue;
      const name = staticMemberName(target);
      if (name === undefined) continue;
      if (isExportsObject(target.object, isGlobal)) named.set(name, { node: value });
      else if (name === 'exports' && isNamed(target.object, 'module', isGlobal)) whole = value;
      else continue;
      isCommonJs = true;
    }
  };
  for (const statement of program.body) {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        for (const [name, row] of namedExports(statement)) named.set(name, row);
        break;
      case 'ExportDefaultDeclaration':
        named.set('default', { node: statement.declaration });
        break;
      case 'ExportAllDeclaration':
        if (statement.exported === null) stars.push(statement.source.value);
        else named.set(nameOf(statement.exported), { specifier: statement.source.value, name: '*' });
        break;
      case 'TSExportAssignment':
        whole = statement.expression;
        break;
      case 'ExpressionStatement':
        addCommonJs(unwrapExpression(statement.expression));
        break;
      default:
        break;
    }
  }
  return { named, stars, whole, isCommonJs };
}

function* namedExports(statement: TSESTree.ExportNamedDeclaration): Generator<[string, ModuleExport]> {
  for (const { exported, local } of statement.specifiers) {
    const row = statement.source ? { specifier: statement.source.value, name: nameOf(local) } : { node: local };
    yield [nameOf(exported), row];
  }
  const { declaration } = statement;
  if (declaration?.type === 'VariableDeclaration') {
    for (const { id } of declaration.declarations) for (const name of boundNames(id)) yield [name.name, { node: name }];
  } else if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier') {
    yield [declaration.id.name, { node: declaration.id }];
  }
}

function nameOf(name: Identifier | TSESTree.StringLiteral): string {
  return name.type === 'Identifier' ? name.name : name.value;
}

/** The names that a pattern declares. */
function* boundNames(pattern: Node): Generator<Identifier> {
  switch (pattern.type) {
    case 'Identifier':
      yield pattern;
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) yield* boundNames(property.type === 'Property' ? property.value : property.argument);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) yield* boundNames(element);
      break;
    case 'AssignmentPattern':
      yield* boundNames(pattern.left);
      break;
    case 'RestElement':
      yield* boundNames(pattern.argument);
      break;
    default:
      break;
  }
}

/** `Object.assign(module.exports, { … })`, and `Object.defineProperty(exports, 'pool', { … })` as compilers write it. */
function* definedOnExports(call: TSESTree.CallExpression, isGlobal: (name: Identifier) => boolean): Generator<[string, Node]> {
  const callee = unwrapExpression(call.callee);
  if (callee.type !== 'MemberExpression' || !isNamed(callee.object, 'Object', isGlobal)) return;
  const [target, ...rest] = call.arguments;
  if (target === undefined || !isExportsObject(target, isGlobal)) return;
  const method = staticMemberName(callee);
  if (method === 'assign') {
    for (const source of rest) {
      if (source.type === 'ObjectExpression') yield* propertiesOf(source);
    }
  } else if (method === 'defineProperty') {
    const [key, descriptor] = rest;
    const name = key && key.type !== 'SpreadElement' ? staticKeyName(key, true) : undefined;
    if (name === undefined || descriptor?.type !== 'ObjectExpression') return;
    for (const [property, value] of propertiesOf(descriptor)) {
      if (property === 'value') yield [name, value];
      else if (property === 'get') for (const read of readBy(value)) yield [name, read];
    }
  }
}

function* propertiesOf(object: TSESTree.ObjectExpression): Generator<[string, Node]> {
  for (const property of object.properties) {
    if (property.type !== 'Property') continue;
    const name = staticPropertyName(property);
    if (name === undefined) continue;
    if (property.kind === 'init') yield [name, property.value];
    else if (property.kind === 'get') for (const read of readBy(property.value)) yield [name, read];
  }
}

/** What a getter of one statement (`function () { return pool }`) or of one expression reads. */
function readBy(getter: Node): Node[] {
  if (getter.type === 'ArrowFunctionExpression' && getter.body.type !== 'BlockStatement') return [getter.body];
  if (getter.type !== 'ArrowFunctionExpression' && getter.type !== 'FunctionExpression') return [];
  const [only] = getter.body.type === 'BlockStatement' ? getter.body.body : [];
  return only?.type === 'ReturnStatement' && only.argument ? [only.argument] : [];
}

/** `exports`, `module.exports`. */
function isExportsObject(node: Node, isGlobal: (name: Identifier) => boolean): boolean {
  const object = unwrapExpression(node);
  if (object.type === 'MemberExpression') return staticMemberName(object) === 'exports' && isNamed(object.object, 'module', isGlobal);
  return isNamed(object, 'exports', isGlobal);
}

function isNamed(node: Node, name: string, isGlobal: (name: Identifier) => boolean): boolean {
  const identifier = unwrapExpression(node);
  return identifier.type === 'Identifier' && identifier.name === name && isGlobal(identifier);
}
