import type { ProgramModel } from '../analysis/program-model.ts';
import { rootConstructionOf, type RootConstruction } from './root-construction.ts';

/** The calls of the file that make a root, in source order. */
export function findRootConstructions(model: ProgramModel): RootConstruction[] {
  const found: RootConstruction[] = [];
  for (const calls of model.file.calls.values()) {
    for (const call of calls) {
      const construction = rootConstructionOf(model, call);
      if (construction !== undefined) found.push(construction);
    }
  }
  return found.sort((left, right) => left.node.range[0] - right.node.range[0]);
}
