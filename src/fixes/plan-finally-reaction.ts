/**
 * The connection of a chain is released in a `finally` reaction behind its last use. Where the code does not leak, nothing that uses the connection, or waits, comes between the place where
 * it is released then and the one where it was: nobody can tell. What may throw before there is a promise is put into a `finally` block, in an async function.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import { ownRow } from '../bindings/own-row.ts';
import { isFunctionNode, type FunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { BlockFrame } from './block-frame.ts';
import { isIdle, withoutReleases, type ChainRelease } from './chain-releases.ts';
import { isCuredBy } from './cured.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { keptByParameter, settlementBeyond, type GivenHandle } from './find-given.ts';
import type { FixInput } from './fix-input.ts';
import { isPure, isWaitingCombinator, type ResourceCall } from './handle-uses.ts';
import { heldChain, usesOfChain, type ChainUses, type HeldChain } from './held-chain.ts';
import { waits } from './held-region.ts';
import { beginsTransaction, needsOwnConnection, transactionCommandOf } from './open-transaction.ts';
import { outermost } from './outermost.ts';
import { endOfLink, linkAround, type PromiseChain } from './promise-chain.ts';
import { spelledRelease } from './release-text.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'finally reaction';

/** The edits that write `.finally(() => client.release())`; undefined where no chain of promises holds the connection. */
export function planFinallyReaction(input: FixInput): FixAnswer | undefined {
  const { site, outcome, model } = input;
  const held = heldChain(input);
  if (held === undefined) return undefined;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  if (site.acquisition.type.ending === 'commit or rollback') return blocked('ends by commit or rollback');
  const settlement = settlementBeyond(input, held.given);
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (outcome.misuses.length > 0) return blocked('misused');
  const uses = usesOfChain(input, held);
  if (typeof uses === 'string') return blocked(uses);
  const release = releaseOf(input, held, uses);
  if (release === undefined) return blocked(uses.releases.length > 0 ? 'different releases' : 'no spelling');
  const { chain } = held;
  if (uses.calls.some(({ call, method }) => method === 'on' || method === 'once' || (call.type === 'CallExpression' && call.arguments.some(({ type }) => type === 'NewExpression')))) return blocked('used as a stream');
  if (uses.releases.length === 0 && !uses.calls.every(({ call }) => isWaitedFor(model, call, chain))) return blocked('unfinished');
  const transaction = transactionIn(model, chain, uses);
  if (transaction === 'open') return blocked('transaction left open');
  const layout = new SourceLayout(model.text);
  const position = positionOf(model, held, uses);
  if (position === undefined) return blocked('await behind the release');
  const isSide = uses.calls.some(({ call }) => !isWaitedFor(model, call, chain, false));
  // A turn more or less may be seen by what runs beside a chain that nobody waits for.
  const isCertain = transaction === 'none' && !isSide && !runsBeside(model, held) && uses.calls.every(({ isUnseen }) => !isUnseen) && uses.releases.every(({ test }) => test === undefined);
  const common = { kind: 'edits', form: FORM, safety: isCertain ? 'automatic' : 'suggestion' } as const;
  const reaction = isPromise(input, held) ? reactionEdits(model, layout, held, uses, position, release) : undefined;
  if (reaction !== undefined && isCuredBy(input, reaction)) return { ...common, title: `Release \`${held.name}\` in a finally reaction.`, edits: reaction };
  const block = blockEdits(model, layout, held, uses, position, release);
  if (block !== undefined && isCuredBy(input, block)) return { ...common, title: `Release \`${held.name}\` in a finally block of an async function.`, edits: block };
  return blocked('still lost');
}

/** Whether nobody waits for the chain, and other code of the function runs beside it. */
function runsBeside(model: ProgramModel, { chain, given }: HeldChain): boolean {
  const ends = [chain.links.at(-1)?.call ?? chain.head, ...(given === undefined ? [] : [given.call])];
  return ends.some((end) => {
    const statement = leftStatement(end);
    if (statement === undefined) return false;
    if (given !== undefined && end !== given.call) return true;
    const { body } = model.file.unitOf(statement);
    const statements = Array.isArray(body) ? (body as readonly Node[]) : 'body' in body ? (body.body as readonly Node[]) : [];
    return !statements.includes(statement) || statements.some((other) => other !== statement && (other.range[0] > statement.range[0] || hasFunction(model, other)));
  });
}

/** The statement in which the promise is made and left alone. */
function leftStatement(promise: Node): Node | undefined {
  for (let node = outermost(promise); ; ) {
    const { parent }: Node = node;
    if (parent?.type === 'ExpressionStatement') return parent;
    const isLink = parent?.type === 'MemberExpression' && parent.object === node && parent.parent.type === 'CallExpression';
    if (!isLink && !(parent?.type === 'UnaryExpression' && parent.operator === 'void')) return undefined;
    node = outermost(isLink ? parent.parent : parent);
  }
}

/** Whether a function stands in a statement that may run later. */
function hasFunction(model: ProgramModel, { range }: Node): boolean {
  return model.unitsInside(model.file.program).some((unit) => range[0] < unit.range[0] && unit.range[1] < range[1]);
}

/** The release as an expression, and as the reaction that does it. */
interface ReleaseSpelling {
  readonly expression: string;
  readonly reaction: string;
  /** Whether it gives a promise that is to be waited for. */
  readonly isPromised: boolean;
}

function releaseOf(input: FixInput, { name }: HeldChain, { releases }: ChainUses): ReleaseSpelling | undefined {
  const { type } = input.site.acquisition;
  const [text, ...others] = new Set(releases.map((release) => release.text.replace('!.', '.').replace('?.', '.')));
  if (others.length > 0) return undefined;
  const spelled = text ?? spelledRelease(input, name);
  if (spelled === undefined || spelled.includes('?.')) return undefined;
  const expression = spelled.replace(/^await /, '');
  const method = /([\w$]+)\([^()]*\)$/.exec(expression)?.[1];
  const row = method === undefined ? undefined : (ownRow(type.members, method) ?? type.takenBackBy?.find((one) => one.name === method)?.release);
  // A promise that nobody waited for stays one.
  const isLeft = row?.effect === 'release' && row.mayReject === true && releases.some(({ isWaitedFor: isAwaited }) => !isAwaited);
  const isAsync = type.giveBack?.startsWith('await ') === true && releases.every(({ isWaitedFor: isAwaited }) => isAwaited);
  return { expression, reaction: isLeft ? `() => { ${expression}; }` : `() => ${expression}`, isPromised: isAsync || releases.some(({ isAwaited }) => isAwaited) };
}

/** Whether the first promise of the chain is one that has `finally`. */
function isPromise({ site, model }: FixInput, { chain: { head, links } }: HeldChain): boolean {
  if (links.length > 0) return true;
  if (head.type !== 'CallExpression') return false;
  if (model.bindings.calleeOf(head)?.async === true) return true;
  const callee = unwrapChain(head.callee);
  return callee.type === 'MemberExpression' && site.acquisition.type.sends?.includes(staticMemberName(callee) ?? '') === true;
}

/** Whether the chain waits for what a call gives; with `mayBeBeside` as one of several promises as well. */
function isWaitedFor(model: ProgramModel, call: Node, chain: PromiseChain, mayBeBeside = true): boolean {
  const ends = new Set<Node>([chain.head, ...chain.links.map((link) => link.call)]);
  for (let node = outermost(call); ; ) {
    if (ends.has(unwrapChain(node))) return true;
    const parent: Node | undefined = node.parent;
    const unit: FunctionNode | undefined = parent !== undefined && isFunctionNode(parent) ? parent : undefined;
    if (parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement' || (unit !== undefined && unit.body === node)) {
      const inner: Node = unit ?? model.file.unitOf(node);
      const around: Node | undefined = inner.parent;
      if (!isFunctionNode(inner) || around?.type !== 'CallExpression' || !around.arguments.includes(inner as never)) return false;
      const callee = unwrapChain(around.callee);
      const name = callee.type === 'MemberExpression' ? staticMemberName(callee) : undefined;
      if (name === 'map' ? !mayBeBeside : name !== 'then' && name !== 'catch' && name !== 'finally') return false;
      node = outermost(around);
      continue;
    }
    if (parent?.type === 'MemberExpression' && parent.object === node && /^(?:then|catch|finally)$/.test(staticMemberName(parent) ?? '') && parent.parent.type === 'CallExpression') node = outermost(parent.parent);
    else if (mayBeBeside && parent?.type === 'ArrayExpression' && parent.parent.type === 'CallExpression' && isWaitingCombinator(parent.parent)) node = outermost(parent.parent);
    else if (mayBeBeside && parent?.type === 'CallExpression' && isWaitingCombinator(parent)) node = outermost(parent);
    else return false;
  }
}

/** What may be open when the chain has ended: a transaction that fails before the reaction which ends it, or is not rolled back. */
function transactionIn(model: ProgramModel, chain: PromiseChain, { calls }: ChainUses): 'open' | 'perhaps' | 'none' {
  const linkOf = ({ call }: ResourceCall): number => linkAround(chain, call);
  const isEnd = (use: ResourceCall): boolean => transactionCommandOf(model, use) === 'commit' || transactionCommandOf(model, use) === 'rollback';
  let found: 'perhaps' | 'none' = calls.some((use) => needsOwnConnection(model, use) === true || isEnd(use)) ? 'perhaps' : 'none';
  for (const begin of calls) {
    if (!beginsTransaction(model, begin)) continue;
    found = 'perhaps';
    const at = linkOf(begin);
    const next = calls.filter((use) => use !== begin && linkOf(use) > at);
    const isEndedNext = next.some((use) => isEnd(use) && linkOf(use) === at + 1 && next.every((other) => other === use || linkOf(other) > at + 1));
    const isRolledBack = next.some((use) => isEnd(use) && isHandler(chain, linkOf(use), use.call));
    if (calls.some((use) => use !== begin && linkOf(use) === at) || !(isEndedNext || isRolledBack)) return 'open';
  }
  return found;
}

/** Whether a reaction of a link runs where the chain before it is rejected. */
function isHandler({ links }: PromiseChain, link: number, node: Node): boolean {
  const { name, reactions } = links[link - 1]!;
  return name === 'catch' || (name === 'then' && reactions[1] !== undefined && isWithin(node, reactions[1]));
}

/** Behind which link the release comes; undefined where the code would hold the connection while it waits for something else. */
function positionOf(model: ProgramModel, { chain }: HeldChain, { releases, others }: ChainUses): number | undefined {
  const last = Math.max(0, ...others.map((node) => linkAround(chain, node)));
  if (releases.length === 0) return last;
  const links = releases.map(({ link }) => link);
  const first = Math.min(...links);
  if (first > last) {
    // Behind the link that released, where that reads best and waits for nothing.
    const isOne = links.every((link) => link === first) && chain.links[first - 1]!.reactions.length === 1 && first === chain.links.length;
    return isOne && releases.every((release) => release.statement !== undefined && !waitsBehind(model, release)) ? first : first - 1;
  }
  return links.every((link) => link === last) && releases.every((release) => !waitsBehind(model, release)) ? last : undefined;
}

/** Whether what comes behind a release in its reaction waits, or gives something that the chain may wait for. */
function waitsBehind(model: ProgramModel, { call, reaction, statement }: ChainRelease): boolean {
  if (statement === undefined || reaction.body.type !== 'BlockStatement') return false;
  const { instructions } = model.graphOf(reaction);
  const found = new Set<number>();
  const pending = instructions.filter(({ op, node }) => op === 'call' && node === call).map(({ next }) => next);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || found.has(id)) continue;
    found.add(id);
    const { node } = instruction;
    const isOwn = isWithin(node, statement);
    if (!isOwn && waits(instruction)) return true;
    if (instruction.op === 'return' && node.type === 'ReturnStatement' && node.argument && !isPlain(node.argument)) return true;
    pending.push(instruction.next, instruction.alternate, ...(instruction.op === 'dispatch' ? instruction.targets : []), ...(isOwn ? [] : [instruction.thrown]));
  }
  return false;
}

/** Whether an expression gives no promise. */
function isPlain(node: Node): boolean {
  const inner = unwrapChain(node);
  if (inner.type === 'ObjectExpression' || inner.type === 'ArrayExpression' || inner.type === 'TemplateLiteral') return true;
  if (inner.type === 'MemberExpression') return isPlain(inner.object);
  return isPure(inner);
}

/** The edits that write the reaction. */
function reactionEdits(model: ProgramModel, layout: SourceLayout, held: HeldChain, { releases }: ChainUses, position: number, { reaction }: ReleaseSpelling): Edit[] {
  const { chain } = held;
  const space = /^\s*/.exec(model.text.slice(...(chain.links.find(({ range }) => /^\s*\n/.test(model.text.slice(...range)))?.range ?? [0, 0])))![0];
  const added = `${space.includes('\n') ? space : ''}.finally(${reaction})`;
  const edits: Edit[] = [];
  let isPlaced = false;
  for (const [index, link] of chain.links.entries()) {
    const own = releases.filter((release) => release.link === index + 1);
    if (own.length === 0) continue;
    if (!isIdleHere(layout, held, index, own)) edits.push(...withoutReleases(model, layout, own));
    else if (isPlaced || (index !== position && index !== position - 1)) edits.push({ range: link.range, text: '' });
    else {
      edits.push({ range: link.range, text: added });
      isPlaced = true;
    }
  }
  if (!isPlaced) {
    const at = endOfLink(chain, position);
    edits.push({ range: [at, at], text: added });
  }
  return inOrder(edits);
}

function isIdleHere(layout: SourceLayout, { chain, isUnused: isValueUnused }: HeldChain, index: number, own: readonly ChainRelease[]): boolean {
  const link = chain.links[index]!;
  const isLast = chain.links.slice(index + 1).every(({ name }) => name !== 'then');
  return !layout.hasComment(link.range) && isIdle(link, own, isValueUnused && isLast);
}

/** The edits that make the reaction that has the connection an async function with a `finally` block; undefined where that is no reaction, or the chain goes on behind the release. */
function blockEdits(model: ProgramModel, layout: SourceLayout, held: HeldChain, { releases }: ChainUses, position: number, { expression, isPromised }: ReleaseSpelling): Edit[] | undefined {
  const { given, chain, isReturned } = held;
  if (given === undefined || !isReturned || given.unit.async || given.unit.type !== 'ArrowFunctionExpression' && given.unit.type !== 'FunctionExpression') return undefined;
  const { unit } = given;
  const edits: Edit[] = [{ range: [unit.range[0], unit.range[0]], text: 'async ' }];
  for (const [index, link] of chain.links.entries()) {
    const own = releases.filter((release) => release.link === index + 1);
    const isGone = own.length > 0 && isIdleHere(layout, held, index, own);
    if (isGone) edits.push({ range: link.range, text: '' });
    else {
      if (index >= position) return undefined;
      edits.push(...withoutReleases(model, layout, own));
    }
  }
  const wait = isPromised ? 'await ' : '';
  const kept = keptByParameter(model, given);
  if (kept !== undefined) {
    const last = kept.list.at(-1)!;
    const region = { statements: kept.list, last: undefined, range: [kept.start, last.range[1]] as const };
    const returned = kept.list.find((statement) => statement.type === 'ReturnStatement' && statement.argument && isWithin(chain.head, statement)) as TSESTree.ReturnStatement;
    const start = returned.argument!.range[0];
    return inOrder([...edits, ...new BlockFrame(layout, kept, region, wait + expression).around(), { range: [start, start], text: 'await ' }]);
  }
  return inOrder([...edits, ...frameOf(layout, unit, wait + expression)]);
}

/** The body of an arrow function, an expression, in a block of its own. */
function frameOf(layout: SourceLayout, unit: GivenHandle['unit'], release: string): Edit[] {
  const { text, eol } = layout;
  const arrow = text.lastIndexOf('=>', unit.body.range[0]) + 2;
  const indent = layout.indentAt(unit.range[0]) === '' ? /^[ \t]*/.exec(text.slice(layout.lineStart(unit.range[0])))![0] : layout.indentAt(unit.range[0]);
  const step = layout.indentStep(unit.range[0], undefined);
  const end = unit.range[1];
  const isMultiple = text.slice(arrow, unit.body.range[0]).includes('\n');
  const from = arrow + /^\s*/.exec(text.slice(arrow))![0].length;
  return [
    { range: [arrow, from], text: ` {${eol}${indent}${step}try {${eol}${indent}${step}${step}return await ` },
    ...layout.indentLines(from, end, isMultiple ? step : step + step, []),
    { range: [end, end], text: `;${eol}${indent}${step}} finally {${eol}${indent}${step}${step}${release};${eol}${indent}${step}}${eol}${indent}}` },
  ];
}

function isWithin({ range }: Node, outer: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}
