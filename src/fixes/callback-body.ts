/** Which statements become the body of a callback, and what has to pass its border. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { eachChild } from '../syntax/each-child.ts';
import { isFunctionNode, isLoop, type Node, type Statement, type TSESTree } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { CallbackPlace } from './callback-place.ts';
import { losesNarrowing } from './narrowing.ts';
import { outerVariables } from './outer-variables.ts';

export interface CallbackBody {
  /** The statements of the list; those that end the resource are among them, but for `closing`. */
  readonly statements: readonly Statement[];
  readonly range: readonly [number, number];
  /** The statement behind them that ends the resource, and goes. */
  readonly closing: Statement | undefined;
  /** Where that begins, or the first of several such statements in a row. */
  readonly closingStart: number;
  /** `return`: the callback returns what the function does. `on`: the code goes on behind it, with the values. */
  readonly leaves: 'return' | 'on';
  /** What the code behind the callback needs of what is declared in it. */
  readonly values: readonly Variable[];
  /** Whether the one value is none that an async function would wait for. */
  readonly isSettled: boolean;
}

/**
 * The body from the place on: to the last thing that needs the resource, or to the end of the function where it is left from within; else the precondition that is false.
 * `needed`: all that has to be in it. `gone`: the statements that end the resource.
 */
export function callbackBody(model: ProgramModel, unit: Node, place: CallbackPlace, needed: readonly Node[], gone: ReadonlySet<Node>): CallbackBody | BlockedReason {
  const { list, from, before } = place;
  const first = before[0] ?? list[from];
  const last = Math.max(from - 1, ...needed.map((node) => list.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1])));
  if (first === undefined || last < from) return 'nothing to wrap';
  const isLast = !place.isUnwrapped || last === list.length - 1;
  const closing = gone.has(list[last]!) && isLast ? list[last] : undefined;
  const bodyTo = (end: number): Pick<CallbackBody, 'statements' | 'range'> => ({ statements: list.slice(from, end + 1), range: [first.range[0], (end < from ? closing ?? first : list[end]!).range[1]] });
  let run = last;
  while (run > from && gone.has(list[run - 1]!)) run--;
  const closingStart = list[run]!.range[0];
  const inner = bodyTo(closing !== undefined ? last - 1 : place.isUnwrapped ? list.length - 1 : last);
  let body: CallbackBody = { ...inner, closing, closingStart, leaves: 'on', values: [], isSettled: true };
  const returns = ownNodes(unit, [...before, ...inner.statements]).filter(({ type }) => type === 'ReturnStatement');
  if (returns.length > 0) {
    const isEnd = closing !== undefined && last === list.length - 1;
    body = { ...(isEnd ? inner : bodyTo(list.length - 1)), closing: isEnd ? closing : undefined, closingStart, leaves: 'return', values: [], isSettled: true };
  }
  const [start, end] = body.range;
  if (body.statements.every((statement) => gone.has(statement)) && before.every((statement) => gone.has(statement))) return 'nothing to wrap';
  const used = outerVariables(model, body.range).filter(({ references }) => references.some(({ identifier: { range } }) => (range[0] < start || range[0] >= end) && !isInside(range, gone)));
  if (used.length > 0) {
    if (body.leaves === 'return' || place.isUnwrapped) return 'declared inside';
    const next = list[last + 1];
    const given = closing !== undefined && next?.type === 'ReturnStatement' ? next.argument : null;
    const canReturn = given !== null && isSteady(model, given, body.range, true)
      && used.every(({ references }) => references.every(({ identifier: { range } }) => range[0] >= start && range[0] < given.range[1]));
    const isReturnable = used.every(isReturnableVariable);
    // `return order;` behind it: the callback can return that itself.
    if (canReturn && (isSettledValue(model, given) || !isReturnable)) body = { ...bodyTo(last + 1), closing: undefined, closingStart, leaves: 'return', values: [], isSettled: true };
    else if (isReturnable) body = { ...body, values: used, isSettled: used.every(isSettledVariable) };
    else return 'declared inside';
  }
  return blockedBorder(model, unit, place, body) ?? body;
}

/** The nodes of a unit below some of its nodes: what is in functions inside them is not its own. */
export function ownNodes(unit: Node, nodes: readonly Node[]): Node[] {
  const found: Node[] = [];
  const pending = [...nodes];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    found.push(node);
    if (!isFunctionNode(node) || node === unit) eachChild(node, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found;
}

function isInside(range: readonly [number, number], statements: ReadonlySet<Node>): boolean {
  return [...statements].some((statement) => statement.range[0] <= range[0] && range[1] <= statement.range[1]);
}

/** What may not pass the border of a function. */
function blockedBorder(model: ProgramModel, unit: Node, place: CallbackPlace, { statements, range, leaves }: CallbackBody): BlockedReason | undefined {
  const inside = [...place.before, ...statements];
  for (const statement of inside) {
    if (statement.type === 'VariableDeclaration' && /using/.test(statement.kind)) return 'disposal';
    if (/^(?:Import|Export)/.test(statement.type)) return 'declared inside';
  }
  for (const node of ownNodes(unit, inside)) {
    if (node.type === 'YieldExpression') return 'jumps out';
    if ((node.type === 'BreakStatement' || node.type === 'ContinueStatement') && leavesRange(node, range)) return 'jumps out';
    // It keeps its value from one turn of a loop to the next.
    if (node.type === 'VariableDeclaration' && node.kind === 'var' && node.declarations.some(({ init }) => init === null) && node.parent.type !== 'ForInStatement' && node.parent.type !== 'ForOfStatement') return 'declared inside';
  }
  if (leaves === 'return' && unit.type === 'Program') return 'returns on some paths';
  if (isTypeScript(model)) {
    if (assignsOutside(model, range)) return 'assigned inside';
    if (losesNarrowing(model, unit, range)) return 'narrowed';
  }
  return undefined;
}

/** Whether the file is checked by TypeScript, as far as its name tells. */
function isTypeScript({ path }: ProgramModel): boolean {
  return !/\.[cm]?jsx?$/.test(path);
}

/** Whether a jump goes to something around the range. */
function leavesRange(jump: TSESTree.BreakStatement | TSESTree.ContinueStatement, [start, end]: readonly [number, number]): boolean {
  for (let node: Node | undefined = jump.parent; node && node.range[0] >= start && node.range[1] <= end; node = node.parent) {
    if (jump.label ? node.type === 'LabeledStatement' && node.label.name === jump.label.name : isLoop(node) || (jump.type === 'BreakStatement' && node.type === 'SwitchStatement')) return false;
  }
  return true;
}

/** Whether a variable of the code around the range is written in it, and read outside of it. */
function assignsOutside(model: ProgramModel, [start, end]: readonly [number, number]): boolean {
  const isInRange = (node: { readonly range: readonly [number, number] }): boolean => node.range[0] >= start && node.range[1] <= end;
  return [...model.scopes.namedBetween(start, end)].some((variable) => !variable.identifiers.some(isInRange) && variable.references.some((reference) => reference.isWrite() && isInRange(reference.identifier)) && variable.references.some((reference) => reference.isRead() && !isInRange(reference.identifier)));
}

/** A constant whose value the callback can return as it is. A literal would get a wider type on the way. */
function isReturnableVariable(variable: Variable): boolean {
  const declaration = variable.defs[0]?.parent as Node | null | undefined;
  const declarator = variable.defs[0]?.node as Node | undefined;
  if (declaration?.type !== 'VariableDeclaration' || declaration.kind === 'var' || declarator?.type !== 'VariableDeclarator' || !declarator.init || !isConstant(variable)) return false;
  const value = unwrapExpression(declarator.init);
  return value.type !== 'Literal' && value.type !== 'TemplateLiteral' && value.type !== 'ConditionalExpression' && value.type !== 'LogicalExpression';
}

/** Whether the value of a variable is no promise: it was awaited, or made of nothing that may give one. */
function isSettledVariable(variable: Variable): boolean {
  const declarator = variable.defs[0]?.node as Node | undefined;
  if (!isConstant(variable) || declarator?.type !== 'VariableDeclarator' || !declarator.init) return false;
  const value = unwrapChain(declarator.init);
  switch (value.type) {
    case 'AwaitExpression':
      // What it is an array or an object of may be one.
      return declarator.id.type === 'Identifier';
    case 'ObjectExpression':
    case 'ArrayExpression':
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return declarator.id.type === 'Identifier';
    default:
      return false;
  }
}

/** Whether an expression is made of constants and no promise that would be waited for where it is returned. */
export function isSettledValue(model: ProgramModel, node: Node): boolean {
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'UnaryExpression':
      return true;
    case 'Identifier': {
      const variable = model.scopes.variableOf(inner);
      return inner.name === 'undefined' || (variable !== undefined && isSettledVariable(variable));
    }
    case 'ObjectExpression':
    case 'ArrayExpression':
      return true;
    default:
      return false;
  }
}

/** Whether a value that is returned may be a promise that nobody waited for: a callback would wait for it before it ends. */
export function mayBePromise(model: ProgramModel, node: Node): boolean {
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'Identifier': {
      const variable = model.scopes.variableOf(inner);
      return variable?.references.some((reference) => reference.isWrite() && reference.writeExpr != null && mayBePromise(model, reference.writeExpr)) === true;
    }
    case 'ConditionalExpression':
      return mayBePromise(model, inner.consequent) || mayBePromise(model, inner.alternate);
    case 'LogicalExpression':
      return mayBePromise(model, inner.left) || mayBePromise(model, inner.right);
    case 'AssignmentExpression':
      return mayBePromise(model, inner.right) || (inner.operator.length > 1 && mayBePromise(model, inner.left));
    case 'SequenceExpression':
      return mayBePromise(model, inner.expressions.at(-1)!);
    case 'ChainExpression':
      return mayBePromise(model, inner.expression);
    default:
      return inner.type === 'CallExpression' || inner.type === 'NewExpression' || inner.type === 'TaggedTemplateExpression' || inner.type === 'ImportExpression' || inner.type === 'YieldExpression';
  }
}

/**
 * Whether nothing happens when the expression is evaluated, and its value is that of variables that nobody else changes meanwhile; with `andProperties`, of
 * their properties as well, which somebody might.
 */
export function isSteady(model: ProgramModel, node: Node, [start, end]: readonly [number, number], andProperties: boolean): boolean {
  const isSteadyPart = (part: Node): boolean => isSteady(model, part, [start, end], andProperties);
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'Literal':
      return true;
    case 'Identifier': {
      const variable = model.scopes.variableOf(inner);
      if (variable === undefined) return inner.name === 'undefined';
      const isOwn = variable.identifiers.every(({ range }) => range[0] >= start && range[0] < end) && model.scopes.distantReferences(variable).length === 0;
      return isConstant(variable) || isOwn;
    }
    case 'MemberExpression':
      return andProperties && !inner.computed && isSteadyPart(inner.object);
    case 'TemplateLiteral':
      return inner.expressions.every(isSteadyPart);
    case 'UnaryExpression':
      return inner.operator !== 'delete' && isSteadyPart(inner.argument);
    case 'BinaryExpression':
      return isSteadyPart(inner.left) && isSteadyPart(inner.right);
    case 'ObjectExpression':
      return inner.properties.every((property) => property.type === 'Property' && !property.computed && property.kind === 'init' && !property.method && isSteadyPart(property.value));
    case 'ArrayExpression':
      return inner.elements.every((element) => element !== null && isSteadyPart(element));
    default:
      return false;
  }
}
