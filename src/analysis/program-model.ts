/**
 * What the analysis asks of one file: its units and their graphs, what expressions stand for, which variable a name is,
 * and which facts are worth following. Everything is made when it is first asked for.
 */
import { Bindings } from '../bindings/bindings.ts';
import type { TypeSource } from '../bindings/checked-types.ts';
import { broughtFrom, type Entity } from '../bindings/entity.ts';
import type { ModuleSource } from '../bindings/module-source.ts';
import { ScopeIndex, type ScopeManager, type Variable } from '../bindings/scope-index.ts';
import type { Graph } from '../cfg/graph.ts';
import { GraphBuilder } from '../cfg/graph-builder.ts';
import { lowerUnit } from '../cfg/lower-unit.ts';
import type { Root } from '../domain/place.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { VisitorKeys } from '../syntax/each-child.ts';
import type { FunctionNode, Node, TSESTree, UnitNode } from '../syntax/estree.ts';
import { describeUnit, indexFile, type FileIndex } from '../syntax/file-index.ts';
import { CallGraph } from './call-graph.ts';
import { DistantCalls } from './distant-calls.ts';
import { findPlace } from './find-place.ts';
import { ModelFamily } from './model-family.ts';
import { settlerOf } from './promise-executor.ts';
import { Stability } from './stability.ts';

export interface ModelInput {
  readonly program: TSESTree.Program;
  readonly text: string;
  readonly scopeManager: ScopeManager;
  readonly visitorKeys: VisitorKeys;
  readonly drivers: readonly Driver[];
  readonly pairs: readonly Pair[];
  /** Which file it is, where that is known. */
  readonly path?: string | undefined;
  /** The module of the same project that a specifier of this file names (`ModuleSource.import`). Absent: the file stands alone. */
  readonly imports?: ((specifier: string) => ModuleSource | null) | undefined;
  /** Whether the module that a specifier of this file names may export a name (`ModuleSource.mayExport`). */
  readonly mayExport?: ((specifier: string, name: string) => boolean) | undefined;
  /** The table of a library that was generated into the project (`ModuleSource.generatedLibrary`). Absent: nothing is generated. */
  readonly generated?: ((specifier: string) => Driver | undefined) | undefined;
  /** What a type checker knows of the file (`BindingsInput.types`). */
  readonly types?: TypeSource | undefined;
  /** The names under which the modules that this file imports may hand something out; absent: under any. */
  readonly handingNames?: (() => ReadonlySet<string>) | undefined;
  /** As `handingNames`, for roots that those modules make. */
  readonly handingRoots?: (() => ReadonlySet<string>) | undefined;
  /** The names by which a call may acquire by itself (`acquiring-names.ts`); absent: by any. */
  readonly acquiringNames?: (() => ReadonlySet<string>) | undefined;
  /** One for all files of a project. Absent: the file stands alone. */
  readonly family?: ModelFamily | undefined;
  /** The index and the variables of the program, where they are kept already. */
  readonly index?: FileIndex | undefined;
  readonly scopes?: ScopeIndex | undefined;
}

/** A root and a property path below it. */
export interface PlaceRef {
  readonly root: Root;
  readonly path: string;
}

/** One file, and everything that is asked of it. Other files of its project see it as a module. */
export class ProgramModel implements ModuleSource {
  readonly path: string;
  readonly text: string;
  readonly file: FileIndex;
  readonly scopes: ScopeIndex;
  readonly bindings: Bindings;
  /** Which functions calls run, and which calls run functions. */
  readonly callGraph: CallGraph;
  /** Which variables and properties change only where the code that is followed changes them. */
  readonly stability: Stability;
  /** The tables of libraries. */
  readonly drivers: readonly Driver[];
  /** What it shares with the models of the other files. */
  readonly family: ModelFamily;
  readonly places: ModelFamily['places'];
  readonly domains: ModelFamily['domains'];
  readonly acquiringCalls: ModelFamily['acquiringCalls'];
  private readonly visitorKeys: VisitorKeys;
  private readonly graphs = new Map<UnitNode, Graph>();
  private readonly refs = new Map<Node, PlaceRef>();
  private readonly innerUnits = new Map<UnitNode, readonly UnitNode[]>();
  private readonly captures = new Map<FunctionNode, ReadonlySet<Root>>();
  private distantCalls: DistantCalls | undefined;

  private readonly imports: ((specifier: string) => ModuleSource | null) | undefined;
  private readonly exporting: ModelInput['mayExport'];
  private readonly generated: ModelInput['generated'];
  private readonly handingNames: (() => ReadonlySet<string>) | undefined;
  private readonly handingRoots: (() => ReadonlySet<string>) | undefined;
  private readonly findAcquiringNames: (() => ReadonlySet<string>) | undefined;
  private acquiringNames: ReadonlySet<string> | undefined;

  constructor(input: ModelInput) {
    this.path = input.path ?? '';
    this.imports = input.imports;
    this.exporting = input.mayExport;
    this.generated = input.generated;
    this.handingNames = input.handingNames;
    this.handingRoots = input.handingRoots;
    // A type checker knows of objects that no text names.
    this.findAcquiringNames = input.types === undefined ? input.acquiringNames : undefined;
    this.text = input.text;
    this.visitorKeys = input.visitorKeys;
    this.file = input.index ?? indexFile(input.program, input.visitorKeys);
    this.scopes = input.scopes ?? new ScopeIndex(input.scopeManager, input.text.length, (node) => this.file.unitOf(node));
    this.family = input.family ?? new ModelFamily();
    this.family.add(this);
    const { places, domains, acquiringCalls, circle } = this.family;
    this.places = places;
    this.domains = domains;
    this.acquiringCalls = acquiringCalls;
    const { drivers, pairs, types } = input;
    this.drivers = drivers;
    this.bindings = new Bindings({ file: this.file, text: input.text, scopes: this.scopes, drivers, pairs, module: this, circle, types });
    this.callGraph = new CallGraph(this);
    this.stability = new Stability(this);
  }

  /** The module of the project that `specifier` names in this file. */
  import(specifier: string): ModuleSource | null {
    return this.imports?.(specifier) ?? null;
  }

  /** Whether the module of the project that `specifier` names in this file may export `name`. */
  mayExport(specifier: string, name: string): boolean {
    return this.exporting?.(specifier, name) !== false;
  }

  /** The table of the library that was generated where `specifier` leads. */
  generatedLibrary(specifier: string): Driver | undefined {
    return this.generated?.(specifier);
  }

  /** What the file that is analysed gives for a parameter of `unit`, a function of this file (`ModuleSource.givenByCaller`). */
  givenByCaller(unit: FunctionNode, index: number): Entity | undefined {
    const { analysed } = this.family;
    return analysed === this ? undefined : broughtFrom(analysed, this, (analysed.distantCalls ??= new DistantCalls(analysed)).givenTo(unit, index));
  }

  /** Whether a call of something that has one of `names` may acquire by itself; without a name, any may. */
  mayAcquireAs(...names: readonly (string | undefined)[]): boolean {
    if (this.findAcquiringNames === undefined || names.includes(undefined)) return true;
    const acquiring = (this.acquiringNames ??= this.findAcquiringNames());
    return names.some((name) => acquiring.has(name!));
  }

  /** Whether another file may hand something out under one of `names`. */
  mayBeHandedOut(...names: readonly (string | undefined)[]): boolean {
    if (this.imports === undefined) return false;
    const handing = this.handingNames?.();
    return handing === undefined || names.some((name) => name !== undefined && handing.has(name));
  }

  /** As `mayBeHandedOut`, for roots that are made there. */
  mayHandOutRoot(...names: readonly (string | undefined)[]): boolean {
    const handing = this.handingRoots?.();
    return handing !== undefined && names.some((name) => name !== undefined && handing.has(name));
  }

  /** The model of the file that `unit` stands in. What is asked of a model about a unit of another file, that file's model answers. */
  modelOf(unit: UnitNode): ProgramModel {
    return this.family.modelOf(unit);
  }

  /** The control-flow graph of `unit`. */
  graphOf(unit: UnitNode): Graph {
    const home = this.modelOf(unit);
    if (home !== this) return home.graphOf(unit);
    let graph = this.graphs.get(unit);
    if (graph === undefined) {
      graph = this.lower(unit);
      this.graphs.set(unit, graph);
    }
    return graph;
  }

  /** Lowers `unit`; one that is nested more deeply than the stack reaches (programs write such code) has a graph that says nothing. */
  private lower(unit: UnitNode): Graph {
    try {
      return lowerUnit(unit, describeUnit(unit), this.visitorKeys);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ...new GraphBuilder(unit).finish(describeUnit(unit)), isCut: true };
    }
  }

  /** Where the value of `expression` can be found: a variable, `this` or the expression itself, and a static property path below. */
  placeOf(expression: Node): PlaceRef {
    const known = this.refs.get(expression);
    if (known !== undefined) return known;
    const ref = findPlace(this, expression);
    this.refs.set(expression, ref);
    return ref;
  }

  /** `this` inside `unit`. */
  selfOf(unit: UnitNode): Root {
    const home = this.modelOf(unit);
    if (home !== this) return home.selfOf(unit);
    let owner = unit;
    while (owner.type === 'ArrowFunctionExpression') owner = this.file.unitOf(owner);
    return this.places.self(owner);
  }

  /** The functions directly and indirectly inside `unit`, without itself. */
  unitsInside(unit: UnitNode): readonly UnitNode[] {
    const home = this.modelOf(unit);
    if (home !== this) return home.unitsInside(unit);
    let inside = this.innerUnits.get(unit);
    if (inside === undefined) {
      inside = this.file.unitsInside(unit);
      this.innerUnits.set(unit, inside);
    }
    return inside;
  }

  /** The variables (and `this`) of outer units that running `unit` can touch, through the functions it calls too. */
  capturedBy(unit: FunctionNode): ReadonlySet<Root> {
    const home = this.modelOf(unit);
    if (home !== this) return home.capturedBy(unit);
    const known = this.captures.get(unit);
    if (known !== undefined) return known;
    const captured = new Set<Root>();
    for (const reached of this.callGraph.reachableFrom(unit)) {
      for (const variable of this.scopes.capturedBy(reached)) {
        const owner = this.scopes.unitOfVariable(variable);
        // What a called function captures of a third one belongs to another run of that.
        if (owner === unit || !this.isVisibleIn(variable, unit)) continue;
        captured.add(variable);
        // Whoever has `resolve` or `reject` settles the promise.
        const settler = settlerOf(variable);
        if (settler !== undefined) captured.add(this.places.promised(settler.executor));
      }
      if (reached.type === 'ArrowFunctionExpression') captured.add(this.selfOf(reached));
    }
    this.captures.set(unit, captured);
    return captured;
  }

  /** Whether the variable (or `this`) belongs to `unit` or to a unit around it; else it is a local of another run, kept alive by a closure. */
  isVisibleIn(root: Root, unit: UnitNode): boolean {
    const owner = this.ownerOf(root);
    if (owner === undefined || owner.type === 'Program') return true;
    return this.encloses(owner, unit);
  }

  /** Whether `inner` is `outer` or stands inside it. Units of different files have nothing to do with each other, wherever they stand. */
  encloses(outer: UnitNode, inner: UnitNode): boolean {
    return outer.range[0] <= inner.range[0] && outer.range[1] >= inner.range[1] && this.modelOf(outer) === this.modelOf(inner);
  }

  /** Whether `node` stands in `unit`; never where they are of different files. */
  isWithin(node: Node, unit: UnitNode): boolean {
    return unit.range[0] <= node.range[0] && unit.range[1] >= node.range[1] && this.family.modelAt(node) === this.modelOf(unit);
  }

  /** Whether the variable (or `this`) belongs to `unit` or to a function inside it. */
  isLocalOf(root: Root, unit: UnitNode): boolean {
    const owner = this.ownerOf(root);
    return owner !== undefined && this.encloses(unit, owner);
  }

  private ownerOf(root: Root): UnitNode | undefined {
    const isVariable = Array.isArray((root as Partial<Variable>).defs);
    return isVariable ? this.scopes.unitOfVariable(root as Variable) : 'unit' in root ? (root as { unit: UnitNode }).unit : undefined;
  }

  /** Whether the root is a variable of the top level of another file: there is one of it, and every function of the project may be one that uses it. */
  isOfOtherModule(root: Root): boolean {
    if (this.family.isAlone || !Array.isArray((root as Partial<Variable>).defs)) return false;
    const owner = this.scopes.unitOfVariable(root as Variable);
    return owner?.type === 'Program' && owner !== this.file.program;
  }

}
