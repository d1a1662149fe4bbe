/** How a name that another module gives is written in a file, and the edits that import it where it is not. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Project } from '../project/project.ts';
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { Edit } from './edit-plan.ts';
import { specifierOf } from './import-specifier.ts';
import { receiverOf } from './lender.ts';
import { namesIn } from './names-in.ts';
import { exportedOrigin, isSameOrigin, originOf, requiredSpecifier, wholeModuleOf } from './origin-of.ts';
import { SourceLayout } from './source-layout.ts';

/** What is written, and what makes it mean that. */
export interface ImportedName {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** What is to be imported. */
export interface ImportWish {
  readonly module: ProgramModel;
  /** By which the file imports the module already. */
  readonly specifier: string | undefined;
  readonly name: string;
  /** The call that it takes the place of. */
  readonly at: Node;
  readonly project: Project | undefined;
}

/** The name as the file can write it; else the precondition that is false. */
export function importName(model: ProgramModel, { module, specifier, name, at, project }: ImportWish): ImportedName | BlockedReason {
  const known = importedAlready(model, module, name);
  if (known !== undefined) return isOnlyOne(model, known) ? { text: known, edits: [] } : 'name taken';
  const receiver = receiverOf(at);
  const object = receiver?.type === 'MemberExpression' ? unwrapExpression(receiver.object) : undefined;
  if (object?.type === 'Identifier' && wholeModuleOf(model, object) === module) return { text: `${object.name}.${name}`, edits: [] };
  if (namesIn([model.file.program]).has(name)) return 'name taken';
  const written = specifier ?? (project && specifierOf(model, project, module.path));
  if (written === undefined) return 'import not known';
  const edit = addedImport(model, written, name);
  return edit === undefined ? 'import not known' : { text: name, edits: [edit] };
}

/** The name that an import of the file gives it. */
function importedAlready(model: ProgramModel, module: ProgramModel, name: string): string | undefined {
  const wanted = exportedOrigin(module, name);
  if (wanted === undefined) return undefined;
  for (const statement of model.file.program.body) {
    for (const local of namesOf(model, statement)) {
      const origin = originOf(model, local);
      if (local.type === 'Identifier' && origin !== undefined && isSameOrigin(origin, wanted)) return local.name;
    }
  }
  return undefined;
}

/** The names that an import or `require` declares. */
function namesOf(model: ProgramModel, statement: Statement): readonly Node[] {
  if (statement.type === 'ImportDeclaration') {
    return statement.importKind === 'type' ? [] : statement.specifiers.flatMap((one) => (one.type === 'ImportSpecifier' && one.importKind === 'type' ? [] : [one.local]));
  }
  const pattern = statement.type === 'VariableDeclaration' ? statement.declarations[0] : undefined;
  if (pattern?.id.type !== 'ObjectPattern' || !pattern.init || requiredSpecifier(model, pattern.init) === undefined) return [];
  return pattern.id.properties.flatMap((one) => (one.type === 'Property' ? [one.value] : []));
}

/** Whether nothing else in the file has the name. */
function isOnlyOne(model: ProgramModel, name: string): boolean {
  return [...model.scopes.declaredBetween(0, model.text.length)].filter((variable) => variable.name === name).length === 1;
}

/** The modules that a statement loads. */
function specifiersIn(model: ProgramModel, statement: Statement): readonly string[] {
  if (statement.type === 'ImportDeclaration') return [statement.source.value];
  return statement.type === 'VariableDeclaration' ? statement.declarations.flatMap(({ init }) => (init ? requiredSpecifier(model, init) ?? [] : [])) : [];
}

/** The edit that imports a name: in the statement that imports others of the same module, else behind the one that imports it, else behind the last import. */
function addedImport(model: ProgramModel, specifier: string, name: string): Edit | undefined {
  const layout = new SourceLayout(model.text);
  const imports = model.file.program.body.filter((statement) => specifiersIn(model, statement).length > 0);
  const same = imports.filter((statement) => specifiersIn(model, statement).includes(specifier));
  for (const statement of same) {
    const last = lastName(statement, model, specifier);
    if (last !== undefined) return behind(layout, last, [name]);
    const [only] = statement.type === 'ImportDeclaration' && statement.importKind !== 'type' ? statement.specifiers : [];
    if (only?.type === 'ImportDefaultSpecifier' && statement.type === 'ImportDeclaration' && statement.specifiers.length === 1) return { range: [only.range[1], only.range[1]], text: `, { ${name} }` };
  }
  const place = same.at(-1) ?? imports.at(-1);
  if (place === undefined) return undefined;
  const quote = quoteOf(model, place);
  const semicolon = model.text[place.range[1] - 1] === ';' ? ';' : '';
  const text = place.type === 'ImportDeclaration' ? `import { ${name} } from ${quote}${specifier}${quote}${semicolon}` : `const { ${name} } = require(${quote}${specifier}${quote})${semicolon}`;
  if (!layout.isFirstInLine(place.range[0])) return undefined;
  const at = layout.isLastInLine(place.range[1]) ? layout.lineEnd(place.range[1]) : place.range[1];
  return { range: [at, at], text: `${layout.eol}${text}` };
}

function quoteOf(model: ProgramModel, statement: Statement): string {
  const text = model.text.slice(...statement.range);
  return text.lastIndexOf('"') > text.lastIndexOf("'") ? '"' : "'";
}

/** The last name of a list of imported names that can be added to. */
function lastName(statement: Statement, model: ProgramModel, specifier: string): Node | undefined {
  if (statement.type === 'ImportDeclaration') {
    const named = statement.specifiers.filter((one): one is TSESTree.ImportSpecifier => one.type === 'ImportSpecifier');
    return statement.importKind === 'type' ? undefined : named.at(-1);
  }
  if (statement.type !== 'VariableDeclaration') return undefined;
  for (const { id, init } of statement.declarations) {
    const last = id.type === 'ObjectPattern' ? id.properties.at(-1) : undefined;
    if (init && requiredSpecifier(model, init) === specifier && last?.type === 'Property') return last;
  }
  return undefined;
}

/** The edit that puts names behind another one of a list, in lines of their own where that has one; before it where a comment follows that. */
export function behind(layout: SourceLayout, last: Node, names: readonly string[]): Edit {
  const isOwnLine = layout.isFirstInLine(last.range[0]);
  const space = isOwnLine ? `${layout.eol}${layout.indentAt(last.range[0])}` : ' ';
  const [start, end] = last.range;
  return layout.hasComment([end, layout.lineEnd(end)]) ? { range: [start, start], text: names.map((name) => `${name},${space}`).join('') } : { range: [end, end], text: names.map((name) => `,${space}${name}`).join('') };
}
