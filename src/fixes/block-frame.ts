/** Writes `try { … } finally { … }` around a region, in the layout of the file. */
import type { TSESTree } from '../syntax/estree.ts';
import type { Edit } from './edit-plan.ts';
import type { KeptHandle } from './find-handle.ts';
import type { HeldRegion } from './held-region.ts';
import { removeTryHead } from './remove-statement.ts';
import { templatesIn, type SourceLayout } from './source-layout.ts';

/** The text around one region. */
export class BlockFrame {
  private readonly layout: SourceLayout;
  private readonly region: HeldRegion;
  private readonly indent: string;
  private readonly step: string;
  private readonly release: string;
  /** Where the first line behind the acquisition begins, if the region begins in a line of its own; else where its first statement does. */
  private readonly first: number;
  private readonly isOwnLine: boolean;

  constructor(layout: SourceLayout, handle: KeptHandle, region: HeldRegion, release: string) {
    const { statement, list, start, block } = handle;
    const model = statement ?? list[0]!;
    this.layout = layout;
    this.region = region;
    this.isOwnLine = layout.isLastInLine(start);
    this.indent = layout.indentAt(model.range[0]);
    this.step = layout.indentStep(model.range[0], block.type === 'Program' ? undefined : block.range[0]);
    this.release = layout.text[model.range[1] - 1] === ';' || (statement === undefined && list.some(({ range }) => layout.text[range[1] - 1] === ';')) ? `${release};` : release;
    this.first = this.isOwnLine ? layout.firstLineBehind(start) : region.statements[0]!.range[0];
  }

  /** A new block around all of the region; a release that ends it moves in. */
  around(): Edit[] {
    const { layout, region, isOwnLine } = this;
    const { last, statements } = region;
    const behind = statements.at(-1)!.range[1];
    const end = last?.statement.range[0] ?? layout.behindComments(behind);
    const isOwnEnd = isOwnLine && (last === undefined ? layout.isLastInLine(behind) : layout.isFirstInLine(end));
    const edits = [this.head(), ...this.indentTo(end)];
    if (last === undefined) return [...edits, { range: [end, end], text: isOwnEnd ? this.lines('') : ` ${this.line()}` }];
    const [from, to] = last.statement.range;
    if (!isOwnEnd) return [...edits, { range: [from, to], text: this.line() }];
    const comment = layout.isLastInLine(to) ? layout.behindComments(to) : to;
    return [...edits, { range: [layout.text.slice(0, from).trimEnd().length, comment], text: this.lines(layout.text.slice(to, comment)) }];
  }

  /** The `try` statement that ends the region becomes the one around it. */
  with(own: TSESTree.TryStatement): Edit[] {
    const { layout } = this;
    const edits: Edit[] = this.region.statements.length > 1 ? [this.head(), ...this.indentTo(own.range[0]), removeTryHead(layout, own)] : [];
    const { finalizer } = own;
    const [kept] = finalizer?.body ?? [];
    if (kept !== undefined) {
      const text = this.release;
      return layout.text.slice(...kept.range) === text ? edits : [...edits, { range: kept.range, text }];
    }
    const end = finalizer?.range[1] ?? own.range[1];
    const from = (own.handler ?? own.block).range[1];
    const isOwnEnd = layout.isFirstInLine(own.range[0]) && layout.lineStart(own.range[0]) !== layout.lineStart(end);
    return [...edits, { range: [from, end], text: isOwnEnd ? this.lines('').trimStart().slice(1) : this.line().slice(1) }];
  }

  private head(): Edit {
    return { range: [this.first, this.first], text: this.isOwnLine ? `${this.indent}try {${this.layout.eol}` : 'try { ' };
  }

  private indentTo(end: number): Edit[] {
    return this.layout.indentLines(this.first - 1, end, this.step, templatesIn(this.region.statements));
  }

  private lines(comment: string): string {
    const { indent, step, release, layout: { eol } } = this;
    return `${eol}${indent}} finally {${eol}${indent}${step}${release}${comment}${eol}${indent}}`;
  }

  private line(): string {
    return `} finally { ${this.release} }`;
  }
}
