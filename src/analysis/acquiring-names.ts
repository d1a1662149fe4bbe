/**
 * The names by which the calls of a file may acquire: those of the tables, and what texts call the same. Most calls have another name, and then nobody needs to know
 * what they call, nor read the files that would say so. A name too many costs time, one too few costs a finding.
 */
import { addAliases } from './handing-functions.ts';

/** `class Db extends Client`. */
const SUBCLASS = /\bclass\s+([\w$]+)(?:\s*<[^{]*>)?\s+extends\s+([^{]*)/g;
/** What a variable or a member is given: `const open = isTest ? a.open : b.open`. */
const GIVEN = /([\w$]+)\s*(?::[^=;{}()]*)?=(?![=>])\s*([^;\n]*)/g;
const WORD = /[\w$]+/g;

/** `names`, and what `text` calls the same. */
export function withAcquiringAliases(names: ReadonlySet<string>, text: string): ReadonlySet<string> {
  const all = new Set(names);
  const given = [...text.matchAll(SUBCLASS), ...text.matchAll(GIVEN)].map(([, name, value]) => ({ name: name!, words: value!.match(WORD) ?? [] }));
  for (let count = -1; count < all.size; ) {
    count = all.size;
    for (const { name, words } of given) if (!all.has(name) && words.some((word) => all.has(word))) all.add(name);
    addAliases(text, all);
  }
  return all;
}
