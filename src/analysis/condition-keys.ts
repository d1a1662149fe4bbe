/**
 * The keys of pure conditions: what is found out about `mode === 'write'` in one place holds in the next one that asks the same, as long as nothing
 * changes what it reads.
 */
import type { FactKey, Root } from '../domain/place.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { isPlace } from './find-place.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** A comparison of a place with a literal: `mode === 'write'`. */
interface LiteralTest {
  readonly key: FactKey;
  readonly literal: unknown;
}

/** What the keys of all files of a project share. */
export class ConditionNotes {
  readonly keys = new Map<Node, FactKey | undefined>();
  readonly literalTests = new Map<FactKey, LiteralTest[]>();
  readonly globals = new Map<string, Root>();
}

/** The keys of the conditions of one file. */
export class ConditionKeys {
  private readonly model: ProgramModel;
  private readonly notes: ConditionNotes;

  constructor(model: ProgramModel, notes: ConditionNotes) {
    this.model = model;
    this.notes = notes;
  }

  /** The key of a pure condition (`mode === 'write'`, `n > 3`, `x instanceof Y`, `isPool(x)`); undefined when it is not pure. */
  conditionOf(node: TSESTree.BinaryExpression | TSESTree.CallExpression): FactKey | undefined {
    if (this.notes.keys.has(node)) return this.notes.keys.get(node);
    const roots = node.type === 'CallExpression' ? this.rootsOfAll(node.arguments) : this.rootsOf(node);
    let key: FactKey | undefined;
    if (roots !== undefined && roots.length > 0) {
      key = this.model.places.conditionKey(positiveText(node, this.model.text), roots);
      const literal = node.type === 'CallExpression' ? undefined : literalComparison(node);
      if (literal !== undefined) this.noteLiteral(this.model.placeOf(literal.place), key, literal.literal);
    }
    this.notes.keys.set(node, key);
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
    const key = this.model.places.findKey(place.root, place.path);
    return (key && this.notes.literalTests.get(key)) ?? [];
  }

  private noteLiteral(place: PlaceRef, key: FactKey, literal: unknown): void {
    const placeKey = this.model.places.placeKey(place.root, place.path);
    const tests = this.notes.literalTests.get(placeKey) ?? [];
    if (!tests.some((test) => test.key === key)) tests.push({ key, literal });
    this.notes.literalTests.set(placeKey, tests);
  }

  private rootsOfAll(nodes: readonly Node[]): Root[] | undefined {
    const all: Root[] = [];
    for (const node of nodes) {
      const roots = this.rootsOf(node);
      if (roots === undefined) return undefined;
      all.push(...roots);
    }
    return all;
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
        return this.model.stability.isUnstable(variable) ? undefined : [variable];
      }
      case 'ThisExpression':
        return [this.model.placeOf(inner).root];
      case 'MemberExpression': {
        const place = this.model.placeOf(inner);
        if (!this.model.stability.isStablePlace(place)) return undefined;
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

  private globalRoot(name: string): Root {
    let root = this.notes.globals.get(name);
    if (root === undefined) {
      root = { name };
      this.notes.globals.set(name, root);
    }
    return root;
  }
}

/** `a !== b` and `a === b` are one condition with two outcomes; likewise `!=` and `==`. */
function positiveText(node: TSESTree.BinaryExpression | TSESTree.CallExpression, text: string): string {
  if (node.type === 'CallExpression') return normalText(node, text);
  const operator = node.operator === '!==' ? '===' : node.operator === '!=' ? '==' : node.operator;
  return `${normalText(node.left, text)}${operator}${normalText(node.right, text)}`;
}

/**
 * Whether the call asks of what kind a value is: `isPool(source)`. By its name, it answers the same the next time; what asks in a loop whether
 * there is more to do is not meant.
 */
export function isPredicateCall(node: TSESTree.CallExpression): boolean {
  if (node.callee.type !== 'Identifier' || !/^is[A-Z]/.test(node.callee.name)) return false;
  return !(node.parent.type === 'WhileStatement' || node.parent.type === 'DoWhileStatement' || node.parent.type === 'ForStatement');
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
