import type { Variable } from '../bindings/scope-index.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { CallLike, Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/** Where a value goes that an expression makes, as the syntax around it shows. */
export type Keeper =
  | { readonly kind: 'variable'; readonly variable: Variable; readonly isModuleLevel: boolean }
  /** `globalThis.pool`, `global.pool`, `globalThis[Symbol.for('pool')]`: also by an alias of the global object, and casts of it. */
  | { readonly kind: 'global'; readonly target: TSESTree.MemberExpression }
  /** `this.pool = …`, `app.locals.pool = …`. */
  | { readonly kind: 'member'; readonly target: TSESTree.MemberExpression }
  /** A field of a class with an initialiser. */
  | { readonly kind: 'field'; readonly field: TSESTree.PropertyDefinition | TSESTree.AccessorProperty }
  | { readonly kind: 'export' }
  | { readonly kind: 'returned' }
  /** An argument of a call, or a part of one; `property`: the name under which an options object has it. */
  | { readonly kind: 'argument'; readonly call: CallLike; readonly property: string | undefined }
  /** A property of an object, or an element of a list, that goes nowhere else. */
  | { readonly kind: 'part'; readonly of: Node }
  /** It is used where it is made: `new Pool().query(…)`. */
  | { readonly kind: 'used'; readonly by: Node }
  | { readonly kind: 'nothing' };

const GLOBALS = new Set(['globalThis', 'global', 'window', 'self']);

/**
 * The keeper of the value of `node`. `through`: names of methods that give the object itself, or something that stands for it (`$extends`, `connect`).
 */
export function keeperOf(model: ProgramModel, node: Node, through: ReadonlySet<string> = new Set()): Keeper {
  let value = node;
  let property: string | undefined;
  for (let parent = value.parent; parent; parent = value.parent) {
    switch (parent.type) {
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'ChainExpression':
      case 'AwaitExpression':
      case 'ConditionalExpression':
      case 'LogicalExpression':
        break;
      case 'SequenceExpression':
        if (parent.expressions.at(-1) !== value) return { kind: 'nothing' };
        break;
      case 'MemberExpression': {
        if (parent.object !== value) return { kind: 'nothing' };
        const call = parent.parent;
        const name = staticMemberName(parent);
        if (name === undefined || !through.has(name) || call.type !== 'CallExpression' || call.callee !== parent) return { kind: 'used', by: parent };
        parent = call;
        break;
      }
      case 'Property':
        property = property ?? (parent.key.type === 'Identifier' && !parent.computed ? parent.key.name : undefined);
        break;
      case 'ObjectExpression':
      case 'ArrayExpression':
      case 'SpreadElement':
        break;
      case 'VariableDeclarator':
        if (parent.id.type === 'Identifier') return ofVariable(model, parent.id);
        return { kind: 'used', by: parent };
      case 'AssignmentExpression': {
        if (parent.right !== value) return { kind: 'nothing' };
        // `return (pool = new Pool())`: the assignment decides.
        return ofTarget(model, unwrapChain(parent.left));
      }
      case 'AssignmentPattern':
        return parent.left.type === 'Identifier' ? ofVariable(model, parent.left) : { kind: 'nothing' };
      case 'PropertyDefinition':
      case 'AccessorProperty':
        return { kind: 'field', field: parent };
      case 'ReturnStatement':
        return { kind: 'returned' };
      case 'ArrowFunctionExpression':
        return parent.body === value ? { kind: 'returned' } : { kind: 'nothing' };
      case 'ExportDefaultDeclaration':
      case 'TSExportAssignment':
        return { kind: 'export' };
      case 'CallExpression':
      case 'NewExpression':
        if (parent.callee === value) return { kind: 'used', by: parent };
        return { kind: 'argument', call: parent, property };
      case 'TaggedTemplateExpression':
        return { kind: 'used', by: parent };
      default:
        return value === node ? { kind: 'nothing' } : partOrNothing(value);
    }
    value = parent;
  }
  return { kind: 'nothing' };
}

function partOrNothing(value: Node): Keeper {
  return value.type === 'ObjectExpression' || value.type === 'ArrayExpression' ? { kind: 'part', of: value } : { kind: 'nothing' };
}

function ofVariable(model: ProgramModel, name: TSESTree.Identifier): Keeper {
  const variable = model.scopes.variableOf(name);
  if (variable === undefined) return { kind: 'nothing' };
  return { kind: 'variable', variable, isModuleLevel: model.scopes.unitOfVariable(variable)?.type === 'Program' };
}

function ofTarget(model: ProgramModel, target: Node): Keeper {
  if (target.type === 'MemberExpression') return isGlobalObject(model, target.object) ? { kind: 'global', target } : { kind: 'member', target };
  if (target.type !== 'Identifier') return { kind: 'used', by: target };
  return model.scopes.variableOf(target) === undefined ? { kind: 'nothing' } : ofVariable(model, target);
}

/** Whether `node` is the global object: by one of its names, behind casts, or a constant that was given it. */
export function isGlobalObject(model: ProgramModel, node: Node): boolean {
  let object = unwrapChain(node);
  for (let count = 0; count < 3; count++) {
    if (object.type !== 'Identifier') return false;
    const variable = model.scopes.variableOf(object);
    if (variable === undefined) return GLOBALS.has(object.name);
    const declarator = variable.defs[0]?.node as Node | undefined;
    if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return false;
    // `declare const globalThis: { prisma?: PrismaClient } & typeof global` only says what it holds.
    if (declarator.parent.declare) return GLOBALS.has(object.name);
    if (!declarator.init) return false;
    object = unwrapChain(declarator.init);
  }
  return false;
}

