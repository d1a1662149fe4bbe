/** What TypeScript knows of a value by a test is forgotten at the border of a function, but for constants. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import { isPropertyName } from './names-in.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { eachChild } from '../syntax/each-child.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';

/** Whether something in a range of a unit may rest on a test in front of it, or something behind the range on a test in it. */
export function losesNarrowing(model: ProgramModel, unit: Node, range: readonly [number, number]): boolean {
  const [start, end] = range;
  const nodes = below(unit);
  const tested = nodes.filter(isTested).flatMap(below).filter((node) => isReference(node) && !isCompared(node));
  const testedBefore = new Set(tested.filter((node) => node.range[1] <= start && node.type === 'MemberExpression').map((node) => textOf(model, node)));
  const testedInside = new Set(tested.filter((node) => node.range[0] >= start && node.range[1] <= end).map((node) => textOf(model, node)));
  return nodes.some((node) => {
    if (!isReference(node)) return false;
    if (node.range[0] >= start && node.range[1] <= end) return (testedBefore.size > 0 && testedBefore.has(textOf(model, node))) || isUnsteady(model, node, range);
    return node.range[0] >= end && testedInside.has(textOf(model, node));
  });
}

/** A variable of the code around the range that is written behind its beginning: no function keeps what a test says of it. */
function isUnsteady(model: ProgramModel, node: Node, [start, end]: readonly [number, number]): boolean {
  const variable = node.type === 'Identifier' ? model.scopes.variableOf(node) : undefined;
  if (variable === undefined || variable.identifiers.some(({ range }) => range[0] >= start && range[1] <= end)) return false;
  return variable.references.some((reference) => reference.isWrite() && reference.init !== true && reference.identifier.range[0] >= start);
}

/** A condition, or what is given to a function that may assert it. */
function isTested(node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ConditionalExpression':
      return parent.test === node;
    case 'SwitchStatement':
      return parent.discriminant === node;
    case 'LogicalExpression':
      return true;
    case 'AssignmentExpression':
      return parent.left === node;
    case 'CallExpression':
      return parent.parent.type === 'ExpressionStatement' && parent.arguments.includes(node as never);
    default:
      return false;
  }
}

/** An operand of `<` and the like, or a property of one: nothing is known of it afterwards. */
function isCompared(node: Node): boolean {
  let outer: Node = node;
  while (outer.parent?.type === 'MemberExpression' && outer.parent.object === outer) outer = outer.parent;
  return outer.parent?.type === 'BinaryExpression' && /^[<>+\-*/%]=?$/.test(outer.parent.operator);
}

/** A variable, or a property other than a length and what is called as a method. */
function isReference(node: Node): boolean {
  const { parent } = node;
  if (node.type === 'MemberExpression') return staticMemberName(node) !== 'length' && !(parent?.type === 'CallExpression' && parent.callee === node);
  return node.type === 'Identifier' && !isPropertyName(node);
}

function textOf(model: ProgramModel, node: Node): string {
  return model.text.slice(...node.range).replace(/\?\.(?=\w)/g, '.').replaceAll('!', '').replace(/\s+/g, '');
}

/** All nodes below `node`, in functions inside it as well. */
function below(node: Node): Node[] {
  const found: Node[] = [];
  const pending: Node[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    found.push(next);
    eachChild(next, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found;
}
