/** The chain of reactions in which all happens that is done with a connection. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Variable } from '../bindings/scope-index.ts';
import { isFunctionNode, type Node, type Statement } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { chainReleaseOf, type ChainRelease } from './chain-releases.ts';
import { findGiven, type GivenHandle } from './find-given.ts';
import { findHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { releaseCallOf, useOf, type ResourceCall } from './handle-uses.ts';
import { innerReleases } from './inner-releases.ts';
import { outermost } from './outermost.ts';
import { chainEndingIn, linkAround, type PromiseChain } from './promise-chain.ts';

/** The chain in which all happens that is done with the connection. */
export interface HeldChain {
  readonly name: string;
  readonly variable: Variable;
  readonly chain: PromiseChain;
  /** The function that is given the connection, where a variable does not keep it. */
  readonly given: GivenHandle | undefined;
  /** Whether the function that the chain stands in gives its promise. */
  readonly isReturned: boolean;
  /** Whether nobody looks at what it is fulfilled with. */
  readonly isUnused: boolean;
}

/** Each thing that a chain does with its connection. */
export interface ChainUses {
  readonly releases: readonly ChainRelease[];
  readonly calls: readonly ResourceCall[];
  readonly others: readonly Node[];
}

/** The chain, where all references to the connection stand in one. */
export function heldChain(input: FixInput): HeldChain | undefined {
  const { model } = input;
  const found = findHandle(input);
  const given = typeof found === 'string' ? findGiven(input) : undefined;
  if (given !== undefined) {
    if (given.as !== 'reaction') return undefined;
    const { body } = given.unit;
    const { variable, name } = given;
    if (body.type !== 'BlockStatement') {
      return { name, variable, given, chain: chainEndingIn(model.text, unwrapAwait(body)), isReturned: true, isUnused: isUnused(given.call) };
    }
    const place = chainPlace(model, body.body, variable, undefined);
    return place && { name, variable, given, chain: place.chain, isReturned: place.isReturned, isUnused: place.isReturned ? isUnused(given.call) : place.isUnused };
  }
  if (typeof found === 'string' || !found.isAwaited) return undefined;
  const { name, variable, list, statement } = found;
  const place = chainPlace(model, list, variable, statement);
  return place && { name, variable, given: undefined, ...place };
}

/** The one statement of a list in which a variable is used, where that is a chain. */
function chainPlace(model: ProgramModel, list: readonly Statement[], variable: Variable, taken: Statement | undefined): Pick<HeldChain, 'chain' | 'isReturned' | 'isUnused'> | undefined {
  const isWithin = ({ range }: Node, outer: Node): boolean => outer.range[0] <= range[0] && range[1] <= outer.range[1];
  const nodes = variable.references.filter(({ identifier, init }) => init !== true && (taken === undefined || !isWithin(identifier as Node, taken))).map(({ identifier }) => identifier as Node);
  const statement = list.find((one) => nodes.length > 0 && nodes.every((node) => isWithin(node, one)));
  const expression = statement && expressionOf(statement);
  if (statement === undefined || expression === undefined) return undefined;
  const whole = unwrapAwait(expression.type === 'UnaryExpression' && expression.operator === 'void' ? expression.argument : expression);
  if (whole.type !== 'CallExpression' || !nodes.every((node) => isWithin(node, whole))) return undefined;
  return { chain: chainEndingIn(model.text, whole), isReturned: statement.type === 'ReturnStatement', isUnused: statement.type === 'ExpressionStatement' };
}

function expressionOf(statement: Statement): Node | undefined {
  switch (statement.type) {
    case 'ReturnStatement':
      return statement.argument ?? undefined;
    case 'ExpressionStatement':
      return unwrapChain(statement.expression);
    case 'VariableDeclaration':
      return statement.declarations.length === 1 && statement.declarations[0].init?.type === 'AwaitExpression' ? statement.declarations[0].init : undefined;
    default:
      return undefined;
  }
}

/** Whether nobody looks at what the promise is fulfilled with. */
export function isUnused(promise: Node): boolean {
  for (let node = outermost(promise); ; ) {
    const { parent }: Node = node;
    if (parent?.type === 'ExpressionStatement') return true;
    if (parent?.type === 'AwaitExpression' || (parent?.type === 'UnaryExpression' && parent.operator === 'void')) {
      node = parent;
      continue;
    }
    const call = parent?.type === 'MemberExpression' && parent.object === node ? parent.parent : undefined;
    if (call?.type !== 'CallExpression' || parent?.type !== 'MemberExpression') return false;
    const name = staticMemberName(parent);
    if (name === 'then') {
      const [first] = call.arguments;
      return first !== undefined && isFunctionNode(first) && first.params.length === 0;
    }
    if (name !== 'catch' && name !== 'finally') return false;
    node = outermost(call);
  }
}

/** What the chain does with its connection; else the precondition that something breaks. */
export function usesOfChain({ site, model, outcome }: Pick<FixInput, 'site' | 'model' | 'outcome'>, { variable, chain }: Pick<HeldChain, 'variable' | 'chain'>): ChainUses | BlockedReason {
  const { type } = site.acquisition;
  const known = innerReleases(outcome.releases);
  const releases: ChainRelease[] = [];
  const calls: ResourceCall[] = [];
  const others: Node[] = [];
  for (const { identifier, init } of variable.references) {
    const node = identifier as Node;
    if (init === true || linkAround(chain, node) === 0 && !isWithin(node, chain.head)) continue;
    const call = releaseCallOf(model, node, type, known);
    if (typeof call === 'string') return call;
    if (call !== undefined) {
      const [first] = call.arguments;
      if (call.arguments.length > 1 || (first !== undefined && !(first.type === 'Identifier' && model.scopes.variableOf(first) === variable))) return 'release with an argument';
      const release = chainReleaseOf(model, chain, call);
      if (typeof release === 'string') return release;
      releases.push(release);
      continue;
    }
    others.push(node);
    const use = useOf(model, node, type);
    if (typeof use === 'string') return use;
    if (use !== undefined) calls.push(use);
  }
  const found = new Set(releases.map(({ call }) => call));
  if ([...known].some((node) => !found.has(node))) return 'released elsewhere';
  // A test around a release belongs to it.
  return { releases, calls, others: others.filter((node) => !releases.some(({ test }) => test !== undefined && isWithin(node, test))) };
}

function isWithin({ range }: Node, outer: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}
