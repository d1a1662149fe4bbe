/** One query on a connection that a reaction or a callback is given: the call of the pool takes the place of the acquisition and of that function. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Variable } from '../bindings/scope-index.ts';
import { eachChild } from '../syntax/each-child.ts';
import { isFunctionNode, type Node, type Statement, type TSESTree } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { isIdle, withoutReleases } from './chain-releases.ts';
import { isCuredBy } from './cured.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { calledAs, isErrorGuard, type GivenHandle } from './find-given.ts';
import type { FixInput } from './fix-input.ts';
import { completionOf, releaseCallOf, type ResourceCall } from './handle-uses.ts';
import { isUnused, usesOfChain } from './held-chain.ts';
import { innerReleases } from './inner-releases.ts';
import { isPropertyName } from './names-in.ts';
import { needsOwnConnection } from './open-transaction.ts';
import { hasNoEffect, type NamedPool } from './plan-single-shot.ts';
import { chainEndingIn } from './promise-chain.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout, templatesIn } from './source-layout.ts';

const FORM = 'single shot';

/** A query that takes the place of all that the function does. */
interface Shot {
  readonly query: TSESTree.CallExpression;
  /** The expression that the query begins, which stays. */
  readonly whole: Node;
  /** The call that it takes the place of. */
  readonly place: Node;
  /** What takes the releases out of it. */
  readonly edits: readonly Edit[];
  /** Whether the error of an acquisition is told in the same way as that of a query. */
  readonly isSame: boolean;
}

/** The edits that let the pool take and give back a connection that a function is given. */
export function planGivenShot(input: FixInput, pool: NamedPool, given: GivenHandle): FixAnswer {
  const { model, site } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const layout = new SourceLayout(model.text);
  const shot = given.as === 'reaction' ? shotInChain(input, given, layout) : shotInCallback(input, given, layout);
  if (typeof shot === 'string') return blocked(shot);
  const { query, whole, place } = shot;
  const callee = unwrapChain(query.callee);
  const receiver = callee.type === 'MemberExpression' ? unwrapExpression(callee.object) : undefined;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed || receiver?.type !== 'Identifier' || model.scopes.variableOf(receiver) !== given.variable) return blocked('several queries');
  if (!pool.methods.includes(callee.property.name)) return blocked('no single shot');
  if (query.arguments.some(({ type }) => type === 'NewExpression')) return blocked('used as a stream');
  if (!query.arguments.every((argument) => argument.type !== 'SpreadElement' && (isFunctionNode(argument) || hasNoEffect(argument)))) return blocked('not the first thing');
  const use: ResourceCall = { call: query, method: callee.property.name, completion: completionOf(query), isUnseen: false };
  const needs = needsOwnConnection(model, use);
  if (needs === true) return blocked('needs a connection of its own');
  if (meansOtherwise(model, given, whole)) return blocked('name taken');
  const head = [site.node.range[0], callee.property.range[0]] as const;
  const tail = [whole.range[1], place.range[1]] as const;
  if (layout.hasComment(head) || layout.hasComment(tail)) return blocked('comment');
  const edits = inOrder([{ range: [site.node.range[0], receiver.range[0]], text: '' }, { range: [receiver.range[0], callee.property.range[0]], text: `${pool.text}.` }, ...movedOut(layout, site.node, whole), ...shot.edits, { range: tail, text: '' }]);
  if (!isCuredBy(input, edits)) return blocked('still lost');
  return {
    kind: 'edits', form: FORM, safety: needs === false && pool.isConstant && shot.isSame ? 'automatic' : 'suggestion',
    title: `Query with \`${pool.text}.${use.method}()\`, which takes and releases a ${site.acquisition.type.noun} by itself.`, edits,
  };
}

/** `pool.connect().then((client) => client.query('…').then(…))` */
function shotInChain(input: FixInput, given: GivenHandle, layout: SourceLayout): Shot | BlockedReason {
  const { model, site } = input;
  const around = chainEndingIn(model.text, given.call);
  if (around.head !== site.node || around.links.length !== 1 || given.call.arguments.length !== 1) return 'not the first thing';
  const { body } = given.unit;
  const only = body.type === 'BlockStatement' ? body.body[0] : undefined;
  const whole = body.type !== 'BlockStatement' ? body : body.body.length === 1 && only?.type === 'ReturnStatement' && only.argument ? only.argument : undefined;
  if (whole === undefined) return 'several queries';
  const chain = chainEndingIn(model.text, whole);
  const { head, links } = chain;
  const uses = usesOfChain(input, { variable: given.variable, chain });
  if (typeof uses === 'string') return uses;
  if (uses.calls.length !== 1 || uses.others.length !== 1 || head.type !== 'CallExpression' || uses.calls[0]!.call !== head) return 'several queries';
  const edits: Edit[] = [];
  for (const [index, link] of links.entries()) {
    const own = uses.releases.filter((release) => release.link === index + 1);
    const isLast = links.slice(index + 1).every(({ name }) => name !== 'then');
    if (own.length > 0 && !layout.hasComment(link.range) && isIdle(link, own, isLast && isUnused(given.call))) {
      edits.push({ range: link.range, text: '' });
      continue;
    }
    // It would see the error of the acquisition as well.
    if (link.name !== 'then' || link.reactions.length > 1) return 'errors told apart';
    edits.push(...withoutReleases(model, layout, own));
  }
  return { query: head, whole, place: given.call, edits, isSame: uses.releases.every(({ test }) => test === undefined) };
}

/** `pool.getConnection((err, connection) => { if (err) return cb(err); connection.query('…', (error, rows) => { … }); })` */
function shotInCallback(input: FixInput, given: GivenHandle, layout: SourceLayout): Shot | BlockedReason {
  const { model, site, outcome } = input;
  const { unit, error, variable, done } = given;
  if (unit.body.type !== 'BlockStatement' || error === undefined || !isLeftAlone(site.node)) return 'not the first thing';
  const [guard, statement, ...others] = unit.body.body;
  if (!isErrorGuard(model, guard, error) || others.length > 0) return 'several queries';
  const expression = statement?.type === 'ExpressionStatement' ? statement.expression : statement?.type === 'ReturnStatement' ? statement.argument : undefined;
  const query = expression && unwrapChain(expression);
  if (query?.type !== 'CallExpression') return 'several queries';
  const callback = query.arguments.at(-1);
  if (callback === undefined) return 'callback style';
  const known = innerReleases(outcome.releases);
  const gone: Statement[] = [];
  const nodes = [...variable.references, ...(done?.references ?? [])].map(({ identifier }) => identifier as Node);
  for (const node of nodes) {
    if (isWithin(node, guard)) continue;
    const call = isOf(model, node, done) ? calledAs(node) : releaseCallOf(model, node, site.acquisition.type, known);
    if (typeof call === 'string') return call;
    if (call === undefined) {
      if (isWithin(node, query.callee)) continue;
      return 'several queries';
    }
    if (call.parent.type !== 'ExpressionStatement' || !isFunctionNode(callback) || model.file.unitOf(call) !== callback || call.parent.parent.type !== 'BlockStatement') return 'release is part of an expression';
    // What it is given may destroy the connection.
    if (call.arguments.length > 0) return 'release with an argument';
    gone.push(call.parent);
  }
  const told = toldAlike(model, guard, error, callback, gone, nodes);
  if (told === undefined) return 'errors told apart';
  return { query, whole: query, place: site.node, edits: [...gone.flatMap((one) => removeStatement(layout, one)), ...emptiedBlocks(layout, gone)], isSame: told === 'same' };
}

/** Whether nobody looks at what the acquiring call gives. */
function isLeftAlone(call: Node): boolean {
  const { parent } = call;
  if (parent?.type === 'ExpressionStatement') return true;
  return parent?.type === 'ArrowFunctionExpression' && parent.body === call && parent.parent.type === 'NewExpression' && parent.parent.callee.type === 'Identifier' && parent.parent.callee.name === 'Promise';
}

/**
 * Whether the callback of the query does with its error what the one of the acquisition does with its own. `perhaps`: it hands both on, with what the query
 * gave beside it, or looks at the error in another way than to ask for it (`undefined` instead of `null`).
 */
function toldAlike(model: ProgramModel, guard: TSESTree.IfStatement, error: Variable, callback: Node, gone: readonly Statement[], held: readonly Node[]): 'same' | 'perhaps' | undefined {
  const releases = (statement: Node): boolean => statement.type === 'ExpressionStatement' && held.some((node) => isWithin(node, statement) && node.parent?.parent === statement);
  const first = actionOf(model, guard.consequent, error, releases);
  if (callback.type === 'Identifier') return first === `${callback.name}(@);` ? 'perhaps' : undefined;
  if (!isFunctionNode(callback)) return undefined;
  const [param] = callback.params;
  const failure = param?.type === 'Identifier' ? model.scopes.variableOf(param) : undefined;
  if (failure === undefined) return undefined;
  const left = callback.body.type === 'BlockStatement' ? callback.body.body.filter((statement) => !gone.includes(statement)) : [callback.body];
  const [own, ...rest] = left;
  if (own?.type === 'IfStatement' && isErrorGuard(model, own, failure)) {
    if (actionOf(model, own.consequent, failure, (statement) => gone.includes(statement as Statement)) !== first) return undefined;
    return failure.references.every(({ identifier }) => isWithin(identifier as Node, own)) ? 'same' : 'perhaps';
  }
  const call = own?.type === 'ExpressionStatement' ? own.expression : own?.type === 'ReturnStatement' ? own.argument : own;
  if (rest.length > 0 || call?.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.arguments.some(({ type }) => type !== 'Identifier' && type !== 'Literal')) return undefined;
  const [told] = call.arguments;
  return told?.type === 'Identifier' && model.scopes.variableOf(told) === failure && first === `${call.callee.name}(@);` ? 'perhaps' : undefined;
}

/** What is done where there is an error, as a text in which `@` is the error; without the `return` that ends it, and without releases. */
function actionOf(model: ProgramModel, consequent: Statement, error: Variable, isRelease: (statement: Node) => boolean): string {
  const statements = (consequent.type === 'BlockStatement' ? consequent.body : [consequent]).filter((statement) => !isRelease(statement));
  const parts = statements.map((statement) => {
    const node: Node = statement.type === 'ReturnStatement' ? (statement.argument ?? statement) : statement.type === 'ExpressionStatement' ? statement.expression : statement;
    if (node.type === 'ReturnStatement') return '';
    let text = model.text.slice(...node.range);
    const names = error.references.map(({ identifier }) => identifier as Node).filter((name) => isWithin(name, node)).sort((left, right) => right.range[0] - left.range[0]);
    for (const name of names) text = `${text.slice(0, name.range[0] - node.range[0])}@${text.slice(name.range[1] - node.range[0])}`;
    return `${text.replace(/\s+/g, ' ').replace(/;$/, '')};`;
  });
  return parts.join('');
}

/** Whether something in what moves out of the function means something else there: a parameter, `this`. */
function meansOtherwise(model: ProgramModel, { unit, variable, done }: GivenHandle, whole: Node): boolean {
  const params = new Set(unit.params.flatMap((param) => (param.type === 'Identifier' ? (model.scopes.variableOf(param) ?? []) : [])));
  const pending: { node: Node; isOwn: boolean }[] = [{ node: whole, isOwn: unit.type === 'FunctionExpression' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, isOwn } = next;
    if (isOwn && (node.type === 'ThisExpression' || (node.type === 'Identifier' && node.name === 'arguments' && !isPropertyName(node)))) return true;
    if (node.type === 'Identifier' && !isPropertyName(node)) {
      const meant = model.scopes.variableOf(node);
      if (meant !== undefined && meant !== variable && params.has(meant) && !(meant === done && isRelease(node))) return true;
    }
    const goesOn = isOwn && !(isFunctionNode(node) && node.type !== 'ArrowFunctionExpression');
    eachChild(node, VISITOR_KEYS, (child) => pending.push({ node: child, isOwn: goesOn }));
  }
  return false;
}

/** `done()`, which goes. */
function isRelease(name: Node): boolean {
  const call = calledAs(name);
  return call?.arguments.length === 0 && call.parent.type === 'ExpressionStatement';
}

function isOf(model: ProgramModel, node: Node, variable: Variable | undefined): boolean {
  return variable !== undefined && node.type === 'Identifier' && model.scopes.variableOf(node) === variable;
}

/** Edits that move the lines of `whole` out to where the acquisition stands. */
function movedOut(layout: SourceLayout, from: Node, whole: Node): Edit[] {
  const outer = lineIndent(layout, from.range[0]);
  const inner = lineIndent(layout, whole.range[0]);
  const edits: Edit[] = [];
  if (inner.length <= outer.length || !inner.startsWith(outer)) return edits;
  const templates = templatesIn([whole]);
  for (let feed = layout.text.indexOf('\n', whole.range[0]); feed >= 0 && feed + 1 < whole.range[1]; feed = layout.text.indexOf('\n', feed + 1)) {
    const line = feed + 1;
    if (!layout.text.startsWith(inner, line) || templates.some(([start, end]) => start < line && line <= end)) continue;
    edits.push({ range: [line, line + inner.length - outer.length], text: '' });
  }
  return edits;
}

function lineIndent(layout: SourceLayout, position: number): string {
  return /^[ \t]*/.exec(layout.text.slice(layout.lineStart(position)))![0];
}

function isWithin({ range }: Node, outer: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}
