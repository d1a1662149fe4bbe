/** Which statements a `finally` block has to span: from the acquisition to the last thing that needs the connection or what was read by it. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant } from '../bindings/scope-index.ts';
import type { Instruction, InstructionId } from '../cfg/graph.ts';
import type { Node, Statement } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { KeptHandle } from './find-handle.ts';
import type { HandleUses, ReleaseStatement } from './handle-uses.ts';
import { outerVariables } from './outer-variables.ts';

export interface HeldRegion {
  /** The statements, in their list; none where the release follows the acquisition at once. */
  readonly statements: readonly Statement[];
  /** The release that ends it, where that is a statement of the same list. */
  readonly last: ReleaseStatement | undefined;
  readonly range: readonly [number, number];
}

/** The region behind the acquisition; else the precondition that is false. `isLater`: what waits behind a release needs the connection, or may hold it. */
export function heldRegion(model: ProgramModel, handle: KeptHandle, uses: HandleUses, isLater: boolean): HeldRegion | BlockedReason {
  const { list, index, start, statement } = handle;
  const indexOf = (node: Node): number => list.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
  const needed = [...uses.releases.map(({ statement: release }) => release), ...uses.others.filter((node) => node.range[0] > start), ...(handle.isOuter === true && statement !== undefined ? [statement] : [])];
  if (needed.length === 0 && index < 0) return 'nothing to wrap';
  // What stands before it may run in the next turn of a loop, with what was taken in the last one.
  if (uses.releases.some((release) => release.statement.range[0] < start)) return 'reassigned';
  if (!isConstant(handle.variable) && uses.others.some((node) => node.range[0] < start)) return 'reassigned';
  const positions = needed.map(indexOf);
  // Before the acquisition and outside its list there is only its declaration.
  if (positions.some((position) => position <= index)) return 'declared inside';
  let end = Math.max(index, ...positions);
  const releaseAt = (position: number): ReleaseStatement | undefined => uses.releases.find((release) => release.statement === list[position]);
  // Of several at the end, the first one.
  while (end - 1 > index && releaseAt(end) !== undefined && releaseAt(end - 1) !== undefined) end--;
  const closing = releaseAt(end);
  if (closing !== undefined) {
    const inside = list.slice(index + 1, end);
    if (!isUsedElsewhere(model, [start, closing.statement.range[0]])) return checked(model, handle, uses, isLater, { statements: inside, last: closing, range: [start, closing.statement.range[0]] });
  }
  // What is declared inside and used behind belongs to the region as well.
  for (;;) {
    const range = [start, list[end]!.range[1]] as const;
    const furthest = furthestUse(model, range);
    if (furthest === undefined || furthest < range[1]) break;
    const next = list.findIndex((other) => other.range[0] <= furthest && furthest < other.range[1]);
    if (next <= end) return 'declared inside';
    end = next;
  }
  const range = [start, list[end]!.range[1]] as const;
  if (isUsedElsewhere(model, range)) return 'declared inside';
  return checked(model, handle, uses, isLater, { statements: list.slice(index + 1, end + 1), last: undefined, range });
}

/** All that follows the acquisition in its block; else the precondition that is false. */
export function blockRegion(model: ProgramModel, handle: KeptHandle, uses: HandleUses): HeldRegion | BlockedReason {
  const { list, index, start } = handle;
  const statements = list.slice(index + 1);
  const last = statements.at(-1);
  if (last === undefined) return 'nothing to wrap';
  return checked(model, handle, uses, false, { statements, last: undefined, range: [start, last.range[1]] });
}

function isUsedElsewhere(model: ProgramModel, range: readonly [number, number]): boolean {
  return outerVariables(model, range, false).some((variable) => variable.references.some(({ identifier }) => identifier.range[0] < range[0] || identifier.range[0] >= range[1]));
}

/** The last position at which something that is declared in the region is used. */
function furthestUse(model: ProgramModel, range: readonly [number, number]): number | undefined {
  const positions = outerVariables(model, range, false).flatMap((variable) => variable.references.map(({ identifier }) => identifier.range[0]));
  return positions.length === 0 ? undefined : Math.max(...positions);
}

/** The region, if the later release changes nothing. */
function checked(model: ProgramModel, handle: KeptHandle, uses: HandleUses, isLater: boolean, region: HeldRegion): HeldRegion | BlockedReason {
  for (const statement of region.statements) {
    if (statement.type === 'VariableDeclaration' && /using/.test(statement.kind)) return 'disposal';
  }
  for (const release of uses.releases) {
    const behind = instructionsBehind(model, handle, release, region.range);
    if (!isLater && behind.some(waits)) return 'await behind the release';
    // A release that fails would come before what follows it.
    if (release.isAwaited && (behind.some(({ op }) => op === 'call' || op === 'throw') || isCaught(release.statement, region.range))) return 'release that may fail';
  }
  return region;
}

/** Whether an instruction waits for something. */
export function waits({ op, node }: Instruction): boolean {
  return op === 'await' || op === 'yield' || (op === 'iterate' && node.type === 'ForOfStatement' && node.await) || op === 'dispose' || op === 'using';
}

/** The instructions that control may come to behind a release, before it leaves the region. */
function instructionsBehind(model: ProgramModel, handle: KeptHandle, release: ReleaseStatement, range: readonly [number, number]): Instruction[] {
  const { instructions } = model.graphOf(handle.unit);
  const isInside = ({ node }: Instruction): boolean => node.range[0] >= range[0] && node.range[1] <= range[1];
  const own = ({ node }: Instruction): boolean => node.range[0] >= release.statement.range[0] && node.range[1] <= release.statement.range[1];
  const found = new Set<Instruction>();
  const pending: InstructionId[] = instructions.filter(({ op, node }) => op === 'call' && node === release.call).map(({ next }) => next);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || found.has(instruction) || !(isInside(instruction) || own(instruction))) continue;
    found.add(instruction);
    const targets = instruction.op === 'dispatch' ? instruction.targets : [];
    pending.push(instruction.next, instruction.alternate, ...targets);
    // The first release does not throw.
    if (!own(instruction)) pending.push(instruction.thrown);
  }
  return [...found].filter((instruction) => !own(instruction));
}

/** Whether a `catch` clause of the region would see the release fail. */
function isCaught(statement: Node, range: readonly [number, number]): boolean {
  for (let node = statement; node.parent && node.parent.range[0] >= range[0]; node = node.parent) {
    if (node.parent.type === 'TryStatement' && node.parent.block === node && node.parent.handler) return true;
  }
  return false;
}
