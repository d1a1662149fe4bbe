/** Writes `await pool.use(async (client) => { … });` around statements, in the layout of the file. */
import type { Statement } from '../syntax/estree.ts';
import type { CallbackBody } from './callback-body.ts';
import type { CallbackPlace } from './callback-place.ts';
import type { Edit } from './edit-plan.ts';
import type { FoundHandle } from './find-handle.ts';
import { removeStatement, removeTryHead } from './remove-statement.ts';
import type { ScopedForm } from './scoped-form.ts';
import { templatesIn, type SourceLayout } from './source-layout.ts';

/** What is put around the body of a callback. */
export interface CallbackWrapping {
  readonly layout: SourceLayout;
  readonly handle: FoundHandle;
  readonly form: ScopedForm;
  readonly place: CallbackPlace;
  readonly body: CallbackBody;
  /** Whether a `try` statement is around it, which has to see what it throws. */
  readonly isInTry: boolean;
}

/** The edits that make a callback of the body. The statements that end the resource are taken out by others, but for the closing one. */
export function wrapInCallback(wrapping: CallbackWrapping): Edit[] {
  const { layout, handle, place, body } = wrapping;
  const { around, isUnwrapped, before } = place;
  const head = headOf(wrapping);
  const semicolon = layout.text[handle.statement.range[1] - 1] === ';' ? ';' : '';
  if (around === undefined) return [{ range: handle.statement.range, text: head }, ...indented(layout, handle.statement.range[1], body), ...tail(layout, handle.statement, body, semicolon)];
  if (isUnwrapped) {
    const end: Edit[] = [
      ...(body.closing === undefined ? [] : [{ range: [layout.text.slice(0, body.closingStart).trimEnd().length, body.closing.range[1]] as const, text: '' }]),
      { range: [around.block.range[1] - 1, around.range[1]], text: `})${semicolon}` },
    ];
    if (before.length === 0) return [...removeStatement(layout, handle.statement), { range: [around.range[0], around.block.range[0] + 1], text: head }, ...end];
    const lines = layout.indentLines(handle.statement.range[1], around.range[0], stepOf(layout, around.block.body[0]!, around.range[0]), templatesIn(before));
    return [{ range: handle.statement.range, text: head }, ...lines, removeTryHead(layout, around), ...end];
  }
  const first = body.statements[0] ?? body.closing!;
  const isOwnLine = layout.isFirstInLine(first.range[0]);
  const start = isOwnLine ? layout.lineStart(first.range[0]) : first.range[0];
  return [
    ...removeStatement(layout, handle.statement),
    { range: [start, start], text: isOwnLine ? `${layout.indentAt(first.range[0])}${head}${layout.eol}` : `${head} ` },
    ...indented(layout, start - 1, body),
    ...tail(layout, first, body, semicolon),
  ];
}

/** `const order = await knex.transaction(async (trx) => {` */
function headOf({ form, body, isInTry }: CallbackWrapping): string {
  const call = `${form.head}async (${form.parameter}) => {`;
  if (body.leaves === 'return') return `return ${isInTry ? 'await ' : ''}${call}`;
  const names = body.values.map(({ name }) => name);
  if (names.length === 0) return `await ${call}`;
  return `const ${isObject(body) ? `{ ${names.join(', ')} }` : names[0]!} = await ${call}`;
}

/** Whether the values are returned in an object: several, or one that may be a promise. */
function isObject({ values, isSettled }: CallbackBody): boolean {
  return values.length > 1 || !isSettled;
}

function stepOf(layout: SourceLayout, inner: Statement, outer: number): string {
  return layout.indentStep(inner.range[0], outer);
}

/** The lines of the body, one step further in; `from`: where the line before them ends. */
function indented(layout: SourceLayout, from: number, { statements, range, closing }: CallbackBody): Edit[] {
  const end = closing?.range[0] ?? range[1];
  return layout.indentLines(from, end, layout.indentStep((statements[0] ?? closing!).range[0], undefined), templatesIn(statements));
}

/** The end of the callback, behind the body or in the place of the statement that closes it; `outer` stands where the call does. */
function tail(layout: SourceLayout, outer: Statement, body: CallbackBody, semicolon: string): Edit[] {
  const { statements, closing, values } = body;
  const names = values.map(({ name }) => name);
  const result = names.length === 0 ? '' : `return ${isObject(body) ? `{ ${names.join(', ')} }` : names[0]!}${semicolon}`;
  const behind = layout.behindComments(statements.at(-1)?.range[1] ?? outer.range[1]);
  const indent = layout.indentAt(outer.range[0]);
  const step = layout.indentStep(outer.range[0], undefined);
  const isOwnLine = layout.isFirstInLine(outer.range[0]) && (closing === undefined ? layout.isLastInLine(behind) : layout.isFirstInLine(closing.range[0]));
  const text = isOwnLine
    ? `${result === '' ? '' : `${layout.eol}${indent}${step}${result}`}${layout.eol}${indent}})${semicolon}`
    : `${result === '' ? '' : ` ${result}`} })${semicolon}`;
  if (closing === undefined) return [{ range: [behind, behind], text }];
  return [{ range: [layout.text.slice(0, body.closingStart).trimEnd().length, closing.range[1]], text }];
}
