/** The plugin's own files as the contracts see them. */
import { posix } from 'node:path';
import ts from 'typescript';
import { corpusFiles } from '../corpus-files.ts';

export interface SourceImport {
  /** The folder that is imported from, or the package. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isType: boolean;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The folder below `src`; `index` for `src/index.ts`, `rules` for the rules. */
  readonly room: string;
  readonly imports: readonly SourceImport[];
  /** Names of exported functions and classes, and whether a doc comment stands before them. */
  readonly exported: readonly { readonly name: string; readonly kind: 'function' | 'class'; readonly isDocumented: boolean }[];
}

/** The folder of `src` (or `rules`) that a file belongs to. */
function roomOf(path: string): string {
  if (path.startsWith('rules/')) return 'rules';
  if (path === 'src/index.ts') return 'index';
  return path.split('/')[1] ?? '';
}

/** Reads `src` and `rules` from their syntax. */
export function readSourceFiles(): SourceFile[] {
  return [...corpusFiles('src'), ...corpusFiles('rules')].map(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return { path, text, room: roomOf(path), imports: importsOf(file, path), exported: exportsOf(file) };
  });
}

function importsOf(file: ts.SourceFile, path: string): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (specifier: ts.Expression | undefined, isType: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const isPackage = !specifier.text.startsWith('.');
    const to = isPackage ? specifier.text : roomOf(posix.join(posix.dirname(path), specifier.text));
    found.push({ to, isPackage, isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function exportsOf(file: ts.SourceFile): SourceFile['exported'] {
  return file.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
    if (!statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
    const isDocumented = ts.getJSDocCommentsAndTags(statement).length > 0;
    return [{ name: statement.name?.text ?? 'default', kind: ts.isFunctionDeclaration(statement) ? ('function' as const) : ('class' as const), isDocumented }];
  });
}
