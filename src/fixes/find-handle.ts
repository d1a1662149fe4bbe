/** The variable that an acquisition is kept in, and the statement that takes it. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, writesOf, type Variable } from '../bindings/scope-index.ts';
import type { Identifier, Node, Statement, UnitNode } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { AcquisitionInput } from './fix-input.ts';

/** What keeps a resource, and from where on. */
export interface KeptHandle {
  readonly variable: Variable;
  readonly name: string;
  readonly unit: UnitNode;
  /** The statement behind which it is there; undefined: from the beginning of the function, which is given it. */
  readonly statement: Statement | undefined;
  /** Where that is. */
  readonly start: number;
  /** The statements that it is one of, and which; -1: it is before all of them. */
  readonly list: readonly Statement[];
  readonly index: number;
  /** What stands around the list. */
  readonly block: Node;
  /** Whether the promise of the resource is awaited there. */
  readonly isAwaited: boolean;
  /** What says that the variable holds the resource, where it may hold one that somebody passed: `!passed`. */
  readonly ownedIf?: string | undefined;
  /** Whether it begins before the statement already: with the one of the list that this is a part of (`outer-handles.ts`). */
  readonly isOuter?: true;
  /** What releases it as well, where a callback is given that: `done`. */
  readonly done?: Variable | undefined;
}

/** A variable that an acquisition is kept in. */
export interface FoundHandle extends KeptHandle {
  /** The statement that takes the resource: nothing else happens in it. */
  readonly statement: Statement;
}

/**
 * The variable of an acquisition, where it keeps nothing else; else the precondition that is false. `isAnywhere`: or what somebody passed, or a part of what the statement gives, so
 * that only what is done with the variable may change.
 */
export function findHandle({ site, model, finding }: Pick<AcquisitionInput, 'site' | 'model' | 'finding'>, isAnywhere = false): FoundHandle | BlockedReason {
  const statement = statementOf(site.node);
  const { style } = site.acquisition;
  const row = site.node.type === 'CallExpression' ? model.bindings.memberRowOf(site.node) : undefined;
  const named = finding?.kind === 'leak' ? /^`([\w$]+)`$/.exec(finding.handle)?.[1] : undefined;
  // An object of the project may open what it holds: then it is not the connection itself.
  if (style === 'receiver' && row === undefined && !(isAnywhere && site.node.type === 'CallExpression' && named !== undefined)) return 'not in a variable';
  // What opens it by and by (a query runner of TypeORM) is reported, and kept, where it is made; what a function opens, where that is called.
  const isMade = style === 'receiver' && (row === undefined || row.row.effect === 'returns');
  const inPart = (statement: Statement, call: Node): Taken | undefined => (named === undefined ? undefined : takenInPart(statement, call, named));
  const taken = style === 'receiver' && !isMade ? opened : (statement: Statement, call: Node): Taken | undefined => declared(statement, call) ?? assigned(statement, call) ?? (isAnywhere ? (takenUnlessPassed(model, statement, call) ?? inPart(statement, call)) : undefined);
  const found = statement && taken(statement, site.node);
  if (statement === undefined || found === undefined) return 'not in a variable';
  const isAwaited = found.isPart === true || unwrapChain(found.value).type === 'AwaitExpression';
  const maker = site.node.type === 'CallExpression' ? model.bindings.calleeOf(site.node) : undefined;
  // A promise is not the connection.
  if (!isAwaited && (style === 'promise' || maker?.async === true)) return 'not in a variable';
  const variable = model.scopes.variableOf(found.name);
  const unit = model.file.unitOf(site.node);
  if (variable === undefined) return 'not in a variable';
  if (variable.defs.length !== 1 || variable.defs[0]!.type !== ('Variable' as never) || model.scopes.unitOfVariable(variable) !== unit) return 'not in a variable';
  if (!isConstant(variable) && !isAssignedOnce(variable, found.name)) return 'reassigned';
  const list = listOf(statement);
  // A factory may give an object that has the connection.
  if (finding?.kind === 'leak' && finding.handle.startsWith('`') && finding.handle !== `\`${found.name.name}\``) return 'not in a variable';
  if (list === undefined) return 'not in a variable';
  return {
    variable, name: found.name.name, unit, statement, start: statement.range[1], list: list.statements, index: list.statements.indexOf(statement), block: list.block,
    isAwaited, ownedIf: found.ownedIf,
  };
}

interface Taken {
  readonly name: Identifier;
  readonly value: Node;
  readonly ownedIf?: string;
  /** Whether it is a part of what the statement gives: then its promise has been awaited. */
  readonly isPart?: true;
}

/** `const client = await pool.connect();` */
function declared(statement: Statement, acquisition: Node): Taken | undefined {
  if (statement.type !== 'VariableDeclaration' || statement.declarations.length !== 1 || (statement.kind !== 'const' && statement.kind !== 'let' && statement.kind !== 'var')) return undefined;
  const { id, init } = statement.declarations[0]!;
  return id.type === 'Identifier' && init && unwrapAwait(init) === acquisition ? { name: id, value: init } : undefined;
}

/** `const client = passed ?? (await pool.connect());`, `const client = isOwn ? await pool.connect() : passed;`: where constants say which it is. */
function takenUnlessPassed(model: ProgramModel, statement: Statement, acquisition: Node): Taken | undefined {
  if (statement.type !== 'VariableDeclaration' || statement.declarations.length !== 1 || statement.kind !== 'const') return undefined;
  const { id, init } = statement.declarations[0]!;
  const value = init && unwrapExpression(init);
  if (id.type !== 'Identifier' || !value) return undefined;
  if (value.type === 'LogicalExpression' && value.operator !== '&&') {
    const { left, right } = value;
    return unwrapAwait(right) === acquisition && isSteadyName(model, left) ? { name: id, value: right, ownedIf: `!${model.text.slice(...left.range)}` } : undefined;
  }
  if (value.type !== 'ConditionalExpression' || !isSteadyTest(model, value.test)) return undefined;
  const { test, consequent, alternate } = value;
  if (unwrapAwait(consequent) === acquisition) return { name: id, value: consequent, ownedIf: model.text.slice(...test.range) };
  return unwrapAwait(alternate) === acquisition && isSteadyName(model, test) ? { name: id, value: alternate, ownedIf: `!${model.text.slice(...test.range)}` } : undefined;
}

/** `const { client, release } = await lease();`, `const worker = await pool.acquire().promise;`: the analysis knows under which name the connection is there. */
function takenInPart(statement: Statement, acquisition: Node, named: string): Taken | undefined {
  if (statement.type !== 'VariableDeclaration' || statement.declarations.length !== 1 || statement.kind !== 'const') return undefined;
  const { id, init } = statement.declarations[0]!;
  if (!init || !isPartOf(init, acquisition)) return undefined;
  if (id.type === 'Identifier') return id.name === named ? { name: id, value: init, isPart: true } : undefined;
  if (id.type !== 'ObjectPattern' || !id.properties.every((property) => property.type === 'Property' && !property.computed && property.value.type === 'Identifier')) return undefined;
  const name = id.properties.map(({ value }) => value).find((value) => value?.type === 'Identifier' && value.name === named);
  return name?.type === 'Identifier' ? { name, value: init, isPart: true } : undefined;
}

/** Whether an expression gives what the acquisition gives, awaited, or a property of it, or an object that has it and does nothing else. */
function isPartOf(expression: Node, acquisition: Node): boolean {
  let isAwaited = false;
  for (let node = unwrapExpression(expression); ; ) {
    if (node === acquisition) return isAwaited;
    if (node.type === 'AwaitExpression') {
      isAwaited = true;
      node = unwrapExpression(node.argument);
    } else if (node.type === 'MemberExpression' && !node.computed) node = unwrapExpression(node.object);
    else if (node.type === 'ObjectExpression' && node.properties.length === 1) {
      const [only] = node.properties;
      if (only?.type !== 'Property' || only.computed) return false;
      node = unwrapExpression(only.value);
    } else return false;
  }
}

/** A constant, or a property that nobody writes but where it is made: `passed`, `options.client`, `options?.client`. */
function isSteadyName(model: ProgramModel, node: Node): boolean {
  const inner = unwrapChain(node);
  if (inner.type === 'MemberExpression') {
    const { object, property } = inner;
    return property.type === 'Identifier' && !inner.computed && (object.type === 'ThisExpression' || isSteadyName(model, object)) && !isWritten(model, property.name, model.file.unitOf(node));
  }
  const variable = inner.type === 'Identifier' ? model.scopes.variableOf(inner) : undefined;
  return variable !== undefined && isConstant(variable);
}

function isWritten(model: ProgramModel, name: string, unit: UnitNode): boolean {
  return model.stability.isUnstableProperty(name, unit) || new RegExp(`\\.\\s*${name.replaceAll('$', '\\$')}\\s*(?:[^\\s\\w=!<>.,;:()\\]}]{0,3}=(?![=>])|\\+\\+|--)`).test(model.text.slice(...unit.range));
}

/** Whether a test has the same answer wherever it is asked: `own`, `!own`, `options.client`, `db instanceof Pool`. */
function isSteadyTest(model: ProgramModel, test: Node): boolean {
  if (test.type === 'UnaryExpression' && test.operator === '!') return isSteadyTest(model, test.argument);
  if (test.type === 'BinaryExpression' && test.operator === 'instanceof') return isSteadyName(model, test.left) && isSteadyName(model, test.right);
  return isSteadyName(model, test);
}

/** `client = await pool.connect();`, where the variable is declared before and gets nothing else. */
function assigned(statement: Statement, acquisition: Node): Taken | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression' || statement.expression.operator !== '=') return undefined;
  const { left, right } = statement.expression;
  return left.type === 'Identifier' && unwrapAwait(right) === acquisition ? { name: left, value: right } : undefined;
}

/** `await client.connect();` of an object that was made before. */
function opened(statement: Statement, acquisition: Node): Taken | undefined {
  if (statement.type !== 'ExpressionStatement' || unwrapAwait(statement.expression) !== acquisition || acquisition.type !== 'CallExpression') return undefined;
  const callee = unwrapChain(acquisition.callee);
  const object = callee.type === 'MemberExpression' ? unwrapExpression(callee.object) : undefined;
  return object?.type === 'Identifier' ? { name: object, value: statement.expression } : undefined;
}

/** Whether the variable gets nothing but this one value, and is declared without one, or as `null`. */
function isAssignedOnce(variable: Variable, name: Identifier): boolean {
  const writes = writesOf(variable).filter(({ init, writeExpr }) => !(init === true && writeExpr && isNothing(writeExpr)));
  return writes.length === 1 && writes[0]!.identifier === name;
}

/** `null` and `undefined` */
function isNothing(node: Node): boolean {
  const inner = unwrapExpression(node);
  return (inner.type === 'Literal' && inner.value === null && inner.raw === 'null') || (inner.type === 'Identifier' && inner.name === 'undefined');
}

/** The statement that an expression is a part of. */
function statementOf(node: Node): Statement | undefined {
  for (let current: Node | undefined = node; current; current = current.parent) {
    if (listOf(current) !== undefined) return current as Statement;
    if (current.type.endsWith('Function') || current.type === 'ArrowFunctionExpression' || current.type === 'FunctionExpression') return undefined;
  }
  return undefined;
}

/** The list of statements that `node` is one of, and what stands around it. */
export function listOf(node: Node): { readonly block: Node; readonly statements: readonly Statement[] } | undefined {
  const { parent } = node;
  if (parent?.type === 'BlockStatement' || parent?.type === 'Program' || parent?.type === 'StaticBlock') return { block: parent, statements: parent.body };
  return parent?.type === 'SwitchCase' && parent.test !== node ? { block: parent, statements: parent.consequent } : undefined;
}
