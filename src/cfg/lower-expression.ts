/**
 * Expressions to instructions, in the order of evaluation (ECMA-262 §13). The value of an expression is named by its node:
 * instructions that use it refer to the node, and where an expression takes one of several values (`a ?? b`), a `copy` says which.
 *
 * `wanted` is false where nobody uses the value (an expression statement): copies are left out then.
 */
import { eachChild, type VisitorKeys } from '../syntax/each-child.ts';
import { isFunctionNode, type ClassNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { staticKeyName } from '../syntax/static-name.ts';
import type { GraphBuilder, Label } from './graph-builder.ts';
import type { Value } from './graph.ts';
import { endsProcess, mayThrow } from './throw-policy.ts';

/** What lowering needs besides the syntax: the builder, the parser's visitor keys, and how to lower statements (class static blocks). */
export interface LoweringContext {
  readonly builder: GraphBuilder;
  readonly visitorKeys: VisitorKeys;
  /** In an async generator, `return value` awaits the value (ECMA-262 §27.6.3.8). */
  readonly returnAwaits: boolean;
  readonly lowerStatements: (statements: readonly TSESTree.Statement[]) => void;
}

/** The value of `expression` itself. */
export function valueOf(expression: Node): Value {
  return { expression, path: '' };
}

/** Emits what evaluating `node` does. */
export function lowerExpression(context: LoweringContext, node: Node, wanted = true): void {
  const { builder } = context;
  if (!builder.reachable) return;
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
    case 'Super':
    case 'MetaProperty':
    case 'PrivateIdentifier':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'TSEmptyBodyFunctionExpression':
      return;
    case 'TSAsExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSInstantiationExpression':
      lowerExpression(context, node.expression, wanted);
      return;
    case 'MemberExpression':
    case 'CallExpression':
      lowerLink(context, node, undefined);
      return;
    case 'ChainExpression':
      lowerChain(context, node, wanted);
      return;
    case 'NewExpression':
      lowerExpression(context, node.callee);
      for (const argument of node.arguments) lowerExpression(context, argument);
      builder.emit({ op: 'call', node }, mayThrow(node));
      return;
    case 'TaggedTemplateExpression':
      lowerExpression(context, node.tag);
      for (const expression of node.quasi.expressions) lowerExpression(context, expression);
      builder.emit({ op: 'call', node }, true);
      return;
    case 'ImportExpression':
      lowerExpression(context, node.source);
      builder.emit({ op: 'opaque', node }, true);
      return;
    case 'AwaitExpression':
      lowerExpression(context, node.argument);
      builder.emit({ op: 'await', node, value: valueOf(node.argument) }, true);
      return;
    case 'YieldExpression':
      if (node.argument) lowerExpression(context, node.argument);
      builder.yield(node, node.argument ? valueOf(node.argument) : undefined);
      return;
    case 'LogicalExpression':
      lowerLogical(context, node, wanted);
      return;
    case 'ConditionalExpression':
      lowerConditional(context, node, wanted);
      return;
    case 'AssignmentExpression':
      lowerAssignment(context, node, wanted);
      return;
    case 'BinaryExpression':
      lowerBinary(context, node);
      return;
    case 'UnaryExpression': {
      let operand: Node = node;
      while (operand.type === 'UnaryExpression') operand = operand.argument;
      lowerExpression(context, operand);
      return;
    }
    case 'UpdateExpression':
      lowerTargetParts(context, node.argument);
      builder.emit({ op: 'assign', node, target: node.argument, value: undefined, declares: false });
      return;
    case 'SequenceExpression':
      node.expressions.forEach((expression, index) => {
        lowerExpression(context, expression, wanted && index === node.expressions.length - 1);
      });
      return;
    case 'ClassExpression':
      lowerClass(context, node);
      return;
    case 'ObjectExpression':
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') lowerExpression(context, property.argument);
        else {
          if (property.computed) lowerExpression(context, property.key);
          lowerExpression(context, property.value);
        }
      }
      return;
    default:
      // Template, array, spread, JSX and whatever a newer parser brings: evaluate the parts in order.
      eachChild(node, context.visitorKeys, (child) => {
        if (!isTypeSyntax(child)) lowerExpression(context, child);
      });
  }
}

/** Operands from left to right. A sum of hundreds of terms is nested as deeply, on its left: it is gone down in a loop, not by calls. */
function lowerBinary(context: LoweringContext, node: TSESTree.BinaryExpression): void {
  const rights: Node[] = [];
  let left: Node = node;
  while (left.type === 'BinaryExpression') {
    rights.push(left.right);
    left = left.left;
  }
  lowerExpression(context, left);
  for (const right of rights.reverse()) lowerExpression(context, right);
}

function isTypeSyntax(node: Node): boolean {
  return (node.type.startsWith('TS') && unwrapExpression(node) === node) || isFunctionNode(node);
}

/** A link of a member or call chain; `missing` is where an optional chain goes when a link is null or undefined. */
function lowerLink(context: LoweringContext, node: Node, missing: Label | undefined): void {
  const { builder } = context;
  if (node.type === 'MemberExpression') {
    lowerLink(context, node.object, missing);
    if (node.optional && missing !== undefined) lowerOptional(context, node.object, missing);
    if (node.computed) lowerExpression(context, node.property);
    return;
  }
  if (node.type === 'CallExpression') {
    lowerLink(context, node.callee, missing);
    if (node.optional && missing !== undefined) lowerOptional(context, node.callee, missing);
    for (const argument of node.arguments) lowerExpression(context, argument);
    builder.emit({ op: 'call', node }, mayThrow(node));
    if (endsProcess(node)) builder.stop();
    return;
  }
  if (node.type === 'TSNonNullExpression') {
    lowerLink(context, node.expression, missing);
    return;
  }
  lowerExpression(context, node);
}

function lowerOptional(context: LoweringContext, object: Node, missing: Label): void {
  const present = context.builder.label(object);
  context.builder.branch('nullish', valueOf(object), object, missing, present);
  context.builder.place(present);
}

function lowerChain(context: LoweringContext, node: TSESTree.ChainExpression, wanted: boolean): void {
  const { builder } = context;
  const missing = builder.label(node);
  lowerLink(context, node.expression, missing);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.expression) });
  if (!wanted) {
    builder.place(missing);
    return;
  }
  const end = builder.label(node);
  builder.jump(end);
  builder.place(missing);
  builder.emit({ op: 'copy', node, value: undefined });
  builder.place(end);
}

function lowerLogical(context: LoweringContext, node: TSESTree.LogicalExpression, wanted: boolean): void {
  const { builder } = context;
  lowerExpression(context, node.left);
  const right = builder.label(node.right);
  const left = builder.label(node);
  const end = builder.label(node);
  const keeps = { keeps: wanted };
  if (node.operator === '&&') builder.branch('truthy', valueOf(node.left), node.left, right, left, keeps);
  else if (node.operator === '||') builder.branch('truthy', valueOf(node.left), node.left, left, right, keeps);
  else builder.branch('nullish', valueOf(node.left), node.left, right, left, keeps);
  builder.place(left);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.left) });
  builder.jump(end);
  builder.place(right);
  lowerExpression(context, node.right, wanted);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.right) });
  builder.place(end);
}

function lowerConditional(context: LoweringContext, node: TSESTree.ConditionalExpression, wanted: boolean): void {
  const { builder } = context;
  const consequent = builder.label(node.consequent);
  const alternate = builder.label(node.alternate);
  const end = builder.label(node);
  lowerTest(context, node.test, consequent, alternate);
  builder.place(consequent);
  lowerExpression(context, node.consequent, wanted);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.consequent) });
  builder.jump(end);
  builder.place(alternate);
  lowerExpression(context, node.alternate, wanted);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.alternate) });
  builder.place(end);
}

/** Evaluates `node` as a condition: control goes to `whenTrue` or `whenFalse`, and `!`, `&&`, `||` become edges. */
export function lowerTest(context: LoweringContext, node: Node, whenTrue: Label, whenFalse: Label): void {
  const { builder } = context;
  if (!builder.reachable) return;
  const test = unwrapExpression(node);
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    lowerTest(context, test.argument, whenFalse, whenTrue);
    return;
  }
  if (test.type === 'LogicalExpression' && test.operator !== '??') {
    const right = builder.label(test.right);
    if (test.operator === '&&') lowerTest(context, test.left, right, whenFalse);
    else lowerTest(context, test.left, whenTrue, right);
    builder.place(right);
    lowerTest(context, test.right, whenTrue, whenFalse);
    return;
  }
  if (test.type === 'Literal' && !('regex' in test)) {
    builder.jump(test.value ? whenTrue : whenFalse);
    return;
  }
  lowerExpression(context, test);
  builder.branch('truthy', valueOf(test), test, whenTrue, whenFalse);
}

function lowerAssignment(context: LoweringContext, node: TSESTree.AssignmentExpression, wanted: boolean): void {
  const { builder } = context;
  const logical = node.operator === '??=' || node.operator === '||=' || node.operator === '&&=';
  if (node.operator === '=') {
    lowerTargetParts(context, node.left);
    lowerExpression(context, node.right);
    lowerPattern(context, node.left, valueOf(node.right), node, false);
    return;
  }
  lowerTargetParts(context, node.left);
  if (!logical) {
    lowerExpression(context, node.right);
    builder.emit({ op: 'assign', node, target: node.left, value: undefined, declares: false });
    return;
  }
  const assigns = builder.label(node.right);
  const keeps = builder.label(node);
  const end = builder.label(node);
  if (node.operator === '&&=') builder.branch('truthy', valueOf(node.left), node.left, assigns, keeps);
  else if (node.operator === '||=') builder.branch('truthy', valueOf(node.left), node.left, keeps, assigns);
  else builder.branch('nullish', valueOf(node.left), node.left, assigns, keeps);
  builder.place(keeps);
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.left) });
  builder.jump(end);
  builder.place(assigns);
  lowerExpression(context, node.right);
  builder.emit({ op: 'assign', node, target: node.left, value: valueOf(node.right), declares: false });
  if (wanted) builder.emit({ op: 'copy', node, value: valueOf(node.right) });
  builder.place(end);
}

/** Evaluates the object and the computed key of an assignment target, which happens before the right-hand side. */
function lowerTargetParts(context: LoweringContext, target: Node): void {
  const inner = unwrapExpression(target);
  if (inner.type !== 'MemberExpression') return;
  lowerExpression(context, inner.object);
  if (inner.computed) lowerExpression(context, inner.property);
}

/**
 * Binds `value` to `pattern` (identifier, member expression, object or array pattern with defaults).
 * `declares`: the identifiers are declared here (`const`, `let`, a catch or function parameter).
 */
export function lowerPattern(context: LoweringContext, pattern: Node, value: Value | undefined, node: Node, declares: boolean): void {
  const { builder } = context;
  const target = unwrapExpression(pattern);
  switch (target.type) {
    case 'Identifier':
    case 'MemberExpression':
      builder.emit({ op: 'assign', node, target, value, declares });
      return;
    case 'AssignmentPattern': {
      const fallback = builder.label(target.right);
      const given = builder.label(target.left);
      const end = builder.label(target);
      // A value that is not known is named by the pattern itself: nothing is known of it, so both sides are taken.
      builder.branch('undefined', value ?? valueOf(target), target, fallback, given);
      builder.place(given);
      lowerPattern(context, target.left, value, node, declares);
      builder.jump(end);
      builder.place(fallback);
      lowerExpression(context, target.right);
      lowerPattern(context, target.left, valueOf(target.right), node, declares);
      builder.place(end);
      return;
    }
    case 'ObjectPattern':
      for (const property of target.properties) {
        if (property.type === 'RestElement') {
          lowerPattern(context, property.argument, undefined, node, declares);
          continue;
        }
        if (property.computed) lowerExpression(context, property.key);
        const name = staticKeyName(property.key, property.computed);
        lowerInnerPattern(context, property.value, below(value, name), node, declares);
      }
      return;
    case 'ArrayPattern':
      target.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'RestElement') lowerPattern(context, element.argument, undefined, node, declares);
        else lowerInnerPattern(context, element, below(value, String(index)), node, declares);
      });
      return;
    case 'RestElement':
      lowerPattern(context, target.argument, undefined, node, declares);
      return;
    case 'TSParameterProperty':
      lowerPattern(context, target.parameter, value, node, declares);
      return;
    default:
      return;
  }
}

function lowerInnerPattern(context: LoweringContext, pattern: Node, value: Value | undefined, node: Node, declares: boolean): void {
  lowerTargetParts(context, pattern.type === 'AssignmentPattern' ? pattern.left : pattern);
  lowerPattern(context, pattern, value, node, declares);
}

function below(value: Value | undefined, name: string | undefined): Value | undefined {
  if (value === undefined || name === undefined) return undefined;
  return { expression: value.expression, path: `${value.path}.${name}` };
}

/** What defining a class runs at once: the superclass, computed keys, decorators, static fields and static blocks. */
export function lowerClass(context: LoweringContext, node: ClassNode): void {
  for (const decorator of node.decorators ?? []) lowerExpression(context, decorator.expression);
  if (node.superClass) lowerExpression(context, node.superClass);
  const statics: TSESTree.ClassElement[] = [];
  for (const element of node.body.body) {
    if (element.type === 'StaticBlock') {
      statics.push(element);
      continue;
    }
    if (!('key' in element)) continue;
    for (const decorator of element.decorators ?? []) lowerExpression(context, decorator.expression);
    if (element.computed) lowerExpression(context, element.key);
    if (element.static && (element.type === 'PropertyDefinition' || element.type === 'AccessorProperty')) statics.push(element);
  }
  for (const element of statics) {
    if (element.type === 'StaticBlock') {
      context.lowerStatements(element.body);
    } else if ((element.type === 'PropertyDefinition' || element.type === 'AccessorProperty') && element.value) {
      lowerExpression(context, element.value);
      context.builder.emit({ op: 'assign', node: element, target: element, value: valueOf(element.value), declares: true });
    }
  }
}
