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
import { DRIVER_IDIOMS, knexIdiom, mysql2CallbackIdiom, mysql2Idiom, pgClientIdiom, pgIdiom, type DriverIdiom } from './driver-idiom.ts';
import { isClassStyle, MODULE_NAMES, otherModuleIdiom } from './database-module.ts';
import { EFFECT_CONSTRUCTS } from './effect-constructs.ts';
import { CALLBACK_CONSTRUCTS } from './callback-constructs.ts';
import { CHAIN_CONSTRUCTS, CHAIN_NAMES } from './chain-constructs.ts';
import { COMBINATOR_CONSTRUCTS } from './combinator-constructs.ts';
import { CONTINUATION_SHAPES, ENTRY_SHAPES, MODULE_SHAPES, type EntryShape } from './entry-shape.ts';
import { EVENT_CONSTRUCTS } from './event-constructs.ts';
import { HANDLE_CONSTRUCTS } from './handle-constructs.ts';
import { MODULE_CONSTRUCTS } from './module-constructs.ts';
import { REGION_NAMES } from './release-region.ts';
import { LENDING_NAMES, SCOPED_CONSTRUCTS } from './scoped-constructs.ts';
import { SUMMARY_CONSTRUCTS } from './summary-constructs.ts';
import { ProgramDraft, type WritingScope, type Written } from './writing-scope.ts';

/** What the programs of a family are made of. */
interface Family {
  /** Its own constructs: each of them is to occur. */
  readonly constructs: readonly Construct[];
  /** Constructs of another family, for the mixture. */
  readonly borrowed: readonly Construct[];
  readonly shapes: readonly EntryShape[];
  readonly idioms: readonly (readonly [idiom: DriverIdiom, weight: number])[];
  /** Do its programs have another module around the driver? */
  readonly hasModules?: boolean;
  /** How many constructs a program has, and how often. */
  readonly sizes: readonly (readonly [size: number, weight: number])[];
}

/** The shapes of the core that continuations are written in as well. */
const CONTINUATION_ENTRIES = new Set(['async function', 'async arrow', 'object method', 'class with constructor parameter', 'class with private field']);

/** Those that programs over another module are written in. */
const MODULE_ENTRIES = new Set(['async function', 'async arrow', 'async generator', 'object method', 'static method']);

/** How transactions are begun and ended, as a rule. */
const TRANSACTION_CONSTRUCTS = new Set(['acquire and release', 'acquire inside try', 'acquire per turn']);

/** The same constructs, less often. */
function seldom(constructs: readonly Construct[], factor: number): Construct[] {
  return constructs.map((construct) => ({ ...construct, weight: construct.weight * factor }));
}

/** The families, by name. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  core: {
    constructs: [...EFFECT_CONSTRUCTS, ...CONTROL_CONSTRUCTS, ...ACQUIRE_CONSTRUCTS, ...SUMMARY_CONSTRUCTS, ...DISPOSAL_CONSTRUCTS, ...HANDLE_CONSTRUCTS],
    borrowed: [],
    shapes: ENTRY_SHAPES,
    idioms: DRIVER_IDIOMS,
    sizes: [[3, 3], [5, 4], [8, 3], [12, 1]],
  },
  transactions: {
    constructs: [...EFFECT_CONSTRUCTS, ...CONTROL_CONSTRUCTS, ...ACQUIRE_CONSTRUCTS.filter(({ name }) => TRANSACTION_CONSTRUCTS.has(name))],
    borrowed: [...seldom(ACQUIRE_CONSTRUCTS, 0.1), ...seldom(SUMMARY_CONSTRUCTS, 0.1), ...seldom(HANDLE_CONSTRUCTS, 0.7)],
    shapes: ENTRY_SHAPES.filter((shape) => shape.applies(knexIdiom)),
    idioms: [[knexIdiom, 1]],
    sizes: [[2, 3], [3, 4], [5, 3], [8, 1]],
  },
  continuations: {
    constructs: [...CHAIN_CONSTRUCTS, ...CALLBACK_CONSTRUCTS, ...COMBINATOR_CONSTRUCTS, ...EVENT_CONSTRUCTS, ...SCOPED_CONSTRUCTS],
    borrowed: [
      ...seldom(EFFECT_CONSTRUCTS, 0.6),
      ...seldom(CONTROL_CONSTRUCTS, 0.4),
      ...seldom(ACQUIRE_CONSTRUCTS, 0.12),
      ...seldom(SUMMARY_CONSTRUCTS, 0.12),
      ...seldom(HANDLE_CONSTRUCTS, 0.6),
    ],
    shapes: [...CONTINUATION_SHAPES, ...ENTRY_SHAPES.filter((shape) => CONTINUATION_ENTRIES.has(shape.name))],
    idioms: [[pgIdiom, 10], [mysql2Idiom, 4], [mysql2CallbackIdiom, 3], [pgClientIdiom, 2]],
    sizes: [[1, 3], [2, 3], [4, 3], [6, 1]],
  },
  modules: {
    constructs: [...MODULE_CONSTRUCTS, ...SCOPED_CONSTRUCTS],
    borrowed: [
      ...EFFECT_CONSTRUCTS,
      ...seldom(CONTROL_CONSTRUCTS, 0.6),
      ...seldom(ACQUIRE_CONSTRUCTS, 0.5),
      ...seldom(SUMMARY_CONSTRUCTS, 0.3),
      ...seldom(HANDLE_CONSTRUCTS, 0.8),
      ...seldom(CHAIN_CONSTRUCTS, 0.2),
      ...seldom(CALLBACK_CONSTRUCTS, 0.3),
      ...seldom(COMBINATOR_CONSTRUCTS, 0.1),
    ],
    shapes: [...MODULE_SHAPES, ...CONTINUATION_SHAPES, ...ENTRY_SHAPES.filter((shape) => MODULE_ENTRIES.has(shape.name))],
    idioms: [[pgIdiom, 10], [mysql2Idiom, 5], [pgClientIdiom, 2]],
    hasModules: true,
    sizes: [[1, 2], [2, 3], [4, 3], [6, 1]],
  },
};

export interface GeneratedProgram {
  readonly source: string;
  readonly seed: number;
  readonly index: number;
  /** Names of the constructs, entry shapes and drivers it contains. */
  readonly constructs: ReadonlySet<string>;
}

/** Everything the coverage of a family can name up front. */
export function knownConstructs(name: string): string[] {
  const family = familyOf(name);
  return [
    ...family.constructs.map((construct) => construct.name),
    ...REGION_NAMES,
    ...(family.constructs.includes(CHAIN_CONSTRUCTS[0] as Construct) ? CHAIN_NAMES : []),
    ...(family.constructs.includes(SCOPED_CONSTRUCTS[0] as Construct) ? LENDING_NAMES : []),
    ...(family.hasModules ? MODULE_NAMES : []),
    ...family.shapes.map((shape) => `entry ${shape.name}`),
    ...family.idioms.map(([idiom]) => `driver ${idiom.name}`),
  ];
}

/** Writes program `index` of a run; the same arguments give the same text. */
export function generateProgram(seed: number, index: number, name = 'core'): GeneratedProgram {
  const random = SeededRandom.forProgram(seed, index);
  const family = familyOf(name);
  const acquiring = new Set(constructsOf(family).filter((construct) => construct.role === 'acquire').map((construct) => construct.name));
  for (;;) {
    const program = writeProgram(random, family);
    // A body may have ended before anything was acquired; there is nothing to judge then.
    if ([...program.constructs].some((name) => acquiring.has(name))) return { ...program, seed, index };
  }
}

function writeProgram(random: SeededRandom, family: Family): Pick<GeneratedProgram, 'source' | 'constructs'> {
  const [base] = random.pickWeighted(family.idioms, ([, weight]) => weight);
  const constructs = new Set<string>();
  const idiom = family.hasModules ? otherModuleIdiom(random, base, constructs) : base;
  const needsClass = idiom.other !== undefined && isClassStyle(idiom.other.style);
  const shapes = family.shapes.filter((shape) => shape.applies(idiom) && MODULE_SHAPES.includes(shape) === needsClass);
  const shape = random.pickWeighted(shapes, (candidate) => candidate.weight);
  const wrapping = random.chance(0.35) && !idiom.other?.isJavaScript ? 0.2 : 0;
  const [budget] = random.pickWeighted(family.sizes, ([, weight]) => weight);
  const draft = new ProgramDraft(random, idiom, wrapping, random.chance(0.4), shape.modulePool(idiom), budget, constructs);
  draft.constructs.add(`entry ${shape.name}`).add(`driver ${idiom.name}`);
  const writer = new Writer(constructsOf(family));
  const main = shape.write(draft, (scope) => writer.entry(scope));
  return { source: idiom.other?.program(main) ?? main, constructs };
}

function constructsOf({ constructs, borrowed }: Family): readonly Construct[] {
  return [...constructs, ...borrowed];
}

function familyOf(name: string): Family {
  const family = FAMILIES[name];
  if (!family) throw new Error(`unknown family ${name}; known: ${Object.keys(FAMILIES).join(', ')}`);
  return family;
}

/** How much each role is wanted inside a body. */
const ROLE_WEIGHTS = { acquire: 0.4, effect: 0.8, control: 0.9, exit: 0.7, handle: 1 } as const;
const CALM_WEIGHTS = { acquire: 0, effect: 1, control: 0, exit: 0, handle: 1 } as const;

class Writer implements BodyWriter {
  constructor(private readonly constructs: readonly Construct[]) {}

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
    const candidates = this.constructs.filter(
      (construct) =>
        weights[construct.role] > 0 &&
        (scope.canAcquire || construct.byContinuation || (construct.role !== 'acquire' && !construct.acquires)) &&
        (construct.applies?.(scope) ?? true),
    );
    const construct = scope.random.pickWeighted(candidates, (candidate) => candidate.weight * weights[candidate.role]);
    scope.draft.budget--;
    scope.draft.constructs.add(construct.name);
    return construct.write(scope, this);
  }
}
