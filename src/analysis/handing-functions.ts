/** Which functions of a file may hand out what they take, seen from the syntax alone. */
import { writesOf, type Variable } from '../bindings/scope-index.ts';
import type { SourceFile } from '../project/source-files.ts';
import { isFunctionNode, type CallLike, type ClassNode, type FunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape, REACTIONS } from './call-shape.ts';
import { unboundFunction } from './callback-function.ts';

/**
 * The names (of functions, methods, and what they are exported as; `default` for what is exported without one) under which `file` may hand out the
 * result (or what the callback gets) of a call for whose name `takes` is true. `imported`: names of other files, which it may hand on under another one.
 */
export function findHandingFunctions(file: SourceFile, imported: ReadonlySet<string>, takes: (name: string) => boolean): ReadonlySet<string> {
  const names = new Set(imported);
  for (let count = -1; count < names.size; ) {
    count = names.size;
    for (const [unit, calls] of file.index.calls) {
      for (const call of calls) {
        const { name } = callShape(call);
        if (name !== undefined && (takes(name) || names.has(name)) && leavesUnit(file, call, unit)) addNames(file, unit, names);
      }
    }
    addAliases(file.text, names);
  }
  return names;
}

/** `names`, and what the text of a file that imports them calls them: `const { open: openClient } = require('./db')`. */
export function withAliases(names: ReadonlySet<string>, text: string): ReadonlySet<string> {
  if (names.size === 0) return names;
  const all = new Set(names);
  addAliases(text, all);
  // `const openClient = openerFor(tenant);`
  for (const [, to, from] of text.matchAll(/\b([\w$]+)\s*=\s*(?:[\w$]+\s*\.\s*)*([\w$]+)\s*\(/g)) if (all.has(from!)) all.add(to!);
  return all;
}

/** Adds the names of `unit` and of the functions around it: what a function inside a function hands out may be handed on. */
function addNames(file: SourceFile, unit: UnitNode, names: Set<string>): void {
  for (let at = unit; isFunctionNode(at); at = file.index.unitOf(at)) {
    const name = functionName(at);
    if (name !== undefined) names.add(name);
  }
}

/** The name that a function is called by (of a constructor, the name of its class), as far as its syntax shows. */
export function functionName(unit: FunctionNode): string | undefined {
  if (unit.id) return unit.id.name;
  const { parent } = unit;
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : undefined;
    case 'MethodDefinition':
      // What a constructor makes, the object holds.
      return parent.kind === 'constructor' ? nameOfClass(parent.parent.parent) : staticKeyName(parent.key, parent.computed);
    case 'Property':
    case 'PropertyDefinition':
      return staticKeyName(parent.key, parent.computed);
    case 'ExportDefaultDeclaration':
      return 'default';
    case 'AssignmentExpression':
      if (parent.left.type === 'MemberExpression' && staticMemberName(parent.left) === 'exports') return 'default';
      return parent.left.type === 'MemberExpression' ? staticMemberName(parent.left) : parent.left.type === 'Identifier' ? parent.left.name : undefined;
    default:
      return undefined;
  }
}

function nameOfClass(node: ClassNode): string {
  return node.id?.name ?? 'default';
}

/** `export { open as connectDb }`, `{ connectDb: open }`, `connectDb = open`, `const { open: connectDb } = db`: other names for the same. */
export function addAliases(text: string, names: Set<string>): void {
  const patterns = [...text.matchAll(/\{([^{}()]*)\}\s*=(?![=>])/g)].map(([, pattern]) => pattern!);
  for (let count = -1; count < names.size; ) {
    count = names.size;
    for (const [, from, to] of text.matchAll(/\b([\w$]+)\s+as\s+([\w$]+)/g)) if (names.has(from!)) names.add(to!);
    for (const [, name] of text.matchAll(/\b(?:export\s+default|module\.exports\s*=|exports\.default\s*=)\s+(?:new\s+)?([\w$]+)\s*[;}\n]/g)) if (names.has(name!)) names.add('default');
    for (const [, to, from] of text.matchAll(/\b([\w$]+)\s*[:=]\s*(?:[\w$]+\s*\.\s*)*([\w$]+)(?:\s*\.\s*bind\b|\s*[,;)}\n])/g)) if (names.has(from!)) names.add(to!);
    for (const pattern of patterns) for (const [, from, to] of pattern.matchAll(/\b([\w$]+)\s*:\s*([\w$]+)/g)) if (names.has(from!)) names.add(to!);
  }
}

/** Whether what `call` gives may be reachable when `unit` is left: its value is returned, stored outside of it, or captured, or its callback hands on what it gets. */
function leavesUnit(file: SourceFile, call: CallLike, unit: UnitNode): boolean {
  return mayEscape(file, call, unit, new Set()) || callShape(call).arguments.some((argument) => isHandedOnBy(file, argument));
}

/** Whether `argument` is a callback that may hand on what it gets: it was given by the caller, or hands a parameter to somebody else. */
function isHandedOnBy(file: SourceFile, argument: Node): boolean {
  const named = unboundFunction(argument);
  if (isFunctionNode(named)) return handsOnParameter(file, named);
  const definition = named.type === 'Identifier' ? file.scopes.variableOf(named)?.defs[0] : undefined;
  if ((definition?.type as string | undefined) === 'Parameter') return true;
  const declared = definition?.node as Node | undefined;
  const value = declared?.type === 'VariableDeclarator' && declared.init ? unwrapExpression(declared.init) : declared;
  return value !== undefined && isFunctionNode(value) && handsOnParameter(file, value);
}

/** Whether a callback hands a parameter on: `resolve(client)`, `callback(null, client)`, from a callback inside it too. Where there are several, the first one is the error. */
function handsOnParameter(file: SourceFile, callback: FunctionNode): boolean {
  const asked = new Set<Variable>();
  return callback.params.slice(callback.params.length > 1 ? 1 : 0).some((parameter) => {
    const variable = parameter.type === 'Identifier' ? file.scopes.variableOf(parameter) : undefined;
    if (variable === undefined) return true;
    asked.add(variable);
    return variable.references.some(({ identifier }) => {
      const use = identifier as Node;
      const unit = file.index.unitOf(use);
      return mayEscape(file, use, unit, asked) || isCapturedByEscaping(file, unit, callback, asked);
    });
  });
}

/** Whether `unit` or a function around it, inside `callback`, may be reachable when the unit around that is left. */
function isCapturedByEscaping(file: SourceFile, unit: UnitNode, callback: FunctionNode, asked: Set<Variable>): boolean {
  for (let at = unit; at !== callback && isFunctionNode(at); ) {
    const around = file.index.unitOf(at);
    if (at.type === 'FunctionDeclaration' && at.id ? bindsEscaping(file, at.id, around, asked) : mayEscape(file, at, around, asked)) return true;
    at = around;
  }
  return false;
}

function mayEscape(file: SourceFile, value: Node, unit: UnitNode, asked: Set<Variable>): boolean {
  let node = value;
  for (let parent = node.parent; parent; node = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'ReturnStatement':
      case 'YieldExpression':
      case 'PropertyDefinition':
        return true;
      case 'ArrowFunctionExpression':
        return parent.body === node;
      case 'VariableDeclarator':
        return parent.init === node && bindsEscaping(file, parent.id, unit, asked);
      case 'AssignmentExpression':
        if (parent.right !== node) return false;
        if (parent.left.type === 'MemberExpression' || bindsEscaping(file, parent.left, unit, asked)) return true;
        break;
      case 'AssignmentPattern':
        return parent.right === node && bindsEscaping(file, parent.left, unit, asked);
      case 'CallExpression':
      case 'NewExpression':
        if (parent.callee === node) return false;
        // `resolve(client)`, `callback(null, client)`, `clients.push(client)`, `new Session(client)`
        if (parent.type === 'NewExpression' || isOutlet(file, parent.callee)) return true;
        break;
      case 'MemberExpression': {
        const call = parent.parent;
        if (parent.object !== node || call.type !== 'CallExpression' || call.callee !== parent || !REACTIONS.has(staticMemberName(parent) ?? '')) return false;
        // A reaction may do anything with it.
        return true;
      }
      case 'IfStatement':
      case 'WhileStatement':
      case 'ExpressionStatement':
        return false;
      default:
        if (parent.type.endsWith('Statement')) return false;
        break;
    }
  }
  return false;
}

/** Whether what `pattern` binds may leave the unit: a variable that is returned, captured, or not of this unit. */
function bindsEscaping(file: SourceFile, pattern: Node, unit: UnitNode, asked: Set<Variable>): boolean {
  const target = unwrapExpression(pattern);
  if (target.type !== 'Identifier') return target.type === 'ObjectPattern' || target.type === 'ArrayPattern' || target.type === 'MemberExpression';
  const variable = file.scopes.variableOf(target);
  if (variable === undefined || file.scopes.unitOfVariable(variable) !== unit) return true;
  if (asked.has(variable)) return false;
  asked.add(variable);
  const writes = new Set(writesOf(variable).map((reference) => reference.identifier));
  return variable.references.some((reference) => {
    const use = reference.identifier as Node;
    if (writes.has(reference.identifier)) return false;
    return file.index.unitOf(use) !== unit || mayEscape(file, use, unit, asked);
  });
}

/** Whether what is given to the called function may be kept or handed on by it: a parameter of a function, a method of a collection. */
function isOutlet(file: SourceFile, callee: Node): boolean {
  const target = unwrapExpression(callee);
  if (target.type === 'MemberExpression') return /^(?:push|set|add|unshift|resolve|all|race|any|allSettled)$/.test(staticMemberName(target) ?? '');
  const definition = target.type === 'Identifier' ? file.scopes.variableOf(target)?.defs[0] : undefined;
  return (definition?.type as string | undefined) === 'Parameter';
}
