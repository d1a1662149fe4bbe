/** What a file keeps on the global object: `globalThis.prisma`, `global.prisma`, `globalForPrisma[Symbol.for('prisma')]`, a `var` of `declare global`. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isGlobalObject } from '../roots/find-keeper.ts';
import { eachChild } from '../syntax/each-child.ts';
import type { Node } from '../syntax/estree.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';

/** A mention of a place of the global object. */
export interface GlobalUse {
  /** The name of the place, or the source of what is in the brackets. */
  readonly place: string;
  readonly node: Node;
  readonly isWrite: boolean;
  readonly isRead: boolean;
}

/** The name of the place of the global object that `node` is, if it is one. */
export function globalPlaceOf(model: ProgramModel, node: Node): string | undefined {
  const expression = unwrapAwait(node);
  if (expression.type === 'Identifier') {
    const isDeclared = model.scopes.variableOf(expression) !== undefined;
    return isDeclared || !declaredGlobals(model).has(expression.name) ? undefined : expression.name;
  }
  if (expression.type !== 'MemberExpression' || !isGlobalObject(model, expression.object)) return undefined;
  return staticMemberName(expression) ?? excerpt(expression.property, model.text);
}

const uses = new WeakMap<Node, readonly GlobalUse[]>();

/** All mentions of places of the global object in the file. */
export function globalUsesIn(model: ProgramModel): readonly GlobalUse[] {
  const { program } = model.file;
  let found = uses.get(program);
  if (found === undefined) {
    found = collectUses(model);
    uses.set(program, found);
  }
  return found;
}

function collectUses(model: ProgramModel): GlobalUse[] {
  const found: GlobalUse[] = [];
  const pending: Node[] = [model.file.program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'MemberExpression' || (node.type === 'Identifier' && isRead(node))) {
      const place = globalPlaceOf(model, node);
      if (place !== undefined) found.push({ place, node, ...accessOf(node) });
    }
    // `const { prisma } = globalThis`.
    if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && node.init && isGlobalObject(model, node.init)) {
      for (const property of node.id.properties) {
        if (property.type === 'Property' && property.key.type === 'Identifier') found.push({ place: property.key.name, node: property, isWrite: false, isRead: true });
      }
    }
    eachChild(node, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found.sort((left, right) => left.node.range[0] - right.node.range[0]);
}

/** Whether the file writes a place of the global object whatever the environment is: in production too. */
export function isAlwaysWritten(model: ProgramModel, place: string): boolean {
  return globalUsesIn(model).some((use) => {
    if (!use.isWrite || use.place !== place) return false;
    for (let parent: Node | undefined = use.node.parent; parent; parent = parent.parent) {
      const test = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression' ? parent.test : parent.type === 'LogicalExpression' ? parent.left : undefined;
      if (test !== undefined && ENVIRONMENT.test(model.text.slice(...test.range))) return false;
    }
    return true;
  });
}

const ENVIRONMENT = /NODE_ENV|\bprod(?:uction)?\b|\bdev(?:elopment)?\b|isProd|isDev|\bDEV\b|\bPROD\b/i;

/** Whether an identifier is a value that is read or written, and no name of a property, declaration or type. */
function isRead(node: Node): boolean {
  const parent = node.parent;
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return parent.value === node;
    case 'VariableDeclarator':
      return parent.init === node;
    case 'TSPropertySignature':
    case 'PropertyDefinition':
    case 'MethodDefinition':
    case 'ImportSpecifier':
    case 'TSTypeReference':
    case 'TSTypeQuery':
      return false;
    default:
      return true;
  }
}

function accessOf(node: Node): { isWrite: boolean; isRead: boolean } {
  let child = node;
  let parent = node.parent;
  while (parent?.type.startsWith('TS') === true && unwrapExpression(parent) === unwrapExpression(node)) [child, parent] = [parent, parent.parent];
  if (parent?.type === 'AssignmentExpression' && parent.left === child) return { isWrite: true, isRead: parent.operator !== '=' };
  return { isWrite: false, isRead: true };
}

const declared = new WeakMap<Node, ReadonlySet<string>>();

/** The names of `declare global { var prisma: … }`: bare names of places of the global object. */
function declaredGlobals(model: ProgramModel): ReadonlySet<string> {
  const { program } = model.file;
  let names = declared.get(program);
  if (names === undefined) {
    names = new Set();
    const found = new Set<string>();
    for (const statement of program.body) {
      if (statement.type !== 'TSModuleDeclaration' || statement.kind !== 'global' || !statement.body) continue;
      for (const inner of statement.body.body) {
        if (inner.type !== 'VariableDeclaration') continue;
        for (const { id } of inner.declarations) if (id.type === 'Identifier') found.add(id.name);
      }
    }
    names = found;
    declared.set(program, names);
  }
  return names;
}
