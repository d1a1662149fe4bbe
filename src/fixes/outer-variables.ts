import type { ProgramModel } from '../analysis/program-model.ts';
import type { Variable } from '../bindings/scope-index.ts';

/** The variables that are declared in a range and seen outside of it. With `isFunction` those of `var` as well: a function keeps them in, a block does not. */
export function outerVariables(model: ProgramModel, range: readonly [number, number], isFunction = true): Variable[] {
  return [...model.scopes.declaredBetween(range[0], range[1])].filter((variable) => {
    const [definition] = variable.defs;
    return definition !== undefined && (isFunction || (definition.parent as { kind?: string } | null | undefined)?.kind !== 'var') && isOutermost(variable, range);
  });
}

/** Whether the scope of the variable reaches beyond the range. */
function isOutermost(variable: Variable, range: readonly [number, number]): boolean {
  const { block } = variable.scope;
  return block.range[0] < range[0] || block.range[1] > range[1];
}
