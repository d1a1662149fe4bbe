import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { moduleNamed, requiredSpecifier } from './origin-of.ts';

/** A module of the project that a file loads. */
export interface LoadedModule {
  readonly specifier: string;
  readonly module: ProgramModel;
}

/** The modules of the project that the file of `model` loads by an import or a `require` of its top level; one that gives only types is not loaded. */
export function specifiersOf(model: ProgramModel): readonly LoadedModule[] {
  const found = new Map<string, LoadedModule>();
  const note = (specifier: string | undefined): void => {
    if (specifier === undefined || found.has(specifier)) return;
    const module = moduleNamed(model, specifier);
    if (module !== undefined) found.set(specifier, { specifier, module });
  };
  for (const statement of model.file.program.body) {
    if (statement.type === 'ImportDeclaration' && givesValue(statement)) note(statement.source.value);
    if (statement.type === 'VariableDeclaration') for (const { init } of statement.declarations) if (init) note(requiredSpecifier(model, loaded(init)));
  }
  return [...found.values()];
}

/** Whether something of the import is there at run time. */
function givesValue(statement: Node): boolean {
  if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') return false;
  return statement.specifiers.some((specifier) => specifier.type !== 'ImportSpecifier' || specifier.importKind !== 'type');
}

/** `require('./db')` of `require('./db').pool`. */
function loaded(init: Node): Node {
  const value = unwrapExpression(init);
  return value.type === 'MemberExpression' ? value.object : value;
}
