/** The module with the functions that lend connections: a new one, or one that is there already. */
import { lentName } from '../fixes/lendable.ts';
import { lenderText } from '../fixes/lender-text.ts';
import type { LendablePackage } from './lendable-packages.ts';

/** How a module gives its functions to others, and whether it has types. */
export interface ModuleKind {
  readonly language: 'ts' | 'js';
  readonly format: 'import' | 'require';
}

/** The text with the functions that it does not have yet, and their names; of a file that has something else of such a name, nothing is changed. */
export function withLenders(text: string, { language, format }: ModuleKind, packages: readonly LendablePackage[]): { readonly text: string; readonly added: readonly string[] } {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const semicolon = text.trim() === '' || /;[ \t]*\r?$/m.test(text) ? ';' : '';
  const step = /^(?:\t| {2,8})(?=\S)/m.exec(text)?.[0] ?? '  ';
  const missing = packages.filter(({ name }) => !hasName(text, name));
  const imports: string[] = [];
  const functions = missing.map(({ lendable: { acquire, noun, release, types }, module, name }) => {
    const handle = lentName(noun);
    const names = language === 'ts' ? typeNames(text, module, types, missing) : undefined;
    const wanted = names === undefined ? [] : [types.pool, types.connection].filter((type) => names.added.includes(type));
    if (wanted.length > 0) imports.push(`import type { ${wanted.join(', ')} } from ${quoteOf(text)}${module}${quoteOf(text)}${semicolon}`);
    const own = lenderText({ name, handle, acquire, release: release.replace('$', handle), types: names && { pool: names.pool, connection: names.connection }, isExported: format === 'import' }, { eol, step, semicolon });
    return format === 'import' ? own : `${own}${eol}${eol}module.exports.${name} = ${name}${semicolon}`;
  });
  if (functions.length === 0) return { text, added: [] };
  const head = withImports(text, imports, eol).trimEnd();
  return { text: [...(head === '' ? [] : [head]), ...functions].join(`${eol}${eol}`) + eol, added: missing.map(({ name }) => name) };
}

interface TypeNames {
  readonly pool: string;
  readonly connection: string;
  /** Those that have to be imported. */
  readonly added: readonly string[];
}

/** The names of the types: imported where they are free, else with their module in front. */
function typeNames(text: string, module: string, { pool, connection }: LendablePackage['lendable']['types'], all: readonly LendablePackage[]): TypeNames {
  const isImported = (name: string): boolean => [...text.matchAll(/^import\s+(?:type\s+)?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/gm)].some((match) => match[2] === module && match[1]!.split(',').some((one) => one.trim().replace(/^type\s+/, '') === name));
  // Two libraries may call their pools the same.
  const isShared = (name: string): boolean => all.some((other) => other.module !== module && [other.lendable.types.pool, other.lendable.types.connection].includes(name));
  const isFree = (name: string): boolean => !isShared(name) && !hasName(text, name);
  const added = [pool, connection].filter((name) => !isImported(name) && isFree(name));
  const spell = (name: string): string => (isImported(name) || added.includes(name) ? name : `import('${module}').${name}`);
  return { pool: spell(pool), connection: spell(connection), added };
}

/** The text with imports behind its last one, or at its beginning. */
function withImports(text: string, imports: readonly string[], eol: string): string {
  if (imports.length === 0) return text;
  const lines = imports.join(eol);
  const last = [...text.matchAll(/^import\s[^;'"]*?(?:from\s*)?(['"])[^'"\n]+\1[ \t]*;?[^\n]*$/gm)].at(-1);
  if (last === undefined) return text.trim() === '' ? lines : `${lines}${eol}${eol}${text}`;
  const end = last.index + last[0].replace(/\r$/, '').length;
  return `${text.slice(0, end)}${eol}${lines}${text.slice(end)}`;
}

function quoteOf(text: string): string {
  return (text.match(/from\s*"/g)?.length ?? 0) > (text.match(/from\s*'/g)?.length ?? 0) ? '"' : "'";
}

/** Whether a name stands anywhere in the text. */
function hasName(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text);
}
