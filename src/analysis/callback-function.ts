/** Which function of the project an argument stands for, when somebody else will call it. */
import type { Disjunct } from '../domain/disjunct.ts';
import type { CallbackRow } from '../drivers/driver.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { itself } from './apply-to-resource.ts';
import { callShape } from './call-shape.ts';
import { isParameter } from './callback-acquisition.ts';
import { heldBy } from './held.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

/** The function that `argument` is, names, or binds to an object: `function () {}`, `onConnect`, `onConnect.bind(this)`. */
export function functionOf(model: ProgramModel, argument: Node): FunctionNode | undefined {
  const node = unboundFunction(argument);
  return isFunctionNode(node) ? node : model.callGraph.functionAt(node);
}

/** The argument of `call` that is the callback. */
export function callbackOf(call: CallLike, row: CallbackRow): Node | undefined {
  const { arguments: values } = callShape(call);
  const argument = row.argument === undefined ? values.at(-1) : values[row.argument];
  return argument === undefined || argument.type === 'SpreadElement' || isNoFunction(unwrapChain(argument)) ? undefined : argument;
}

/** `undefined` where a callback may stand says that there is none. */
function isNoFunction(value: Node): boolean {
  return NO_FUNCTIONS.has(value.type) || (value.type === 'Identifier' && value.name === 'undefined');
}

/** Options and addresses: `pool.getConnection({ poolAlias })`, `pool.open('DATABASE=shop')`. */
const NO_FUNCTIONS: ReadonlySet<string> = new Set(['Literal', 'TemplateLiteral', 'ObjectExpression', 'ArrayExpression']);

/** The function below `f.bind(object)`; arguments that are bound too would come before the others, so such a call stays as it is. */
export function unboundFunction(argument: Node): Node {
  const node = unwrapChain(argument);
  if (node.type !== 'CallExpression' || node.arguments.length > 1) return node;
  const callee = unwrapChain(node.callee);
  return callee.type === 'MemberExpression' && staticMemberName(callee) === 'bind' ? unboundFunction(callee.object) : node;
}

/** Whether `argument` is known to be a function: one of the file, the release of the resource, or what somebody gave for it. */
export function isFunctionLike(run: Run, disjunct: Disjunct, argument: Node): boolean {
  if (functionOf(run.model, argument) !== undefined) return true;
  const node = unboundFunction(argument);
  const role = itself(heldBy(run.model, disjunct, node))?.role;
  return role === 'releaser' || role === 'bound' || role === 'closure' || (role === undefined && isParameter(run.model, node));
}
