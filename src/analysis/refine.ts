/**
 * What a test teaches: the disjunct on the true or the false side, or undefined when that side cannot be taken.
 * A condition that we cannot read may go either way.
 */
import type { InstructionOf, Value } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { isExpressionRoot } from '../domain/place.ts';
import { FALSE, FALSY, NULL, NULLISH, TRUE, TRUTHY, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { isNegatedComparison, isPredicateCall } from './condition-keys.ts';
import { heldBy } from './held.ts';
import type { ProgramModel } from './program-model.ts';
import type { TestIndex } from './test-index.ts';
import { asksForMethod, maskOf } from './value-of.ts';

/** The disjunct after `branch` went to its true (`outcome`) or false side; undefined: it cannot. */
export function refineBranch(
  model: ProgramModel,
  tests: TestIndex,
  disjunct: Disjunct,
  branch: InstructionOf<'branch'>,
  outcome: boolean,
): Disjunct | undefined {
  const refinement = new Refinement(model, tests, branch.keeps);
  const { expression, path } = branch.value;
  switch (branch.kind) {
    case 'truthy':
      return refinement.truthy(disjunct, expression, outcome);
    case 'nullish':
      return refinement.restrict(disjunct, expression, path, outcome ? NULLISH : ~NULLISH);
    case 'undefined':
      return refinement.restrict(disjunct, expression, path, outcome ? UNDEFINED : ~UNDEFINED);
    case 'equal':
      return branch.operand ? refinement.equal(disjunct, expression, branch.operand, true, outcome) : disjunct;
  }
}

/** Whether the value of `node` is the outcome of a condition that a test could have been made of: `!passed`, `a === b`. */
export function isCondition(node: Node): boolean {
  const inner = unwrapExpression(node);
  if (inner.type === 'UnaryExpression') return inner.operator === '!';
  if (inner.type === 'CallExpression') return inner.callee.type === 'Identifier' && inner.callee.name === 'Boolean' && inner.arguments.length === 1;
  return inner.type === 'BinaryExpression' && /^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(inner.operator);
}

/** The disjunct in which the condition `node` is true (or false): `const own = !passed` keeps own and passed together. */
export function refineCondition(model: ProgramModel, tests: TestIndex, disjunct: Disjunct, node: Node, outcome: boolean): Disjunct | undefined {
  return new Refinement(model, tests, false).truthy(disjunct, node, outcome);
}

/** The disjunct in which the value is one of `allowed`. */
export function refinePlace(model: ProgramModel, tests: TestIndex, disjunct: Disjunct, value: Value, allowed: ValueMask): Disjunct | undefined {
  return new Refinement(model, tests, false).restrict(disjunct, value.expression, value.path, allowed);
}

class Refinement {
  private readonly model: ProgramModel;
  private readonly tests: TestIndex;
  /** Whether what is learnt of the result of an expression is noted. */
  private readonly keeps: boolean;

  constructor(model: ProgramModel, tests: TestIndex, keeps: boolean) {
    this.model = model;
    this.tests = tests;
    this.keeps = keeps;
  }

  /** `node` is truthy (or falsy). */
  truthy(disjunct: Disjunct, node: Node, outcome: boolean): Disjunct | undefined {
    const test = unwrapExpression(node);
    switch (test.type) {
      case 'UnaryExpression':
        if (test.operator === '!') return this.truthy(disjunct, test.argument, !outcome);
        break;
      case 'BinaryExpression':
        return this.comparison(disjunct, test, outcome);
      case 'CallExpression':
        if (test.callee.type === 'Identifier' && test.callee.name === 'Boolean' && test.arguments[0]) {
          return this.truthy(disjunct, test.arguments[0], outcome);
        }
        if (isPredicateCall(test)) {
          const refined = this.condition(disjunct, test, outcome);
          return refined && this.restrict(refined, test, '', outcome ? TRUTHY : FALSY);
        }
        break;
      case 'AssignmentExpression': {
        const assigned = test.operator === '=' && unwrapExpression(test.left).type === 'Identifier'
          ? this.restrict(disjunct, test.left, '', outcome ? TRUTHY : FALSY)
          : disjunct;
        return assigned && this.restrict(assigned, test, '', outcome ? TRUTHY : FALSY);
      }
      default:
        break;
    }
    return this.restrict(disjunct, test, '', outcome ? TRUTHY : FALSY);
  }

  private comparison(disjunct: Disjunct, node: TSESTree.BinaryExpression, outcome: boolean): Disjunct | undefined {
    if (node.left.type === 'PrivateIdentifier') return disjunct;
    if (asksForMethod(this.model, disjunct, node)) return outcome === !isNegatedComparison(node) ? disjunct : undefined;
    const negated = isNegatedComparison(node);
    switch (node.operator) {
      case '===':
      case '!==':
      case '==':
      case '!=': {
        const refined = this.equal(disjunct, node.left, node.right, node.operator.length === 3, outcome !== negated);
        return refined && this.condition(refined, node, outcome !== negated);
      }
      case 'instanceof': {
        const refined = this.condition(disjunct, node, outcome);
        return refined && outcome ? this.restrict(refined, node.left, '', TRUTHY) : refined;
      }
      default:
        return this.condition(disjunct, node, outcome);
    }
  }

  /** Notes the outcome of a pure condition under its text. */
  private condition(disjunct: Disjunct, node: TSESTree.BinaryExpression | TSESTree.CallExpression, outcome: boolean): Disjunct | undefined {
    const key = this.tests.conditions.conditionOf(node);
    if (key === undefined) return disjunct;
    const mask = factOf(disjunct.facts, key.id) & (outcome ? TRUE : FALSE);
    if (mask === 0) return undefined;
    return this.tests.isTested(key) ? { ...disjunct, facts: withFact(disjunct.facts, key.id, mask) } : disjunct;
  }

  /** `left === right` (strict) or `left == right` holds, or does not. */
  equal(disjunct: Disjunct, left: Node, right: Node, strict: boolean, outcome: boolean): Disjunct | undefined {
    const isFulfilled = this.isFulfilledStatus(disjunct, left, right) ?? this.isFulfilledStatus(disjunct, right, left);
    if (isFulfilled !== undefined) return outcome === isFulfilled ? disjunct : undefined;
    const typeOf = this.typeOfUndefined(left, right) ?? this.typeOfUndefined(right, left);
    if (typeOf !== undefined) return this.restrict(disjunct, typeOf, '', outcome ? UNDEFINED : ~UNDEFINED);
    for (const [value, other] of [[left, right], [right, left]] as const) {
      const mask = this.singleMask(disjunct, other, strict);
      if (mask !== undefined) {
        const refined = this.restrict(disjunct, value, '', outcome ? mask : ~mask);
        return refined;
      }
    }
    if (this.isFreshAgainst(disjunct, left, right) || this.isFreshAgainst(disjunct, right, left)) return outcome ? undefined : disjunct;
    const key = this.tests.conditions.conditionKey(left, right);
    if (key === undefined || !this.tests.isTested(key)) return disjunct;
    const mask = factOf(disjunct.facts, key.id) & (outcome ? TRUE : FALSE);
    if (mask === 0) return undefined;
    let { facts } = disjunct;
    facts = withFact(facts, key.id, mask);
    if (outcome) {
      // The value is this literal, so it is no other.
      for (const test of this.tests.conditions.literalTestsOf(this.model.placeOf(left))) {
        if (test.key === key) continue;
        const literal = unwrapExpression(right);
        if (literal.type !== 'Literal') continue;
        const same = test.literal === literal.value;
        const known = factOf(facts, test.key.id) & (same ? TRUE : FALSE);
        if (known === 0) return undefined;
        facts = withFact(facts, test.key.id, known);
      }
    }
    return { ...disjunct, facts };
  }

  /** `result.status === 'fulfilled'`, of a result of `Promise.allSettled` whose value is the resource: whether it is so. */
  private isFulfilledStatus(disjunct: Disjunct, left: Node, right: Node): boolean | undefined {
    const member = unwrapExpression(left);
    const literal = unwrapExpression(right);
    if (member.type !== 'MemberExpression' || literal.type !== 'Literal' || staticMemberName(member) !== 'status') return undefined;
    return heldBy(this.model, disjunct, member.object).some((one) => one.path === '.value') ? literal.value === 'fulfilled' : undefined;
  }

  /** `typeof x === 'undefined'`: the x. */
  private typeOfUndefined(left: Node, right: Node): Node | undefined {
    const operand = unwrapExpression(left);
    const literal = unwrapExpression(right);
    return operand.type === 'UnaryExpression' && operand.operator === 'typeof' && literal.type === 'Literal' && literal.value === 'undefined'
      ? operand.argument
      : undefined;
  }

  /** The classes that equality with `node` leaves, when its value is the only one of its class. */
  private singleMask(disjunct: Disjunct, node: Node, strict: boolean): ValueMask | undefined {
    const inner = unwrapExpression(node);
    if (inner.type !== 'Literal' && inner.type !== 'Identifier' && inner.type !== 'UnaryExpression') return undefined;
    if (inner.type === 'Identifier' && inner.name !== 'undefined') return undefined;
    const mask = maskOf(this.model, disjunct, inner);
    if (mask === NULL || mask === UNDEFINED) return strict ? mask : NULLISH;
    return strict && (mask === TRUE || mask === FALSE) ? mask : undefined;
  }

  /** Whether `fresh` is the resource and `other` is something that was there before: they cannot be the same object. */
  private isFreshAgainst(disjunct: Disjunct, fresh: Node, other: Node): boolean {
    if (disjunct.aliases.length === 0) return false;
    const held = heldBy(this.model, disjunct, fresh);
    if (!held.some((one) => one.path === '' && one.role === 'handle')) return false;
    const inner = unwrapChain(other);
    return (inner.type === 'Identifier' || inner.type === 'MemberExpression') && heldBy(this.model, disjunct, inner).length === 0;
  }

  /** The value of `node` is one of `allowed`. */
  restrict(disjunct: Disjunct, node: Node, path: string, allowed: ValueMask): Disjunct | undefined {
    const test = unwrapExpression(node);
    if (path === '' && test.type === 'ChainExpression') {
      const chain = this.restrictPlace(disjunct, test, '', allowed);
      if (chain === undefined) return undefined;
      // A chain that is not undefined was followed to its end.
      return (allowed & UNDEFINED) === 0 ? this.present(chain, test.expression) : chain;
    }
    return this.restrictPlace(disjunct, test, path, allowed);
  }

  private present(disjunct: Disjunct, node: Node): Disjunct | undefined {
    const inner = unwrapExpression(node);
    if (inner.type === 'CallExpression') return this.present(disjunct, inner.callee);
    if (inner.type !== 'MemberExpression') return disjunct;
    const object = this.present(disjunct, inner.object);
    return object && (inner.optional ? this.restrictPlace(object, unwrapExpression(inner.object), '', ~NULLISH) : object);
  }

  private restrictPlace(disjunct: Disjunct, node: Node, path: string, allowed: ValueMask): Disjunct | undefined {
    const mask = maskOf(this.model, disjunct, node, path);
    const refined = mask & allowed;
    if (refined === 0) return undefined;
    if (refined === mask) return disjunct;
    const place = this.model.placeOf(node);
    const key = this.model.places.placeKey(place.root, place.path + path);
    if (isExpressionRoot(place.root)) return !this.keeps ? disjunct : { ...disjunct, facts: withFact(disjunct.facts, key.id, refined) };
    if (!this.tests.isTested(key) || !this.tests.isStablePlace({ root: place.root, path: place.path + path })) return disjunct;
    return { ...disjunct, facts: withFact(disjunct.facts, key.id, refined) };
  }
}
