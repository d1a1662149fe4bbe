import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import type { Edit } from './edit-plan.ts';
import type { SourceLayout } from './source-layout.ts';

/** The edit that puts a statement before the one of the top level that `node` stands in, and before its comments: behind the statement before that. Undefined where there is none. */
export function insertAtTop(model: ProgramModel, layout: SourceLayout, node: Node, text: string): Edit | undefined {
  const { body } = model.file.program;
  const index = body.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
  const before = body[index - 1];
  if (before === undefined || !layout.isLastInLine(before.range[1])) return undefined;
  const end = layout.behindComments(before.range[1]);
  return { range: [end, end], text: `${layout.eol}${layout.eol}${text.split('\n').join(layout.eol)}` };
}

/** Whether the name can be declared at the top of the file: nothing there has it, and no code means a global by it. */
export function isFreeAtTop(model: ProgramModel, name: string): boolean {
  if (model.scopes.meaningOf(name, model.file.program) !== undefined) return false;
  return !model.scopes.isGlobalUsed(name);
}
