/** Taking statements out without leaving anything behind that only they needed. */
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
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

/** As `removeStatement`; of two blank lines around it, or one at the beginning of a block, one goes as well. */
export function removeParagraph(layout: SourceLayout, node: Node): Edit[] {
  const [edit] = removeStatement(layout, node) as [Edit];
  const [from, to] = edit.range;
  const isLine = from === layout.lineStart(from) && to === layout.lineStart(to) && to < layout.text.length;
  const isOpen = from === 0 || /^\s*$|\{\s*$/.test(layout.text.slice(layout.lineStart(from - 1), from));
  const end = layout.lineEnd(to);
  return isLine && isOpen && layout.text.slice(to, end).trim() === '' ? [{ range: [from, end + layout.eol.length], text: '' }] : [edit];
}

/**
 * What is left of blocks when `removed` is taken out: an `else` and a `finally` that have nothing to do go, and so does a `catch` clause that does
 * nothing but throw what it caught. A comment keeps its block.
 */
export function emptiedBlocks(layout: SourceLayout, removed: readonly Statement[]): Edit[] {
  const gone = new Set<Node>(removed);
  const blocks = new Set(removed.map(({ parent }) => parent));
  const edits: Edit[] = [];
  const tries = new Map<TSESTree.TryStatement, { handler: boolean; finalizer: boolean }>();
  for (const block of blocks) {
    if (block?.type !== 'BlockStatement') continue;
    const left = block.body.filter((statement) => !gone.has(statement));
    const { parent } = block;
    if (layout.hasComment(block.range)) continue;
    if (parent.type === 'IfStatement' && parent.alternate === block && left.length === 0) edits.push({ range: [parent.consequent.range[1], block.range[1]], text: '' });
    if (parent.type === 'TryStatement' && parent.finalizer === block && left.length === 0) tries.set(parent, { handler: tries.get(parent)?.handler ?? false, finalizer: true });
    if (parent.type === 'CatchClause' && isRethrow(parent, left)) tries.set(parent.parent, { handler: true, finalizer: tries.get(parent.parent)?.finalizer ?? false });
  }
  for (const [{ block, handler, finalizer, range }, without] of tries) {
    const keepsHandler = handler !== null && !without.handler;
    const keepsFinalizer = finalizer !== null && !without.finalizer;
    // Where both would go, a plain block remains, unless the frame makes a new `finally` block of this statement.
    if (without.finalizer) edits.push({ range: [(handler ?? block).range[1], finalizer!.range[1]], text: '' });
    if (without.handler && keepsFinalizer) edits.push({ range: [block.range[1], handler!.range[1]], text: '' });
    if (without.finalizer && !keepsHandler && handler === null) edits.push({ range: [range[0], block.range[0]], text: '' });
  }
  return edits;
}

/** Whether a `catch` clause of which `left` remains does nothing but throw what it caught: `catch (error) { throw error; }`. */
export function isRethrow({ param }: TSESTree.CatchClause, left: readonly Statement[]): boolean {
  const [only] = left;
  return left.length === 1 && only?.type === 'ThrowStatement' && only.argument.type === 'Identifier' && param?.type === 'Identifier' && only.argument.name === param.name;
}

/** Takes away the `try {` of a statement, with its line where it stands alone in one. */
export function removeTryHead(layout: SourceLayout, { range, block }: TSESTree.TryStatement): Edit {
  const open = block.range[0] + 1;
  const end = layout.lineEnd(open);
  const isLine = layout.isFirstInLine(range[0]) && layout.text.slice(open, end).trim() === '' && end < block.range[1];
  return { range: isLine ? [layout.lineStart(range[0]), end + layout.eol.length] : [range[0], open], text: '' };
}
