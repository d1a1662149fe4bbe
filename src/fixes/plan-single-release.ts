/**
 * One of two releases goes: the second one where it can only be that, else the earlier ones where the last one, in a `finally` block, is enough. The analysis is asked again what the
 * code does without them.
 */
import type { SiteOutcome } from '../analysis/analyse-program.ts';
import { writesOf } from '../bindings/scope-index.ts';
import type { DoubleReleaseFinding, UseAfterReleaseFinding } from '../findings/finding.ts';
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type FixAnswer } from './edit-plan.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { guardOf, isPure } from './handle-uses.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';
import { outcomeWithout, type GoingRelease } from './without-releases.ts';

const FORM = 'without the second release';

/** What is planned for a misuse. */
export interface MisuseInput extends AcquisitionInput {
  readonly finding: DoubleReleaseFinding | UseAfterReleaseFinding;
}

/** A release that is a statement of its own. */
interface Release extends GoingRelease {
  readonly text: string;
  /** Whether nothing is asked before it. */
  readonly isPlain: boolean;
}

/** The edits that take releases away, so that one is left on each path. */
export function planSingleRelease(input: MisuseInput): FixAnswer {
  const { finding, outcome, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  const layout = new SourceLayout(model.text);
  const [second, first] = finding.kind === 'double-release' ? [secondOf(input), firstOf(input, finding.node)] : ['needed' as const, firstOf(input, undefined)];
  // A `finally` block is the place for the one that is left.
  const candidates = typeof first !== 'string' && first.kept !== undefined ? [first, second] : [second, first];
  const reasons = new Set<BlockedReason>();
  for (const candidate of candidates) {
    if (typeof candidate === 'string') {
      reasons.add(candidate);
      continue;
    }
    const { releases } = candidate;
    const statements = releases.map(({ statement }) => statement);
    if (statements.some(({ range }) => layout.hasComment(range))) {
      reasons.add('comment');
      continue;
    }
    if (!isRightWithout(input, releases, candidate.kept)) {
      reasons.add('needed');
      continue;
    }
    return {
      kind: 'edits', form: FORM, safety: 'suggestion', title: candidate.title,
      edits: inOrder([...statements.flatMap((statement) => removeStatement(layout, statement)), ...emptiedBlocks(layout, statements)]),
    };
  }
  return blocked([...reasons][0] ?? 'needed');
}

/** Releases that may go. `kept`: the one in a `finally` block that is left instead; absent where what goes never is the first. */
interface Candidate {
  readonly releases: readonly Release[];
  readonly kept: Release | undefined;
  readonly title: string;
}

/** The second release, where no path comes to it with something to release. */
function secondOf(input: MisuseInput): Candidate | BlockedReason {
  const { finding, outcomes } = input;
  const { node } = finding;
  if (outcomes.some(({ firstReleases }) => firstReleases.has(node))) return 'needed';
  const release = releaseAt(input, node);
  return typeof release === 'string' ? release : { releases: [release], kept: undefined, title: `Remove this release: ${finding.handle} was released before.` };
}

/** The releases in the block and the `catch` clause of a `try` statement whose `finally` block releases in any case; else the first one alone. */
function firstOf(input: MisuseInput, second: Node | undefined): Candidate | BlockedReason {
  const { finding, outcome, site } = input;
  // A commit and a rollback are no two releases of one kind.
  if (site.acquisition.type.ending === 'commit or rollback') return 'needed';
  const kept = [...(second === undefined ? outcome.releases : [second])].map((node) => releaseAt(input, node)).filter((release) => typeof release !== 'string');
  const last = kept.find(({ statement }) => finallyOf(statement) !== undefined && isWithin(finding.first, finallyOf(statement)!));
  const around = last && finallyOf(last.statement)!;
  const nodes = around === undefined ? [finding.first] : [...outcome.releases].filter((node) => isWithin(node, around) && !isWithin(node, around.finalizer!));
  const releases: Release[] = [];
  for (const node of nodes) {
    const release = releaseAt(input, node);
    if (typeof release === 'string') return release;
    // Another kind of release would come in its place: `destroy()` instead of `release()`, `release(error)`.
    const other = last ?? (second === undefined ? undefined : releaseAt(input, second));
    if (other !== undefined && typeof other !== 'string' && release.text.replace('?.', '.') !== other.text.replace('?.', '.')) return 'different releases';
    releases.push(release);
  }
  if (releases.length === 0) return 'needed';
  const line = String(finding.first.loc.start.line);
  return { releases, kept: last, title: last === undefined ? `Remove the release on line ${line}.` : `Release ${finding.handle} in the finally block alone.` };
}

/** The `try` statement whose `finally` block a statement stands in. */
function finallyOf(statement: Statement): TSESTree.TryStatement | undefined {
  const block = statement.parent;
  return block.type === 'BlockStatement' && block.parent.type === 'TryStatement' && block.parent.finalizer === block ? block.parent : undefined;
}

/** Whether the analysis finds nothing wrong any more with the releases, and no path on which the connection is lost that was not before. */
function isRightWithout(input: MisuseInput, releases: readonly Release[], kept: Release | undefined): boolean {
  const now = outcomeWithout(input, releases);
  if (now === undefined || now.misuses.some(({ kind }) => kind === input.finding.kind || kind === 'double-release')) return false;
  return now.owed.length === 0 || (input.outcome.owed.length > 0 && isNeverLost(kept, releases, input.outcomes));
}

/** Whether what goes changes nothing on paths that lose the connection: it never is the first release, or the one that is left comes first of all in its `finally` block. */
function isNeverLost(kept: Release | undefined, releases: readonly Release[], outcomes: readonly SiteOutcome[]): boolean {
  if (kept !== undefined) return kept.isPlain && finallyOf(kept.statement)?.finalizer?.body[0] === kept.statement;
  return releases.every(({ call }) => !outcomes.some(({ firstReleases }) => firstReleases.has(call)));
}

/** The statement that is nothing but the release at `node`, with a test around it that does nothing. */
function releaseAt(input: MisuseInput, node: Node): Release | BlockedReason {
  const { model } = input;
  const call = unwrapChain(node);
  if (call.type !== 'CallExpression') return 'release is part of an expression';
  // A function of the project may do more than that.
  if (model.bindings.calleeOf(call) !== undefined || model.bindings.foreignCalleeOf(call) !== undefined) return 'released elsewhere';
  const callee = unwrapChain(call.callee);
  const isNamed = callee.type === 'Identifier' || (callee.type === 'MemberExpression' && isPure(callee.object));
  if (!isNamed || !call.arguments.every((argument) => isPure(argument))) return 'release is part of an expression';
  const handles = [callee.type === 'MemberExpression' ? callee.object : callee, ...(callee.type === 'MemberExpression' ? call.arguments : [])].map((one) => unwrapExpression(one));
  if (!handles.some((one) => one.type === 'Identifier' && holdsOnlyAcquired(input, one))) return 'reassigned';
  let expression: Node = node;
  while (expression.parent?.type === 'ChainExpression' || expression.parent?.type === 'AwaitExpression') expression = expression.parent;
  const guard = guardOf(expression);
  const statement = guard?.statement ?? expression.parent;
  if (guard !== undefined ? !isPure(guard.test) : statement?.type !== 'ExpressionStatement') return 'release is part of an expression';
  const list = (statement as Statement).parent.type;
  if (list !== 'BlockStatement' && list !== 'SwitchCase' && list !== 'Program' && list !== 'StaticBlock') return 'release is part of an expression';
  return { call: node, statement: statement as Statement, text: model.text.slice(...expression.range), isPlain: guard === undefined };
}

/** Whether a variable has nothing but what the file acquires, once: of something that it was given, or has later, each release may be the one that counts. */
function holdsOnlyAcquired({ model, outcomes, site }: MisuseInput, name: TSESTree.Identifier): boolean {
  const variable = model.scopes.variableOf(name);
  const definition = variable?.defs[0];
  if (variable === undefined || definition === undefined || variable.defs.length !== 1) return false;
  const writes = writesOf(variable);
  if (definition.type === ('Parameter' as never)) return writes.length === 0 && site.acquisition.callback !== undefined && definition.node.parent === site.node;
  const opened = site.acquisition.style === 'receiver' && site.node.type === 'CallExpression' ? unwrapChain(site.node.callee) : undefined;
  if (opened?.type === 'MemberExpression' && writes.length === 1 && writes[0]!.init === true) {
    const object = unwrapExpression(opened.object);
    if (object.type === 'Identifier' && model.scopes.variableOf(object) === variable) return true;
  }
  return definition.type === ('Variable' as never) && (definition.node as Node).type === 'VariableDeclarator' && (definition.name as Node).parent === definition.node
    && writes.length === 1 && writes.every(({ writeExpr }) => isAcquired(outcomes, writeExpr));
}

function isAcquired(outcomes: readonly SiteOutcome[], node: Node | null | undefined): boolean {
  if (node === null || node === undefined) return false;
  const value = unwrapAwait(node);
  if (value.type === 'ConditionalExpression') return isAcquired(outcomes, value.consequent) && isAcquired(outcomes, value.alternate);
  return outcomes.some((outcome) => outcome.node === value);
}

function isWithin({ range }: Node, outer: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}
