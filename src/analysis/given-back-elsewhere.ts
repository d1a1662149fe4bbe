/**
 * Whether another file of the package seems to give back what an object or a module keeps: asked of the texts alone, before something is reported.
 * A class sees not who uses its objects, so this looks at those that might. A match too many means silence.
 */
import type { TypeRow } from '../drivers/driver.ts';
import { eachImport } from '../syntax/each-import.ts';
import { isClassNode, isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName } from '../syntax/static-name.ts';
import type { Holder } from './holder-of.ts';

/** A file of the same package. */
export interface Neighbour {
  readonly path: string;
  readonly text: string;
  /** The file of the project that a specifier names there. */
  resolve(specifier: string): string | undefined;
}

/** Answers for what `holder` keeps, and what the functions `returnedBy` hand to whoever calls them. */
export function isGivenBackElsewhere(holder: Holder, type: TypeRow, returnedBy: Iterable<FunctionNode>, neighbours: Iterable<Neighbour>): boolean {
  const owner = holder.owner !== undefined && isClassNode(holder.owner) ? holder.owner.id?.name : undefined;
  const members = holder.field === undefined || isPrivate(holder) ? [] : [memberRelease(holder.field, type)];
  const functions = [...returnedBy].map(publicName).filter((name) => name !== undefined);
  const variables = holder.variable === undefined ? [] : [variableRelease(holder.variable.name, type)];
  const released = releaseCall(type);
  const { path } = holder.model;
  for (const file of neighbours) {
    if (!released.test(file.text)) continue;
    const knowsOwner = owner !== undefined && new RegExp(`\\b${owner}\\b`).test(file.text);
    if (members.some((pattern) => matches(file.text, pattern, knowsOwner))) return true;
    if (variables.length + functions.length === 0 || (!knowsOwner && !importsFile(file, path))) continue;
    if (variables.some((pattern) => pattern.test(file.text)) || functions.some((name) => new RegExp(`\\b${escapeName(name)}\\s*\\(`).test(file.text))) return true;
  }
  return false;
}

/** `this.client.release()` is about another object, unless the file has to do with the class. */
function matches(text: string, pattern: RegExp, knowsOwner: boolean): boolean {
  for (const match of text.matchAll(pattern)) if (knowsOwner || match.groups?.['object'] !== 'this') return true;
  return false;
}

function importsFile(file: Neighbour, path: string): boolean {
  for (const { specifier } of eachImport(file.text)) if (file.resolve(specifier) === path) return true;
  return false;
}

function namesOf(type: TypeRow): { readonly methods: string; readonly takeBacks: string } {
  const methods = Object.entries(type.members).filter(([, row]) => row.effect === 'release').map(([name]) => name);
  return { methods: methods.join('|') || '(?!)', takeBacks: (type.takenBackBy ?? []).map(({ name }) => name).join('|') || '(?!)' };
}

function releaseCall(type: TypeRow): RegExp {
  const { methods, takeBacks } = namesOf(type);
  return new RegExp(`\\.\\s*(?:${methods})\\b|\\b(?:${takeBacks})\\s*\\(`);
}

/** `db.client.release()`, `pool.releaseConnection(db.client)`. */
function memberRelease(field: string, type: TypeRow): RegExp {
  const { methods, takeBacks } = namesOf(type);
  const member = `(?<object>[\\w$]+|[)\\]])\\s*[?!]*\\.\\s*${escapeName(field)}\\b`;
  return new RegExp(`${member}[\\s!?)]*\\.\\s*(?:${methods})\\b|\\b(?:${takeBacks})\\s*\\([^)]*\\.\\s*${escapeName(field)}\\b`, 'g');
}

/** `client.release()`, `pool.releaseConnection(client)`. */
function variableRelease(name: string, type: TypeRow): RegExp {
  const { methods, takeBacks } = namesOf(type);
  return new RegExp(`(?<![\\w$])${escapeName(name)}\\b[\\s!?)]*\\.\\s*(?:${methods})\\b|\\b(?:${takeBacks})\\s*\\([^)]*\\b${escapeName(name)}\\b`);
}

function escapeName(name: string): string {
  return name.replaceAll('$', '\\$');
}

/** Whether only the class itself can name the field. */
function isPrivate({ field, owner }: Holder): boolean {
  if (field?.startsWith('#') === true) return true;
  if (owner === undefined || !isClassNode(owner)) return false;
  return owner.body.body.some((element) => {
    if (element.type === 'PropertyDefinition') return element.accessibility === 'private' && staticKeyName(element.key, element.computed) === field;
    return element.type === 'MethodDefinition' && element.kind === 'constructor' && isFunctionNode(element.value) && element.value.params.some((parameter) =>
      parameter.type === 'TSParameterProperty' && parameter.accessibility === 'private' && nameOf(parameter.parameter) === field);
  });
}

function nameOf(parameter: Node): string | undefined {
  const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return name.type === 'Identifier' ? name.name : undefined;
}

/** The name by which other files call the function. */
function publicName(unit: FunctionNode): string | undefined {
  if (unit.id) return unit.id.name;
  const { parent } = unit;
  if (parent.type === 'VariableDeclarator') return nameOf(parent.id);
  if (parent.type === 'AssignmentExpression') return parent.left.type === 'MemberExpression' ? staticMemberName(parent.left) : nameOf(parent.left);
  if (parent.type !== 'MethodDefinition' && parent.type !== 'Property' && parent.type !== 'PropertyDefinition') return undefined;
  if ('accessibility' in parent && parent.accessibility === 'private') return undefined;
  const name = staticKeyName(parent.key, parent.computed);
  return name !== undefined && /^[\w$]+$/.test(name) ? name : undefined;
}
