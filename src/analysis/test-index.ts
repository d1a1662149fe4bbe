/**
 * Which facts are worth following: those that some test still asks for. A fact about a value that no later test reads cannot change a verdict,
 * and keeping it would only multiply disjuncts.
 */
import type { Graph } from '../cfg/graph.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import type { FactKey, Root } from '../domain/place.ts';
import { ALL, FALSE, NULL, OTHER_FALSY, UNDEFINED } from '../domain/value-mask.ts';
import { isFunctionNode, isLoop, type CallLike, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { callShape, isPromiseCombinator, REACTIONS } from './call-shape.ts';
import { ConditionKeys, ConditionNotes, isPredicateCall } from './condition-keys.ts';
import { emptyOperands } from './empty-operands.ts';
import { isPlace, isStoreRead } from './find-place.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** The position of the last test of a key that no test reads. */
export const NEVER = -1;

/** What all views of the index share (`TestIndex.of`). */
class TestNotes {
  /** Key → the end of the last test that reads it, in source order; Infinity when a nested function does. Asked for each fact at each statement. */
  readonly lastTests: number[] = [];
  readonly registered = new Set<UnitNode>();
  /** Units with a test, and how many tests were noted so far. */
  readonly testing = new Set<UnitNode>();
  count = 0;
  /** Key → how many tests read it. */
  readonly reads = new Map<number, number>();
  /** `this` of a unit → the keys about it alone. */
  readonly selfKeys = new Map<Root, Set<FactKey>>();
  readonly absences = new Map<number, Set<'nullish' | 'undefined' | 'null'>>();
  readonly conditions = new ConditionNotes();
  readonly views = new Map<ProgramModel, TestIndex>();
}

/** The tests of the units that were registered, and the facts they read; as the code of one file asks for them. */
export class TestIndex {
  private readonly model: ProgramModel;
  private readonly notes: TestNotes;
  /** The keys of the conditions in the file. */
  readonly conditions: ConditionKeys;

  /** `notes`: absent for the file that is analysed, whose index it is. */
  constructor(model: ProgramModel, notes = new TestNotes()) {
    this.model = model;
    this.notes = notes;
    this.conditions = new ConditionKeys(model, notes.conditions);
    notes.views.set(model, this);
  }

  /** The same index, for the code of the file of `model`. */
  of(model: ProgramModel): TestIndex {
    return this.notes.views.get(model) ?? new TestIndex(model, this.notes);
  }

  /** Reads the tests of `unit` and of the functions inside it that can see its variables. */
  register(unit: UnitNode): void {
    const home = this.model.modelOf(unit);
    if (home !== this.model) {
      this.of(home).register(unit);
      return;
    }
    if (this.notes.registered.has(unit)) return;
    this.notes.registered.add(unit);
    const before = this.notes.count;
    this.registerGraph(this.model.graphOf(unit), undefined);
    for (const inside of this.model.unitsInside(unit)) {
      if (!isFunctionNode(inside)) continue;
      const captures = this.model.scopes.capturedBy(inside);
      const sees = captures.some((variable) => this.model.scopes.unitOfVariable(variable) === unit && !isFunctionName(variable));
      if (sees || inside.type === 'ArrowFunctionExpression') this.registerGraph(this.model.graphOf(inside), Infinity);
    }
    if (this.notes.count > before) this.notes.testing.add(unit);
  }

  private registerGraph(graph: Graph, end: number | undefined): void {
    const followed: CallLike[] = [];
    for (const instruction of graph.instructions) {
      switch (instruction.op) {
        case 'branch': {
          const at = end ?? endOf(instruction.node, graph.unit);
          this.registerTest(instruction.value.expression, instruction.value.path, at);
          if (instruction.kind === 'nullish' || instruction.kind === 'undefined') {
            this.noteAbsence(instruction.value.expression, instruction.value.path, instruction.kind);
          }
          if (instruction.operand) {
            this.registerTest(instruction.operand, '', at);
            const key = this.conditions.conditionKey(instruction.value.expression, instruction.operand);
            if (key !== undefined) this.note(key, at);
          }
          break;
        }
        case 'call': {
          // What is handed to a function of this file may be tested there.
          const call = instruction.node as CallLike;
          for (const key of emptyOperands(this.model, call)) this.note(key, end ?? endOf(call, graph.unit));
          this.registerReaction(call, graph.unit, end);
          if (call.type !== 'TaggedTemplateExpression' && this.model.callGraph.calleeOf(call) !== undefined) {
            for (const argument of call.arguments) this.registerTest(argument, '', end ?? endOf(call, graph.unit));
            followed.push(call);
          }
          break;
        }
        case 'await':
          this.registerPromise(instruction.value.expression, end ?? endOf(instruction.node, graph.unit));
          break;
        case 'return': {
          // Asked by those who call the function: to the function itself it is no test.
          const { count } = this.notes;
          if (instruction.value) this.registerTest(instruction.value.expression, '', end ?? endOf(instruction.node, graph.unit));
          this.notes.count = count;
          break;
        }
        default:
          break;
      }
    }
    // First all that is asked, then what is asked more than once.
    for (const call of followed) this.registerAboutThis(call, end ?? endOf(call, graph.unit));
    for (const call of followed) this.registerFollowed(call);
  }

  /** Called on the same `this`, a method asks about it for its caller too. */
  private registerAboutThis(call: CallLike, at: number): void {
    for (const { outside } of this.keysAboutThis(call)) this.note(outside, at);
  }

  /** The keys about `this` that a method called on the same `this` asks for: its own, and its caller's. */
  private keysAboutThis(call: CallLike): { inside: FactKey; outside: FactKey }[] {
    const callee = this.model.callGraph.calleeOf(call);
    if (callee === undefined || callee.type === 'ArrowFunctionExpression' || !isCalledOnThis(call)) return [];
    this.register(callee);
    const self = this.model.selfOf(this.model.file.unitOf(call));
    const keys = this.notes.selfKeys.get(this.model.selfOf(callee)) ?? [];
    return [...keys].map((inside) => ({ inside, outside: this.model.places.rerooted(inside, self) }));
  }

  /**
   * What a function of this file finds out about an argument, or about `this`, is worth keeping until it returns where its caller asks
   * again: `connect(url, pool)` … `release(client, pool)`, both of which test `pool`.
   */
  private registerFollowed(call: CallLike): void {
    const callee = this.model.callGraph.calleeOf(call);
    if (callee === undefined || call.type === 'TaggedTemplateExpression') return;
    this.register(callee);
    callee.params.forEach((parameter, index) => {
      const argument = call.arguments[index];
      if (parameter.type !== 'Identifier' || argument === undefined || !isPlace(unwrapExpression(argument))) return;
      const outside = this.model.placeOf(argument);
      const inside = this.model.placeOf(parameter);
      const key = this.model.places.placeKey(inside.root, inside.path);
      if (this.isTested(key) && this.isAskedAgain(this.model.places.placeKey(outside.root, outside.path))) this.note(key, Infinity);
    });
    for (const { inside, outside } of this.keysAboutThis(call)) if (this.isAskedAgain(outside)) this.note(inside, Infinity);
  }

  /** Whether more than one place in the program reads the key. */
  private isAskedAgain(key: FactKey): boolean {
    return (this.notes.reads.get(key.id) ?? 0) > 1;
  }

  /** Notes that a test that ends at `at` reads what `node` reads. */
  private registerTest(node: Node, path: string, at: number): void {
    const test = unwrapExpression(node);
    switch (test.type) {
      case 'Identifier':
      case 'MemberExpression':
      case 'ThisExpression': {
        const place = this.model.placeOf(test);
        this.note(this.model.places.placeKey(place.root, place.path + path), at);
        if (test.type === 'Identifier') this.noteStored(test);
        return;
      }
      case 'UnaryExpression':
        this.registerTest(test.argument, '', at);
        return;
      case 'LogicalExpression':
        this.registerTest(test.left, '', at);
        this.registerTest(test.right, '', at);
        return;
      case 'BinaryExpression': {
        if (test.left.type !== 'PrivateIdentifier') this.registerTest(test.left, '', at);
        this.registerTest(test.right, '', at);
        const key = this.conditions.conditionOf(test);
        if (key !== undefined) this.note(key, at);
        this.noteComparison(test);
        return;
      }
      case 'ChainExpression':
        this.registerTest(unwrapChain(test), '', at);
        return;
      case 'AssignmentExpression':
        this.registerTest(test.left, '', at);
        return;
      case 'CallExpression':
        if (isStoreRead(test)) {
          const place = this.model.placeOf(test);
          this.note(this.model.places.placeKey(place.root, place.path + path), at);
        } else if (test.callee.type === 'Identifier' && test.callee.name === 'Boolean' && test.arguments[0]) {
          this.registerTest(test.arguments[0], '', at);
        } else if (isPredicateCall(test)) {
          const key = this.conditions.conditionOf(test);
          if (key !== undefined) this.note(key, at);
        }
        return;
      default:
        return;
    }
  }

  /** Whoever waits for a promise that lies in a variable asks how it was settled, and with what. */
  private registerPromise(node: Node, at: number): void {
    const promise = unwrapChain(node);
    if (!isPlace(promise)) return;
    const place = this.model.placeOf(promise);
    this.note(this.model.places.placeKey(place.root, place.path), at);
    this.note(this.model.places.placeKey(place.root, place.path + FACT_PATHS.value), at);
  }

  /** A reaction asks its receiver, and a combinator the promises that are written in its list. */
  private registerReaction(call: CallLike, unit: UnitNode, end: number | undefined): void {
    const shape = callShape(call);
    if (shape.receiver !== undefined && shape.name !== undefined && REACTIONS.has(shape.name)) this.registerPromise(shape.receiver, end ?? endOf(call, unit));
    const [list] = shape.arguments;
    if (list?.type !== 'ArrayExpression' || !isPromiseCombinator(shape)) return;
    const at = end ?? endOf(call, unit);
    for (const element of list.elements) if (element !== null) this.registerPromise(element, at);
  }

  /** `const isOwn = x === undefined`, tested by its name: that speaks of the absence of x as the comparison itself does. */
  private noteStored(name: TSESTree.Identifier): void {
    const variable = this.model.scopes.variableOf(name);
    const declarator = variable?.defs[0]?.node as Node | undefined;
    if (variable === undefined || !isConstant(variable) || declarator?.type !== 'VariableDeclarator' || !declarator.init) return;
    let stored = unwrapExpression(declarator.init);
    while (stored.type === 'UnaryExpression' && stored.operator === '!') stored = unwrapExpression(stored.argument);
    if (stored.type === 'BinaryExpression') this.noteComparison(stored);
  }

  /** `x === undefined`, `x == null`, `typeof x === 'undefined'`: how the program speaks of the absence of x. */
  private noteComparison(test: TSESTree.BinaryExpression): void {
    if (!/^[=!]==?$/.test(test.operator)) return;
    const strict = test.operator.length === 3;
    for (const [value, other] of [[test.left, test.right], [test.right, test.left]] as const) {
      const literal = unwrapExpression(other);
      const operand = unwrapExpression(value);
      if (literal.type === 'Literal' && literal.value === null && !('regex' in literal)) this.noteAbsence(operand, '', strict ? 'null' : 'nullish');
      else if (literal.type === 'Identifier' && literal.name === 'undefined') this.noteAbsence(operand, '', strict ? 'undefined' : 'nullish');
      else if (literal.type === 'Literal' && literal.value === 'undefined' && operand.type === 'UnaryExpression' && operand.operator === 'typeof') {
        this.noteAbsence(operand.argument, '', 'undefined');
      }
    }
  }

  /**
   * A program that asks whether a value is absent means an object or nothing by it: it is not `0` or `''`, and it is `undefined` where only
   * that is asked for. A verdict that needs `null` where the program never thinks of it would be no use to anybody.
   */
  private noteAbsence(node: Node, path: string, how: 'nullish' | 'undefined' | 'null'): void {
    const test = unwrapExpression(node);
    if (!isPlace(test) && !isStoreRead(test)) return;
    const place = this.model.placeOf(test);
    const key = this.model.places.placeKey(place.root, place.path + path);
    const absences = this.notes.absences.get(key.id) ?? new Set();
    absences.add(how);
    this.notes.absences.set(key.id, absences);
    let domain = ALL & ~(FALSE | OTHER_FALSY);
    if (absences.has('undefined') && !absences.has('null')) domain &= ~NULL;
    if (absences.has('null') && !absences.has('undefined')) domain &= ~UNDEFINED;
    this.model.domains.set(key.id, domain);
  }

  private note(key: FactKey, at: number): void {
    this.notes.count++;
    this.notes.reads.set(key.id, (this.notes.reads.get(key.id) ?? 0) + 1);
    const [root] = key.roots;
    if (root !== undefined && key.roots.every((one) => one === root) && (root as { name?: unknown }).name === 'this') {
      const keys = this.notes.selfKeys.get(root) ?? new Set();
      this.notes.selfKeys.set(root, keys.add(key));
    }
    // Positions in other files say nothing here.
    const end = this.model.family.isRoot(this.model) ? at : Infinity;
    if (this.lastTestOf(key.id) >= end) return;
    this.notes.lastTests[key.id] = end;
  }

  /** Whether some test reads `key` at all. */
  isTested(key: FactKey): boolean {
    return this.lastTestOf(key.id) !== NEVER;
  }

  /** Whether some test reads the value at the place. */
  isTestedAt(place: PlaceRef): boolean {
    const key = this.model.places.findKey(place.root, place.path);
    return key !== undefined && this.isTested(key);
  }

  /** Where the last test ends that reads the key with this number; NEVER: none does (the keys of `finally` regions are never tested). */
  lastTestOf(id: number): number {
    return this.notes.lastTests[id] ?? NEVER;
  }

  /** Whether the unit tests anything: without a test, nothing that is known before an acquisition matters. */
  hasTests(unit: UnitNode): boolean {
    this.register(unit);
    return this.notes.testing.has(unit);
  }

  /** Whether nobody but the code we follow changes what is at `place`. */
  isStablePlace(place: PlaceRef): boolean {
    return this.model.stability.isStablePlace(place);
  }
}

/** Whether a method is called on `this`. */
export function isCalledOnThis(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' && unwrapExpression(callee.object).type === 'ThisExpression';
}

function isFunctionName(variable: Variable): boolean {
  const type = variable.defs[0]?.type as string | undefined;
  return type === 'FunctionName' || type === 'ClassName' || type === 'ImportBinding';
}

/** Where the last run of `node` on a path through `unit` ends: a loop comes back to it. */
export function endOf(node: Node, unit: UnitNode): number {
  let end = node.range[1];
  for (let parent = node.parent; parent && parent !== unit; parent = parent.parent) {
    if (isLoop(parent)) end = parent.range[1];
    // A `finally` block and a dispose run after what stands behind them in the source has ended early.
  }
  return end;
}
