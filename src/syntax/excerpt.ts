import type { Node } from './estree.ts';

const LIMIT = 60;

/**
 * The source text of `node` on one line, for a message: string and template contents are cut out, so that no secret
 * (a password, a connection string) reaches a report, and what is longer than 60 characters is shortened in the middle of its arguments.
 */
export function excerpt(node: Node, text: string): string {
  const source = text.slice(node.range[0], node.range[1]);
  const line = hideStrings(source).replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/,? \)/g, ')').replace(/ \./g, '.').trim();
  if (line.length <= LIMIT) return line;
  const open = line.indexOf('(');
  if (open > 0 && open < LIMIT - 4) return `${line.slice(0, open)}(…)`;
  return `${line.slice(0, LIMIT - 1)}…`;
}

/** Replaces the contents of string and template literals by `…`; quotes stay. Regular expressions and comments are left alone. */
function hideStrings(source: string): string {
  return source.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g, (literal) => {
    const quote = literal.charAt(0);
    return literal.length > 2 ? `${quote}…${quote}` : literal;
  });
}
