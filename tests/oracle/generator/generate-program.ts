/**
 * seed and number → the text of one program.
 *
 * A program is a module with one entry that acquires, and whatever helpers its constructs asked for. The family decides
 * which constructs may be used; every choice comes from the seeded generator.
 */
import { SeededRandom } from '../seeded-random.ts';
import { ACQUIRE_CONSTRUCTS } from './acquire-constructs.ts';
import type { BodyWriter, Construct } from './construct.ts';
import { CONTROL_CONSTRUCTS } from './control-constructs.ts';
import { DISPOSAL_CONSTRUCTS } from './disposal-constructs.ts';
import { DRIVER_IDIOMS } from './driver-idiom.ts';
import { EFFECT_CONSTRUCTS } from './effect-constructs.ts';
import { ENTRY_SHAPES } from './entry-shape.ts';
import { HANDLE_CONSTRUCTS } from './handle-constructs.ts';
import { REGION_NAMES } from './release-region.ts';
import { SUMMARY_CONSTRUCTS } from './summary-constructs.ts';
import { ProgramDraft, type WritingScope, type Written } from './writing-scope.ts';

/** The families of constructs, by name. */
export const FAMILIES: Readonly<Record<string, readonly Construct[]>> = {
  core: [
    ...EFFECT_CONSTRUCTS,
    ...CONTROL_CONSTRUCTS,
    ...ACQUIRE_CONSTRUCTS,
    ...SUMMARY_CONSTRUCTS,
    ...DISPOSAL_CONSTRUCTS,
    ...HANDLE_CONSTRUCTS,
  ],
};

export interface GeneratedProgram {
  readonly source: string;
  readonly seed: number;
  readonly index: number;
  /** Names of the constructs, entry shapes and drivers it contains. */
  readonly constructs: ReadonlySet<string>;
}

/** Everything the coverage of a family can name up front. */
export function knownConstructs(family: string): string[] {
  return [
    ...familyOf(family).map((construct) => construct.name),
    ...REGION_NAMES,
    ...ENTRY_SHAPES.map((shape) => `entry ${shape.name}`),
    ...DRIVER_IDIOMS.map(([idiom]) => `driver ${idiom.name}`),
  ];
}

/** Writes program `index` of a run; the same arguments give the same text. */
export function generateProgram(seed: number, index: number, family = 'core'): GeneratedProgram {
  const random = SeededRandom.forProgram(seed, index);
  const constructs = familyOf(family);
  const acquiring = new Set(constructs.filter((construct) => construct.role === 'acquire').map((construct) => construct.name));
  for (;;) {
    const program = writeProgram(random, constructs);
    // A body may have ended before anything was acquired; there is nothing to judge then.
    if ([...program.constructs].some((name) => acquiring.has(name))) return { ...program, seed, index };
  }
}

function writeProgram(random: SeededRandom, family: readonly Construct[]): Pick<GeneratedProgram, 'source' | 'constructs'> {
  const [idiom] = random.pickWeighted(DRIVER_IDIOMS, ([, weight]) => weight);
  const shapes = ENTRY_SHAPES.filter((shape) => shape.applies(idiom));
  const shape = random.pickWeighted(shapes, (candidate) => candidate.weight);
  const wrapping = random.chance(0.35) ? 0.2 : 0;
  const budget = random.pickWeighted([3, 5, 8, 12], (size) => ({ 3: 3, 5: 4, 8: 3, 12: 1 })[size] ?? 1);
  const draft = new ProgramDraft(random, idiom, wrapping, random.chance(0.4), shape.modulePool(idiom), budget);
  draft.constructs.add(`entry ${shape.name}`).add(`driver ${idiom.name}`);
  const writer = new Writer(family);
  return { source: shape.write(draft, (scope) => writer.entry(scope)), constructs: draft.constructs };
}

function familyOf(name: string): readonly Construct[] {
  const family = FAMILIES[name];
  if (!family) throw new Error(`unknown family ${name}; known: ${Object.keys(FAMILIES).join(', ')}`);
  return family;
}

/** How much each role is wanted inside a body. */
const ROLE_WEIGHTS = { acquire: 0.4, effect: 0.8, control: 0.9, exit: 0.7, handle: 1 } as const;
const CALM_WEIGHTS = { acquire: 0, effect: 1, control: 0, exit: 0, handle: 1 } as const;

class Writer implements BodyWriter {
  constructor(private readonly family: readonly Construct[]) {}

  /** The body of the entry: something first, an acquisition, something after. */
  entry(scope: WritingScope): string[] {
    const lines: string[] = [];
    if (scope.random.chance(0.2)) lines.push(...this.one(scope, CALM_WEIGHTS).lines);
    let written = this.one(scope, scope.random.chance(0.8) ? { ...CALM_WEIGHTS, acquire: 1, effect: 0, handle: 0 } : ROLE_WEIGHTS);
    lines.push(...written.lines);
    while (!written.ends && scope.draft.budget > 0 && scope.random.chance(0.6)) {
      written = this.one(scope, ROLE_WEIGHTS);
      lines.push(...written.lines);
    }
    return lines;
  }

  body(scope: WritingScope): Written {
    const lines: string[] = [];
    let ends = false;
    const wanted = scope.random.pick([1, 1, 2, 2, 3]);
    for (let count = 0; count < wanted && !ends; count++) {
      const written = this.one(scope, scope.draft.budget > 0 ? ROLE_WEIGHTS : CALM_WEIGHTS);
      lines.push(...written.lines);
      ends = written.ends;
      if (scope.draft.budget <= 0) break;
    }
    return { lines, ends };
  }

  calm(scope: WritingScope): readonly string[] {
    return this.one(scope, CALM_WEIGHTS).lines;
  }

  private one(scope: WritingScope, weights: Readonly<Record<Construct['role'], number>>): Written {
    const candidates = this.family.filter(
      (construct) =>
        weights[construct.role] > 0 &&
        (scope.canAcquire || (construct.role !== 'acquire' && !construct.acquires)) &&
        (construct.applies?.(scope) ?? true),
    );
    const construct = scope.random.pickWeighted(candidates, (candidate) => candidate.weight * weights[candidate.role]);
    scope.draft.budget--;
    scope.draft.constructs.add(construct.name);
    return construct.write(scope, this);
  }
}
