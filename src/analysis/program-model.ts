/**
 * What the analysis asks of one file: its units and their graphs, what expressions stand for, which variable a name is,
 * and which facts are worth following. Everything is made when it is first asked for.
 */
import { Bindings } from '../bindings/bindings.ts';
import type { TypeSource } from '../bindings/checked-types.ts';
import { Circle } from '../bindings/memory.ts';
import { broughtFrom, type Entity } from '../bindings/entity.ts';
import type { ModuleSource } from '../bindings/module-source.ts';
import { isConstant, ScopeIndex, type ScopeManager, type Variable } from '../bindings/scope-index.ts';
import type { Graph } from '../cfg/graph.ts';
import { GraphBuilder } from '../cfg/graph-builder.ts';
import { lowerUnit } from '../cfg/lower-unit.ts';
import { PlaceTable, type Root } from '../domain/place.ts';
import type { ValueMask } from '../domain/value-mask.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { VisitorKeys } from '../syntax/each-child.ts';
import { isFunctionNode, isLoop, type CallLike, type FunctionNode, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { describeUnit, indexFile, type FileIndex } from '../syntax/file-index.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { DistantCalls } from './distant-calls.ts';
import type { Neighbour } from './given-back-elsewhere.ts';
import { settlerOf } from './promise-executor.ts';

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

/** One file, and everything that is asked of it. Other files of its project see it as a module. */
export class ProgramModel implements ModuleSource {
  readonly path: string;
  readonly text: string;
  readonly file: FileIndex;
  readonly scopes: ScopeIndex;
  readonly bindings: Bindings;
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
  private readonly reach = new Map<FunctionNode, ReadonlySet<UnitNode>>();
  private readonly captures = new Map<FunctionNode, ReadonlySet<Root>>();
  private readonly direct = new Map<FunctionNode, boolean>();
  private readonly unstable = new Map<Variable, boolean>();
  private distantCalls: DistantCalls | undefined;
  private propertyWriters: ReadonlyMap<string, ReadonlySet<UnitNode>> | undefined;

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
    const ref = this.findPlace(expression);
    this.refs.set(expression, ref);
    return ref;
  }

  private findPlace(expression: Node): PlaceRef {
    const node = unwrapExpression(expression);
    switch (node.type) {
      case 'Identifier': {
        const variable = this.scopes.variableOf(node);
        return { root: variable ?? node, path: '' };
      }
      case 'ThisExpression':
        return { root: this.selfAt(node), path: '' };
      case 'MemberExpression': {
        const name = staticMemberName(node);
        if (name === undefined) return { root: node, path: '' };
        const object = this.placeOf(node.object);
        return { root: object.root, path: `${object.path}.${name}` };
      }
      case 'ChainExpression':
        // `options?.client` is `options.client` wherever that can be read.
        return node.expression.type === 'MemberExpression' ? this.placeOf(node.expression) : { root: node, path: '' };
      case 'CallExpression': {
        // An ambient store (`AsyncLocalStorage`) answers the same throughout a function: the call reads a place.
        const callee = isStoreRead(node) ? unwrapExpression(node.callee) : undefined;
        if (callee?.type !== 'MemberExpression') return { root: node, path: '' };
        const object = this.placeOf(callee.object);
        return { root: object.root, path: `${object.path}.getStore()` };
      }
      case 'AssignmentExpression':
        return node.operator === '=' ? this.placeOf(node.right) : { root: node, path: '' };
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last ? this.placeOf(last) : { root: node, path: '' };
      }
      default:
        return { root: node, path: '' };
    }
  }

  /** `this` as `node` sees it: of the nearest function that is no arrow. */
  private selfAt(node: Node): Root {
    return this.selfOf(this.file.unitOf(node));
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

  /** `unit`, the functions inside it, and the functions of its file that those call, as far as is known. */
  reachableFrom(unit: FunctionNode): ReadonlySet<UnitNode> {
    const home = this.modelOf(unit);
    if (home !== this) return home.reachableFrom(unit);
    const known = this.reach.get(unit);
    if (known !== undefined) return known;
    const found = new Set<UnitNode>([unit]);
    for (const current of found) {
      for (const inside of this.unitsInside(current)) found.add(inside);
      for (const call of this.file.calls.get(current) ?? []) {
        const callee = this.ownCalleeOf(call);
        if (callee !== undefined) found.add(callee);
      }
    }
    this.reach.set(unit, found);
    return found;
  }

  /** The variables (and `this`) of outer units that running `unit` can touch, through the functions it calls too. */
  capturedBy(unit: FunctionNode): ReadonlySet<Root> {
    const home = this.modelOf(unit);
    if (home !== this) return home.capturedBy(unit);
    const known = this.captures.get(unit);
    if (known !== undefined) return known;
    const captured = new Set<Root>();
    for (const reached of this.reachableFrom(unit)) {
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

  /**
   * The function that `call` runs; a generator's body does not run at the call, so it is none. A function of another file is looked for where the
   * file that is analysed calls it; so it is not the whole project that is read.
   */
  calleeOf(call: CallLike): FunctionNode | undefined {
    return this.ownCalleeOf(call) ?? (this.family.isRoot(this) ? this.distantCalleeOf(call) : undefined);
  }

  /** The generator function of the project that `call` is a call of: its body runs as its consumer asks. */
  generatorOf(call: CallLike): FunctionNode | undefined {
    const callee = this.bindings.calleeOf(call) ?? (this.family.isRoot(this) ? this.bindings.foreignCalleeOf(call)?.node : undefined);
    return callee?.generator === true ? callee : undefined;
  }

  /** The function that `expression` stands for: of this file, or of another one where the file that is analysed names it. */
  functionAt(expression: Node): FunctionNode | undefined {
    const entity = this.bindings.entityOf(expression);
    const found = entity?.kind === 'foreign' && this.family.isRoot(this) ? entity.entity : entity;
    return found?.kind === 'local-function' && found.node.body ? found.node : undefined;
  }

  /** The function of this file that `call` runs. */
  private ownCalleeOf(call: CallLike): FunctionNode | undefined {
    return withBody(this.bindings.calleeOf(call));
  }

  /** The function of another file of the project that `call` runs. */
  distantCalleeOf(call: CallLike): FunctionNode | undefined {
    return withBody(this.bindings.foreignCalleeOf(call)?.node);
  }

  /** Whether the variable is a constant that was given what an acquisition of the tables gave: then it is there. */
  isAcquiredConstant(variable: Variable): boolean {
    const declarator = variable.defs[0]?.node as Node | undefined;
    if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) return false;
    const init = unwrapExpression(declarator.init);
    const call = init.type === 'AwaitExpression' ? unwrapExpression(init.argument) : undefined;
    if (call?.type !== 'CallExpression' || !this.acquiringCalls.has(call) || !isConstant(variable)) return false;
    return this.bindings.acquisitionOf(call) !== undefined;
  }

  /** How many elements a loop over a generator of the file can have: none, at most one, or any number. */
  yieldsOf(loop: Node): 'none' | 'one' | 'many' {
    if (loop.type !== 'ForOfStatement') return 'many';
    const call = unwrapExpression(loop.right);
    const callee = call.type === 'CallExpression' ? this.bindings.calleeOf(call) : undefined;
    if (callee?.generator !== true) return 'many';
    const yields = this.graphOf(callee).instructions.filter((instruction) => instruction.op === 'yield');
    if (yields.length === 0) return 'none';
    const [only, ...others] = yields;
    const repeats = only === undefined || others.length > 0 || isInLoop(only.node) || (only.node.type === 'YieldExpression' && only.node.delegate);
    return repeats ? 'many' : 'one';
  }

  /**
   * Whether every use of the function is a call of it by name (or it is called where it stands): then nobody else can run it,
   * and what it writes changes only where those calls stand.
   */
  isOnlyCalled(unit: FunctionNode): boolean {
    const known = this.direct.get(unit);
    if (known !== undefined) return known;
    const result = this.computeOnlyCalled(unit);
    this.direct.set(unit, result);
    return result;
  }

  private computeOnlyCalled(unit: FunctionNode): boolean {
    return this.callsOf(unit) !== undefined;
  }

  /** The calls that run the function, when every use of it is such a call; undefined: somebody else may run it as well. */
  callsOf(unit: FunctionNode): readonly CallLike[] | undefined {
    const parent = unit.parent as Node | undefined;
    if (parent?.type === 'CallExpression' && parent.callee === unit) return [parent];
    if (isExported(unit)) return undefined;
    let name: Node | null | undefined;
    if (unit.type === 'FunctionDeclaration') name = unit.id;
    else if (parent?.type === 'VariableDeclarator' && parent.init === unit) name = parent.id;
    const variable = name?.type === 'Identifier' ? this.scopes.variableOf(name) : undefined;
    if (variable === undefined || !isConstant(variable)) return undefined;
    const calls: CallLike[] = [];
    for (const reference of variable.references) {
      if (reference.init) continue;
      const use = (reference.identifier as Node).parent;
      if (use?.type !== 'CallExpression' || use.callee !== reference.identifier) return undefined;
      calls.push(use);
    }
    return calls;
  }

  /**
   * Whether `unit`, a function inside `owner`, may run at any time: it, a function around it, or a function that calls it
   * is handed to somebody. Otherwise it runs only where `owner` is seen to call it.
   */
  runsAnytime(unit: UnitNode, owner: UnitNode | undefined, asked: Set<UnitNode> = new Set()): boolean {
    for (let current: UnitNode = unit; current !== owner && current.type !== 'Program'; current = this.file.unitOf(current)) {
      if (asked.has(current)) return false;
      asked.add(current);
      if (!isFunctionNode(current) || !this.isOnlyCalled(current)) return true;
      for (const caller of this.callersOf(current)) if (this.runsAnytime(caller, owner, asked)) return true;
    }
    return false;
  }

  /** The units that call the function by its name. */
  private callersOf(unit: FunctionNode): UnitNode[] {
    const parent = unit.parent as Node | undefined;
    const name = unit.type === 'FunctionDeclaration' ? unit.id : parent?.type === 'VariableDeclarator' ? parent.id : undefined;
    const variable = name?.type === 'Identifier' ? this.scopes.variableOf(name) : undefined;
    const uses = variable?.references.filter((reference) => !reference.init) ?? [];
    return uses.map((reference) => this.file.unitOf(reference.identifier as Node));
  }

  /** Whether a function that may run at any time writes to `variable`: then nothing can be known of it from tests. */
  isUnstable(variable: Variable): boolean {
    const known = this.unstable.get(variable);
    if (known !== undefined) return known;
    this.unstable.set(variable, false);
    const owner = this.scopes.unitOfVariable(variable);
    const result = variable.references.some((reference) => {
      if (!reference.isWrite() || reference.init) return false;
      const writer = this.file.unitOf(reference.identifier);
      return writer !== owner && isFunctionNode(writer) && this.runsAnytime(writer, owner);
    });
    this.unstable.set(variable, result);
    return result;
  }

  /**
   * Whether a property of this name may change at any time as seen from `owner`: some method or escaping function assigns one.
   * Assignments in `owner` itself, in constructors, and in functions that are only called are seen where they happen.
   */
  isUnstableProperty(name: string, owner: UnitNode | undefined): boolean {
    this.propertyWriters ??= this.collectPropertyWriters();
    const writers = this.propertyWriters.get(name);
    if (writers === undefined) return false;
    for (const writer of writers) {
      if (writer === owner || !isFunctionNode(writer)) continue;
      const method = writer.parent as Node | undefined;
      if (method?.type === 'MethodDefinition' && method.kind === 'constructor') continue;
      if (!this.isOnlyCalled(writer)) return true;
    }
    return false;
  }

  /** Which units assign a property, by its name. Read from the text: an assignment is rare, and a false match only makes us know less. */
  private collectPropertyWriters(): ReadonlyMap<string, ReadonlySet<UnitNode>> {
    const writers = new Map<string, Set<UnitNode>>();
    for (const match of this.text.matchAll(/\.\s*(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:(?:[-+*/%&^]|\*\*|<<|>>>?|\?\?|\|\|?|&&)?=(?![=>])|\+\+|--)/gu)) {
      const name = match[1]!;
      const units = writers.get(name) ?? new Set<UnitNode>();
      units.add(this.file.unitAt(match.index));
      writers.set(name, units);
    }
    return writers;
  }
}

function withBody(callee: FunctionNode | undefined): FunctionNode | undefined {
  return callee === undefined || callee.generator || !callee.body ? undefined : callee;
}

/** Whether the declaration of the function stands in an `export`. */
function isExported(unit: FunctionNode): boolean {
  const declaration = unit.parent.type === 'VariableDeclarator' ? unit.parent.parent : unit;
  return declaration.parent?.type.startsWith('Export') === true;
}

/** Whether the call reads an ambient store: `storage.getStore()`. */
export function isStoreRead(node: Node): boolean {
  if (node.type !== 'CallExpression' || node.arguments.length > 0) return false;
  const callee = unwrapExpression(node.callee);
  return callee.type === 'MemberExpression' && staticMemberName(callee) === 'getStore';
}

function isInLoop(node: Node): boolean {
  for (let parent = node.parent; parent && !isFunctionNode(parent); parent = parent.parent) if (isLoop(parent)) return true;
  return false;
}
