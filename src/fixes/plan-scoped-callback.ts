/**
 * What is done with the resource becomes a callback of a call that takes it, gives it back, and where it is a transaction commits and rolls it back, however
 * the callback ends. Where the code does not leak, it did the same at the same time.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { callbackBody, isSettledValue, isSteady, mayBePromise, ownNodes } from './callback-body.ts';
import { wrapInCallback } from './callback-frame.ts';
import { callbackPlaces, isBehind, type CallbackPlace } from './callback-place.ts';
import { inOrder, type Edit, type EditPlan, type FixAnswer } from './edit-plan.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { usesOfHandle, type HandleUses } from './handle-uses.ts';
import { callbackOutcome } from './callback-outcome.ts';
import { isInTry } from './is-in-try.ts';
import { unfinishedWork } from './unfinished-work.ts';
import { openTransaction } from './open-transaction.ts';
import { ownForms } from './own-form.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { resourceEnds, type EndStatement, type ResourceEnds } from './resource-ends.ts';
import { nativeForm, type ScopedForm } from './scoped-form.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'scoped callback';

/** The edits that use the library's form with a callback. */
export function planScopedCallback(input: AcquisitionInput): FixAnswer {
  const answer = planWith(input, input.site.acquisition.type.scoped?.[0]?.commits === true, (handle, ends) => nativeForm(input, handle, ends));
  return typeof answer === 'string' ? { kind: 'blocked', form: FORM, reason: answer } : answer;
}

/** The edits that use a function of the project that does the same; undefined where there is none. */
export function planOwnCallback(input: AcquisitionInput): FixAnswer | undefined {
  const handle = findHandle(input);
  const answers = (typeof handle === 'string' ? [] : ownForms(input, handle)).map((form) => (typeof form === 'string' ? form : planWith(input, false, () => form)));
  const answer = answers.find((one) => typeof one !== 'string') ?? answers[0];
  return typeof answer === 'string' ? { kind: 'blocked', form: FORM, reason: answer } : answer;
}

/** The edits that use a form; else the precondition that is false. `commits`: whether its callback ends a transaction. */
export function planWith(input: AcquisitionInput, commits: boolean, formOf: (handle: FoundHandle, ends: ResourceEnds) => ScopedForm | BlockedReason): EditPlan | BlockedReason {
  const { site, outcome, model } = input;
  const { type } = site.acquisition;
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return settlement.kind === 'unknown' ? 'not followed' : 'escapes';
  // A rollback that comes after the commit is left out.
  const isMisused = outcome.misuses.length > 0;
  if (outcome.misuses.some(({ kind }) => !commits || kind !== 'double-release')) return 'misused';
  const handle = findHandle(input);
  if (typeof handle === 'string') return handle;
  if (!isAsync(handle.unit)) return 'not async';
  const uses = usesOfHandle(model, handle, type, outcome.releases);
  if (typeof uses === 'string') return uses;
  if (uses.isReleasedByFunction) return 'released elsewhere';
  const ends = resourceEnds(model, uses, type, commits);
  if (typeof ends === 'string') return ends;
  const form = formOf(handle, ends);
  if (typeof form === 'string') return form;
  const unfinished = form.commits || uses.releases.length > 0 ? 'none' : unfinishedWork(model, handle, uses);
  if (unfinished !== 'none' && unfinished !== 'perhaps') return unfinished;
  if (form.property !== undefined && ends.others.some((node) => replacedIn(node, form) === undefined)) return 'used outside';
  const layout = new SourceLayout(model.text);
  const places = callbackPlaces(layout, handle, ends, form.commits);
  if (typeof places === 'string') return places;
  let first: BlockedReason | undefined;
  for (const place of places) {
    const plan = planAt({ model, layout, handle, uses, form, ends, isDoubtful: isMisused || uses.isDoubtful || unfinished === 'perhaps' }, place);
    if (typeof plan !== 'string') return plan;
    first ??= plan;
  }
  return first!;
}

interface Parts {
  readonly model: ProgramModel;
  readonly layout: SourceLayout;
  readonly handle: FoundHandle;
  readonly uses: HandleUses;
  readonly form: ScopedForm;
  readonly ends: ResourceEnds;
  readonly isDoubtful: boolean;
}

function planAt({ model, layout, handle, uses, form, ends, isDoubtful }: Parts, place: CallbackPlace): EditPlan | BlockedReason {
  const { begins, commits, rollbacks, releases, others } = ends;
  const removed = [...begins, ...commits, ...rollbacks, ...releases];
  const gone = new Set<Node>(removed.map(({ statement }) => statement));
  const reach = place.list.length === 0 ? handle.statement.range : ([place.list[place.from]?.range[0] ?? 0, place.list[place.from]?.range[1] ?? 0] as const);
  const inBody = (end: EndStatement): boolean => !isBehind(end, reach) && end.statement.range[0] > handle.statement.range[1];
  const needed: Node[] = [...others.filter(({ range }) => range[0] > handle.statement.range[1]), ...[...commits, ...rollbacks, ...releases].filter(inBody).map(({ statement }) => statement)];
  const body = callbackBody(model, handle.unit, place, needed, gone);
  if (typeof body === 'string') return body;
  const isIn = (node: Node): boolean => (node.range[0] >= body.range[0] && node.range[1] <= body.range[1]) || (body.closing !== undefined && node.range[0] >= body.closing.range[0] && node.range[1] <= body.closing.range[1]);
  const declaration = declarationOf(handle);
  if (others.some((node) => !isIn(node)) || declaration === 'used') return 'used outside';
  const outside = [...commits, ...rollbacks, ...releases].filter(({ statement }) => !isIn(statement));
  if (outside.some((end) => !isBehind(end, body.range) && !isInGone(end, place))) return 'used outside';
  if (commits.some(({ statement }) => !isIn(statement))) return 'used outside';
  const result = callbackOutcome({ model, handle, form, ends, body, place });
  if (result !== 'equal' && result !== 'nearly') return result;
  const transaction = form.commits ? 'none' : openTransaction(model, handle, uses, body.range);
  if (transaction === 'open') return 'transaction left open';
  const returned = ownNodes(handle.unit, body.statements).flatMap((node) => (node.type === 'ReturnStatement' && node.argument ? [node.argument] : []));
  if (!form.givesResult && (body.values.length > 0 || returned.length > 0)) return 'gives no result';
  if (returned.some((node) => mayBePromise(model, node))) return 'goes on after the commit';
  // Nobody waits for a commit that is not awaited, or hears that it fails.
  const isEqual = result === 'equal' && transaction === 'none' && !isDoubtful && commits.every(({ isAwaited }) => isAwaited) && rollbacks.length === 0 && form.differs === undefined && (place.around === undefined || (place.isUnwrapped && place.around.handler === null)) && isFirst(begins, handle)
    && returned.every((node) => node.type === 'AwaitExpression' || (isSettledValue(model, node) && isSteady(model, node, body.range, false)));
  const taken = removed.filter(({ statement }) => statement !== body.closing && !(place.isUnwrapped && !isWithin(statement, place.around!.block.range) && isWithin(statement, place.around!.range)));
  const inner = place.around?.block ?? handle.block;
  return {
    kind: 'edits', form: FORM, safety: isEqual ? 'automatic' : 'suggestion',
    title: `Use \`${form.callee}(async (${form.parameter}) => …)\`, which ${form.commits ? 'commits and rolls back' : `releases \`${handle.name}\``} by itself.`,
    edits: inOrder([
      ...form.imports,
      ...wrapInCallback({ layout, handle, form, place, body, isInTry: isInTry(place.isUnwrapped ? place.around!.parent : inner, handle.unit) }),
      ...taken.flatMap(({ statement }) => removeStatement(layout, statement)),
      ...emptiedBlocks(layout, taken.map(({ statement }) => statement)),
      ...(declaration === undefined ? [] : removeStatement(layout, declaration)),
      ...(form.property === undefined ? [] : others.map((node): Edit => ({ range: replacedIn(node, form)!.range, text: form.parameter }))),
    ]),
  };
}

function isAsync(unit: Node): boolean {
  return unit.type === 'Program' || ('async' in unit && unit.async);
}

function isWithin(node: Node, range: readonly [number, number]): boolean {
  return node.range[0] >= range[0] && node.range[1] <= range[1];
}

/** Whether the end stands in what is taken away of the `try` statement. */
function isInGone({ statement }: EndStatement, { around, isUnwrapped }: CallbackPlace): boolean {
  return isUnwrapped && around !== undefined && isWithin(statement, around.range);
}

/** What the parameter takes the place of: `queryRunner.manager`, and `queryRunner` in `queryRunner.query(…)`. */
function replacedIn(node: Node, { property, shares }: ScopedForm): Node | undefined {
  const { parent } = node;
  if (parent?.type !== 'MemberExpression' || parent.object !== node || parent.computed || parent.optional || parent.property.type !== 'Identifier') return undefined;
  const { name } = parent.property;
  if (name === property) return parent;
  return shares.includes(name) && parent.parent.type === 'CallExpression' && parent.parent.callee === parent ? node : undefined;
}

/** Whether what begins the transaction are the first statements behind the acquisition. */
function isFirst(begins: readonly EndStatement[], { list, index }: FoundHandle): boolean {
  return begins.every(({ statement }) => { const at = list.indexOf(statement); return at > index && at <= index + begins.length; });
}

/** The declaration of a handle that is assigned later, which goes as well: `let t;`. */
function declarationOf({ variable, statement }: FoundHandle): Node | 'used' | undefined {
  const declarator = variable.defs[0]?.node as Node | undefined;
  const declaration = declarator?.parent;
  if (declaration?.type !== 'VariableDeclaration' || declaration === statement) return undefined;
  return declaration.declarations.length === 1 ? declaration : 'used';
}

