/** A function that takes a resource, hands it to a callback and releases it on every path, and does nothing else: `withClient(async (client) => …)`. */
import type { SiteOutcome } from '../analysis/analyse-program.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { ownNodes } from './callback-body.ts';
import { findHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { usesOfHandle, type ResourceCall } from './handle-uses.ts';
import { isRethrow } from './remove-statement.ts';

/** One such function. */
export interface Lender {
  readonly model: ProgramModel;
  /** What it takes. */
  readonly site: NonNullable<SiteOutcome['site']>;
  /** Its name in its module. */
  readonly variable: Variable;
  readonly unit: FunctionNode;
  /** What it takes the resource from. */
  readonly source: Node;
  /** Its parameter that is the callback. */
  readonly callback: Variable;
  /** Whether it is given what it takes the resource from, before the callback. */
  readonly takesSource: boolean;
}

const lenders = new WeakMap<readonly SiteOutcome[], readonly Lender[]>();

/** The functions of a file that lend; found once. */
export function lendersOf({ model, outcomes }: Pick<AcquisitionInput, 'model' | 'outcomes'>): readonly Lender[] {
  let found = lenders.get(outcomes);
  if (found === undefined) {
    found = outcomes.flatMap((outcome) => (outcome.released && outcome.owed.length + outcome.settlements.length + outcome.misuses.length === 0 ? lenderOf(model, outcome) ?? [] : []));
    lenders.set(outcomes, found);
  }
  return found;
}

/** Whether a function may lend, as far as its text tells. */
export function mayLend({ text }: ProgramModel, unit: FunctionNode): boolean {
  const callback = unit.params.at(-1);
  return unit.async && !unit.generator && unit.params.length <= 2 && callback?.type === 'Identifier' && text.slice(...unit.body.range).includes(`${callback.name}(`);
}

/** The function around an acquisition that is released on every path, if all that it does otherwise is to call its callback. */
function lenderOf(model: ProgramModel, outcome: SiteOutcome): Lender | undefined {
  const { site } = outcome;
  if (site === undefined || site.acquisition.call !== site.node) return undefined;
  const source = receiverOf(site.node);
  const handle = findHandle({ site, model });
  if (source === undefined || typeof handle === 'string' || !isFunctionNode(handle.unit) || !handle.unit.async || handle.unit.generator) return undefined;
  const { unit } = handle;
  const uses = usesOfHandle(model, handle, site.acquisition.type, outcome.releases);
  if (typeof uses === 'string' || uses.calls.length !== 1) return undefined;
  const [use] = uses.calls as [ResourceCall];
  const callee = use.call.type === 'CallExpression' ? unwrapChain(use.call.callee) : undefined;
  const callback = callee?.type === 'Identifier' ? model.scopes.variableOf(callee) : undefined;
  if (callback?.defs[0]?.type !== ('Parameter' as never) || !isConstant(callback) || use.completion !== 'awaited' || use.call.type !== 'CallExpression' || use.call.arguments.length !== 1) return undefined;
  const known = new Set<Node>([site.node, use.call, ...uses.releases.map(({ call }) => call)]);
  const isAll = model.graphOf(unit).instructions.every(({ op, node }) => (op !== 'call' && op !== 'throw') || known.has(node) || isInRethrow(node, uses.releases.map(({ statement }) => statement)));
  if (!isAll || !returnsResult(model, unit, use.call, uses.releases.map(({ statement }) => statement))) return undefined;
  const variable = variableOf(model, unit);
  const takesSource = sourceParameter(model, unit, source, callback);
  return variable === undefined || takesSource === undefined ? undefined : { model, site, variable, unit, source, callback, takesSource };
}

/** Whether the function gives what its callback gave, and throws what it threw. */
function returnsResult(model: ProgramModel, unit: FunctionNode, call: Node, releases: readonly Node[]): boolean {
  const nodes = ownNodes(unit, [unit.body]);
  const returns = nodes.filter((node) => node.type === 'ReturnStatement');
  const [only] = returns;
  if (only?.type !== 'ReturnStatement' || returns.length !== 1 || !only.argument) return false;
  const value = unwrapExpression(only.argument);
  const variable = value.type === 'Identifier' ? model.scopes.variableOf(value) : undefined;
  const declarator = variable?.defs[0]?.node as Node | undefined;
  const given = declarator?.type === 'VariableDeclarator' && variable !== undefined && isConstant(variable) && declarator.id.type === 'Identifier' && declarator.init ? declarator.init : value;
  if (unwrapAwait(given) !== call) return false;
  const block = only.parent;
  const isOnEachPath = block === unit.body || (block.type === 'BlockStatement' && block.parent.type === 'TryStatement' && block.parent.block === block && block.parent.parent === unit.body);
  return isOnEachPath && nodes.every((node) => node.type !== 'CatchClause' || isRethrow(node, node.body.body.filter((statement) => !releases.includes(statement))));
}

function isInRethrow(node: Node, releases: readonly Node[]): boolean {
  const clause = node.parent?.parent;
  return node.type === 'ThrowStatement' && clause?.type === 'CatchClause' && isRethrow(clause, clause.body.body.filter((statement) => !releases.includes(statement)));
}

/** The variable that a function of the module goes by, where nothing else in the file has its name. */
function variableOf(model: ProgramModel, unit: FunctionNode): Variable | undefined {
  const id = unit.type === 'FunctionDeclaration' ? unit.id : unit.parent.type === 'VariableDeclarator' && unit.parent.id.type === 'Identifier' && unit.parent.parent.kind === 'const' ? unit.parent.id : undefined;
  const variable = id ? model.scopes.variableOf(id) : undefined;
  if (variable === undefined || model.scopes.unitOfVariable(variable)?.type !== 'Program' || !isConstant(variable)) return undefined;
  const sameName = [...model.scopes.declaredBetween(0, model.text.length)].filter(({ name }) => name === variable.name);
  return sameName.length === 1 ? variable : undefined;
}

/** Whether what a lender takes from is its first parameter, or a constant; undefined where it has other parameters. */
function sourceParameter(model: ProgramModel, unit: FunctionNode, source: Node, callback: Variable): boolean | undefined {
  const variables = unit.params.map((parameter) => (parameter.type === 'Identifier' ? model.scopes.variableOf(parameter) : undefined));
  const from = source.type === 'Identifier' ? model.scopes.variableOf(source) : undefined;
  if (variables.length === 2) return from !== undefined && isConstant(from) && variables[0] === from && variables[1] === callback ? true : undefined;
  return variables.length === 1 && variables[0] === callback ? false : undefined;
}

/** What the acquiring call is a method of, where it is given nothing. */
export function receiverOf(call: Node): Node | undefined {
  if (call.type !== 'CallExpression' || call.optional || call.arguments.length > 0) return undefined;
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' && !callee.optional ? unwrapExpression(callee.object) : undefined;
}
