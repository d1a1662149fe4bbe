/** Which database a client connects to, as a key that is the same for the same one: from the options that it is constructed with. */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { valueOfConstant } from '../roots/construction-arguments.ts';
import { eachChild } from '../syntax/each-child.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';

/** Options of PrismaClient that say where it connects to. */
const ADDRESS_OPTIONS = new Set(['datasources', 'datasourceUrl', 'accelerateUrl', 'adapter']);
/** Options of adapters, pools and drivers that hold the address, or a part of it. */
const ADDRESS_PARTS = new Set(['connectionString', 'url', 'uri', 'host', 'hostname', 'server', 'port', 'database', 'dbName', 'filename', 'path', 'socketPath', 'syncUrl']);

/**
 * The key of the database that the construction `call` connects to. `urlVariable` is the environment variable that the schema names: the address where
 * the options name none. Undefined where the options are not seen, or do not show it.
 */
export function databaseOf(model: ProgramModel, given: readonly Node[], urlVariable: string | undefined): string | undefined {
  const [options] = given;
  if (options === undefined) return urlVariable ?? '';
  const literal = valueOfConstant(model, options);
  if (literal.type !== 'ObjectExpression') return undefined;
  let address: Node | undefined;
  let isOpen = false;
  for (const property of literal.properties) {
    if (property.type === 'SpreadElement') {
      isOpen ||= !isHarmlessSpread(model, property.argument);
      continue;
    }
    const name = staticPropertyName(property);
    if (name === undefined) isOpen = true;
    else if (ADDRESS_OPTIONS.has(name)) address = property.value;
  }
  if (address === undefined) return isOpen ? undefined : (urlVariable ?? '');
  return addressKey(model, address);
}

/** `...(isDevelopment && { log: ['query'] })`: an object that is seen, and names no address. */
function isHarmlessSpread(model: ProgramModel, node: Node): boolean {
  const value = valueOfConstant(model, node);
  if (value.type === 'LogicalExpression') return isHarmlessSpread(model, value.right);
  if (value.type === 'ConditionalExpression') return isHarmlessSpread(model, value.consequent) && isHarmlessSpread(model, value.alternate);
  if (value.type !== 'ObjectExpression') return false;
  return value.properties.every((property) => property.type === 'Property' && !ADDRESS_OPTIONS.has(staticPropertyName(property) ?? 'adapter'));
}

/** The names of the settings that an address is made of, or the address itself where it is written here. */
function addressKey(model: ProgramModel, node: Node): string | undefined {
  const names = new Set<string>();
  const literals = new Set<string>();
  let isKnown = true;
  const visit = (expression: Node, depth: number): void => {
    const value = valueOfConstant(model, expression);
    if (depth > 12) {
      isKnown = false;
      return;
    }
    switch (value.type) {
      case 'Literal':
        if (typeof value.value === 'string' && value.value !== '') literals.add(value.value);
        break;
      case 'TemplateLiteral':
        for (const inner of value.expressions) visit(inner, depth + 1);
        if (value.expressions.length === 0) literals.add(value.quasis[0]?.value.cooked ?? '');
        break;
      case 'BinaryExpression':
        visit(value.left, depth + 1);
        visit(value.right, depth + 1);
        break;
      case 'LogicalExpression':
        visit(value.left, depth + 1);
        break;
      case 'ConditionalExpression':
        visit(value.consequent, depth + 1);
        visit(value.alternate, depth + 1);
        break;
      case 'MemberExpression': {
        const name = staticMemberName(value);
        // A variable of the environment has its name in all files; anything else is what its whole path says.
        if (name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name)) names.add(name);
        else if (name === undefined || unwrapChain(value.object).type === 'ThisExpression') isKnown = false;
        else names.add(model.text.slice(...value.range));
        break;
      }
      case 'ObjectExpression':
        visitParts(value.properties, depth);
        break;
      case 'NewExpression':
      case 'CallExpression':
        visitCall(value, depth);
        break;
      default:
        isKnown = false;
    }
  };
  const visitParts = (properties: readonly Node[], depth: number): void => {
    for (const property of properties) {
      if (property.type === 'SpreadElement') isKnown = false;
      if (property.type !== 'Property') continue;
      const name = staticPropertyName(property);
      const { value } = property;
      // `datasources: { db: { url } }`.
      const isAddress = name !== undefined && (ADDRESS_PARTS.has(name) || value.type === 'ObjectExpression');
      if (isAddress) visit(value, depth + 1);
    }
  };
  const visitCall = (call: CallLike, depth: number): void => {
    const { isNew, name, arguments: given } = callShape(call);
    const [first] = given;
    // `config.get('DATABASE_URL')`, `env('DATABASE_URL')`, `requireEnv('DATABASE_URL')`.
    if (!isNew && first?.type === 'Literal' && typeof first.value === 'string' && /^[A-Z][A-Z0-9_]+$|^[\w.]*$/.test(first.value)) names.add(first.value);
    // Clients over one pool of a driver share its connections.
    else if (first !== undefined && isKeptPool(model, first)) isKnown = false;
    // An adapter over the client of a driver, over its options; `String(url)`, `new URL(url)`.
    else if (first !== undefined && (isNew || /^(?:create|String|connect|Pool|parse)/.test(name ?? ''))) visit(first, depth + 1);
    else isKnown = false;
  };
  visit(node, 0);
  const parts = names.size > 0 ? [...names] : [...literals];
  return isKnown && parts.length > 0 ? parts.sort().join(' ') : undefined;
}

/** Whether `node` names a pool of a library that is made elsewhere. */
function isKeptPool(model: ProgramModel, node: Node): boolean {
  const name = unwrapChain(node);
  if (name.type !== 'Identifier' && name.type !== 'MemberExpression') return false;
  const entity = model.bindings.entityOf(name);
  return entity?.kind === 'instance' && entity.driver.types[entity.type]?.root !== undefined;
}

/** The arguments of `super(…)` in the constructor `node`, if it calls it. */
export function superArguments(node: Node): readonly Node[] | undefined {
  const pending: Node[] = [node];
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    if (inner.type === 'CallExpression' && inner.callee.type === 'Super') return inner.arguments;
    eachChild(inner, VISITOR_KEYS, (child) => pending.push(child));
  }
  return undefined;
}
