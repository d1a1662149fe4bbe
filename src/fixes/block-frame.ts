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
  /** The semicolon behind a statement, where the file has them. */
  private readonly end: string;
  /** Where the first line behind the acquisition begins, if the region begins in a line of its own; else where its first statement does. */
  private readonly first: number;
  private readonly isOwnLine: boolean;

  /** The name of what a `catch` clause catches; absent for a `finally` block. */
  private readonly caught: string | undefined;

  /** With `caught` a `catch` clause that throws the error again, in place of the `finally` block. */
  constructor(layout: SourceLayout, handle: KeptHandle, region: HeldRegion, release: string, caught?: string) {
    const { statement, list, start, block, isOuter } = handle;
    const model = statement ?? list[0]!;
    const at = isOuter === true ? start : model.range[0];
    this.layout = layout;
    this.caught = caught;
    this.region = region;
    this.indent = layout.indentAt(at);
    this.step = layout.indentStep(at, block.type === 'Program' ? undefined : block.range[0]);
    this.end = layout.text[model.range[1] - 1] === ';' || (statement === undefined && list.some(({ range }) => layout.text[range[1] - 1] === ';')) ? ';' : '';
    this.release = `${release}${this.end}`;
    this.isOwnLine = isOuter === true ? layout.isFirstInLine(start) : layout.isLastInLine(start);
    const behind = isOuter === true ? layout.lineStart(start) : layout.firstLineBehind(start);
    this.first = this.isOwnLine ? behind : region.statements[0]!.range[0];
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

  /** The `try` statement that ends the region becomes the one around it; without its `catch` clause where that has nothing left to do. */
  with(own: TSESTree.TryStatement, isHandlerGone: boolean): Edit[] {
    const { layout } = this;
    const edits: Edit[] = this.region.statements.length > 1 ? [this.head(), ...this.indentTo(own.range[0]), removeTryHead(layout, own)] : [];
    const { finalizer } = own;
    const [kept] = finalizer?.body ?? [];
    if (kept !== undefined) {
      const text = this.release;
      return layout.text.slice(...kept.range) === text ? edits : [...edits, { range: kept.range, text }];
    }
    const end = finalizer?.range[1] ?? own.range[1];
    const from = (isHandlerGone ? own.block : (own.handler ?? own.block)).range[1];
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
    const { indent, step, layout: { eol }, clause: { head, body } } = this;
    return `${eol}${indent}} ${head} {${body.map((line, index) => `${eol}${indent}${step}${line}${index === 0 ? comment : ''}`).join('')}${eol}${indent}}`;
  }

  private line(): string {
    const { clause: { head, body } } = this;
    return `} ${head} { ${body.join(this.end === '' ? '; ' : ' ')} }`;
  }

  private get clause(): { readonly head: string; readonly body: readonly string[] } {
    const { caught, release, end } = this;
    return caught === undefined ? { head: 'finally', body: [release] } : { head: `catch (${caught})`, body: [release, `throw ${caught}${end}`] };
  }
}
