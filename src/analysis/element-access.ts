/**
 * Elements of a list that are read in a way we do not follow: `clients[index]`, `clients.pop()`, or a loop up to `clients.length`. Which of
 * them it is, and whether its turn comes, is not known.
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape } from './call-shape.ts';
import { elementsOf, heldBy } from './held.ts';
import type { ProgramModel } from './program-model.ts';

/** Methods of a list that give elements of it, or a list of them. */
const ELEMENT_METHODS = new Set([
  'pop', 'shift', 'splice', 'at', 'slice', 'concat', 'values', 'entries', 'flat', 'reverse', 'sort', 'toSorted', 'toReversed', 'with', 'find', 'findLast', 'filter',
]);

const ELEMENT_PATH = /\.(?:\d+|\?)(?:\.|$)/;

/** Whether the instruction uses an element of a list that holds the resource, without saying which. */
export function usesSomeElement(model: ProgramModel, instruction: Instruction, disjunct: Disjunct): boolean {
  if (!disjunct.aliases.some((alias) => alias.path !== '' && ELEMENT_PATH.test(alias.path))) return false;
  return operandsOf(instruction).some((operand) => readsElement(model, disjunct, operand));
}

function operandsOf(instruction: Instruction): readonly Node[] {
  switch (instruction.op) {
    case 'call': {
      const shape = callShape(instruction.node as CallLike);
      return [shape.node, shape.callee, ...shape.arguments];
    }
    case 'assign':
    case 'return':
    case 'await':
    case 'copy':
      return instruction.value === undefined ? [] : [instruction.value.expression];
    case 'branch': {
      const test = unwrapExpression(instruction.value.expression);
      return test.type === 'BinaryExpression' ? [test.left, test.right] : [test];
    }
    default:
      return [];
  }
}

function readsElement(model: ProgramModel, disjunct: Disjunct, operand: Node): boolean {
  for (let node = unwrapAwait(operand); ; ) {
    if (node.type === 'CallExpression') {
      const callee = unwrapChain(node.callee);
      if (callee.type !== 'MemberExpression' || !ELEMENT_METHODS.has(staticMemberName(callee) ?? '')) return false;
      return elementsOf(heldBy(model, disjunct, callee.object)).length > 0;
    }
    if (node.type !== 'MemberExpression') return false;
    const name = staticMemberName(node);
    if ((name === undefined || name === 'length') && elementsOf(heldBy(model, disjunct, node.object)).length > 0) return true;
    node = unwrapAwait(node.object);
  }
}
