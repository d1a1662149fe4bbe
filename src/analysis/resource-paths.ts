/** Where a value holds resources, from the text: what a run knows of those that it does not follow. */
import { writesOf, type Variable } from '../bindings/scope-index.ts';
import { isAtOrBelow } from '../domain/place.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { patternPath } from '../syntax/pattern-path.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapAwait } from '../syntax/unwrap-expression.ts';
import { callShape, isPromiseCombinator } from './call-shape.ts';
import type { Run } from './run.ts';

const NOWHERE: readonly string[] = [];
const HERE: readonly string[] = [''];

/** The file whose code is read, and what is known of the calls that acquire. */
type Reader = Pick<Run, 'context' | 'model'>;

/** The paths below the value of `node`, once awaited, at which something lies in any case that was acquired by a call that the tables know. */
export function resourcePaths(reader: Reader, node: Node): readonly string[] {
  const value = unwrapAwait(node);
  switch (value.type) {
    case 'CallExpression':
      if (!reader.context.acquiringCalls.has(value)) return combinedPaths(reader, value);
      return reader.model.bindings.acquisitionOf(value) !== undefined ? HERE : handedPaths(reader, value);
    case 'ObjectExpression':
      return value.properties.flatMap((property) => {
        const name = property.type === 'Property' && !property.method ? staticPropertyName(property) : undefined;
        return property.type === 'Property' && name !== undefined ? resourcePaths(reader, property.value).map((path) => `.${name}${path}`) : [];
      });
    case 'Identifier': {
      const variable = reader.model.scopes.variableOf(value);
      return variable === undefined ? NOWHERE : inAll(writesOf(variable).map((write) => writtenPaths(reader, write.identifier as Node, write.writeExpr)));
    }
    default:
      return NOWHERE;
  }
}

/** The paths below what `Promise.all([…])` is fulfilled with. */
function combinedPaths(reader: Reader, call: CallLike): readonly string[] {
  const shape = callShape(call);
  const list = shape.arguments[0] && unwrapAwait(shape.arguments[0]);
  if (shape.name !== 'all' || !isPromiseCombinator(shape) || list?.type !== 'ArrayExpression' || list.elements.some((element) => element?.type === 'SpreadElement')) return NOWHERE;
  return list.elements.flatMap((element, index) => (element === null ? [] : resourcePaths(reader, element).map((path) => `.${String(index)}${path}`)));
}

/** The paths below what the target `node` is given. Only what a call gives is asked: a variable may be written from itself. */
function writtenPaths(reader: Reader, node: Node, written: Node | null | undefined): readonly string[] {
  const path = patternPath(node);
  if (path === undefined || written == null || unwrapAwait(written).type !== 'CallExpression') return NOWHERE;
  return resourcePaths(reader, written).filter((one) => isAtOrBelow(one, path)).map((one) => one.slice(path.length));
}

/** The paths below what the call gives at which the function that it runs, of this file or another, returns a resource, whenever it returns. */
function handedPaths(reader: Reader, call: CallLike): readonly string[] {
  const callee = reader.model.callGraph.calleeOf(call);
  if (callee === undefined) return NOWHERE;
  const known = reader.context.handsOut.get(callee);
  if (known !== undefined) return known;
  // A recursion hands nothing out.
  reader.context.handsOut.set(callee, NOWHERE);
  const model = reader.model.modelOf(callee);
  // What acquires in another file is found when one of its functions is first asked for.
  if (model !== reader.context.model) reader.context.callsIn(model);
  const { instructions, exits } = model.graphOf(callee);
  const returns = instructions.filter((instruction) => instruction.op === 'return');
  const isEndReached = instructions.some((instruction) => instruction.op !== 'return' && [instruction.next, instruction.alternate].includes(exits.normal));
  const result = isEndReached ? NOWHERE : inAll(returns.map(({ value }) => (value === undefined ? NOWHERE : resourcePaths({ context: reader.context, model }, value.expression))));
  reader.context.handsOut.set(callee, result);
  return result;
}

/** The paths that are in all of the lists. */
function inAll([first, ...others]: readonly (readonly string[])[]): readonly string[] {
  return first === undefined ? NOWHERE : first.filter((path) => others.every((other) => other.includes(path)));
}

/** The call that acquired what `node` holds at `path`, or is a part of: an acquiring call itself, or one that its variable is given. */
export function acquiringCallOf(run: Run, node: Node, path = '', asked: ReadonlySet<Variable> = new Set()): Node | undefined {
  const value = unwrapAwait(node);
  const [name = '', ...rest] = path.slice(1).split('.');
  const below = rest.map((part) => `.${part}`).join('');
  switch (value.type) {
    case 'ConditionalExpression':
      return acquiringCallOf(run, value.consequent, path, asked) ?? acquiringCallOf(run, value.alternate, path, asked);
    case 'LogicalExpression':
      return acquiringCallOf(run, value.left, path, asked) ?? acquiringCallOf(run, value.right, path, asked);
    case 'MemberExpression':
      return acquiringCallOf(run, value.object, '', asked);
    case 'ObjectExpression':
      return firstOf(value.properties, (property) => {
        if (property.type !== 'Property' || (name !== '' && staticPropertyName(property) !== name)) return undefined;
        return acquiringCallOf(run, property.value, below, asked);
      });
    case 'ArrayExpression':
      return firstOf(value.elements, (element, index) => {
        if (element === null || (name !== '' && name !== '?' && name !== String(index))) return undefined;
        return acquiringCallOf(run, element, below, asked);
      });
    case 'CallExpression': {
      if (run.context.acquiringCalls.has(value)) return value;
      const shape = callShape(value);
      const [list] = shape.arguments;
      if (list === undefined || !isPromiseCombinator(shape)) return undefined;
      const isList = shape.name === 'all' || shape.name === 'allSettled';
      return acquiringCallOf(run, listed(list), isList ? path : `.?${path}`, asked);
    }
    case 'Identifier': {
      const variable = run.model.scopes.variableOf(value);
      // `options = options.defaults || options` is written from itself.
      if (variable === undefined || asked.has(variable)) return undefined;
      if ((variable.defs[0]?.type as string | undefined) === 'Parameter') return givenTo(run, variable, path, asked);
      return firstOf(writesOf(variable), ({ identifier, writeExpr }) => {
        if (writeExpr == null || writeExpr.type === 'Identifier') return undefined;
        return acquiringCallOf(run, writeExpr, (patternPath(identifier) ?? '') + path, new Set([...asked, variable]));
      });
    }
    default:
      return run.context.acquiringCalls.has(value) ? value : undefined;
  }
}

/** The call that acquired what a callback (`pool.connect((error, client) => …)`) or a reaction (`.then((client) => …)`) gets as this parameter. */
function givenTo(run: Run, variable: Variable, path: string, asked: ReadonlySet<Variable>): Node | undefined {
  const callback = variable.defs[0]!.node as Node;
  const call = callback.parent;
  if (!isFunctionNode(callback) || call?.type !== 'CallExpression' || call.callee === callback) return undefined;
  const index = callback.params.findIndex((parameter) => parameter === variable.defs[0]!.name);
  if (run.context.acquiringCalls.has(call)) return run.model.bindings.acquisitionOf(call)?.callback?.handle === index ? call : undefined;
  const { receiver, name, arguments: [first] } = callShape(call);
  return name === 'then' && first === callback && index === 0 && receiver !== undefined ? acquiringCallOf(run, receiver, path, asked) : undefined;
}

/** What the elements of the list are made of: of `ids.map(() => pool.connect())`, what its function gives. */
function listed(list: Node): Node {
  const value = unwrapAwait(list);
  const callback = value.type === 'CallExpression' && callShape(value).name === 'map' ? value.arguments[0] : undefined;
  return callback !== undefined && isFunctionNode(callback) && callback.body.type !== 'BlockStatement' ? callback.body : list;
}

function firstOf<Item, Answer>(items: readonly Item[], ask: (item: Item, index: number) => Answer | undefined): Answer | undefined {
  for (const [index, item] of items.entries()) {
    const answer = ask(item, index);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
