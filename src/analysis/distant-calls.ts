import type { Entity } from '../bindings/entity.ts';
import { isFunctionEntity } from '../bindings/resolve-value.ts';
import type { FunctionNode, TSESTree } from '../syntax/estree.ts';
import type { ProgramModel } from './program-model.ts';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/**
 * The calls that one file makes of functions of other files. What a parameter is that nothing in its own file explains, those calls say:
 * `openClient(pool)` tells what `pool` is in there. Only the file that is analysed is asked, so that no other file decides.
 */
export class DistantCalls {
  private readonly model: ProgramModel;
  private calls: ReadonlyMap<FunctionNode, readonly Call[]> | 'being found' | undefined;

  constructor(model: ProgramModel) {
    this.model = model;
  }

  /** What the file gives for the parameter at `index` of `unit`: the first argument that is known, as the file sees it. */
  givenTo(unit: FunctionNode, index: number): Entity | undefined {
    const { bindings } = this.model;
    for (const { arguments: given } of this.callsOf(unit)) {
      const argument = given.some(({ type }) => type === 'SpreadElement') ? undefined : given[index];
      const entity = argument && bindings.entityOf(argument);
      if (entity !== undefined && !isFunctionEntity(entity)) return entity;
    }
    return undefined;
  }

  private callsOf(unit: FunctionNode): readonly Call[] {
    if (this.calls === 'being found') {
      // As if the question came back to the outermost one: what is answered now is not remembered beyond that.
      this.model.family.circle.rely(1);
      return [];
    }
    if (this.calls === undefined) {
      this.calls = 'being found';
      this.calls = this.find();
    }
    return this.calls.get(unit) ?? [];
  }

  private find(): ReadonlyMap<FunctionNode, readonly Call[]> {
    const found = new Map<FunctionNode, Call[]>();
    for (const call of [...this.model.file.calls.values()].flat()) {
      if (call.type === 'TaggedTemplateExpression' || call.arguments.length === 0) continue;
      const callee = this.model.bindings.foreignCalleeOf(call)?.node;
      if (callee === undefined) continue;
      const calls = found.get(callee);
      if (calls === undefined) found.set(callee, [call]);
      else calls.push(call);
    }
    return found;
  }
}
