import type { Graph, InstructionId } from './graph.ts';

/**
 * Which instructions lead to one of `targets` by at least one edge (1), by number of the instruction; the others (0) cannot.
 * A target is among them where control can come back to one, in a loop.
 */
export function leadsTo(graph: Graph, targets: Iterable<InstructionId>): Uint8Array {
  const { instructions } = graph;
  const isTarget = new Uint8Array(instructions.length);
  for (const target of targets) isTarget[target] = 1;
  const leads = new Uint8Array(instructions.length);
  const leadsBy = (to: InstructionId): boolean => to >= 0 && (isTarget[to] === 1 || leads[to] === 1);
  // Most edges lead on to a later instruction, so that one turn from the last to the first finds nearly all; each level of loops takes one more.
  for (let changed = true; changed; ) {
    changed = false;
    for (let id = instructions.length - 1; id >= 0; id--) {
      if (leads[id] === 1) continue;
      const instruction = instructions[id]!;
      if (!leadsBy(instruction.next) && !leadsBy(instruction.alternate) && !leadsBy(instruction.thrown)) {
        if (instruction.op !== 'dispatch' || !instruction.targets.some(leadsBy)) continue;
      }
      leads[id] = 1;
      changed = true;
    }
  }
  return leads;
}
