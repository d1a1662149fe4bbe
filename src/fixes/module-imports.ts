/** What a file imports at its top, and how it writes that: for imports that an edit adds, or that nothing needs any more. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { Identifier, Node, Statement, TSESTree } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Edit } from './edit-plan.ts';
import { removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

/** An export, as whoever imports it sees it. `whole`: the module is the value. */
export type ExportName = { readonly kind: 'named'; readonly name: string } | { readonly kind: 'default' } | { readonly kind: 'whole' };

/** The imports of one file. */
export class ModuleImports {
  /** Whether they are import declarations, or calls of `require`; undefined: the file imports nothing. */
  readonly format: 'import' | 'require' | undefined;
  private readonly model: ProgramModel;
  private readonly layout: SourceLayout;
  private readonly statements: readonly Statement[];

  constructor(model: ProgramModel) {
    this.model = model;
    this.layout = new SourceLayout(model.text);
    const { body } = model.file.program;
    const declarations = body.filter(({ type }) => type === 'ImportDeclaration');
    const required = body.filter((statement) => requiredBy(statement) !== undefined);
    this.statements = declarations.length > 0 ? declarations : required;
    this.format = declarations.length > 0 ? 'import' : required.length > 0 ? 'require' : undefined;
  }

  /** The name that the file already has for what `target` exports as `exported`. */
  nameOf(target: string, exported: ExportName, resolve: (specifier: string) => string | undefined): string | undefined {
    for (const statement of this.statements) {
      const specifier = statement.type === 'ImportDeclaration' ? statement.source.value : requiredBy(statement)?.specifier;
      if (specifier === undefined || resolve(specifier) !== target) continue;
      const name = statement.type === 'ImportDeclaration' ? importedName(statement, exported) : requiredName(requiredBy(statement)!, exported);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** The edit that imports `exported` as `local`: behind the other imports, or in the place of the one that goes. */
  add(exported: ExportName, local: string, specifier: string, gone: Statement | undefined): Edit[] {
    const text = this.textOf(exported, local, specifier);
    if (gone !== undefined) return [{ range: gone.range, text }];
    const last = this.statements.at(-1)!;
    const end = this.layout.behindComments(last.range[1]);
    return [{ range: [end, end], text: `${this.layout.eol}${text}` }];
  }

  /** Whether an import can be added behind the last one. */
  get hasRoom(): boolean {
    const last = this.statements.at(-1);
    return last !== undefined && this.layout.isLastInLine(last.range[1]);
  }

  private textOf(exported: ExportName, local: string, specifier: string): string {
    const last = this.statements.at(-1)!;
    const source = last.type === 'ImportDeclaration' ? last.source : requiredBy(last)!.source;
    const quote = this.model.text[source.range[0]] === '"' ? '"' : "'";
    const end = this.model.text[last.range[1] - 1] === ';' ? ';' : '';
    const from = `${quote}${specifier}${quote}`;
    if (this.format === 'require') {
      const pattern = exported.kind === 'named' ? `{ ${exported.name === local ? local : `${exported.name}: ${local}`} }` : local;
      return `const ${pattern} = require(${from})${end}`;
    }
    const names = exported.kind === 'named' ? `{ ${exported.name === local ? local : `${exported.name} as ${local}`} }` : local;
    return `import ${names} from ${from}${end}`;
  }

  /**
   * What takes the import of `variable` away, where all references to it stand in `within`, which goes as well. `statement`: all of it goes; another import may take its
   * place. Nothing where something else needs it, or a comment stands there.
   */
  unneeded(variable: Variable | undefined, within: readonly Node[]): { readonly statement: Statement | undefined; readonly edits: readonly Edit[] } {
    const nothing = { statement: undefined, edits: [] };
    const definition = variable?.defs[0];
    if (variable === undefined || variable.defs.length !== 1) return nothing;
    const name = definition!.name as Identifier;
    const isWithin = ({ range }: Node): boolean => within.some((node) => node.range[0] <= range[0] && range[1] <= node.range[1]);
    if (!variable.references.every((reference) => reference.init === true || isWithin(reference.identifier as Node))) return nothing;
    const statement = this.statements.find(({ range }) => range[0] <= name.range[0] && name.range[1] <= range[1]);
    if (statement === undefined || this.layout.hasComment(statement.range)) return nothing;
    const all = statement.type === 'ImportDeclaration' ? statement.specifiers : propertiesOf(statement);
    const own = all.find(({ range }) => range[0] <= name.range[0] && name.range[1] <= range[1]);
    if (all.length <= 1) return { statement, edits: removeStatement(this.layout, statement) };
    const isNamed = own?.type === 'ImportSpecifier' || own?.type === 'Property';
    // A list of one kind only: `{ PrismaClient, Prisma }`.
    if (own === undefined || !isNamed || all.some(({ type }) => type !== own.type)) return nothing;
    const index = all.indexOf(own as never);
    const [from, to] = index + 1 < all.length ? [own.range[0], all[index + 1]!.range[0]] : [all[index - 1]!.range[1], own.range[1]];
    return { statement: undefined, edits: [{ range: [from, to], text: '' }] };
  }
}

interface Required {
  readonly pattern: Node;
  readonly source: TSESTree.StringLiteral;
  readonly specifier: string;
}

/** `const … = require('…');`, with nothing else in it. */
function requiredBy(statement: Node): Required | undefined {
  if (statement.type !== 'VariableDeclaration' || statement.declarations.length !== 1) return undefined;
  const { id, init } = statement.declarations[0];
  const call = init && unwrapChain(init);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== 'require') return undefined;
  const [source] = call.arguments;
  return source?.type === 'Literal' && typeof source.value === 'string' ? { pattern: id, source, specifier: source.value } : undefined;
}

function propertiesOf(statement: Node): readonly (TSESTree.Property | TSESTree.RestElement)[] {
  const pattern = requiredBy(statement)?.pattern;
  return pattern?.type === 'ObjectPattern' ? pattern.properties : [];
}

function importedName(declaration: TSESTree.ImportDeclaration, exported: ExportName): string | undefined {
  if (declaration.importKind === 'type') return undefined;
  for (const specifier of declaration.specifiers) {
    if (specifier.type === 'ImportDefaultSpecifier' && exported.kind !== 'named') return specifier.local.name;
    if (specifier.type !== 'ImportSpecifier' || specifier.importKind === 'type') continue;
    const imported = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
    if (exported.kind === 'named' ? imported === exported.name : imported === 'default') return specifier.local.name;
  }
  return undefined;
}

function requiredName({ pattern }: Required, exported: ExportName): string | undefined {
  if (pattern.type === 'Identifier') return exported.kind === 'whole' ? pattern.name : undefined;
  if (pattern.type !== 'ObjectPattern' || exported.kind !== 'named') return undefined;
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier' || property.key.name !== exported.name) continue;
    if (property.value.type === 'Identifier') return property.value.name;
  }
  return undefined;
}
