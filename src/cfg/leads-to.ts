import type { Node } from '../syntax/estree.ts';
import type { Graph, Instruction, InstructionId } from './graph.ts';

/**
 * Which instructions lead to one of `targets` by at least one edge (1), by number of the instruction; the others (0) cannot.
 * A target is among them where control can come back to one, in a loop. Ways through instructions of the node `barrier` do not count.
 */
export function leadsTo(graph: Graph, targets: Iterable<Instruction>, barrier?: Node): Uint8Array {
  const { instructions } = graph;
  const isTarget = new Uint8Array(instructions.length);
  for (const { id } of targets) isTarget[id] = 1;
  const leads = new Uint8Array(instructions.length);
  const leadsBy = (to: InstructionId): boolean => to >= 0 && (isTarget[to] === 1 || leads[to] === 1);
  // Most edges lead on to a later instruction, so that one turn from the last to the first finds nearly all; each level of loops takes one more.
  for (let changed = true; changed; ) {
    changed = false;
    for (let id = instructions.length - 1; id >= 0; id--) {
      if (leads[id] === 1) continue;
      const instruction = instructions[id]!;
      if (instruction.node === barrier) continue;
      if (!leadsBy(instruction.next) && !leadsBy(instruction.alternate) && !leadsBy(instruction.thrown)) {
        if (instruction.op !== 'dispatch' || !instruction.targets.some(leadsBy)) continue;
      }
      leads[id] = 1;
      changed = true;
    }
  }
  return leads;
}
