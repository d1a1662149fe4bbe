/** Checks that a graph is one: what every later stage takes for granted. */
import { NONE, type ExitKind, type Graph, type Instruction, type InstructionId, type InstructionOf } from './graph.ts';
import { endsProcess } from './throw-policy.ts';

type Op = Instruction['op'];

/** Instructions with a second outcome. */
const HAVE_ALTERNATE: ReadonlySet<Op> = new Set<Op>(['branch', 'iterate', 'yield']);
/** Instructions that may throw. */
const MAY_THROW: ReadonlySet<Op> = new Set<Op>(['call', 'await', 'yield', 'iterate', 'opaque', 'throw', 'using', 'dispose']);
/** Instructions after which control goes on. */
const WITHOUT_NEXT: ReadonlySet<Op> = new Set<Op>(['exit', 'throw', 'dispatch']);
const EXIT_KINDS: readonly ExitKind[] = ['normal', 'throw', 'stop'];

/** Throws an invariant that names the function and the instruction when `graph` is not well formed. */
export function verifyGraph(graph: Graph): void {
  const fail = (instruction: Instruction, problem: string): never => {
    throw new Error(`connection-leaks: graph of ${graph.name}, instruction ${String(instruction.id)} (${instruction.op}): ${problem}`);
  };
  graph.instructions.forEach((instruction, index) => {
    if (instruction.id !== index) fail(instruction, `stands at index ${String(index)}`);
    for (const target of successorsOf(instruction)) {
      const successor = graph.instructions[target];
      if (successor === undefined) fail(instruction, `leads to ${String(target)}, which does not exist`);
      else if (successor.op === 'entry') fail(instruction, 'leads to the entry');
    }
    if (instruction.alternate !== NONE && !HAVE_ALTERNATE.has(instruction.op)) fail(instruction, 'has an alternate edge');
    if (instruction.thrown !== NONE && !MAY_THROW.has(instruction.op)) fail(instruction, 'has a thrown edge');
    if (instruction.next !== NONE && WITHOUT_NEXT.has(instruction.op)) fail(instruction, 'has a next edge');
  });
  if (graph.instructions[graph.entry]?.op !== 'entry') throw new Error(`connection-leaks: graph of ${graph.name} has no entry`);
  for (const kind of EXIT_KINDS) {
    const exit = graph.instructions[graph.exits[kind]];
    if (exit?.op !== 'exit' || exit.exit !== kind) throw new Error(`connection-leaks: graph of ${graph.name} has no ${kind} exit`);
  }
  for (const id of reachableFrom(graph)) verifyEdges(graph.instructions[id]!, fail);
  verifyRegions(graph, fail);
}

/** All edges of `instruction`. */
export function successorsOf(instruction: Instruction): InstructionId[] {
  const edges = [instruction.next, instruction.alternate, instruction.thrown];
  if (instruction.op === 'dispatch') edges.push(...instruction.targets);
  return edges.filter((target) => target !== NONE);
}

/** The instructions that control can come to, as far as edges alone say. */
export function reachableFrom(graph: Graph): ReadonlySet<InstructionId> {
  const reached = new Set<InstructionId>([graph.entry]);
  for (const id of reached) for (const target of successorsOf(graph.instructions[id]!)) reached.add(target);
  return reached;
}

type Fail = (instruction: Instruction, problem: string) => never;

/** A reachable instruction has the edges that its kind has. */
function verifyEdges(instruction: Instruction, fail: Fail): void {
  if (instruction.op === 'exit') return;
  if (HAVE_ALTERNATE.has(instruction.op) && instruction.alternate === NONE) fail(instruction, 'has no alternate edge');
  if (instruction.op === 'throw') {
    if (instruction.thrown === NONE) fail(instruction, 'has no thrown edge');
  } else if (instruction.op === 'dispatch') {
    if (instruction.targets.length === 0) fail(instruction, 'leads nowhere');
  } else if (instruction.next === NONE && !(instruction.op === 'call' && endsProcess(instruction.node))) {
    fail(instruction, 'has no next edge');
  }
}

/** Each `finally` region has one entry, at most one dispatch, and completions that are numbered as the dispatch's targets are. */
function verifyRegions(graph: Graph, fail: Fail): void {
  const completes = new Map<number, InstructionOf<'complete'>[]>();
  const dispatches = new Map<number, InstructionOf<'dispatch'>>();
  for (const instruction of graph.instructions) {
    if (instruction.op === 'complete') {
      const known = completes.get(instruction.region) ?? [];
      if (instruction.region < 0 || instruction.region >= graph.regions.length) fail(instruction, `belongs to region ${String(instruction.region)}, which does not exist`);
      if (instruction.completion !== known.length) fail(instruction, `has completion ${String(instruction.completion)}, expected ${String(known.length)}`);
      if (known[0] !== undefined && known[0].next !== instruction.next) fail(instruction, 'enters its region elsewhere than the others');
      completes.set(instruction.region, [...known, instruction]);
    } else if (instruction.op === 'dispatch') {
      if (dispatches.has(instruction.region)) fail(instruction, 'is the second dispatch of its region');
      dispatches.set(instruction.region, instruction);
    }
  }
  for (const [region, dispatch] of dispatches) {
    const count = completes.get(region)?.length ?? 0;
    if (dispatch.targets.length !== count) fail(dispatch, `has ${String(dispatch.targets.length)} targets for ${String(count)} completions`);
  }
}
