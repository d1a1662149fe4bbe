/** Functions of the project that do nothing but give back what they are given: a call of one is a release like any other. */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { ownRow } from '../bindings/own-row.ts';
import type { Variable } from '../bindings/scope-index.ts';
import { mayThrow } from '../cfg/throw-policy.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { isFunctionNode, type FunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';

/** One function calls another; nobody writes more. */
const MAX_DEPTH = 3;

/**
 * The calls that release the only argument of `call` in the function that it runs, where that does nothing else that anybody could tell; it may ask if there is something to release.
 * Undefined where it does more, or is not known.
 */
export function releasesBehind(model: ProgramModel, call: TSESTree.CallExpression, type: TypeRow, depth = 0): readonly Node[] | undefined {
  if (call.arguments.length !== 1 || depth > MAX_DEPTH) return undefined;
  const callee = model.bindings.calleeOf(call) ?? model.bindings.foreignCalleeOf(call)?.node;
  if (callee === undefined || callee.generator) return undefined;
  const home = model.modelOf(callee);
  const parameter = parameterOf(home, callee);
  if (parameter === undefined) return undefined;
  const releases: Node[] = [];
  const isFine = (node: Node): boolean => {
    switch (node.type) {
      case 'BlockStatement':
        return node.body.every(isFine);
      case 'ExpressionStatement':
        return isFine(node.expression);
      case 'ReturnStatement':
        return node.argument === null || isFine(node.argument);
      case 'IfStatement':
        return node.alternate === null && isTestOf(home, node.test, parameter) && isFine(node.consequent);
      case 'TryStatement':
        return isFine(node.block) && (node.handler === null || isFine(node.handler.body)) && (node.finalizer === null || isFine(node.finalizer));
      case 'LogicalExpression':
        return node.operator === '&&' && isTestOf(home, node.left, parameter) && isFine(node.right);
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression': {
        const inner = unwrapAwait(node);
        return inner !== node && isFine(inner);
      }
      case 'CallExpression': {
        const released = releasesOf(home, node, parameter, type, depth);
        releases.push(...(released ?? []));
        if (released !== undefined) return true;
        // What is written into a log: nobody waits for it, and it does not fail.
        return !mayThrow(node) && node.parent.type === 'ExpressionStatement' && !node.arguments.some((argument) => isFunctionNode(unwrapExpression(argument)));
      }
      case 'Identifier':
      case 'Literal':
        return true;
      default:
        return false;
    }
  };
  return isFine(callee.body) && releases.length > 0 ? releases : undefined;
}

/** The parameter of a function that has one, or further ones that it need not be given. */
function parameterOf(model: ProgramModel, { params }: FunctionNode): Variable | undefined {
  const [first] = params;
  const name = first?.type === 'AssignmentPattern' ? first.left : first;
  return name?.type === 'Identifier' ? model.scopes.variableOf(name) : undefined;
}

/** `client.release()`, `pool.releaseConnection(client)`, or a call of a function that does it. */
function releasesOf(model: ProgramModel, call: TSESTree.CallExpression, parameter: Variable, type: TypeRow, depth: number): readonly Node[] | undefined {
  const callee = unwrapChain(call.callee);
  if (callee.type === 'MemberExpression' && call.arguments.length === 0) {
    const name = staticMemberName(callee);
    return isVariable(model, callee.object, parameter) && name !== undefined && ownRow(type.members, name)?.effect === 'release' ? [call] : undefined;
  }
  const [only] = call.arguments;
  if (call.arguments.length !== 1 || only === undefined || !isVariable(model, only, parameter)) return undefined;
  const isSeen = (model.bindings.calleeOf(call) ?? model.bindings.foreignCalleeOf(call)) !== undefined;
  if (isSeen) {
    const behind = releasesBehind(model, call, type, depth + 1);
    return behind && [call, ...behind];
  }
  return type.takenBackBy?.some(({ name }) => name === callShape(call).name) === true ? [call] : undefined;
}

function isVariable(model: ProgramModel, node: Node, variable: Variable): boolean {
  const inner = unwrapExpression(node);
  return inner.type === 'Identifier' && model.scopes.variableOf(inner) === variable;
}

/** Whether a test asks about nothing but the parameter: `client`, `client != null`, `'release' in client`, `isPooled(client)` of a function that asks in such a way. */
function isTestOf(model: ProgramModel, test: Node, parameter: Variable): boolean {
  const node = unwrapExpression(test);
  switch (node.type) {
    case 'Identifier':
      return model.scopes.variableOf(node) === parameter;
    case 'MemberExpression':
      return !node.computed && isTestOf(model, node.object, parameter);
    case 'UnaryExpression':
      return node.operator !== 'delete' && isTestOf(model, node.argument, parameter);
    case 'LogicalExpression':
      return isTestOf(model, node.left, parameter) && isTestOf(model, node.right, parameter);
    case 'BinaryExpression':
      return [node.left, node.right].every((side) => isPlain(side) || isTestOf(model, side, parameter));
    case 'CallExpression': {
      const [only] = node.arguments;
      const callee = model.bindings.calleeOf(node);
      const own = callee && parameterOf(model, callee);
      const returned = callee?.body.type === 'BlockStatement' ? soleReturn(callee.body) : callee?.body;
      return node.arguments.length === 1 && only !== undefined && isVariable(model, only, parameter) && callee?.async === false && own !== undefined && returned !== undefined && isTestOf(model, returned, own);
    }
    default:
      return false;
  }
}

/** `null`, `undefined`, a text */
function isPlain(node: Node): boolean {
  return node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined');
}

function soleReturn({ body: [first, ...more] }: TSESTree.BlockStatement): Node | undefined {
  return more.length === 0 && first?.type === 'ReturnStatement' && first.argument !== null ? first.argument : undefined;
}
