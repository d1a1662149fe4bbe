/**
 * The names by which the calls of a file may acquire: those of the tables, and what texts call the same. Most calls have another name, and then nobody needs to know
 * what they call, nor read the files that would say so. A name too many costs time, one too few costs a finding.
 */

/** For a name, those that a text gives to the same thing. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

/** `open as connect`. */
const RENAMED = /\b([\w$]+)\s+as\s+([\w$]+)/g;
/** `connect = pool.open`, `{ connect: open }`, `{ open: connect } = db`. */
const NAMED = /\b([\w$]+)\s*[:=]\s*(?:[\w$]+\s*\.\s*)*([\w$]+)(?:\s*\.\s*bind\b|\s*[,;)}\n])/g;
/** `export default open`. */
const DEFAULT = /\b(?:export\s+default|module\.exports\s*=|exports\.default\s*=)\s+(?:new\s+)?(?:[\w$]+\s*\.\s*)*([\w$]+)/g;
/** `class Db extends pg.Client`. */
const SUBCLASS = /\bclass\s+([\w$]+)(?:\s*<[^{]*>)?\s+extends\s+([^{]*)/g;
/** `open = isTest ? a.open : b.open`, `connect = promisify(pool.connect)`. */
const GIVEN = /\b([\w$]+)\s*=(?![=>])\s*([^;\n]*(?:[?|]|\b(?:bind|promisify)\b)[^;\n]*)/g;
/** `import Database from 'better-sqlite3'`. */
const IMPORTED = /\bimport\s+([\w$]+)\b[^'"`;]*\bfrom\s*['"]([^'"]+)['"]/g;
/** `Database = require('better-sqlite3')`. */
const REQUIRED = /\b([\w$]+)\s*=\s*require\s*\(\s*['"]([^'"]+)['"]/g;
const WORD = /[\w$]+/g;

/** What `text` calls by several names. */
export function aliasesIn(text: string): Aliases {
  const aliases = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = aliases.get(from);
    if (known === undefined) aliases.set(from, [to]);
    else if (!known.includes(to)) known.push(to);
  };
  for (const [, from, to] of text.matchAll(RENAMED)) add(from!, to!);
  for (const [, left, right] of text.matchAll(NAMED)) {
    add(right!, left!);
    // In a pattern it is the other way round.
    add(left!, right!);
  }
  for (const [, name] of text.matchAll(DEFAULT)) add(name!, 'default');
  for (const pattern of [IMPORTED, REQUIRED]) for (const [, name, module] of text.matchAll(pattern)) add(module!, name!);
  for (const pattern of [SUBCLASS, GIVEN]) for (const [, name, value] of text.matchAll(pattern)) for (const [word] of value!.matchAll(WORD)) add(word, name!);
  return aliases;
}

/** `names`, and what they are called in texts with these `aliases`. */
export function withAliasesOf(names: ReadonlySet<string>, aliases: readonly Aliases[]): ReadonlySet<string> {
  const all = new Set(names);
  for (const name of all) for (const one of aliases) for (const other of one.get(name) ?? []) all.add(other);
  return all;
}
