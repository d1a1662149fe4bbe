/** The function that an acquisition gives its resource to, as a parameter: a reaction of its promise, or its callback. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Settlement } from '../domain/obligation.ts';
import { isFunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { KeptHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { outermost } from './outermost.ts';

export interface GivenHandle {
  readonly as: 'reaction' | 'callback';
  readonly unit: TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression;
  readonly variable: Variable;
  readonly name: string;
  /** The parameter of a callback that is the release: `done`. */
  readonly done: Variable | undefined;
  /** The parameter of a callback that is the error. */
  readonly error: Variable | undefined;
  /** The call that the function is an argument of. */
  readonly call: TSESTree.CallExpression;
  /** Whether another reaction takes the resource and gives it to this one. */
  readonly isHandedOn: boolean;
}

/** The function that gets the resource; undefined where none does, or another name than its parameter is what is reported. */
export function findGiven({ site, model, finding, outcome }: Pick<FixInput, 'site' | 'model' | 'finding' | 'outcome'>): GivenHandle | undefined {
  const given = calledBack(model, site.node, finding.handle, site.acquisition.callback?.release, outcome.releases) ?? reactionTo(model, site.node);
  return given !== undefined && finding.handle === `\`${given.name}\`` && isConstant(given.variable) ? given : undefined;
}

/** `pool.connect((error, client, done) => …)`, and functions of the project that are called so. */
function calledBack(model: ProgramModel, acquisition: Node, handle: string, release: number | undefined, releases: ReadonlySet<Node>): GivenHandle | undefined {
  if (acquisition.type !== 'CallExpression') return undefined;
  for (const argument of acquisition.arguments) {
    const unit = functionOf(argument);
    if (unit === undefined) continue;
    const index = unit.params.findIndex((param) => param.type === 'Identifier' && `\`${param.name}\`` === handle);
    const variable = parameterOf(model, unit, index);
    if (variable === undefined) continue;
    const isRelease = (one: number): boolean => parameterOf(model, unit, one)?.references.some(({ identifier }) => releases.has(calledAs(identifier)!)) === true;
    const done = release ?? unit.params.findIndex((_, one) => one > index && isRelease(one));
    return { as: 'callback', unit, variable, name: variable.name, done: parameterOf(model, unit, done), error: index === 0 ? undefined : parameterOf(model, unit, 0), call: acquisition, isHandedOn: false };
  }
  return undefined;
}

/** `pool.connect().then((client) => …)`, also where the acquisition is what a reaction before it gives. */
function reactionTo(model: ProgramModel, acquisition: Node): GivenHandle | undefined {
  let isHandedOn = false;
  for (let value = outermost(acquisition); ; ) {
    const { parent }: Node = value;
    const link = parent?.type === 'MemberExpression' && parent.object === value && parent.parent.type === 'CallExpression' && parent.parent.callee === parent ? parent.parent : undefined;
    if (link !== undefined && parent?.type === 'MemberExpression') {
      const name = staticMemberName(parent);
      if (name !== 'then') return undefined;
      const unit = functionOf(link.arguments[0]);
      const variable = unit && parameterOf(model, unit, 0);
      return unit && variable && { as: 'reaction', unit, variable, name: variable.name, done: undefined, error: undefined, call: link, isHandedOn };
    }
    const inner = parent?.type === 'ReturnStatement' ? model.file.unitOf(value) : parent?.type === 'ArrowFunctionExpression' && parent.body === value ? parent : undefined;
    const call = inner && isFunctionNode(inner) ? inner.parent : undefined;
    const callee = call?.type === 'CallExpression' && call.arguments[0] === inner ? unwrapExpression(call.callee) : undefined;
    if (callee?.type !== 'MemberExpression' || staticMemberName(callee) !== 'then') return undefined;
    isHandedOn = true;
    value = outermost(call!);
  }
}

function functionOf(node: Node | undefined): GivenHandle['unit'] | undefined {
  const inner = node && unwrapExpression(node);
  return (inner?.type === 'ArrowFunctionExpression' || inner?.type === 'FunctionExpression') && !inner.generator ? inner : undefined;
}

function parameterOf(model: ProgramModel, unit: GivenHandle['unit'], index: number): Variable | undefined {
  const param = unit.params[index];
  return param?.type === 'Identifier' ? model.scopes.variableOf(param) : undefined;
}

/** The body of the function as the place where the parameter is kept; of a callback, behind the statement that leaves it after an error. Undefined where there is none such. */
export function keptByParameter(model: ProgramModel, given: GivenHandle): KeptHandle | undefined {
  const { unit, variable, name, done, as, error } = given;
  const { body } = unit;
  if (body.type !== 'BlockStatement' || body.body.length === 0) return undefined;
  const common = { variable, name, unit, list: body.body, block: body, isAwaited: true, done };
  if (as === 'reaction') return { ...common, statement: undefined, start: body.range[0] + 1, index: -1 };
  const [guard] = body.body;
  return error !== undefined && isErrorGuard(model, guard, error) ? { ...common, statement: guard, start: guard.range[1], index: 0 } : undefined;
}

/** `if (error) return …;`: whether a statement leaves the callback wherever there is an error, and does nothing else. */
export function isErrorGuard(model: ProgramModel, statement: Node | undefined, error: Variable): statement is TSESTree.IfStatement {
  if (statement?.type !== 'IfStatement' || statement.alternate) return false;
  const { test, consequent } = statement;
  if (test.type !== 'Identifier' || model.scopes.variableOf(test) !== error) return false;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** The call of the function that a name stands for: `done()`. */
export function calledAs(name: Node): TSESTree.CallExpression | undefined {
  const callee = outermost(name);
  return callee.parent?.type === 'CallExpression' && callee.parent.callee === callee ? callee.parent : undefined;
}

/** The first way in which a path leaves the resource to somebody else; a reaction that gives it to the next one does not. */
export function settlementBeyond({ outcome }: Pick<FixInput, 'outcome'>, given: GivenHandle | undefined): Settlement | undefined {
  return outcome.settlements.find((settlement) => !(given?.isHandedOn === true && settlement.kind === 'transferred' && settlement.to === 'returned'));
}
