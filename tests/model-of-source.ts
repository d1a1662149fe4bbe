/** source text → the model that all stages of the engine ask; for tests of one stage alone. */
import { parseForESLint } from '@typescript-eslint/parser';
import { linkModels, type ProjectPlace } from '../src/analysis/linked-models.ts';
import type { ModelInput, ProgramModel } from '../src/analysis/program-model.ts';
import { DRIVERS } from '../src/drivers/drivers.ts';
import type { Pair } from '../src/drivers/generic.ts';
import type { Node } from '../src/syntax/estree.ts';

export interface SourceOptions {
  readonly sourceType?: 'module' | 'commonjs';
  readonly jsx?: boolean;
  readonly pairs?: readonly Pair[];
  /** The project that the source is a file of. */
  /** The name of the file; it says which language it is written in. */
  readonly path?: string;
  readonly place?: ProjectPlace | undefined;
}

/** Parses `source` and prepares its model. The file index sets the parents that the parser leaves out. */
export function modelOfSource(source: string, options: SourceOptions = {}): ProgramModel {
  return linkModels({ ...parseOf(source, options), text: source, drivers: DRIVERS, pairs: options.pairs ?? [], path: options.path }, options.place);
}

/** Parses `source` as `modelOfSource` does. */
export function parseOf(source: string, options: SourceOptions = {}): Pick<ModelInput, 'program' | 'scopeManager' | 'visitorKeys'> {
  const { ast, scopeManager, visitorKeys } = parseForESLint(source, {
    range: true,
    loc: true,
    comment: true,
    sourceType: options.sourceType ?? 'module',
    ecmaFeatures: { jsx: options.jsx ?? false },
    jsDocParsingMode: 'none',
  });
  return { program: ast, scopeManager, visitorKeys };
}

/** The first node of the file, in source order, whose text is `text` and whose type is `type` where that is given. */
export function findNode(model: ProgramModel, text: string, type?: `${Node['type']}`): Node {
  const start = model.text.indexOf(text);
  if (start < 0) throw new Error(`no ${text} in the source`);
  const pending: unknown[] = [model.file.program];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const node = item as Node;
    if (node.range[0] === start && node.range[1] === start + text.length && (type === undefined || node.type === type)) return node;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'parent' || key === 'tokens' || key === 'comments') continue;
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string') pending.push(child);
      }
    }
  }
  throw new Error(`no node is exactly ${text}`);
}
