/**
 * A connection that the code hands on when nothing fails is released in a `catch` block around what comes before, which throws the error again. Where nothing fails, nothing is different;
 * where something did, nobody had the connection.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import { callShape, isContainerCall } from '../analysis/call-shape.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Instruction } from '../cfg/graph.ts';
import type { Node, Statement } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { BlockFrame } from './block-frame.ts';
import { inOrder, type FixAnswer } from './edit-plan.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { functionBetween, isPure, runsAtOnce, useOf, type HandleUses, type ResourceCall } from './handle-uses.ts';
import { openedAndThrown } from './open-transaction.ts';
import { outerVariables } from './outer-variables.ts';
import { releaseText } from './release-text.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'released on failure';

/** The edits; undefined where the connection is handed on nowhere, or is lost without a throw: then other forms say why. */
export function planReleaseOnFailure(input: FixInput): FixAnswer | undefined {
  const { finding, outcome, site, model } = input;
  if (finding.kind !== 'leak' || finding.wayOut.kind !== 'catch' || !finding.wayOut.isHandedOn || outcome.owed.some(({ exit }) => exit !== 'throw')) return undefined;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { type } = site.acquisition;
  if (type.ending === 'commit or rollback') return blocked('ends by commit or rollback');
  if (outcome.settlements.some(({ kind }) => kind === 'unknown')) return blocked('not followed');
  if (outcome.misuses.length > 0) return blocked('misused');
  const handle = findHandle(input, true);
  if (typeof handle === 'string') return blocked(handle);
  // What somebody passed is not to be released, and who says so may be asked too late.
  if (handle.ownedIf !== undefined) return blocked('escapes');
  if (outcome.releases.size > 0) return blocked('different releases');
  const handOn = findHandOn(model, handle, input);
  if (typeof handOn === 'string') return blocked(handOn);
  const { calls, statements, isDoubtful } = handOn;
  const range = [statements[0]!.range[0], statements.at(-1)!.range[1]] as const;
  const uses: HandleUses = { releases: [], calls, others: [], isDoubtful, isTested: false, isReleasedByFunction: false };
  const release = releaseText(input, handle, uses);
  if (release === undefined) return blocked('no spelling');
  if (openedAndThrown(model, handle, uses, range)) return blocked('transaction left open');
  const layout = new SourceLayout(model.text);
  const error = ['error', 'failure'].find((name) => !new RegExp(`\\b${name}\\b`).test(release))!;
  const frame = new BlockFrame(layout, handle, { statements, last: undefined, range }, release, error);
  return {
    kind: 'edits', form: FORM, safety: isDoubtful ? 'suggestion' : 'automatic',
    title: `Release \`${handle.name}\` in a catch block that throws the error again.`,
    edits: inOrder(frame.around()),
  };
}

interface HandOn {
  /** What may fail before somebody else has it. */
  readonly statements: readonly Statement[];
  readonly calls: readonly ResourceCall[];
  readonly isDoubtful: boolean;
}

/** Where the connection is handed on, and what comes before; else the precondition that is false. */
function findHandOn(model: ProgramModel, handle: FoundHandle, { site }: FixInput): HandOn | BlockedReason {
  const { list, index, statement, variable, unit } = handle;
  const start = statement.range[1];
  const indexOf = (node: Node): number => list.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
  const handOns: { readonly node: Node; readonly statement: Node }[] = [];
  const calls: ResourceCall[] = [];
  const captures: Node[] = [];
  const records = recordsOf(model, handle);
  const declared = new Set<Node>(records.map(({ defs }) => defs[0]!.node as unknown as Node));
  for (const { identifier, init } of [variable, ...records].flatMap(({ references }) => references)) {
    const node = identifier as Node;
    // An object that has it is another name.
    if (init === true || (node.parent?.type === 'Property' && declared.has(node.parent.parent.parent)) || (statement.range[0] <= node.range[0] && node.range[1] <= start)) continue;
    if (node.range[0] < start && indexOf(node) < 0 && site.acquisition.style !== 'receiver') return 'reassigned';
    if (node.range[0] < start) continue;
    const inner = functionBetween(model, node, handle);
    if (inner !== undefined && runsAtOnce(inner) === undefined) {
      captures.push(node);
      continue;
    }
    const use = useOf(model, node, site.acquisition.type);
    if (use === 'alias' || (typeof use === 'object' && use.call.type === 'NewExpression')) handOns.push({ node, statement: statementAround(node) });
    else if (typeof use === 'string') return use;
    else if (use !== undefined) calls.push(use);
  }
  // Where it only returns it, it may do so anywhere.
  const others = handOns.filter(({ statement: around }) => !isPureReturn(around));
  const first = [...(others.length > 0 ? others : handOns)].sort((left, right) => left.node.range[0] - right.node.range[0])[0];
  const end = first === undefined ? -1 : others.length > 0 ? indexOf(first.node) : indexOf(handOns.at(-1)!.node);
  const last = list[end];
  if (last === undefined || end <= index || (others.length > 0 && first!.statement !== last)) return 'escapes';
  const isReturn = last.type === 'ReturnStatement';
  if (!isReturn && others.length === 0) return 'escapes';
  if (!isReturn && !isQuietTransfer(model, unit, last, handOns.map(({ node }) => node))) return 'escapes';
  if (handOns.some(({ node }) => node.range[1] > last.range[1]) && isReturn) return 'escapes';
  const isEndQuiet = isReturn && isQuietTransfer(model, unit, last, handOns.map(({ node }) => node));
  const before = list.slice(index + 1, isReturn && !isEndQuiet ? end + 1 : end);
  if (before.length === 0) return 'escapes';
  let statements = before;
  if (isSeenOutside(model, statements)) {
    if (!isReturn || !isEndQuiet) return 'declared inside';
    statements = list.slice(index + 1, end + 1);
    if (isSeenOutside(model, statements)) return 'declared inside';
  }
  const range = [statements[0]!.range[0], statements.at(-1)!.range[1]] as const;
  const isIn = (node: Node): boolean => node.range[0] >= range[0] && node.range[1] <= range[1];
  if (captures.some((node) => isIn(node) && !(isReturn && node.range[0] >= last.range[0]))) return 'captured';
  const inside = calls.filter(({ call }) => isIn(call));
  if (inside.some(({ completion, call }) => completion !== 'awaited' && mayBePending(model, call))) return 'unfinished';
  return { statements, calls: inside, isDoubtful: inside.some(({ isUnseen }) => isUnseen) || (isReturn && !isEndQuiet && handOns.some(({ node }) => node.parent?.type === 'NewExpression')) };
}

/** Whether a call whose result nobody waits for may go on with the connection. */
function mayBePending(model: ProgramModel, call: ResourceCall['call']): boolean {
  if (call.type !== 'CallExpression') return true;
  const callee = call.callee.type === 'MemberExpression' ? staticMemberName(call.callee) : undefined;
  // `client.on('error', …)`
  if (callee === 'on' || callee === 'once') return false;
  return model.bindings.calleeOf(call)?.async !== false;
}

/** The constants that are objects with the connection, and do nothing else: `const session = { client, database };`. */
function recordsOf(model: ProgramModel, { variable, list }: FoundHandle): Variable[] {
  return variable.references.flatMap(({ identifier }) => {
    const property = (identifier as Node).parent;
    const declarator = property?.type === 'Property' && property.value === identifier ? property.parent.parent : undefined;
    if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !list.includes(declarator.parent) || !isRecord(declarator.init)) return [];
    const record = model.scopes.variableOf(declarator.id);
    return record !== undefined && isConstant(record) ? [record] : [];
  });
}

function isRecord(node: Node | null): boolean {
  return node?.type === 'ObjectExpression' && node.properties.every((property) => property.type === 'Property' && !property.computed && isPure(property.value));
}

function statementAround(node: Node): Node {
  let current = node;
  while (current.parent && !/Statement$|Declaration$/.test(current.type)) current = current.parent;
  return current;
}

/** `return client;`, `return { client };` */
function isPureReturn(statement: Node): boolean {
  if (statement.type !== 'ReturnStatement' || statement.argument === null) return false;
  const { argument } = statement;
  return isPure(argument) || isRecord(argument);
}

/** Whether nothing of the statement fails before somebody else has the connection: an owner is not expected to fail while it takes. */
function isQuietTransfer(model: ProgramModel, unit: FoundHandle['unit'], statement: Statement, handOns: readonly Node[]): boolean {
  const isTaking = ({ node }: Instruction): boolean => {
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
    if (!node.arguments.some((argument) => handOns.includes(argument))) return false;
    return node.type === 'NewExpression' ? model.bindings.entityOf(node.callee) === undefined : isContainerCall(callShape(node));
  };
  const { instructions } = model.graphOf(unit);
  return instructions.every((instruction) => {
    const { node, op } = instruction;
    if (node.range[0] < statement.range[0] || node.range[1] > statement.range[1]) return true;
    return (op !== 'call' && op !== 'await' && op !== 'yield' && op !== 'throw' && op !== 'iterate') || isTaking(instruction);
  });
}

function isSeenOutside(model: ProgramModel, statements: readonly Statement[]): boolean {
  const range = [statements[0]!.range[0], statements.at(-1)!.range[1]] as const;
  return outerVariables(model, range, false).some((variable) => variable.references.some(({ identifier }) => identifier.range[0] < range[0] || identifier.range[0] >= range[1]));
}
