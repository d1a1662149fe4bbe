/** A PrismaClient that is kept on the global object, so that a module which is loaded anew finds it. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { globalUsesIn } from '../prisma/global-places.ts';
import type { Project } from '../project/project.ts';
import { valueOfConstant } from '../roots/construction-arguments.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { isFreeAtTop } from './top-level.ts';

const ALIAS = 'globalForPrisma';

/** Options that leave the client of the type that the name of its class stands for. */
const PLAIN_OPTIONS = new Set(['adapter', 'datasources', 'datasourceUrl', 'errorFormat', 'transactionOptions', 'log']);

/** What is written around a client: before its declaration, before its construction, and behind. */
export interface ClientGuard {
  readonly before: string;
  readonly asked: string;
  readonly behind: string;
}

/** The guard of the client that is kept in `name`; else the precondition that is false. */
export function clientGuardOf(model: ProgramModel, project: Project | undefined, node: TSESTree.NewExpression, name: string): ClientGuard | BlockedReason {
  if (isPlaceUsed(model, project, name)) return 'name taken';
  const isTyped = isTypeScript(model);
  if (isTyped && (node.callee.type !== 'Identifier' || node.typeArguments !== undefined)) return 'options of a type of its own';
  const options = optionsProblem(model, node);
  if (options !== undefined) return options;
  if (isTyped && !isFreeAtTop(model, ALIAS)) return 'name taken';
  const end = endOf(model);
  const place = `${isTyped ? ALIAS : 'globalThis'}.${name}`;
  return {
    before: isTyped ? `const ${ALIAS} = globalThis as unknown as { ${name}?: ${model.text.slice(...node.callee.range)} }${end}` : '',
    asked: `${place} ?? `,
    behind: keepingStatement(model, place, name),
  };
}

/** The statement that keeps the client of the variable `name` at `place`, but in production. */
export function keepingStatement(model: ProgramModel, place: string, name: string): string {
  const quote = /\bfrom\s+"|\brequire\("/.test(model.text) ? '"' : "'";
  return `if (process.env.NODE_ENV !== ${quote}production${quote}) ${place} = ${name}${endOf(model)}`;
}

/** Whether the file is one of TypeScript; one whose name does not say it, by what only TypeScript writes. */
export function isTypeScript(model: ProgramModel): boolean {
  return /\.[cm]?tsx?$/.test(model.path);
}

function endOf(model: ProgramModel): string {
  return model.file.program.body.every(({ type, range }) => (type !== 'ImportDeclaration' && type !== 'VariableDeclaration') || model.text[range[1] - 1] === ';') ? ';' : '';
}

/** Why the type of the client would not be that of its class, or more than the client would be made again. */
function optionsProblem(model: ProgramModel, { arguments: given }: TSESTree.NewExpression): BlockedReason | undefined {
  const [first] = given;
  if (first === undefined) return undefined;
  const literal = unwrapChain(first);
  if (given.length !== 1 || literal.type !== 'ObjectExpression') return 'options of a type of its own';
  for (const property of literal.properties) {
    const name = property.type === 'Property' && property.kind === 'init' ? staticPropertyName(property) : undefined;
    if (name === undefined || property.type !== 'Property' || !PLAIN_OPTIONS.has(name)) return 'options of a type of its own';
    if (name === 'log' && !isListOfTexts(property.value)) return 'options of a type of its own';
    if (name === 'adapter' && !isOverOptions(model, property.value)) return 'made anew on reload';
  }
  return undefined;
}

function isListOfTexts(node: Node): boolean {
  const list = unwrapChain(node);
  if (list.type === 'ConditionalExpression') return isListOfTexts(list.consequent) && isListOfTexts(list.alternate);
  return list.type === 'ArrayExpression' && list.elements.every((element) => element?.type === 'Literal');
}

/** `new PrismaPg({ connectionString })` opens nothing by itself; over a pool it would be the pool that is made again. */
function isOverOptions(model: ProgramModel, node: Node): boolean {
  const adapter = valueOfConstant(model, node);
  const first = adapter.type === 'NewExpression' ? adapter.arguments[0] : undefined;
  return first !== undefined && valueOfConstant(model, first).type === 'ObjectExpression';
}

/** Whether this file, or another one of the package, speaks of the place of the global object. */
function isPlaceUsed(model: ProgramModel, project: Project | undefined, name: string): boolean {
  if (globalUsesIn(model).some(({ place }) => place === name)) return true;
  const directory = project?.tree?.packageOf(model.path);
  const files = directory === undefined ? [] : (project?.tree?.sourcesOf(directory) ?? []);
  return files.some((path) => {
    const text = path === model.path ? '' : (project?.textAt(path) ?? '');
    return text.includes(name) && /\bglobal(?:This)?\b/.test(text);
  });
}
