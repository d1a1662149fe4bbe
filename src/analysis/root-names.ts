/** What a file shows of roots before its bindings are asked: the modules that make them, and the calls that may. */
import type { ScopeIndex } from '../bindings/scope-index.ts';
import type { Driver, ExportRow } from '../drivers/driver.ts';
import type { CallLike, Node, TSESTree } from '../syntax/estree.ts';
import { unwrapAwait } from '../syntax/unwrap-expression.ts';
import { callShape } from './call-shape.ts';
import { modulePattern } from './module-pattern.ts';

interface RootNames {
  readonly modules: RegExp;
  /** The classes and factories that they export. */
  readonly names: ReadonlySet<string>;
  /** The methods of their objects that make another one: `redis.duplicate()`. */
  readonly methods: ReadonlySet<string>;
}

const compiled = new WeakMap<readonly Driver[], RootNames>();

/** How many constants lead from a name to a module: `const { Pool } = require('pg'); const Db = Pool; class Own extends Db {}`. */
const MOST_STEPS = 6;

/** Whether the text names a module that makes roots. */
export function namesRootModule(text: string, drivers: readonly Driver[]): boolean {
  return rootNamesOf(drivers).modules.test(text);
}

/**
 * Whether what `call` calls may come from a module that makes roots: by an import or a `require()`, through constants and classes of the file, or under
 * the name that the library gives it from another file. Asked of many calls, so nothing is resolved; a call too many costs time.
 */
export function mayCallRootModule(scopes: ScopeIndex, call: CallLike, drivers: readonly Driver[]): boolean {
  if (call.type === 'TaggedTemplateExpression') return false;
  const known = rootNamesOf(drivers);
  const { callee, name } = callShape(call);
  return (callee.type === 'MemberExpression' && name !== undefined && known.methods.has(name)) || leadsToModule(scopes, callee, known);
}

function leadsToModule(scopes: ScopeIndex, expression: Node, known: RootNames): boolean {
  let node = unwrapAwait(expression);
  for (let step = 0; step < MOST_STEPS; step++) {
    while (node.type === 'MemberExpression') node = unwrapAwait(node.object);
    switch (node.type) {
      case 'CallExpression': {
        const [argument] = node.arguments;
        if (node.callee.type === 'Identifier' && argument?.type === 'Literal') return known.modules.test(`'${String(argument.value)}'`) || node.callee.name !== 'require';
        // `pgPromise()(url)`, `createRequire(import.meta.url)('pg')`.
        node = unwrapAwait(node.callee);
        continue;
      }
      case 'ImportExpression':
        return true;
      case 'Identifier':
        break;
      default:
        return false;
    }
    const definition = scopes.variableOf(node)?.defs[0];
    if (definition === undefined) return false;
    const next = valueOf(definition, known);
    if (typeof next === 'boolean') return next;
    node = unwrapAwait(next);
  }
  return false;
}

/** What a variable is given, as far as it says: an expression that leads on, or the answer. */
function valueOf(definition: { readonly type: unknown; readonly node: Node; readonly parent?: Node | null | undefined; readonly name: Node }, known: RootNames): Node | boolean {
  switch (definition.type as string) {
    case 'ImportBinding': {
      const { parent, node } = definition;
      if (parent?.type !== 'ImportDeclaration') return true;
      const { value } = parent.source;
      if (known.modules.test(`'${value}'`)) return true;
      return /^[./@#~]/.test(value) && node.type === 'ImportSpecifier' && known.names.has(importedName(node));
    }
    case 'ClassName': {
      const { superClass } = definition.node as TSESTree.ClassDeclaration;
      return superClass ?? false;
    }
    case 'Variable':
      return (definition.node as TSESTree.VariableDeclarator).init ?? true;
    case 'Parameter':
      return definition.name.type === 'Identifier' && known.names.has(definition.name.name);
    default:
      return false;
  }
}

function importedName({ imported }: TSESTree.ImportSpecifier): string {
  return imported.type === 'Identifier' ? imported.name : imported.value;
}

function rootNamesOf(drivers: readonly Driver[]): RootNames {
  const known = compiled.get(drivers);
  if (known !== undefined) return known;
  const making = drivers.filter(({ types }) => Object.values(types).some(({ root }) => root !== undefined));
  const names = new Set(making.flatMap((driver) => Object.entries(driver.exports).flatMap(([name, row]) => (makesRoot(driver, row) ? [name] : []))));
  const members = making.flatMap(({ types }) => Object.values(types).flatMap((type) => Object.entries(type.members)));
  const methods = new Set(members.flatMap(([name, row]) => (row.effect === 'returns' && row.anew === true ? [name] : [])));
  const result = { modules: modulePattern(making), names, methods };
  compiled.set(drivers, result);
  return result;
}

function makesRoot(driver: Driver, row: ExportRow): boolean {
  if (row.is === 'maker') return makesRoot(driver, row.of);
  return (row.is === 'class' || row.is === 'factory') && driver.types[row.type]?.root !== undefined;
}
