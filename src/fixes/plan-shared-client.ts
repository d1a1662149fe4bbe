/** Another PrismaClient for the same database becomes the one of the project: its construction goes, and an import comes. */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { resolvePath, directoryOf } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import type { Client } from '../prisma/client-group.ts';
import { memoGuardsOf } from '../roots/memo-guard.ts';
import { eachImport } from '../syntax/each-import.ts';
import type { CallLike, Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { exportedClientOf, isPlainModule, type ExportedClient } from './exported-client.ts';
import type { ClientFixInput } from './fix-input.ts';
import { specifierOf } from './import-specifier.ts';
import { ModuleImports } from './module-imports.ts';
import { namesIn } from './names-in.ts';
import { emptiedBlocks, removeParagraph, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'client of the project';

/** Options that say what is logged, and where the database is: two clients of one database differ in nothing else by them. */
const HARMLESS_OPTIONS = new Set(['log', 'errorFormat', 'datasources', 'datasourceUrl']);

/** The edits that let the code use `own`, the client of the project. */
export function planSharedClient(input: ClientFixInput, own: Client | undefined): FixAnswer {
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { problem, model, project } = input;
  const { site } = problem;
  if (site.kind === 'provider') return blocked('made by the container');
  if (site.node !== site.construction || site.construction.type !== 'NewExpression') return blocked('made by a function');
  if (own === undefined) return blocked('no client to import');
  const shared = exportedClientOf(own);
  if (typeof shared === 'string') return blocked(shared);
  const node = site.construction;
  if (memoGuardsOf(node).length > 0 || site.place?.startsWith('global ') === true) return blocked('kept in a place of its own');
  const sameness = samenessOf(model, node, shared);
  if (sameness !== 'same' && sameness !== 'nearly') return blocked(sameness);
  const taken = declarationOf(model, node);
  const uses = usesOf(model, taken);
  if (typeof uses === 'string') return blocked(uses);
  const access = accessTo(model, project, shared, node, taken?.variable);
  if (typeof access === 'string') return blocked(access);
  const layout = new SourceLayout(model.text);
  const isRemoved = taken !== undefined && taken.variable.name === access.name;
  if (layout.hasComment(isRemoved ? taken.statement.range : node.range)) return blocked('comment');
  const ends = uses.ends;
  if (ends.some(({ range }) => layout.hasComment(range))) return blocked('comment');
  const isCertain = sameness === 'same' && uses.isCertain && ends.length === 0 && access.isCertain && isPlainModule(shared, own.site.node) && isTyped(model, shared);
  return {
    kind: 'edits', form: FORM, safety: isCertain ? 'automatic' : 'suggestion',
    title: access.specifier === undefined ? `Use \`${access.name}\`, the client of the project.` : `Use the client of the project, \`${access.name}\` from '${access.specifier}'.`,
    edits: inOrder([
      ...access.imports(isRemoved ? [taken.statement] : [node]),
      ...(isRemoved ? without(layout, taken) : [{ range: node.range, text: access.name }]),
      ...ends.flatMap((statement) => removeStatement(layout, statement)),
      ...emptiedBlocks(layout, ends),
    ]),
  };
}

/** The declaration that a client is kept by, with nothing else in its statement. */
interface Taken {
  readonly variable: Variable;
  readonly statement: TSESTree.VariableDeclaration;
}

function declarationOf(model: ProgramModel, node: CallLike): Taken | undefined {
  const { parent } = node;
  if (parent.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier' || parent.init !== node) return undefined;
  const statement = parent.parent;
  const variable = model.scopes.variableOf(parent.id);
  const annotation = parent.id.typeAnnotation && model.text.slice(...parent.id.typeAnnotation.typeAnnotation.range);
  const isPlain = annotation === undefined || annotation === model.text.slice(...callShape(node).callee.range);
  if (variable === undefined || statement.declarations.length !== 1 || statement.kind === 'var' || !isConstant(variable) || !isPlain) return undefined;
  const { type } = statement.parent;
  return type === 'Program' || type === 'BlockStatement' || type === 'SwitchCase' || type === 'ExportNamedDeclaration' ? { variable, statement } : undefined;
}

/** Takes the declaration away; what it exports is exported still. */
function without(layout: SourceLayout, { variable, statement }: Taken): Edit[] {
  if (statement.parent.type !== 'ExportNamedDeclaration') return removeParagraph(layout, statement);
  const end = layout.text[statement.range[1] - 1] === ';' ? ';' : '';
  return [{ range: statement.parent.range, text: `export { ${variable.name} }${end}` }];
}

/** Whether two constructions make the same client. `nearly`: they differ in what is logged. */
function samenessOf(model: ProgramModel, node: TSESTree.NewExpression, { model: home, construction }: ExportedClient): 'same' | 'nearly' | BlockedReason {
  if (construction.type !== 'NewExpression' || classKey(model, node) !== classKey(home, construction)) return 'another class';
  const [options, others] = [optionsOf(node), optionsOf(construction)];
  if (options === undefined || others === undefined) return 'other options';
  const text = (of: ProgramModel, value: Node | undefined): string => (value === undefined ? '' : of.text.slice(...value.range).replace(/\s+/g, ' '));
  const names = new Set([...options.keys(), ...others.keys()]);
  const different = [...names].filter((name) => text(model, options.get(name)) !== text(home, others.get(name)) || !isClosed(options.get(name)));
  if (different.length === 0) return 'same';
  return different.every((name) => HARMLESS_OPTIONS.has(name)) ? 'nearly' : 'other options';
}

/** What is constructed: the class of a library, or one of the project. */
function classKey(model: ProgramModel, { callee }: TSESTree.NewExpression): unknown {
  const entity = model.bindings.entityOf(callee);
  const owner = entity?.kind === 'foreign' ? entity.entity : entity;
  return owner?.kind === 'local-class' ? owner.node : 'library';
}

/** The options by their names; undefined where they are not all written there. */
function optionsOf({ arguments: given }: TSESTree.NewExpression): ReadonlyMap<string, Node> | undefined {
  const [first] = given;
  if (first === undefined) return new Map();
  const literal = unwrapChain(first);
  if (given.length !== 1 || literal.type !== 'ObjectExpression') return undefined;
  const options = new Map<string, Node>();
  for (const property of literal.properties) {
    const name = property.type === 'Property' && property.kind === 'init' ? staticPropertyName(property) : undefined;
    if (name === undefined || property.type !== 'Property') return undefined;
    options.set(name, property.value);
  }
  return options;
}

/** Whether an expression has the same value in every file that it is written in: literals, and variables of the environment. */
function isClosed(node: Node | undefined): boolean {
  if (node === undefined) return true;
  const names = namesIn([node]);
  return [...names].every((name) => name === 'process' || name === 'undefined');
}

interface ClientUses {
  /** Statements that close it. */
  readonly ends: readonly TSESTree.ExpressionStatement[];
  /** Whether all that is done with it is seen here, and leaves it as it is. */
  readonly isCertain: boolean;
}

/** What the file does with the client: it must not close it for others, or give it more listeners. */
function usesOf(model: ProgramModel, taken: Taken | undefined): ClientUses | BlockedReason {
  if (taken === undefined || taken.statement.parent.type === 'ExportNamedDeclaration') {
    if (/\$disconnect\b/.test(model.text)) return 'closed by hand';
    return /\$(?:on|use)\b/.test(model.text) ? 'set up by hand' : { ends: [], isCertain: false };
  }
  const ends: TSESTree.ExpressionStatement[] = [];
  let isCertain = true;
  for (const { identifier, init } of taken.variable.references) {
    if (init === true) continue;
    const { parent } = identifier as Node;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) {
      isCertain = false;
      continue;
    }
    const name = staticMemberName(parent);
    if (name === '$on' || name === '$use') return 'set up by hand';
    if (name === undefined) isCertain = false;
    if (name !== '$disconnect') continue;
    const statement = endOf(parent);
    if (statement === undefined || model.file.unitOf(statement).type === 'Program') return 'closed by hand';
    ends.push(statement);
  }
  // Who is given it, or gets it by an export, may close it.
  const named = model.text.match(/\$disconnect\b/g)?.length ?? 0;
  if (!isCertain && named > ends.length) return 'closed by hand';
  return { ends, isCertain };
}

/** The statement that is nothing but `await prisma.$disconnect();`. */
function endOf(member: TSESTree.MemberExpression): TSESTree.ExpressionStatement | undefined {
  const call = member.parent;
  if (call.type !== 'CallExpression' || call.callee !== member || call.arguments.length > 0) return undefined;
  const outer = call.parent.type === 'AwaitExpression' ? call.parent : call;
  const statement = outer.parent;
  const isListed = statement.type === 'ExpressionStatement' && (statement.parent.type === 'BlockStatement' || statement.parent.type === 'SwitchCase');
  return isListed ? statement : undefined;
}

/** How the code can name the client of the project. */
interface Access {
  readonly name: string;
  /** The module that it is imported from by the edit. */
  readonly specifier: string | undefined;
  readonly isCertain: boolean;
  /** The edits of imports, where `gone` goes. */
  readonly imports: (gone: readonly Node[]) => Edit[];
}

function accessTo(model: ProgramModel, project: Project | undefined, shared: ExportedClient, node: TSESTree.NewExpression, variable: Variable | undefined): Access | BlockedReason {
  if (shared.model === model) return accessInFile(model, shared, node, variable);
  const { exported } = shared;
  if (exported === undefined || project === undefined) return 'no client to import';
  const target = shared.model.path;
  const imports = new ModuleImports(model);
  const resolve = (specifier: string): string | undefined => project.resolve(model.path, specifier);
  const callee = unwrapChain(node.callee);
  const unneeded = (gone: readonly Node[]): ReturnType<ModuleImports['unneeded']> => imports.unneeded(callee.type === 'Identifier' ? model.scopes.variableOf(callee) : undefined, gone);
  const known = imports.nameOf(target, exported, resolve);
  if (known !== undefined) {
    if (!isVisible(model, known, node, variable)) return 'name taken';
    return { name: known, specifier: undefined, isCertain: true, imports: (gone) => [...unneeded(gone).edits] };
  }
  const isSameFormat = imports.format === 'require' ? shared.model.bindings.exports.isCommonJs && exported.kind !== 'default' : exported.kind !== 'whole';
  if (imports.format === undefined || !isSameFormat) return 'no client to import';
  const name = freeName(model, variable, exported.kind === 'named' ? exported.name : (shared.variable?.name ?? 'prisma'));
  if (name === undefined || !isVisible(model, name, node, variable)) return 'name taken';
  const specifier = specifierOf(model, project, target);
  if (specifier === undefined) return 'import not known';
  if (reaches(project, target, model.path)) return 'circle of imports';
  if (!imports.hasRoom) return 'nowhere to put it';
  return {
    name, specifier,
    isCertain: imports.format === 'require' || !shared.model.bindings.exports.isCommonJs,
    imports: (gone) => {
      const { statement, edits } = unneeded(gone);
      return [...imports.add(exported, name, specifier, statement), ...(statement === undefined ? edits : [])];
    },
  };
}

/** A client of the same file is there where it was made before. */
function accessInFile(model: ProgramModel, { variable: own, construction }: ExportedClient, node: TSESTree.NewExpression, variable: Variable | undefined): Access | BlockedReason {
  if (own === undefined) return 'no client to import';
  const declaration = own.defs[0]?.node as Node | undefined;
  if (declaration === undefined || declaration.range[1] > node.range[0] || !isConstant(own)) return 'nowhere to put it';
  if (model.scopes.meaningOf(own.name, node) !== own && !isOnlyHiddenBy(model, own.name, node, variable)) return 'name taken';
  const imports = new ModuleImports(model);
  const callee = unwrapChain(node.callee);
  const used = callee.type === 'Identifier' ? model.scopes.variableOf(callee) : undefined;
  return { name: own.name, specifier: undefined, isCertain: construction.type === 'NewExpression', imports: (gone) => [...imports.unneeded(used, gone).edits] };
}

/** The name of an import: that of the variable which goes, else that of the export, where nothing else at the top of the file has it. */
function freeName(model: ProgramModel, variable: Variable | undefined, exported: string): string | undefined {
  if (variable !== undefined) {
    const other = model.scopes.meaningOf(variable.name, model.file.program);
    if (!model.scopes.isGlobalUsed(variable.name) && (other === undefined || other === variable)) return variable.name;
  }
  return namesIn([model.file.program]).has(exported) ? undefined : exported;
}

/** Whether what stands at the top of the file under `name` is what it means where the client is made, and where it is used once the declaration is gone. */
function isVisible(model: ProgramModel, name: string, node: Node, variable: Variable | undefined): boolean {
  const top = model.scopes.meaningOf(name, model.file.program);
  return model.scopes.meaningOf(name, node) === top || isOnlyHiddenBy(model, name, node, variable);
}

/** Whether nothing but the variable that goes hides the name of the top of the file. */
function isOnlyHiddenBy(model: ProgramModel, name: string, node: Node, variable: Variable | undefined): boolean {
  if (variable === undefined || variable.name !== name || model.scopes.meaningOf(name, node) !== variable) return false;
  for (let scope = variable.scope.upper; scope; scope = scope.upper) {
    if (scope.type === 'module' || scope.type === 'global') return true;
    if (scope.block.type === 'Program') return true;
    if (scope.set.get(name)?.defs.length) return false;
  }
  return true;
}

/** Whether the module at `from` imports the one at `to`, itself or through others. */
function reaches(project: Project, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const path of seen) {
    for (const { specifier } of eachImport(project.textAt(path) ?? '')) {
      const target = project.resolve(path, specifier) ?? (specifier.startsWith('.') ? resolvePath(directoryOf(path), specifier) : undefined);
      if (target === to) return true;
      if (target !== undefined) seen.add(target);
    }
  }
  return false;
}

/** Whether TypeScript knows what the import is: a cast to `any` would take the types of all queries away. */
function isTyped(model: ProgramModel, { model: home }: ExportedClient): boolean {
  if (!/\.[cm]?tsx?$/.test(model.path)) return true;
  return /\.[cm]?tsx?$/.test(home.path) && !/\bany\b/.test(home.text);
}

