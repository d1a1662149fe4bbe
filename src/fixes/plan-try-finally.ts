/**
 * The connection is released in a `finally` block around all that is done with it. Where the code does not leak, it is released a little later than before:
 * only behind code in between which nothing waits, so that nobody can tell.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import { writesOf } from '../bindings/scope-index.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { BlockFrame } from './block-frame.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { findGiven, keptByParameter, settlementBeyond, type GivenHandle } from './find-given.ts';
import { findHandle, type KeptHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { usesOfHandle, type HandleUses, type ReleaseStatement, type ResourceCall } from './handle-uses.ts';
import { heldRegion, type HeldRegion } from './held-region.ts';
import { innerReleases } from './inner-releases.ts';
import { isInTry } from './is-in-try.ts';
import { namesIn } from './names-in.ts';
import { asMissing, isTakenInEachTurn, mayReleaseNothing, outerHandles } from './outer-handles.ts';
import { openTransaction } from './open-transaction.ts';
import { emptiedBlocks, isRethrow, removeStatement } from './remove-statement.ts';
import { releaseText } from './release-text.ts';
import { SourceLayout } from './source-layout.ts';
import { unfinishedWork } from './unfinished-work.ts';
import { whyNotKept } from './why-not-kept.ts';
import { outcomeWithout } from './without-releases.ts';

/**
 * The edits that put the release into a `finally` block. `release later`: what was released twice, or used behind its release, is released there alone, and held for as long as
 * something needs it.
 */
export function planTryFinally(input: FixInput, form: 'try/finally' | 'release later' = 'try/finally'): FixAnswer {
  const isLater = form === 'release later';
  const { site, outcome, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form, reason });
  const { type } = site.acquisition;
  if (type.ending === 'commit or rollback') return blocked('ends by commit or rollback');
  const found = findHandle(input, !isLater);
  const given = found === 'not in a variable' && !isLater ? findGiven(input) : undefined;
  const settlement = settlementBeyond(input, given);
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (!isLater && outcome.misuses.length > 0) return blocked('misused');
  const handle = given === undefined ? found : (keptByParameter(model, given) ?? found);
  if (typeof handle === 'string') return blocked(handle === 'not in a variable' ? whyNotKept(site.node) : handle);
  const uses = usesOfHandle(model, handle, type, given === undefined ? outcome.releases : innerReleases(outcome.releases));
  if (typeof uses === 'string') return blocked(uses);
  if (handle.ownedIf !== undefined && !uses.releases.every((release) => isOwnedAt(model, handle, release))) return blocked('different releases');
  const parts: Parts = { input, uses, isLater, given };
  let planned = planAt(parts, handle);
  for (const outer of outerHandles(handle)) {
    // A `catch` clause beside the new block reads better than a block inside the `try` statement.
    const isBeside = handle.block.parent === outer.list[outer.index + 1] && isOpenTry(handle.block.parent, uses);
    if (typeof planned !== 'string' && !isBeside) continue;
    const plan = planAt(parts, outer);
    if (typeof plan !== 'string' && (typeof planned === 'string' || planned.isCertain === plan.isCertain)) planned = plan;
  }
  if (typeof planned === 'string') return blocked(planned === 'declared inside' && isTakenInEachTurn(handle) ? 'taken in each turn' : planned);
  return {
    kind: 'edits', form, safety: planned.isCertain ? 'automatic' : 'suggestion',
    title: isLater ? `Release \`${handle.name}\` once, in a finally block behind its last use.` : `Release \`${handle.name}\` in a finally block.`,
    edits: inOrder(planned.edits),
  };
}

interface Parts {
  readonly input: FixInput;
  readonly uses: HandleUses;
  readonly isLater: boolean;
  readonly given: GivenHandle | undefined;
}

interface Planned {
  readonly edits: Edit[];
  /** Whether it is proved to change nothing where the code does not leak. */
  readonly isCertain: boolean;
}

/** The edits where the handle is seen from its list; else the precondition that is false. */
function planAt({ input, uses, isLater, given }: Parts, handle: KeptHandle): Planned | BlockedReason {
  const { model } = input;
  const spelt = releaseText(input, handle, uses);
  const release = spelt !== undefined && handle.ownedIf !== undefined ? `if (${handle.ownedIf}) ${spelt}` : spelt;
  if (release === undefined) return uses.releases.length > 0 ? 'different releases' : 'no spelling';
  const region = heldRegion(model, handle, uses, isLater);
  if (typeof region === 'string') return region;
  if (region.statements.length === 0) return 'nothing to wrap';
  const named = namesOfReleases(model, handle, uses, region.range);
  if (named !== undefined) return named;
  if (isLater && outcomeWithout(input, uses.releases) === undefined) return 'needed';
  const isNeverReleased = uses.releases.length === 0;
  // What is used behind its release, nothing has waited for either.
  const isAwaited = isNeverReleased || isLater;
  const unfinished = isAwaited ? unfinishedWork(model, handle, uses) : 'none';
  if (unfinished !== 'none' && unfinished !== 'perhaps') return unfinished;
  // What a reaction gives without waiting for it goes on when its block is left.
  if (given !== undefined && !given.unit.async && uses.calls.some(({ completion }) => completion !== 'awaited')) return 'unfinished';
  const returned = uses.calls.filter((use) => use.completion === 'returned' && (isAwaited || (handle.isAwaited && !isReleasedBehind(use, uses))));
  if (!isAwaited && returned.some(({ call }) => isInTry(call, handle.unit) || !('async' in handle.unit && handle.unit.async))) return 'unfinished';
  const transaction = openTransaction(model, handle, uses, region.range);
  if (transaction === 'open') return 'transaction left open';
  const typed = handle.isOuter === true ? asMissing(model, handle, uses) : [];
  if (typed === undefined) return 'narrowed';
  // A property that the code asks nowhere else may be another one by then.
  const isAsked = handle.ownedIf === undefined || !isNeverReleased || /^!?[\w$]+$/.test(handle.ownedIf);
  const isCertain = isAsked && !isLater && !uses.isDoubtful && transaction === 'none' && unfinished === 'none' && !(handle.isOuter === true && mayReleaseNothing(model, handle, uses));
  return { isCertain, edits: [...typed, ...wrap(model, handle, uses, region, release), ...awaitReturned(model, returned)] };
}

/** What the releases name has to mean the same in the `finally` block: `pool`, the function that releases. */
function namesOfReleases(model: ProgramModel, handle: KeptHandle, { releases }: HandleUses, [start, end]: readonly [number, number]): BlockedReason | undefined {
  const isInside = ({ range }: { readonly range: readonly [number, number] }): boolean => range[0] >= start && range[1] <= end;
  for (const { call } of releases) {
    for (let node: Node = unwrapChain(call.callee); ; node = unwrapChain(node.object)) {
      const variable = node.type === 'Identifier' ? model.scopes.variableOf(node) : undefined;
      if (variable !== undefined && variable !== handle.variable) {
        if (variable.identifiers.some(isInside)) return 'declared inside';
        if (writesOf(variable).some(({ identifier }) => isInside(identifier))) return 'reassigned';
      }
      if (node.type !== 'MemberExpression') break;
    }
  }
  return undefined;
}

/** Whether the `try` statement has room for a `finally` block, or one that only releases. */
function isOpenTry(node: Node | undefined, { releases }: HandleUses): boolean {
  if (node?.type !== 'TryStatement' || node.handler === null) return false;
  return node.finalizer === null || node.finalizer.body.every((statement) => releases.some((release) => release.statement === statement));
}

/** Whether a release runs only where the variable holds what the code took itself. */
function isOwnedAt(model: ProgramModel, { block, ownedIf }: KeptHandle, { statement }: ReleaseStatement): boolean {
  const isOwned = (node: Node): boolean => node.type === 'IfStatement' && model.text.slice(...node.test.range) === ownedIf;
  if (isOwned(statement)) return true;
  for (let node: Node = statement; node.parent !== undefined && node.parent !== block; node = node.parent) {
    if (isOwned(node.parent) && node.parent.type === 'IfStatement' && node.parent.consequent === node) return true;
  }
  return false;
}

/** Whether what a `return` gives is still under way when a `finally` block of the code releases. */
function isReleasedBehind({ call }: ResourceCall, { releases }: HandleUses): boolean {
  for (let node: Node | undefined = call; node; node = node.parent) {
    const { parent }: Node = node;
    if (parent?.type !== 'TryStatement' || !parent.finalizer || parent.finalizer === node) continue;
    const [start, end] = parent.finalizer.range;
    if (releases.some(({ statement: { range } }) => start <= range[0] && range[1] <= end)) return true;
  }
  return false;
}

/** `return client.query(…)` becomes `return await client.query(…)`: the release waits for it. */
function awaitReturned(model: ProgramModel, returned: readonly ResourceCall[]): Edit[] {
  const statements = new Set<TSESTree.ReturnStatement>();
  for (const { call } of returned) {
    let node: Node | undefined = call;
    while (node && node.type !== 'ReturnStatement') node = node.parent;
    const unit = model.file.unitOf(call);
    if (node?.type === 'ReturnStatement' && 'async' in unit && unit.async) statements.add(node);
  }
  return [...statements].map(({ argument }) => ({ range: [argument!.range[0], argument!.range[0]], text: 'await ' }));
}

/** The edits that take the releases out and put the region into a block. */
function wrap(model: ProgramModel, handle: KeptHandle, uses: HandleUses, region: HeldRegion, release: string): Edit[] {
  const layout = new SourceLayout(model.text);
  const frame = new BlockFrame(layout, handle, region, release);
  const own = ownTry(model, region, uses);
  const kept = own?.finalizer?.body[0];
  const removed = uses.releases.filter(({ statement }) => statement !== kept && (own !== undefined || statement !== region.last?.statement));
  return [
    ...(own === undefined ? frame.around() : frame.with(own, isHandlerGone(layout, own, removed))),
    ...removed.flatMap(({ statement }) => removeStatement(layout, statement)),
    ...emptiedBlocks(layout, removed.map(({ statement }) => statement)),
  ];
}

/** Whether the `catch` clause does nothing but throw what it caught when the releases are gone. */
function isHandlerGone(layout: SourceLayout, { handler }: TSESTree.TryStatement, removed: readonly ReleaseStatement[]): boolean {
  const gone = new Set<Node>(removed.map(({ statement }) => statement));
  const left = handler?.body.body.filter((statement) => !gone.has(statement));
  return handler !== null && left !== undefined && left.length < handler.body.body.length && isRethrow(handler, left) && !layout.hasComment(handler.range);
}

/**
 * A `try` statement that ends the region and has no `finally` block, or one that only releases: it can be the one around the region. Where there are
 * statements before it its block begins earlier, so that nothing may be caught, and no name mean something else.
 */
function ownTry(model: ProgramModel, region: HeldRegion, uses: HandleUses): TSESTree.TryStatement | undefined {
  const last = region.statements.at(-1);
  if (last?.type !== 'TryStatement') return undefined;
  const statements = new Set<Node>(uses.releases.map(({ statement }) => statement));
  if (last.finalizer && !last.finalizer.body.every((statement) => statements.has(statement))) return undefined;
  if (region.statements.length === 1) return last;
  if (last.handler || !last.finalizer || last.finalizer.body.length !== 1) return undefined;
  const inner = last.block;
  const names = new Set<string>();
  for (const variable of model.scopes.declaredBetween(inner.range[0], inner.range[1])) if (variable.scope.block === inner) names.add(variable.name);
  const used = namesIn(region.statements.slice(0, -1));
  return [...names].some((name) => used.has(name)) ? undefined : last;
}
