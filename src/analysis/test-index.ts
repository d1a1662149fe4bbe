/**
 * Which facts are worth following: those that some test still asks for. A fact about a value that no later test reads cannot change a verdict,
 * and keeping it would only multiply disjuncts.
 */
import type { Graph } from '../cfg/graph.ts';
import type { FactKey, Root } from '../domain/place.ts';
import { isFunctionNode, isLoop, type CallLike, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** A comparison of a place with a literal: `mode === 'write'`. */
interface LiteralTest {
  readonly key: FactKey;
  readonly literal: unknown;
}

export class TestIndex {
  /** Key → the end of the last test that reads it, in source order; Infinity when a nested function does. */
  private readonly lastTests = new Map<number, number>();
  private readonly registered = new Set<UnitNode>();
  private readonly conditions = new Map<Node, FactKey | undefined>();
  private readonly literalTests = new Map<FactKey, LiteralTest[]>();
  private readonly model: ProgramModel;

  constructor(model: ProgramModel) {
    this.model = model;
  }

  /** Reads the tests of `unit` and of the functions inside it that can see its variables. */
  register(unit: UnitNode): void {
    if (this.registered.has(unit)) return;
    this.registered.add(unit);
    this.registerGraph(this.model.graphOf(unit), undefined);
    for (const inside of this.model.unitsInside(unit)) {
      if (!isFunctionNode(inside)) continue;
      const captures = this.model.scopes.capturedBy(inside);
      const sees = captures.some((variable) => this.model.scopes.unitOfVariable(variable) === unit && !isFunctionName(variable));
      if (sees || inside.type === 'ArrowFunctionExpression') this.registerGraph(this.model.graphOf(inside), Infinity);
    }
  }

  private registerGraph(graph: Graph, end: number | undefined): void {
    for (const instruction of graph.instructions) {
      switch (instruction.op) {
        case 'branch': {
          const at = end ?? endOf(instruction.node, graph.unit);
          this.registerTest(instruction.value.expression, instruction.value.path, at);
          if (instruction.operand) {
            this.registerTest(instruction.operand, '', at);
            const key = this.conditionKey(instruction.value.expression, instruction.operand);
            if (key !== undefined) this.note(key, at);
          }
          break;
        }
        case 'call': {
          // What is handed to a function of this file may be tested there.
          const call = instruction.node as CallLike;
          if (call.type !== 'TaggedTemplateExpression' && call.arguments.length > 0 && this.model.calleeOf(call) !== undefined) {
            for (const argument of call.arguments) this.registerTest(argument, '', end ?? endOf(call, graph.unit));
          }
          break;
        }
        case 'return':
          if (instruction.value) this.registerTest(instruction.value.expression, '', end ?? endOf(instruction.node, graph.unit));
          break;
        default:
          break;
      }
    }
  }

  /** Notes that a test that ends at `at` reads what `node` reads; a constant's own definition is read with it. */
  private registerTest(node: Node, path: string, at: number, depth = 0): void {
    if (depth > 4) return;
    const test = unwrapExpression(node);
    switch (test.type) {
      case 'Identifier':
      case 'MemberExpression':
      case 'ThisExpression': {
        const place = this.model.placeOf(test);
        this.note(this.model.places.placeKey(place.root, place.path + path), at);
        if (test.type === 'Identifier') {
          const definition = this.definitionOf(test);
          if (definition !== undefined) this.registerTest(definition, '', at, depth + 1);
        }
        return;
      }
      case 'UnaryExpression':
        this.registerTest(test.argument, '', at, depth);
        return;
      case 'LogicalExpression':
        this.registerTest(test.left, '', at, depth);
        this.registerTest(test.right, '', at, depth);
        return;
      case 'BinaryExpression': {
        if (test.left.type !== 'PrivateIdentifier') this.registerTest(test.left, '', at, depth);
        this.registerTest(test.right, '', at, depth);
        const key = this.conditionOf(test);
        if (key !== undefined) this.note(key, at);
        return;
      }
      case 'ChainExpression':
        this.registerTest(unwrapChain(test), '', at, depth);
        return;
      case 'AssignmentExpression':
        this.registerTest(test.left, '', at, depth);
        return;
      case 'CallExpression':
        if (test.callee.type === 'Identifier' && test.callee.name === 'Boolean' && test.arguments[0]) {
          this.registerTest(test.arguments[0], '', at, depth);
        }
        return;
      default:
        return;
    }
  }

  private note(key: FactKey, at: number): void {
    const known = this.lastTests.get(key.id);
    if (known === undefined || known < at) this.lastTests.set(key.id, at);
  }

  /** Whether some test reads `key` at all. */
  isTested(key: FactKey): boolean {
    return this.lastTests.has(key.id);
  }

  /** Whether some test reads the key after source position `position`. */
  isTestedAfter(id: number, position: number): boolean {
    const last = this.lastTests.get(id);
    return last !== undefined && last > position;
  }

  /** Whether some test reads the key with this number at all (the keys of `finally` regions are never tested). */
  isTestedId(id: number): boolean {
    return this.lastTests.has(id);
  }

  /** Whether any test at all lies after `position`: without one, nothing that was known before matters. */
  hasTestAfter(position: number): boolean {
    for (const last of this.lastTests.values()) if (last > position) return true;
    return false;
  }

  /** The expression that defines a constant, when it is a pure condition over values that stay the same: `const own = !passed`. */
  definitionOf(identifier: TSESTree.Identifier): Node | undefined {
    const variable = this.model.scopes.variableOf(identifier);
    const declarator = variable?.defs[0]?.node as Node | undefined;
    if (variable === undefined || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) return undefined;
    if (!isConstant(variable)) return undefined;
    const init = unwrapExpression(declarator.init);
    const isCondition = init.type === 'UnaryExpression' || init.type === 'BinaryExpression' || init.type === 'LogicalExpression' ||
      (init.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'Boolean');
    if (!isCondition) return undefined;
    const roots = this.rootsOf(init);
    return roots?.every((root) => isConstantRoot(root)) ? init : undefined;
  }

  /** The key of a pure condition (`mode === 'write'`, `n > 3`, `x instanceof Y`); undefined when it is not pure. */
  conditionOf(node: TSESTree.BinaryExpression): FactKey | undefined {
    if (this.conditions.has(node)) return this.conditions.get(node);
    const roots = this.rootsOf(node);
    let key: FactKey | undefined;
    if (roots !== undefined && roots.length > 0) {
      key = this.model.places.conditionKey(positiveText(node, this.model.text), roots);
      const literal = literalComparison(node);
      if (literal !== undefined) this.noteLiteral(this.model.placeOf(literal.place), key, literal.literal);
    }
    this.conditions.set(node, key);
    return key;
  }

  /** The key of `left === right`, for a `case`. */
  conditionKey(left: Node, right: Node): FactKey | undefined {
    const roots = [...(this.rootsOf(left) ?? [undefined]), ...(this.rootsOf(right) ?? [undefined])];
    if (roots.length === 0 || roots.includes(undefined)) return undefined;
    const key = this.model.places.conditionKey(`${normalText(left, this.model.text)}===${normalText(right, this.model.text)}`, roots as Root[]);
    const literal = unwrapExpression(right);
    if (literal.type === 'Literal' && isPlace(unwrapExpression(left))) this.noteLiteral(this.model.placeOf(left), key, literal.value);
    return key;
  }

  /** The comparisons with literals that read this place. */
  literalTestsOf(place: PlaceRef): readonly LiteralTest[] {
    return this.literalTests.get(this.model.places.placeKey(place.root, place.path)) ?? [];
  }

  private noteLiteral(place: PlaceRef, key: FactKey, literal: unknown): void {
    const placeKey = this.model.places.placeKey(place.root, place.path);
    const tests = this.literalTests.get(placeKey) ?? [];
    if (!tests.some((test) => test.key === key)) tests.push({ key, literal });
    this.literalTests.set(placeKey, tests);
  }

  /** What a pure expression reads; undefined when evaluating it twice may give two answers. */
  private rootsOf(node: Node): Root[] | undefined {
    const inner = unwrapExpression(node);
    switch (inner.type) {
      case 'Literal':
        return [];
      case 'Identifier': {
        const variable = this.model.scopes.variableOf(inner);
        if (variable === undefined) return inner.name === 'undefined' || inner.name === 'NaN' || inner.name === 'Infinity' ? [] : [this.globalRoot(inner.name)];
        return this.model.isUnstable(variable) ? undefined : [variable];
      }
      case 'ThisExpression':
        return [this.model.placeOf(inner).root];
      case 'MemberExpression': {
        const place = this.model.placeOf(inner);
        if (!this.isStablePlace(place)) return undefined;
        return this.rootsOf(inner.object);
      }
      case 'UnaryExpression':
        return inner.operator === 'delete' ? undefined : this.rootsOf(inner.argument);
      case 'TemplateLiteral':
        return inner.expressions.length === 0 ? [] : undefined;
      case 'BinaryExpression':
      case 'LogicalExpression': {
        if (inner.left.type === 'PrivateIdentifier') return undefined;
        const left = this.rootsOf(inner.left);
        const right = this.rootsOf(inner.right);
        return left && right && [...left, ...right];
      }
      case 'CallExpression':
        if (inner.callee.type === 'Identifier' && inner.callee.name === 'Boolean' && inner.arguments[0]) return this.rootsOf(inner.arguments[0]);
        return undefined;
      default:
        return undefined;
    }
  }

  private readonly globals = new Map<string, Root>();

  private globalRoot(name: string): Root {
    let root = this.globals.get(name);
    if (root === undefined) {
      root = { name };
      this.globals.set(name, root);
    }
    return root;
  }

  /** Whether nobody but the code we follow changes what is at `place`. */
  isStablePlace(place: PlaceRef): boolean {
    const root = place.root as Partial<Variable> & { type?: unknown };
    const isVariable = Array.isArray(root.defs);
    if (isVariable && this.model.isUnstable(place.root as Variable)) return false;
    if (place.path === '') return true;
    const owner = isVariable ? this.model.scopes.unitOfVariable(place.root as Variable) : undefined;
    return !place.path.slice(1).split('.').some((name) => this.model.isUnstableProperty(name, owner));
  }
}

function isFunctionName(variable: Variable): boolean {
  const type = variable.defs[0]?.type as string | undefined;
  return type === 'FunctionName' || type === 'ClassName' || type === 'ImportBinding';
}

function isConstantRoot(root: Root): boolean {
  return !Array.isArray((root as Partial<Variable>).defs) || isConstant(root as Variable);
}

function isPlace(node: Node): boolean {
  return node.type === 'Identifier' || node.type === 'MemberExpression';
}

/** Where the last test of a fact ends: a loop comes back to it. */
function endOf(node: Node, unit: UnitNode): number {
  let end = node.range[1];
  for (let parent = node.parent; parent && parent !== unit; parent = parent.parent) {
    if (isLoop(parent)) end = parent.range[1];
    // A `finally` block and a dispose run after what stands behind them in the source has ended early.
  }
  return end;
}

/** `a !== b` and `a === b` are one condition with two outcomes; likewise `!=` and `==`. */
function positiveText(node: TSESTree.BinaryExpression, text: string): string {
  const operator = node.operator === '!==' ? '===' : node.operator === '!=' ? '==' : node.operator;
  return `${normalText(node.left, text)}${operator}${normalText(node.right, text)}`;
}

/** Whether a comparison holds when the condition of its key does not. */
export function isNegatedComparison(node: TSESTree.BinaryExpression): boolean {
  return node.operator === '!==' || node.operator === '!=';
}

function normalText(node: Node, text: string): string {
  const inner = unwrapExpression(node);
  return text.slice(inner.range[0], inner.range[1]).replace(/\s+/g, ' ');
}

function literalComparison(node: TSESTree.BinaryExpression): { place: Node; literal: unknown } | undefined {
  if (node.operator !== '===' && node.operator !== '!==') return undefined;
  const left = unwrapExpression(node.left);
  const right = unwrapExpression(node.right);
  if (right.type === 'Literal' && isPlace(left)) return { place: left, literal: right.value };
  return undefined;
}
