/** A function of the file that takes a resource, hands it to a callback and releases it on every path: `withClient(async (client) => …)`. */
import type { SiteOutcome } from '../analysis/analyse-program.ts';
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Site } from '../domain/obligation.ts';
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { ownNodes } from './callback-body.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { usesOfHandle, type ResourceCall } from './handle-uses.ts';
import { isRethrow } from './remove-statement.ts';
import type { ScopedForm } from './scoped-form.ts';

/** The form, as this acquisition would be written with it; undefined where the file has none that takes the same from the same pool, and does nothing else. */
export function ownForm({ site, outcomes, model }: AcquisitionInput, handle: FoundHandle): ScopedForm | undefined {
  const source = receiverOf(site.node);
  if (source === undefined || site.acquisition.call !== site.node) return undefined;
  for (const lender of lendersOf(model, outcomes)) {
    if (lender.unit === handle.unit || !isSameCall(lender.site, site)) continue;
    const head = headOf(model, lender, source);
    if (head !== undefined) return { callee: lender.name, head, parameter: handle.name, property: undefined, shares: [], commits: false, differs: undefined };
  }
  return undefined;
}

const lenders = new WeakMap<readonly SiteOutcome[], readonly Lender[]>();

/** The functions of the file that lend; found once. */
function lendersOf(model: ProgramModel, outcomes: readonly SiteOutcome[]): readonly Lender[] {
  let found = lenders.get(outcomes);
  if (found === undefined) {
    found = outcomes.flatMap((outcome) => (outcome.released && outcome.owed.length + outcome.settlements.length + outcome.misuses.length === 0 ? lenderOf(model, outcome) ?? [] : []));
    lenders.set(outcomes, found);
  }
  return found;
}

/** Whether two acquisitions call the same method of the library. */
function isSameCall(one: Site, other: Site): boolean {
  const [left, right] = [one, other].map(({ node }) => (node.type === 'CallExpression' ? callShape(node).name : undefined));
  return one.acquisition.type === other.acquisition.type && one.acquisition.call === one.node && left !== undefined && left === right;
}

interface Lender {
  readonly site: Site;
  readonly name: string;
  readonly unit: FunctionNode;
  /** What it takes the resource from. */
  readonly source: Node;
  /** Its parameter that is the callback. */
  readonly callback: Variable;
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
  const name = nameOf(model, unit);
  return name === undefined ? undefined : { site, name, unit, source, callback };
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

/** The name that a function of the module goes by, where nothing else in the file has it. */
function nameOf(model: ProgramModel, unit: FunctionNode): string | undefined {
  const id = unit.type === 'FunctionDeclaration' ? unit.id : unit.parent.type === 'VariableDeclarator' && unit.parent.id.type === 'Identifier' && unit.parent.parent.kind === 'const' ? unit.parent.id : undefined;
  const variable = id ? model.scopes.variableOf(id) : undefined;
  if (variable === undefined || model.scopes.unitOfVariable(variable)?.type !== 'Program' || !isConstant(variable)) return undefined;
  const sameName = [...model.scopes.declaredBetween(0, model.text.length)].filter(({ name }) => name === variable.name);
  return sameName.length === 1 ? variable.name : undefined;
}

/** `withClient(`, `withClient(pool, `: with the pool where it is a parameter; undefined where the pool is another one. */
function headOf(model: ProgramModel, { name, unit, source, callback }: Lender, pool: Node): string | undefined {
  const variables = unit.params.map((parameter) => (parameter.type === 'Identifier' ? model.scopes.variableOf(parameter) : undefined));
  const from = source.type === 'Identifier' ? model.scopes.variableOf(source) : undefined;
  if (from === undefined || !isConstant(from)) return undefined;
  if (variables.length === 2 && variables[0] === from && variables[1] === callback) return `${name}(${model.text.slice(...pool.range)}, `;
  const own = pool.type === 'Identifier' ? model.scopes.variableOf(pool) : undefined;
  return variables.length === 1 && variables[0] === callback && own === from ? `${name}(` : undefined;
}

/** What the acquiring call is a method of, where it is given nothing. */
function receiverOf(call: Node): Node | undefined {
  if (call.type !== 'CallExpression' || call.optional || call.arguments.length > 0) return undefined;
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' && !callee.optional ? unwrapExpression(callee.object) : undefined;
}
