/** Which function of the file an argument stands for, when somebody else will call it. */
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { ProgramModel } from './program-model.ts';

/** The function that `argument` is, names, or binds to an object: `function () {}`, `onConnect`, `onConnect.bind(this)`. */
export function functionOf(model: ProgramModel, argument: Node): FunctionNode | undefined {
  const node = unwrapChain(argument);
  if (isFunctionNode(node)) return node;
  if (node.type === 'CallExpression') {
    const callee = unwrapChain(node.callee);
    // Arguments that are bound too come before the others.
    const binds = callee.type === 'MemberExpression' && staticMemberName(callee) === 'bind' && node.arguments.length <= 1;
    return binds ? functionOf(model, callee.object) : undefined;
  }
  const entity = model.bindings.entityOf(node);
  return entity?.kind === 'local-function' && entity.node.body ? entity.node : undefined;
}
