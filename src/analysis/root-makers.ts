/** Which functions and classes of a file may give, or hold, a root that they make, seen from the syntax alone. */
import type { Variable } from '../bindings/scope-index.ts';
import type { SourceFile } from '../project/source-files.ts';
import { isFunctionNode, type CallLike, type Node, type UnitNode } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape } from './call-shape.ts';
import { addAliases, functionName } from './handing-functions.ts';

/**
 * The names (of functions that return it, of classes whose constructor keeps it, and what they are exported as) under which `file` may give the result
 * of a call for which `makes` is true. What is put into a variable or a field that lives on is kept there, and not made for the caller. What a function makes by
 * means of another file is not looked for: that would be half of a large project.
 */
export function findRootMakers(file: SourceFile, makes: (call: CallLike) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  for (let count = -1; count < names.size; ) {
    count = names.size;
    for (const [unit, calls] of file.index.calls) {
      if (!isFunctionNode(unit)) continue;
      const own = functionName(unit);
      if (own === undefined || names.has(own)) continue;
      const isMade = calls.some((call) => {
        const { name } = callShape(call);
        return ((name !== undefined && names.has(name)) || makes(call)) && isGiven(file, call, unit, new Set());
      });
      if (isMade) names.add(own);
    }
    addAliases(file.text, names);
  }
  return names;
}

/** The names among `imported` that a file hands on, under the same name or another: `export { open as connect } from './db'`, `export * from './db'`. */
export function namesHandedOn(text: string, imported: ReadonlySet<string>): ReadonlySet<string> {
  if (imported.size === 0 || !/\bexport\b|\bexports\b/.test(text)) return new Set();
  if (/\bexport\s*\*/.test(text)) return imported;
  const names = new Set<string>();
  for (const [, list] of text.matchAll(/\b(?:export|exports\s*=)\s*\{([^}]*)\}/g)) {
    for (const part of list!.split(',')) {
      const [from, to = from] = part.trim().split(/\s+as\s+|\s*:\s*/);
      if (from !== undefined && imported.has(from)) names.add(to!);
    }
  }
  return names;
}

/** Whether the value of `node` is returned by `unit`, alone or in something, or kept by the object that the constructor `unit` makes. */
function isGiven(file: SourceFile, node: Node, unit: UnitNode, asked: Set<Variable>): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'ReturnStatement':
        return true;
      case 'ArrowFunctionExpression':
        return parent === unit && parent.body === child;
      case 'VariableDeclarator':
        return parent.init === child && isVariableGiven(file, parent.id, unit, asked);
      case 'AssignmentExpression':
        if (parent.right !== child) return false;
        if (isVariableGiven(file, parent.left, unit, asked)) return true;
        return isConstructor(unit) && parent.left.type === 'MemberExpression' && unwrapExpression(parent.left.object).type === 'ThisExpression';
      case 'IfStatement':
      case 'WhileStatement':
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'Program':
        return false;
      default:
        if (parent.type.endsWith('Statement')) return false;
    }
  }
  return false;
}

function isVariableGiven(file: SourceFile, pattern: Node, unit: UnitNode, asked: Set<Variable>): boolean {
  const variable = pattern.type === 'Identifier' ? file.scopes.variableOf(pattern) : undefined;
  if (variable === undefined || file.scopes.unitOfVariable(variable) !== unit || asked.has(variable)) return false;
  asked.add(variable);
  return variable.references.some((reference) => !reference.isWriteOnly() && isGiven(file, reference.identifier, unit, asked));
}

function isConstructor(unit: UnitNode): boolean {
  const parent = unit.parent as Node | null | undefined;
  return parent?.type === 'MethodDefinition' && parent.kind === 'constructor';
}
