/**
 * Which variables of enclosing functions a closure holds on to, and which names a module leaves undeclared.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ParsedSource } from './parse-source.ts';

export interface Captures {
  /** Variables of enclosing functions that the code of this function, class or object literal refers to. */
  of(node: TSESTree.Node): readonly string[];
  /** Is this identifier a variable of the module's top level? */
  isModuleReference(node: TSESTree.Identifier): boolean;
  /** Is this identifier a parameter of a function around it? */
  isParameterReference(node: TSESTree.Node): boolean;
  /** Variables of the module's top level: what is stored in them, or in what they hold, outlives every call. */
  readonly moduleVariables: readonly string[];
  /** Undeclared names that are not part of the language. */
  readonly globals: readonly string[];
}

/** Names that the executed code takes from the JavaScript engine. */
const LANGUAGE = new Set([
  'undefined', 'NaN', 'Infinity', 'Error', 'TypeError', 'Promise', 'Symbol', 'Object', 'Array', 'Map', 'Set', 'WeakMap',
  'WeakSet', 'Math', 'Date', 'JSON', 'Boolean', 'Number', 'String', 'arguments',
]);

/** Names that a CommonJS file is given. */
export const COMMONJS_NAMES: readonly string[] = ['require', 'module', 'exports'];

export function findCaptures(parsed: ParsedSource): Captures {
  const captured = new Map<TSESTree.Node, Set<string>>();
  const moduleReferences = new Set<TSESTree.Node>();
  const parameterReferences = new Set<TSESTree.Node>();
  const isCommonJs = parsed.path.endsWith('.cjs');
  const given = new Set([...LANGUAGE, ...(isCommonJs ? COMMONJS_NAMES : [])]);
  const moduleVariables: string[] = [];
  const globals = new Set<string>();

  for (const scope of parsed.scopeManager.scopes) {
    for (const reference of scope.references) {
      const variable = reference.resolved;
      const isDeclared = variable !== null && variable.defs.length > 0;
      if (!isDeclared) {
        const { name } = reference.identifier;
        if (isValueReference(reference) && !given.has(name)) globals.add(name);
        continue;
      }
      if (variable.defs[0]?.type === 'Parameter') parameterReferences.add(reference.identifier);
      if (isModuleScope(variable.scope, isCommonJs)) {
        moduleReferences.add(reference.identifier);
        continue;
      }
      // Every function, class and method-bearing object between the reference and the declaring scope holds the variable.
      let child: TSESTree.Node = reference.identifier;
      for (let node: TSESTree.Node | undefined = child.parent; node && node !== variable.scope.block; node = node.parent) {
        const inner = child;
        child = node;
        if (!isHolder(node, inner)) continue;
        let names = captured.get(node);
        if (!names) captured.set(node, (names = new Set()));
        names.add(variable.name);
      }
    }
    if (isModuleScope(scope, isCommonJs)) {
      for (const variable of scope.variables) {
        if (variable.defs[0]?.type === 'Variable') moduleVariables.push(variable.name);
      }
    }
  }
  return {
    of: (node) => [...(captured.get(node) ?? [])],
    isModuleReference: (node) => moduleReferences.has(node),
    isParameterReference: (node) => parameterReferences.has(node),
    moduleVariables,
    globals: [...globals],
  };
}

/** The scope of a file's top level: of a CommonJS file, which is the body of a function, the parser makes the global scope. */
function isModuleScope({ type, block }: { type: string; block: TSESTree.Node }, isCommonJs: boolean): boolean {
  return block.type === 'Program' && (type !== 'global' || isCommonJs);
}

function isHolder(node: TSESTree.Node, child: TSESTree.Node): boolean {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return true;
    case 'ObjectExpression':
      // The methods of an object literal hold what they mention; plain values are properties and found as such.
      return child.type === 'Property' && (child.method || child.kind !== 'init');
    default:
      return false;
  }
}

function isValueReference(reference: { isValueReference?: boolean }): boolean {
  return reference.isValueReference !== false;
}
