/** How types that a library exports are named in a file, and the edits that import them where they are not. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { importedName } from '../bindings/resolve-value.ts';
import type { Driver } from '../drivers/driver.ts';
import type { TSESTree } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { Edit } from './edit-plan.ts';
import { behind } from './import-name.ts';
import { namesIn } from './names-in.ts';
import { SourceLayout } from './source-layout.ts';

/** What stands for each name, and what makes it do so. */
export interface ImportedTypes {
  readonly names: readonly string[];
  readonly edits: readonly Edit[];
}

/** The types as the file can name them, by an import of the library that it has; else the precondition that is false. */
export function importTypes(model: ProgramModel, driver: Driver, wanted: readonly string[]): ImportedTypes | BlockedReason {
  const imports = model.file.program.body.filter((statement): statement is TSESTree.ImportDeclaration => statement.type === 'ImportDeclaration' && driver.modules.includes(statement.source.value));
  const [first] = imports;
  if (first === undefined) return 'import not known';
  const specifiers = imports.flatMap((statement) => statement.specifiers);
  const localOf = (name: string): string | undefined => specifiers.find((one) => one.type === 'ImportSpecifier' && importedName(one) === name)?.local.name;
  const missing = wanted.filter((name) => localOf(name) === undefined);
  const taken = namesIn([model.file.program]);
  if (missing.some((name) => taken.has(name))) return 'name taken';
  const names = wanted.map((name) => localOf(name) ?? name);
  if (missing.length === 0) return { names, edits: [] };
  const layout = new SourceLayout(model.text);
  const holder = imports.find(({ specifiers: own }) => own.some(({ type }) => type === 'ImportSpecifier'));
  const last = holder?.specifiers.at(-1);
  if (holder !== undefined && last !== undefined) return { names, edits: [behind(layout, last, missing.map((name) => (holder.importKind === 'type' ? name : `type ${name}`)))] };
  const semicolon = model.text[first.range[1] - 1] === ';' ? ';' : '';
  if (!layout.isFirstInLine(first.range[0]) || !layout.isLastInLine(first.range[1])) return 'import not known';
  const at = layout.lineEnd(first.range[1]);
  return { names, edits: [{ range: [at, at], text: `${layout.eol}import type { ${missing.join(', ')} } from ${model.text.slice(...first.source.range)}${semicolon}` }] };
}
