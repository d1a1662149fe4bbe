/**
 * Whether a construction is memoised: it runs only where a place that outlives the function is found empty, and what it makes goes there.
 *
 *   pool ??= new Pool()                    if (!pool) pool = new Pool()             if (pool) return pool; … pool = new Pool()
 *   return pool ?? (pool = new Pool())     if (!pools.has(key)) pools.set(key, new Pool())
 *   globalThis.pool || (globalThis.pool = new Pool())                               const pool = globalThis.pool ?? new Pool(); … globalThis.pool = pool
 */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant } from '../bindings/scope-index.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { isFunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import { staticMemberName } from '../syntax/static-name.ts';

/** A test that a construction stands behind, and what it asks. */
export interface MemoGuard {
  /** The place that is asked: `pool`, `globalThis.pool`, `this.pools.get(key)`. */
  readonly asked: Node;
  /** The test, or the whole `a ?? b` or `a ??= b`. */
  readonly test: Node;
}

/** The guards that `node` stands behind within its function, innermost first: each asks whether something is there already. */
export function memoGuardsOf(node: Node): readonly MemoGuard[] {
  const guards: MemoGuard[] = [];
  let child = node;
  for (let parent = child.parent; parent && !isFunctionNode(child) && child.type !== 'Program'; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'AssignmentExpression':
        if (parent.right === child && (parent.operator === '??=' || parent.operator === '||=')) guards.push({ asked: parent.left, test: parent });
        break;
      case 'LogicalExpression':
        if (parent.right !== child) break;
        if (parent.operator !== '&&') guards.push({ asked: unwrapAwait(parent.left), test: parent });
        else addAbsent(guards, parent.left, parent.left);
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (parent.consequent === child) addAbsent(guards, parent.test, parent.test);
        else if (parent.alternate === child) addPresent(guards, parent.test, parent.test);
        break;
      case 'BlockStatement':
      case 'Program':
      case 'SwitchCase':
        addEarlierReturns(guards, parent.type === 'SwitchCase' ? parent.consequent : parent.body, child);
        break;
      default:
        break;
    }
  }
  return guards;
}

/** Whether one of the guards asks for something that outlives a run of the function around `node`, and the file writes it: the construction is memoised. */
export function isMemoised(model: ProgramModel, node: Node): boolean {
  return memoGuardsOf(node).some(({ asked }) => {
    const place = placeAsked(model, asked);
    return outlives(model, place, node) && isWritten(model, place);
  });
}

/** Tests that hold when something is absent: `!a`, `a == null`, `typeof a === 'undefined'`, `!map.has(k)`. */
function addAbsent(guards: MemoGuard[], test: Node, whole: Node): void {
  const expression = unwrapChain(test);
  if (expression.type === 'UnaryExpression' && expression.operator === '!') addPresent(guards, expression.argument, whole);
  else if (expression.type === 'LogicalExpression' && expression.operator !== '??') {
    addAbsent(guards, expression.left, whole);
    addAbsent(guards, expression.right, whole);
  } else if (expression.type === 'BinaryExpression' && /^===?$/.test(expression.operator)) addCompared(guards, expression, whole);
}

/** Tests that hold when something is there: `a`, `a != null`, `map.has(k)`, `a && a.isInitialized`. */
function addPresent(guards: MemoGuard[], test: Node, whole: Node): void {
  const expression = unwrapAwait(test);
  if (expression.type === 'BinaryExpression') {
    if (/^!==?$/.test(expression.operator)) addCompared(guards, expression, whole);
  } else if (expression.type === 'LogicalExpression') {
    addPresent(guards, expression.left, whole);
    addPresent(guards, expression.right, whole);
  } else if (expression.type === 'UnaryExpression') {
    if (expression.operator === '!') addAbsent(guards, expression.argument, whole);
  } else {
    guards.push({ asked: expression, test: whole });
  }
}

function addCompared(guards: MemoGuard[], { left, right }: TSESTree.BinaryExpression, whole: Node): void {
  const asked = unwrapAwait(isEmptyValue(left) ? right : left);
  guards.push({ asked: asked.type === 'UnaryExpression' && asked.operator === 'typeof' ? unwrapChain(asked.argument) : asked, test: whole });
}

function isEmptyValue(node: Node): boolean {
  return (node.type === 'Literal' && (node.value === null || node.value === 'undefined')) || (node.type === 'Identifier' && node.name === 'undefined');
}

/** `if (pool) return pool;` before the statement that `child` is. */
function addEarlierReturns(guards: MemoGuard[], statements: readonly Node[], child: Node): void {
  for (const statement of statements) {
    if (statement === child) return;
    if (statement.type === 'IfStatement' && statement.alternate === null && leaves(statement.consequent)) addPresent(guards, statement.test, statement.test);
  }
}

function leaves(node: Node): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return last !== undefined && (last.type === 'ReturnStatement' || last.type === 'ThrowStatement' || last.type === 'ContinueStatement');
}

/** What a question is asked of: the variable (or `this`, or a global) that it begins with, and the first name below it. */
interface AskedPlace {
  readonly root: Node;
  /** Name or source of the first member: `pool` of `globalThis.pool`, `KEY` of `globalThis[KEY]`. */
  readonly member: string | undefined;
}

/** The place that `asked` reads; a local constant is what it was given: `const cached = pools.get(key)`. */
function placeAsked(model: ProgramModel, asked: Node): AskedPlace {
  const unit = model.file.unitOf(asked);
  let member: string | undefined;
  let place = unwrapAwait(asked);
  for (let count = 0; count < 10; count++) {
    if (place.type === 'CallExpression') {
      place = unwrapChain(place.callee);
    } else if (place.type === 'MemberExpression') {
      member = staticMemberName(place) ?? excerpt(place.property, model.text);
      place = unwrapChain(place.object);
    } else if (place.type === 'Identifier') {
      const variable = model.scopes.variableOf(place);
      const declarator = variable?.defs[0]?.node as Node | undefined;
      const isLocal = variable !== undefined && model.scopes.unitOfVariable(variable) === unit && isConstant(variable);
      if (!isLocal || declarator?.type !== 'VariableDeclarator' || !declarator.init) break;
      place = unwrapAwait(declarator.init);
    } else {
      break;
    }
  }
  return { root: place, member };
}

/** Whether the place lives longer than a run of the function around `node`: a variable of code around it, a field, a global. */
function outlives(model: ProgramModel, { root }: AskedPlace, node: Node): boolean {
  if (root.type === 'ThisExpression') return true;
  if (root.type !== 'Identifier') return false;
  const variable = model.scopes.variableOf(root);
  const unit = model.file.unitOf(node);
  return variable === undefined || unit.type === 'Program' || model.scopes.unitOfVariable(variable) !== unit;
}

/** Whether the file puts something into the place: else the question has the same answer whenever it is asked. */
function isWritten(model: ProgramModel, place: AskedPlace): boolean {
  const variable = place.root.type === 'Identifier' ? model.scopes.variableOf(place.root) : undefined;
  if (variable?.references.some((reference) => reference.isWrite() && !reference.init) === true) return true;
  const isSame = (target: Node): boolean => {
    const other = placeAsked(model, target);
    if (other.root.type !== place.root.type) return false;
    if (other.root.type !== 'Identifier' || place.root.type !== 'Identifier') return other.member === place.member;
    const otherVariable = model.scopes.variableOf(other.root);
    if (variable !== undefined) return otherVariable === variable;
    return otherVariable === undefined && other.root.name === place.root.name && other.member === place.member;
  };
  if (model.file.memberAssignments.some(({ left }) => isSame(unwrapChain(left)))) return true;
  return [...model.file.calls.values()].flat().some((call) => {
    const { isMethod, name, callee } = callShape(call);
    return isMethod && KEEPS.test(name ?? '') && isSame(callee);
  });
}

/** Methods that keep what they are given. */
const KEEPS = /^(?:set|push|add|put|save|store|register)$/;
