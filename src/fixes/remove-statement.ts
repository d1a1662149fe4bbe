import type { Node } from '../syntax/estree.ts';
import type { Edit } from './edit-plan.ts';
import type { SourceLayout } from './source-layout.ts';

/** The edits that take a statement out: its lines where it stands alone in them, else its text; comments beside it stay. */
export function removeStatement(layout: SourceLayout, { range: [from, to] }: Node): Edit[] {
  const { text } = layout;
  const end = layout.lineEnd(to);
  if (layout.isFirstInLine(from) && text.slice(to, end).trim() === '') {
    return [{ range: [layout.lineStart(from), Math.min(end + layout.eol.length, text.length)], text: '' }];
  }
  const space = /^[ \t]*/.exec(text.slice(to, end))![0].length;
  return [{ range: [from, to + space], text: '' }];
}
