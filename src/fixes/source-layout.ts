/** How the file is laid out: lines, indentation, line ends; what is written into it looks like the rest. */
import { eachChild } from '../syntax/each-child.ts';
import type { Node } from '../syntax/estree.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { Edit } from './edit-plan.ts';

const TRAILING_COMMENTS = /^(?:[ \t]|\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/)*/;

/** The layout of one text. */
export class SourceLayout {
  readonly text: string;
  /** The line end of the file. */
  readonly eol: string;

  constructor(text: string) {
    this.text = text;
    this.eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  }

  /** Where the line of `position` begins. */
  lineStart(position: number): number {
    return this.text.lastIndexOf('\n', position - 1) + 1;
  }

  /** Where the line of `position` ends, before its line end. */
  lineEnd(position: number): number {
    const feed = this.text.indexOf('\n', position);
    if (feed < 0) return this.text.length;
    return this.text[feed - 1] === '\r' ? feed - 1 : feed;
  }

  /** The white space at the beginning of the line of `position`. */
  indentAt(position: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(position), position))![0];
  }

  /** Whether nothing but white space stands before `position` in its line. */
  isFirstInLine(position: number): boolean {
    return this.text.slice(this.lineStart(position), position).trim() === '';
  }

  /** Behind the comments that follow `position` in its line. */
  behindComments(position: number): number {
    const comments = TRAILING_COMMENTS.exec(this.text.slice(position, this.lineEnd(position)))![0];
    return position + comments.trimEnd().length;
  }

  /** Whether nothing but comments stands behind `position` in its line. */
  isLastInLine(position: number): boolean {
    return this.text.slice(this.behindComments(position), this.lineEnd(position)).trim() === '';
  }

  /** Whether there is a comment in a piece of the text; or something in a string that looks like one. */
  hasComment(range: readonly [number, number]): boolean {
    return /\/\/|\/\*/.test(this.text.slice(...range));
  }

  /** Where the first line behind that of `position` begins that is not blank. */
  firstLineBehind(position: number): number {
    let start = this.text.indexOf('\n', position) + 1;
    for (;;) {
      const end = this.text.indexOf('\n', start);
      if (end < 0 || this.text.slice(start, end).trim() !== '') return start;
      start = end + 1;
    }
  }

  /** One step of indentation: by how much the statement at `inner` stands further in than the line of `outer`; else that of the file. */
  indentStep(inner: number, outer: number | undefined): string {
    const own = this.indentAt(inner);
    const around = outer === undefined ? own : this.indentAt(outer);
    if (own.length > around.length && own.startsWith(around)) return own.slice(around.length);
    return /^(?:\t| {2,8})(?=\S)/m.exec(this.text)?.[0] ?? '  ';
  }

  /** Edits that move the lines which begin between `start` and `end` one step in; lines that begin inside a template literal stay. */
  indentLines(start: number, end: number, step: string, templates: readonly (readonly [number, number])[]): Edit[] {
    const edits: Edit[] = [];
    for (let feed = this.text.indexOf('\n', start); feed >= 0 && feed + 1 < end; feed = this.text.indexOf('\n', feed + 1)) {
      const line = feed + 1;
      const isBlank = this.text.slice(line, this.lineEnd(line)).trim() === '';
      if (!isBlank && !templates.some(([from, to]) => from < line && line <= to)) edits.push({ range: [line, line], text: step });
    }
    return edits;
  }
}

/** Where template literals and texts of JSX stand below `nodes`: white space is a part of them. */
export function templatesIn(nodes: readonly Node[]): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const pending = [...nodes];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'TemplateElement' || node.type === 'JSXText' || (node.type === 'Literal' && typeof node.value === 'string')) found.push(node.range);
    else eachChild(node, VISITOR_KEYS, (child) => pending.push(child));
  }
  return found;
}
