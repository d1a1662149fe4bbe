/** Whether a callback that ends does to the resource what the code did: a transaction is committed on the same paths, and nothing that follows comes before that. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Instruction, InstructionId } from '../cfg/graph.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapAwait } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { CallbackBody } from './callback-body.ts';
import type { CallbackPlace } from './callback-place.ts';
import type { FoundHandle } from './find-handle.ts';
import type { ResourceEnds } from './resource-ends.ts';
import type { ScopedForm } from './scoped-form.ts';
import { everyWayOut, type Phases } from './ways-out.ts';

/** What has become of the resource. `failing`: a statement that ends it has thrown. */
type Phase = 'unused' | 'used' | 'committed' | 'rolled back' | 'released' | 'failing';

interface CallbackParts {
  readonly model: ProgramModel;
  readonly handle: FoundHandle;
  readonly form: ScopedForm;
  readonly ends: ResourceEnds;
  readonly body: CallbackBody;
  readonly place: CallbackPlace;
}

/** `equal`: on all paths that do not leak. `nearly`: a transaction with nothing in it is committed where the code did not end it. Else the precondition that is false. */
export function callbackOutcome(parts: CallbackParts): 'equal' | 'nearly' | BlockedReason {
  const { model, handle, form, ends, body, place } = parts;
  const { instructions } = model.graphOf(handle.unit);
  const removed = [...ends.begins, ...ends.commits, ...ends.rollbacks, ...ends.releases];
  const isRemoved = (node: Node): boolean => removed.some(({ statement: { range } }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
  const is = (list: readonly { readonly call: Node }[], node: Node): boolean => list.some(({ call }) => call === node);
  const uses = new Set<Node>(ends.calls.map(({ call }) => call));
  // A function inside that uses it may run at any time.
  const isUsedWithin = ends.others.some((node) => model.file.unitOf(node) !== handle.unit);
  const start = handle.statement.range[0];
  const end = body.closing?.range[1] ?? body.range[1];
  let blocked: BlockedReason | undefined;
  let isNearly = false;
  const stop = (reason: BlockedReason, phase: Phase): Phases<Phase> => {
    blocked ??= reason;
    return { next: phase, thrown: phase };
  };
  const step = (instruction: Instruction, phase: Phase): Phases<Phase> => {
    const { op, node } = instruction;
    if (isRemoved(node)) {
      if (op === 'await') return { next: phase, thrown: phase === 'committed' || phase === 'rolled back' || phase === 'released' ? 'failing' : phase };
      if (op !== 'call') return { next: phase, thrown: phase };
      if (phase === 'failing' && (is(ends.commits, node) || is(ends.rollbacks, node))) return stop('catches the commit', phase);
      if (is(ends.commits, node)) return phase === 'committed' || phase === 'rolled back' ? stop('misused', phase) : { next: 'committed', thrown: 'failing' };
      if (is(ends.rollbacks, node)) return phase === 'committed' ? stop('misused', phase) : { next: 'rolled back', thrown: 'failing' };
      if (!form.commits && is(ends.releases, node)) return { next: 'released', thrown: 'failing' };
      // The release behind a commit.
      return { next: phase, thrown: phase === 'committed' ? 'failing' : phase };
    }
    switch (phase) {
      case 'committed':
        return isQuiet(instruction, model, body) ? { next: phase, thrown: phase } : stop('goes on after the commit', phase);
      case 'rolled back':
        return op === 'throw' || isInThrow(node) || isQuiet(instruction, model, body) ? { next: phase, thrown: phase } : stop('goes on after the rollback', phase);
      case 'released': {
        const isLater = ends.releases.some(({ isAwaited }) => isAwaited) ? !isQuiet(instruction, model, body) && op !== 'throw' : waits(instruction);
        return isLater ? stop('await behind the release', phase) : { next: phase, thrown: phase };
      }
      case 'failing':
        return stop(form.commits ? 'catches the commit' : 'release that may fail', phase);
      default: {
        const next = op === 'call' && uses.has(node) ? 'used' : phase;
        return { next, thrown: next };
      }
    }
  };
  everyWayOut<Phase>(
    {
      instructions,
      starts: startsBehind(instructions, handle),
      isInside: ({ node: { range } }) => range[0] >= start && range[1] <= end && !(place.around !== undefined && range[0] === place.around.range[0] && range[1] === place.around.range[1]),
      initial: isUsedWithin ? 'used' : 'unused',
      step,
    },
    (leaving, phase) => {
      if (blocked !== undefined) return false;
      if (leaving === 'throw') {
        if (phase === 'committed') blocked = 'goes on after the commit';
        return blocked === undefined;
      }
      if (body.leaves === 'return' && leaving === 'on' && !isEndOfUnit(place, handle)) blocked = 'returns on some paths';
      else if (form.commits && phase === 'used') blocked = 'ends by commit or rollback';
      else if (form.commits && phase === 'rolled back') blocked = 'goes on after the rollback';
      else if (form.commits && phase === 'unused' && ends.rollbacks.some(({ statement }) => isInFinalizer(statement))) blocked = 'goes on after the rollback';
      else if (form.commits && phase === 'unused') isNearly = true;
      return blocked === undefined;
    },
  );
  return blocked ?? (isNearly ? 'nearly' : 'equal');
}

/** Whether a statement runs however the code before it ends. */
function isInFinalizer(statement: Node): boolean {
  for (let node: Node | undefined = statement; node?.parent; node = node.parent) if (node.parent.type === 'TryStatement' && node.parent.finalizer === node) return true;
  return false;
}

/** What comes behind the acquisition. */
function startsBehind(instructions: readonly Instruction[], { statement }: FoundHandle): InstructionId[] {
  const isPart = ({ node }: Instruction): boolean => node.range[0] >= statement.range[0] && node.range[1] <= statement.range[1];
  const own = instructions.filter(isPart);
  const ids = new Set<InstructionId>(own.map(({ id }) => id));
  return own.flatMap(({ next }) => (ids.has(next) ? [] : [next]));
}

/** Whether nothing runs, nothing waits and nothing outside is changed: nobody can tell when it happens. */
function isQuiet(instruction: Instruction, model: ProgramModel, { range: [start, end] }: CallbackBody): boolean {
  switch (instruction.op) {
    case 'entry':
    case 'join':
    case 'copy':
    case 'branch':
    case 'clear':
    case 'return':
    case 'complete':
    case 'dispatch':
    case 'exit':
      return true;
    case 'assign': {
      const target = unwrapAwait(instruction.target);
      const variable = target.type === 'Identifier' ? model.scopes.variableOf(target) : undefined;
      return variable !== undefined && variable.identifiers.some(({ range }) => range[0] >= start && range[1] <= end);
    }
    default:
      return false;
  }
}

function waits({ op, node }: Instruction): boolean {
  return op === 'await' || op === 'yield' || (op === 'iterate' && node.type === 'ForOfStatement' && node.await) || op === 'dispose' || op === 'using' || op === 'opaque';
}

/** `throw new NotFoundError()`: made a little earlier. */
function isInThrow(node: Node): boolean {
  for (let current: Node | undefined = node; current; current = current.parent) {
    if (current.type === 'ThrowStatement') return node.type === 'NewExpression';
    if (current.type.endsWith('Statement')) return false;
  }
  return false;
}

/** Whether the function ends where the list of statements does. */
function isEndOfUnit({ list, around, isUnwrapped }: CallbackPlace, handle: FoundHandle): boolean {
  let node: Node | undefined = isUnwrapped ? around : list.at(-1);
  for (; node && node !== handle.unit; node = node.parent) {
    const { parent }: Node = node;
    if (parent?.type === 'BlockStatement') {
      if (parent.body.at(-1) !== node) return false;
    } else if (parent?.type === 'TryStatement' ? parent.block !== node && parent.handler !== node : parent !== handle.unit && parent?.type !== 'IfStatement' && parent?.type !== 'CatchClause') {
      return false;
    }
  }
  return true;
}
