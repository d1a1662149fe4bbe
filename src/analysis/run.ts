/**
 * One exploration of one unit: of a root unit from an acquisition on, or of a function that a followed path calls.
 * It knows which places belong to the code that is followed, and collects what happens to the obligation.
 */
import type { Variable } from '../bindings/scope-index.ts';
import { NONE, type Graph, type Instruction } from '../cfg/graph.ts';
import { admitDisjunct } from '../domain/disjunct-set.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Settlement, Site, Transfer } from '../domain/obligation.ts';
import type { Alias, Held, Root } from '../domain/place.ts';
import type { ReleaseRow, TypeRow } from '../drivers/driver.ts';
import { isFunctionNode, type FunctionNode, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import type { AnalysisContext, ReleaseEffects } from './analysis-context.ts';
import { insideOf } from './inside.ts';
import { Notes } from './notes.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { Solution, solve, type Arrival, type Edge } from './solver.ts';
import type { TestIndex } from './test-index.ts';
import { transfer } from './transfer.ts';

/** A path on which the obligation left our sight, and where. */
export interface Settled {
  readonly site: Site;
  readonly settlement: Settlement;
  readonly node: Node;
  /** Where it was stored; none where that is not known, or where a function that may release it was stored with it. */
  readonly places: readonly PlaceRef[];
}

/** A release, by the code that gave it to somebody else. */
export interface TakenBack {
  readonly site: Site;
  readonly node: Node;
}

/** An object of the project that was given the resource when it was constructed. */
export interface Constructed {
  readonly site: Site;
  /** The places below the construction. */
  readonly places: readonly PlaceRef[];
}

/** A release of something released, or a use of it. */
export interface Misuse {
  readonly kind: 'double-release' | 'use-after-release';
  /** What the second release does; for a use, nothing. */
  readonly again: ReleaseRow['again'];
  readonly state: Disjunct;
  readonly node: Node;
  readonly arrival: Arrival<Disjunct> | undefined;
  /** The graph that the arrival is a point of. */
  readonly graph: Graph;
}

/** Where a disjunct goes on. */
export type Send = (edge: Edge, at: number, disjunct: Disjunct) => void;

/**
 * The edges by which an instruction completes or throws. A run applies one instruction at a time, thousands of them: one object with two functions
 * serves them all.
 */
class Edges {
  private instruction: Instruction | undefined;
  private send: Send | undefined;

  /** The edges of `instruction`, until the next one is asked for. */
  of(instruction: Instruction, send: Send): this {
    this.instruction = instruction;
    this.send = send;
    return this;
  }

  readonly next = (state: Disjunct): void => {
    this.send!('next', this.instruction!.next, state);
  };

  readonly thrown = (state: Disjunct): void => {
    if (this.instruction!.thrown !== NONE) this.send!('thrown', this.instruction!.thrown, state);
  };
}

/** How many disjuncts a point of the graph keeps apart, whatever their places and facts. */
const POINT_BOUND = 128;

/** The exploration of one unit from some starting disjuncts, and what it found on the way. */
export class Run {
  readonly context: AnalysisContext;
  /** The model of the file that the unit stands in. */
  readonly model: ProgramModel;
  readonly tests: TestIndex;
  readonly unit: UnitNode;
  readonly depth: number;
  readonly graph: Graph;
  readonly settled = new Notes<Settled>();
  readonly misuses: Misuse[] = [];
  /** Sites that were released on some path. */
  readonly releasedSites = new Set<Site>();
  readonly releases = new Map<Node, ReleaseEffects>();
  readonly edges = new Edges();
  /** Where a path is settled, in this unit and in what it calls: from what comes before, control may still get there. */
  readonly settledAt = new Set<Node>();
  /** Releases of what the code had given to somebody else before. */
  readonly takenBack = new Notes<TakenBack>();
  /** Objects that were given the resource when they were constructed, and where in them it lies. */
  readonly constructed = new Notes<Constructed>();
  private solution = new Solution<Disjunct>();
  private current: Arrival<Disjunct> | undefined;

  /** `depth` is 0 for a root unit and grows with each call that is followed. */
  constructor(context: AnalysisContext, unit: UnitNode, depth: number) {
    this.context = context;
    this.model = context.model.modelOf(unit);
    this.tests = context.testsOf(this.model);
    this.unit = unit;
    this.depth = depth;
    this.graph = this.model.graphOf(unit);
    this.tests.register(unit);
    if (this.model !== context.model) context.callsIn(this.model);
  }

  /** Follows the starting disjuncts to the exits of the unit, or as long as `goesOn` has a 1 for the instruction they arrive at. */
  explore(starts: readonly { at: number; state: Disjunct }[], goesOn?: Uint8Array): this {
    const { instructions } = this.graph;
    if (this.graph.isCut) {
      for (const { state } of starts) this.settle(state, { kind: 'unknown', why: 'unsupported' }, this.unit);
      return this;
    }
    if (this.depth === 0) this.context.beginUnit(instructions.length);
    this.solution = solve<Disjunct>({
      name: this.graph.name,
      points: instructions.length,
      starts,
      admit: (known, state) => {
        const admitted = admitDisjunct(known, state);
        if (admitted === undefined || known.length < POINT_BOUND) return admitted;
        this.giveUp(state);
        return undefined;
      },
      // What only a joined disjunct shows is never reported.
      waits: (state) => !state.exact,
      step: (arrival, send) => {
        if (goesOn !== undefined && goesOn[arrival.at] === 0) return;
        if (!this.context.takeStep()) {
          this.giveUp(arrival.state);
          return;
        }
        this.current = arrival;
        if (arrival.state.site && isReleased(arrival.state)) this.releasedSites.add(arrival.state.site);
        transfer(this, instructions[arrival.at]!, arrival.state, send);
      },
    });
    return this;
  }

  /** The arrivals at an instruction. */
  arrivalsAt(id: number): readonly Arrival<Disjunct>[] {
    return this.solution.at(id);
  }

  /** Other throws that lead to an instruction with what an arrival there says already. */
  mergedAt(id: number): readonly Arrival<Disjunct>[] {
    return this.solution.mergedAt(id);
  }

  /** Ends a path: the obligation is somebody else's, or we cannot say. */
  settle(state: Disjunct, settlement: Settlement, node: Node, places: readonly PlaceRef[] = []): void {
    if (state.state !== 'held') return;
    if (state.site !== undefined) this.noteSettled({ site: state.site, settlement, node, places });
    this.settledAt.add(node);
  }

  /** As `settle`, for what a run of a function that is called here found. */
  noteSettled(settled: Settled): void {
    const { site, settlement, node, places } = settled;
    this.settled.add(node, `${this.keyOf(site, places)} ${settlement.kind === 'transferred' ? settlement.to : settlement.why}`, settled);
  }

  /** Notes that code releases what it had given to somebody else. */
  noteTakenBack(site: Site, node: Node): void {
    this.takenBack.add(node, this.keyOf(site, []), { site, node });
  }

  /** Notes that an object of the project has the resource since it was constructed. */
  noteConstructed(constructed: Constructed): void {
    this.constructed.add(constructed.site.node, this.keyOf(constructed.site, constructed.places), constructed);
  }

  private keyOf(site: Site, places: readonly PlaceRef[]): string {
    return [this.context.siteId(site), ...places.map(({ root, path }) => this.model.places.placeKey(root, path).id)].join(' ');
  }

  /** Ends a path that is too much to follow. What somebody else was given may still be given back there. */
  private giveUp(state: Disjunct): void {
    this.settle(state.state === 'given' ? { ...state, state: 'held' } : state, { kind: 'unknown', why: 'disjunct bound' }, this.unit);
  }

  /**
   * The obligation passes to somebody else. Gives what goes on from here: the code may still release the resource, and again, which throws.
   */
  handOver(state: Disjunct, to: Transfer, node: Node, places: readonly PlaceRef[] = []): Disjunct | undefined {
    this.settle(state, { kind: 'transferred', to }, node, places);
    if (state.state === 'held') return { ...state, state: 'given' };
    return state.state === 'idle' ? undefined : state;
  }

  /** Notes what the release at `node` does on this path. */
  noteRelease(node: Node, effect: keyof ReleaseEffects): void {
    const known = this.releases.get(node);
    if (known?.[effect] !== true) this.releases.set(node, { completes: false, throws: false, leaves: false, first: false, ...known, [effect]: true });
  }

  /** Notes that something released is released again or used; `before`, when the release may lie in an earlier turn of the same call. */
  misuse(kind: Misuse['kind'], state: Disjunct, node: Node, again: ReleaseRow['again'] = 'harmless', before?: Disjunct): void {
    const { current } = this;
    const isTurn = current !== undefined && before !== undefined && insideOf(before)?.arrival !== undefined;
    const arrival: typeof current = isTurn ? { at: current.at, state: before, from: current, edge: 'next' } : current;
    this.misuses.push({ kind, again, state, node, arrival, graph: this.graph });
  }

  /** As `misuse`, of something that happens behind the release which is made now, and leads from `before` to `released`. */
  misuseBehind(kind: Misuse['kind'], before: Disjunct, released: Disjunct, node: Node, again: ReleaseRow['again']): void {
    const { current } = this;
    const arrival = current && { at: current.at, state: released, from: current, edge: 'next' as const };
    this.misuses.push({ kind, again, state: before, node, arrival, graph: this.graph });
  }

  /** Takes back the uses after a release that were noted from the `since`-th misuse on: their order was not that of the release. */
  forgetUses(since: number): void {
    const later = this.misuses.splice(since);
    this.misuses.push(...later.filter((misuse) => misuse.kind !== 'use-after-release'));
  }

  /**
   * Whether nothing more can come of this path. In a root unit a released resource that no name leads to is of no further interest;
   * in a called function the caller may still have one.
   */
  isSettled(state: Disjunct): boolean {
    if (this.depth > 0 || !isDischarged(state)) return false;
    return state.aliases.length === 0;
  }

  /**
   * `state`, at the start of the statement at `position`, without the variables that no code from here on reads. In a root unit, a released
   * resource that is in no other place is done with: this is what makes many acquisitions in one function cost no more than as many functions.
   */
  withoutDeadAliases(state: Disjunct, position: number): Disjunct {
    if (this.depth > 0 || !isDischarged(state) || state.aliases.length === 0) return state;
    const aliases = state.aliases.filter((alias) => this.context.lastUseOf(alias.root, this.unit) > position);
    return aliases.length === state.aliases.length ? state : { ...state, aliases };
  }

  /** Whether the path `path` below `root` belongs to the code that is followed, so that an assignment there makes an alias. */
  isOwnRoot(root: Root, path: string): boolean {
    const { model } = this;
    const variable = root as Partial<Variable>;
    if (Array.isArray(variable.defs)) {
      const definition = variable.defs[0];
      const owner = model.scopes.unitOfVariable(root as Variable);
      if (path !== '' && (definition?.type as string) === 'Parameter') return false;
      if (path !== '' && !this.holdsLiteral(definition?.node)) return false;
      return this.depth > 0 || owner === this.unit || this.isInside(owner) || (path === '' && this.isPartOf(owner));
    }
    if ('unit' in root) return this.depth > 0 && path !== '';
    return false;
  }

  /** The field that a parameter property (`constructor(private readonly client: PoolClient)`) sets. */
  fieldOf(parameter: TSESTree.TSParameterProperty): PlaceRef | undefined {
    const inner = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    return inner.type === 'Identifier' ? { root: this.model.selfOf(this.unit), path: `.${inner.name}` } : undefined;
  }

  /** Whether the unit is called where it stands, so that a variable of `owner`, around it, is one of the same code. */
  private isPartOf(owner: UnitNode | undefined): boolean {
    let unit: Node = this.unit;
    while (unit !== owner && isFunctionNode(unit) && unit.parent.type === 'CallExpression' && unit.parent.callee === unit) unit = this.model.file.unitOf(unit.parent);
    return unit === owner && unit.type !== 'Program';
  }

  private isInside(unit: UnitNode | undefined): boolean {
    return unit !== undefined && unit !== this.unit && unit.type !== 'Program' && this.model.encloses(this.unit, unit);
  }

  /** Whether a variable starts as an object that the code made itself: then a property of it is ours to follow. */
  private holdsLiteral(definition: Node | undefined): boolean {
    if (definition?.type !== 'VariableDeclarator' || !definition.init) return false;
    if (definition.init.type === 'ObjectExpression' || definition.init.type === 'ArrayExpression') return true;
    return this.model.bindings.entityOf(definition.init)?.kind === 'local-instance';
  }

  /** Whether the resource lies in a place that outlives the root unit: a variable or `this` of code around it. */
  hasOuterAlias(state: Disjunct): boolean {
    return this.outerAliases(state).length > 0;
  }

  /** The aliases of the resource in such places. */
  outerAliases(state: Disjunct): readonly Alias[] {
    if (this.depth > 0) return [];
    const { model } = this;
    return state.aliases.filter((alias) => {
      const variable = alias.root as Partial<Variable>;
      if (Array.isArray(variable.defs)) {
        const owner = model.scopes.unitOfVariable(alias.root as Variable);
        if (model.isOfOtherModule(alias.root)) return true;
        if (owner !== this.unit && owner !== undefined && model.encloses(owner, this.unit)) return true;
        return alias.path !== '' && alias.role === 'handle' && (variable.defs[0]?.type as string) === 'Parameter' && owner === this.unit;
      }
      return 'unit' in alias.root && alias.root === model.selfOf(this.unit);
    });
  }

  /** Whether a `using` declaration of some other resource always throws: its type has no such dispose method, or it is a promise of it. */
  isNeverDisposable(declarator: Node, awaits: boolean): boolean {
    const acquired = this.acquiredBy(declarator);
    if (acquired === undefined) return false;
    if (!acquired.isAwaited) return true;
    const { dispose } = acquired.type;
    return dispose === undefined || (dispose.kind === 'async' && !awaits);
  }

  /** Whether the declaration takes a resource of a library that disposes it. */
  isDisposable(declarator: Node): boolean {
    const acquired = this.acquiredBy(declarator);
    return acquired?.isAwaited === true && acquired.type.dispose !== undefined;
  }

  /** What the declaration takes from a known library, and whether it has it or only the promise of it. */
  private acquiredBy(declarator: Node): { type: TypeRow; isAwaited: boolean } | undefined {
    const init = declarator.type === 'VariableDeclarator' && declarator.init ? unwrapChain(declarator.init) : undefined;
    if (init === undefined) return undefined;
    const call = init.type === 'AwaitExpression' ? unwrapChain(init.argument) : init;
    const acquisition = call.type === 'CallExpression' ? this.model.bindings.acquisitionOf(call) : undefined;
    // What is known by its name or its use may well have a dispose method.
    if (acquisition === undefined || acquisition.pair !== undefined || acquisition.isGuess === true) return undefined;
    return { type: acquisition.type, isAwaited: call !== init || acquisition.style !== 'promise' };
  }

  /** The dispose method that leaving the scope of `target` runs, when it is a function of the project. */
  disposeMethod(target: Node, held: readonly Held[], awaits: boolean): FunctionNode | undefined {
    const names = awaits ? ['asyncDispose', 'dispose'] : ['dispose'];
    for (const name of names) {
      const closure = held.find((one) => one.role === 'closure' && one.path === `.@@${name}`)?.closure;
      if (closure !== undefined) return closure;
      const { bindings } = this.model;
      const entity = bindings.entityOf(target);
      const member = entity && bindings.memberOf(entity, `@@${name}`);
      const method = member?.kind === 'foreign' ? member.entity : member;
      if (method?.kind === 'local-function') return method.node;
    }
    return undefined;
  }
}

function isReleased({ state }: Disjunct): boolean {
  return state === 'released' || state === 'destroyed' || state === 'scheduled';
}

/** Whether nothing is owed any more. */
function isDischarged(disjunct: Disjunct): boolean {
  return isReleased(disjunct) || disjunct.state === 'given';
}
