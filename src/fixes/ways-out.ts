/** The ways that control may take out of a stretch of code, and what has become of the resource on each. */
import type { Instruction, InstructionId, RegionId } from '../cfg/graph.ts';

/** How control leaves: past the end (or by a jump), by `return`, by a throw. */
export type Leaving = 'on' | 'return' | 'throw';

/** What an instruction makes of the phase: when it completes, and when it throws. */
export interface Phases<Phase extends string> {
  readonly next: Phase;
  readonly thrown: Phase;
}

interface Way<Phase extends string> {
  readonly id: InstructionId;
  readonly phase: Phase;
  readonly leaving: Leaving;
  /** For each `finally` block that control is in: by which completion, and on the way where to. */
  readonly pending: ReadonlyMap<RegionId, { readonly completion: number; readonly leaving: Leaving }>;
}

/** A stretch of one unit, and what happens to the resource in it. */
export interface Stretch<Phase extends string> {
  readonly instructions: readonly Instruction[];
  readonly starts: readonly InstructionId[];
  readonly isInside: (instruction: Instruction) => boolean;
  readonly initial: Phase;
  readonly step: (instruction: Instruction, phase: Phase) => Phases<Phase>;
}

/**
 * Calls `leaves` for each way out, with the phase that it ends in. The paths through `finally` blocks are told apart by how they entered them. False where
 * `leaves` is, and then no other is looked at.
 */
export function everyWayOut<Phase extends string>(stretch: Stretch<Phase>, leaves: (leaving: Leaving, phase: Phase) => boolean): boolean {
  const { instructions, starts, isInside, initial, step } = stretch;
  const seen = new Set<string>();
  const waiting: Way<Phase>[] = starts.map((id) => ({ id, phase: initial, leaving: 'on', pending: new Map() }));
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    const { id, phase, pending } = way;
    const instruction = instructions[id];
    if (instruction === undefined) continue;
    const isNote = instruction.op === 'complete';
    if (!isNote && !isInside(instruction)) {
      if (!leaves(way.leaving, phase)) return false;
      continue;
    }
    // A throw that arrives at anything but the note of a `finally` block has been caught.
    const leaving = isNote ? way.leaving : 'on';
    const key = `${String(id)} ${phase} ${leaving} ${[...pending].map(([region, { completion, leaving: how }]) => `${String(region)}:${String(completion)}${how}`).join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (instruction.op === 'complete') {
      const { region, completion } = instruction;
      waiting.push({ id: instruction.next, phase, leaving, pending: new Map([...pending, [region, { completion, leaving }]]) });
      continue;
    }
    if (instruction.op === 'dispatch') {
      const { region, targets } = instruction;
      const entered = pending.get(region);
      const left = new Map([...pending].filter(([other]) => other !== region));
      for (const [completion, target] of targets.entries()) {
        if (entered === undefined || entered.completion === completion) waiting.push({ id: target, phase, leaving: entered?.leaving ?? 'on', pending: left });
      }
      continue;
    }
    const { next, thrown } = step(instruction, phase);
    waiting.push(
      { id: instruction.next, phase: next, leaving: instruction.op === 'return' ? 'return' : instruction.op === 'throw' ? 'throw' : 'on', pending },
      { id: instruction.alternate, phase: next, leaving: 'on', pending },
      { id: instruction.thrown, phase: thrown, leaving: 'throw', pending },
    );
  }
  return true;
}
