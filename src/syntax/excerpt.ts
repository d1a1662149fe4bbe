import { eachChild } from './each-child.ts';
import type { Node } from './estree.ts';
import { VISITOR_KEYS } from './visitor-keys.ts';

const LIMIT = 60;

/**
 * The source text of `node` on one line, for a message: string and template contents and comments are cut out, so that no secret
 * (a password, a connection string) reaches a report, and what is longer than 60 characters is shortened in the middle of its arguments.
 */
export function excerpt(node: Node, text: string): string {
  const line = hideContents(node, text).replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/,? \)/g, ')').replace(/ ([.,])/g, '$1').trim();
  if (line.length <= LIMIT) return line;
  const open = line.indexOf('(');
  if (open > 0 && open < LIMIT - 4) return `${line.slice(0, open)}(…)`;
  return `${line.slice(0, LIMIT - 1)}…`;
}

/**
 * The text of `node` with `…` for the contents of its strings, templates and regular expressions, and without comments. Where a literal
 * begins and ends is asked of the tree: the text alone cannot tell (`/'/`, a template in a template, an apostrophe in a comment).
 */
function hideContents(node: Node, text: string): string {
  const source = text.slice(node.range[0], node.range[1]);
  // Without a quote or a slash there are no strings, templates, regular expressions and comments; text of JSX stands behind a tag.
  if (!/['"`/<]/.test(source)) return source;
  const literals: { readonly range: readonly [number, number]; readonly shown: string }[] = [];
  const pending: Node[] = [node];
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    const shown = shownLiteral(inner, text);
    if (shown === undefined) eachChild(inner, VISITOR_KEYS, (child) => pending.push(child));
    else literals.push({ range: inner.range, shown });
  }
  literals.sort((left, right) => left.range[0] - right.range[0]);
  let result = '';
  let from = node.range[0];
  for (const { range, shown } of literals) {
    result += withoutComments(text.slice(from, range[0])) + shown;
    from = range[1];
  }
  return result + withoutComments(text.slice(from, node.range[1]));
}

function shownLiteral(node: Node, text: string): string | undefined {
  switch (node.type) {
    case 'Literal':
      if ('regex' in node) return '/…/';
      if (typeof node.value !== 'string') return undefined;
      return node.value === '' ? `''` : quoted(text.charAt(node.range[0]));
    case 'TemplateLiteral':
    case 'TSTemplateLiteralType':
      return node.range[1] - node.range[0] === 2 ? '``' : '`…`';
    case 'JSXText':
      return node.value.trim() === '' ? ' ' : '…';
    default:
      return undefined;
  }
}

function quoted(quote: string): string {
  return `${quote}…${quote}`;
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n\u2028\u2029]*/g, ' ');
}
