/** What the models of the files of one project have in common, and which of them a node belongs to. */
import { Circle } from '../bindings/memory.ts';
import { PlaceTable } from '../domain/place.ts';
import type { ValueMask } from '../domain/value-mask.ts';
import type { Node, UnitNode } from '../syntax/estree.ts';
import type { SiteOutcome } from './analyse-program.ts';
import type { Neighbour } from './given-back-elsewhere.ts';
import type { ProgramModel } from './program-model.ts';

/** A file, and what its acquisitions came to. */
export interface AnalysedFile {
  readonly model: ProgramModel;
  readonly outcomes: readonly SiteOutcome[];
}

/**
 * What the models of one project share while one of its files is analysed: what is followed from one file into another has places in both, and
 * a function of any file leads to the model that knows more of it.
 */
export class ModelFamily {
  /** The questions that are open (`BindingsInput.circle`). */
  readonly circle = new Circle();
  readonly places = new PlaceTable();
  /** What a place can hold that nothing is known of, by the number of its key, where the tests of the program say something (`test-index.ts`). */
  readonly domains = new Map<number, ValueMask>();
  /** The calls that acquire; found by `acquisition-calls.ts`. */
  readonly acquiringCalls = new Set<Node>();
  /** The other files of the package of the file that is analysed, where they are known. */
  neighbours: () => Iterable<Neighbour> = () => [];
  /** The file of the project at `path` as it is seen where it is the one that is analysed; set by whoever links the models. */
  seenAlone: (path: string) => AnalysedFile | undefined = () => undefined;
  private root: ProgramModel | undefined;
  private readonly models = new Map<Node, ProgramModel>();
  private readonly homes = new Map<UnitNode, ProgramModel>();

  /** The model of the file of the project at `path`; set by whoever links the models (`linked-models.ts`). */
  modelNamed: (path: string) => ProgramModel | null = () => null;

  /** The model of another file joins. The first one is of the file that is analysed. */
  add(model: ProgramModel): void {
    this.root ??= model;
    this.models.set(model.file.program, model);
  }

  /** The model of the file that is analysed. */
  get analysed(): ProgramModel {
    return this.root!;
  }

  /** Whether the model is of the file that is analysed. */
  isRoot(model: ProgramModel): boolean {
    return this.root === model;
  }

  /** Whether no other file has been looked at. */
  get isAlone(): boolean {
    return this.models.size === 1;
  }

  /** The model of the file that `node` stands in. */
  modelAt(node: Node): ProgramModel {
    return this.isAlone ? this.root! : (this.models.get(programOf(node)) ?? this.root!);
  }

  /** The model of the file that `unit` stands in. */
  modelOf(unit: UnitNode): ProgramModel {
    if (this.isAlone) return this.root!;
    let home = this.homes.get(unit);
    if (home === undefined) {
      home = this.modelAt(unit);
      this.homes.set(unit, home);
    }
    return home;
  }
}

function programOf(node: Node): Node {
  let top = node;
  while (top.parent) top = top.parent;
  return top;
}
