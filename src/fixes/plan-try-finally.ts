/**
 * The connection is released in a `finally` block around all that is done with it. Where the code does not leak, it is released a little later than before:
 * only behind code in between which nothing waits, so that nobody can tell.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import { eachChild } from '../syntax/each-child.ts';
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { usesOfHandle, type HandleUses } from './handle-uses.ts';
import { heldRegion, type HeldRegion } from './held-region.ts';
import { openTransaction } from './open-transaction.ts';
import { removeStatement } from './remove-statement.ts';
import { releaseText } from './release-text.ts';
import { SourceLayout, templatesIn } from './source-layout.ts';

const FORM = 'try/finally';

/** The edits that put the release into a `finally` block. */
export function planTryFinally(input: FixInput): FixAnswer {
  const { site, outcome, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { type } = site.acquisition;
  if (type.ending === 'commit or rollback') return blocked('ends by commit or rollback');
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (outcome.misuses.length > 0) return blocked('misused');
  const handle = findHandle(input);
  if (typeof handle === 'string') return blocked(handle);
  const uses = usesOfHandle(model, handle, type, outcome.releases);
  if (typeof uses === 'string') return blocked(uses);
  const release = releaseText(input, handle, uses);
  if (release === undefined) return blocked(uses.releases.length > 0 ? 'different releases' : 'no spelling');
  const region = heldRegion(model, handle, uses);
  if (typeof region === 'string') return blocked(region);
  if (region.statements.length === 0) return blocked('nothing to wrap');
  const isNeverReleased = uses.releases.length === 0;
  const unfinished = isNeverReleased ? unfinishedWork(model, handle, uses) : 'none';
  if (unfinished !== 'none' && unfinished !== 'perhaps') return blocked(unfinished);
  const transaction = openTransaction(model, handle, uses, region);
  if (transaction === 'open') return blocked('transaction left open');
  const isCertain = !uses.isDoubtful && transaction === 'none' && unfinished === 'none';
  return {
    kind: 'edits', form: FORM, safety: isCertain ? 'automatic' : 'suggestion',
    title: `Release \`${handle.name}\` in a finally block.`,
    edits: inOrder([...wrap(model, handle, uses, region, release), ...(isNeverReleased ? awaitReturned(model, uses) : [])]),
  };
}

/** What goes on with the connection when the function has been left, where nothing says that the code means to release it before. */
function unfinishedWork(model: ProgramModel, handle: FoundHandle, uses: HandleUses): BlockedReason | 'none' | 'perhaps' {
  let found: 'none' | 'perhaps' = 'none';
  for (const { call, method, completion, isUnseen } of uses.calls) {
    if (method === 'on' || method === 'once' || method === 'addListener') return 'listens';
    if ('arguments' in call && call.arguments.some(({ type }) => type === 'NewExpression')) return 'used as a stream';
    const isDone = completion === 'awaited' || completion === 'returned' || !handle.isAwaited;
    if (isDone || model.bindings.calleeOf(call)?.async === false) continue;
    if (method !== undefined || !isUnseen) return 'unfinished';
    found = 'perhaps';
  }
  return found;
}

/** `return client.query(…)` becomes `return await client.query(…)`: the release waits for it. */
function awaitReturned(model: ProgramModel, uses: HandleUses): Edit[] {
  const statements = new Set<TSESTree.ReturnStatement>();
  for (const { call, completion } of uses.calls) {
    if (completion !== 'returned') continue;
    let node: Node | undefined = call;
    while (node && node.type !== 'ReturnStatement') node = node.parent;
    const unit = model.file.unitOf(call);
    if (node?.type === 'ReturnStatement' && 'async' in unit && unit.async) statements.add(node);
  }
  return [...statements].map(({ argument }) => ({ range: [argument!.range[0], argument!.range[0]], text: 'await ' }));
}

/** The edits that take the releases out and put the region into a block. */
function wrap(model: ProgramModel, handle: FoundHandle, uses: HandleUses, region: HeldRegion, release: string): Edit[] {
  const layout = new SourceLayout(model.text);
  const moved = movedTry(model, region, uses);
  const removed = uses.releases.filter((one) => one !== region.last && !(moved !== undefined && isWithin(one.statement, moved)));
  return [
    ...block(layout, handle, region, release, moved),
    ...removed.flatMap(({ statement }) => removeStatement(layout, statement)),
    ...(moved === undefined ? emptyFinalizers(layout, uses) : []),
  ];
}

/** The lines of the block, its head and its end. */
function block(layout: SourceLayout, handle: FoundHandle, region: HeldRegion, release: string, moved: TSESTree.TryStatement | undefined): Edit[] {
  const { eol, text } = layout;
  const { statements, last } = region;
  const indent = layout.indentAt(handle.statement.range[0]);
  const step = layout.indentStep(handle.statement.range[0], handle.block.type === 'Program' ? undefined : handle.block.range[0]);
  const edits: Edit[] = [];
  const head = layout.behindComments(handle.statement.range[1]);
  const isOwnLine = layout.isLastInLine(handle.statement.range[1]);
  const first = isOwnLine ? firstLineBehind(layout, head) : statements[0]!.range[0];
  edits.push({ range: [first, first], text: isOwnLine ? `${indent}try {${eol}` : 'try { ' });
  // The block of a `try` statement that ends the region becomes longer at its beginning, and that is all.
  const end = moved?.range[0] ?? last?.statement.range[0] ?? layout.behindComments(statements.at(-1)!.range[1]);
  edits.push(...layout.indentLines(Math.max(first - 1, 0), end, step, templatesIn(statements)));
  if (moved !== undefined) {
    const open = moved.block.range[0] + 1;
    const rest = layout.lineEnd(open);
    const isLine = layout.isFirstInLine(moved.range[0]) && text.slice(open, rest).trim() === '' && rest < moved.block.range[1];
    edits.push({ range: isLine ? [layout.lineStart(moved.range[0]), Math.min(text.indexOf('\n', rest) + 1 || rest, text.length)] : [moved.range[0], open], text: '' });
    return edits;
  }
  const semicolon = text[handle.statement.range[1] - 1] === ';' ? ';' : '';
  const isOwnEnd = isOwnLine && (last === undefined ? layout.isLastInLine(statements.at(-1)!.range[1]) : layout.isFirstInLine(last.statement.range[0]));
  if (last === undefined) {
    edits.push({ range: [end, end], text: isOwnEnd ? `${eol}${indent}} finally {${eol}${indent}${step}${release}${semicolon}${eol}${indent}}` : ` } finally { ${release}${semicolon} }` });
    return edits;
  }
  const [from, to] = last.statement.range;
  const trimmed = text.slice(0, from).trimEnd().length;
  const comment = layout.behindComments(to);
  const isComment = isOwnEnd && layout.isLastInLine(to);
  edits.push(isOwnEnd
    ? { range: [trimmed, isComment ? comment : to], text: `${eol}${indent}} finally {${eol}${indent}${step}${release}${semicolon}${isComment ? text.slice(to, comment) : ''}${eol}${indent}}` }
    : { range: [from, to], text: `} finally { ${release}${semicolon} }` });
  return edits;
}

/** Where the first line behind `position` begins that is not blank. */
function firstLineBehind(layout: SourceLayout, position: number): number {
  let start = layout.text.indexOf('\n', position) + 1;
  for (;;) {
    const end = layout.text.indexOf('\n', start);
    if (end < 0 || layout.text.slice(start, end).trim() !== '') return start;
    start = end + 1;
  }
}

/** A `try` statement that ends the region and has nothing but a `finally` block with the one release: its block can begin earlier. */
function movedTry(model: ProgramModel, region: HeldRegion, uses: HandleUses): TSESTree.TryStatement | undefined {
  const last = region.statements.at(-1);
  if (region.last !== undefined || region.statements.length < 2 || last?.type !== 'TryStatement' || last.handler || !last.finalizer) return undefined;
  const [release] = uses.releases;
  if (uses.releases.length !== 1 || last.finalizer.body.length !== 1 || release!.statement !== last.finalizer.body[0]) return undefined;
  const inner = last.block;
  const names = new Set<string>();
  for (const variable of model.scopes.declaredBetween(inner.range[0], inner.range[1])) if (variable.scope.block === inner) names.add(variable.name);
  return namesIn(region.statements.slice(0, -1)).some((name) => names.has(name)) ? undefined : last;
}

function namesIn(statements: readonly Statement[]): string[] {
  const found: string[] = [];
  const pending: Node[] = [...statements];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'Identifier') found.push(node.name);
    eachChild(node, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found;
}

/** A `finally` block that only released has nothing to do any more: it goes, and where there is no `catch` clause a plain block remains. */
function emptyFinalizers(layout: SourceLayout, uses: HandleUses): Edit[] {
  const edits: Edit[] = [];
  const tries = new Set<TSESTree.TryStatement>();
  const statements = new Set<Node>(uses.releases.map(({ statement }) => statement));
  for (const statement of statements) {
    const tried = statement.parent?.parent;
    if (tried?.type === 'TryStatement' && tried.finalizer === statement.parent) tries.add(tried);
  }
  for (const { block: body, handler, finalizer, range } of tries) {
    if (!finalizer!.body.every((statement) => statements.has(statement))) continue;
    const kept = finalizer!.body.reduceRight((text, { range: [from, to] }) => text.slice(0, from - finalizer!.range[0]) + text.slice(to - finalizer!.range[0]), layout.text.slice(...finalizer!.range));
    if (!/^\{\s*\}$/.test(kept)) continue;
    edits.push({ range: [(handler ?? body).range[1], finalizer!.range[1]], text: '' });
    if (!handler) edits.push({ range: [range[0], body.range[0]], text: '' });
  }
  return edits;
}

function isWithin(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}
