/** Which function a call runs, and which calls run a function, as far as that is known. */
import { isConstant } from '../bindings/scope-index.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import type { ProgramModel } from './program-model.ts';

/** The calls of one file and the functions of the project, as they are asked for each other. */
export class CallGraph {
  private readonly model: ProgramModel;
  private readonly reach = new Map<FunctionNode, ReadonlySet<UnitNode>>();
  private readonly direct = new Map<FunctionNode, boolean>();

  constructor(model: ProgramModel) {
    this.model = model;
  }

  /** `unit`, the functions inside it, and the functions of its file that those call, as far as is known. */
  reachableFrom(unit: FunctionNode): ReadonlySet<UnitNode> {
    const home = this.model.modelOf(unit);
    if (home !== this.model) return home.callGraph.reachableFrom(unit);
    const known = this.reach.get(unit);
    if (known !== undefined) return known;
    const found = new Set<UnitNode>([unit]);
    for (const current of found) {
      for (const inside of this.model.unitsInside(current)) found.add(inside);
      for (const call of this.model.file.calls.get(current) ?? []) {
        const callee = this.ownCalleeOf(call);
        if (callee !== undefined) found.add(callee);
      }
    }
    this.reach.set(unit, found);
    return found;
  }

  /**
   * The function that `call` runs; a generator's body does not run at the call, so it is none. A function of another file is looked for where the
   * file that is analysed calls it; so it is not the whole project that is read.
   */
  calleeOf(call: CallLike): FunctionNode | undefined {
    return this.ownCalleeOf(call) ?? (this.model.family.isRoot(this.model) ? this.distantCalleeOf(call) : undefined);
  }

  /** The generator function of the project that `call` is a call of: its body runs as its consumer asks. */
  generatorOf(call: CallLike): FunctionNode | undefined {
    const callee = this.model.bindings.calleeOf(call) ?? (this.model.family.isRoot(this.model) ? this.model.bindings.foreignCalleeOf(call)?.node : undefined);
    return callee?.generator === true ? callee : undefined;
  }

  /** The function that `expression` stands for: of this file, or of another one where the file that is analysed names it. */
  functionAt(expression: Node): FunctionNode | undefined {
    const entity = this.model.bindings.entityOf(expression);
    const found = entity?.kind === 'foreign' && this.model.family.isRoot(this.model) ? entity.entity : entity;
    return found?.kind === 'local-function' && found.node.body ? found.node : undefined;
  }

  /** The function of this file that `call` runs. */
  private ownCalleeOf(call: CallLike): FunctionNode | undefined {
    return withBody(this.model.bindings.calleeOf(call));
  }

  /** The function of another file of the project that `call` runs. */
  distantCalleeOf(call: CallLike): FunctionNode | undefined {
    return withBody(this.model.bindings.foreignCalleeOf(call)?.node);
  }

  /**
   * Whether every use of the function is a call of it by name (or it is called where it stands): then nobody else can run it,
   * and what it writes changes only where those calls stand.
   */
  isOnlyCalled(unit: FunctionNode): boolean {
    const known = this.direct.get(unit);
    if (known !== undefined) return known;
    const result = this.callsOf(unit) !== undefined;
    this.direct.set(unit, result);
    return result;
  }

  /** The calls that run the function, when every use of it is such a call; undefined: somebody else may run it as well. */
  callsOf(unit: FunctionNode): readonly CallLike[] | undefined {
    const parent = unit.parent as Node | undefined;
    if (parent?.type === 'CallExpression' && parent.callee === unit) return [parent];
    if (isExported(unit)) return undefined;
    let name: Node | null | undefined;
    if (unit.type === 'FunctionDeclaration') name = unit.id;
    else if (parent?.type === 'VariableDeclarator' && parent.init === unit) name = parent.id;
    const variable = name?.type === 'Identifier' ? this.model.scopes.variableOf(name) : undefined;
    if (variable === undefined || !isConstant(variable)) return undefined;
    const calls: CallLike[] = [];
    for (const reference of variable.references) {
      if (reference.init) continue;
      const use = (reference.identifier as Node).parent;
      if (use?.type !== 'CallExpression' || use.callee !== reference.identifier) return undefined;
      calls.push(use);
    }
    return calls;
  }

  /**
   * Whether `unit`, a function inside `owner`, may run at any time: it, a function around it, or a function that calls it
   * is handed to somebody. Otherwise it runs only where `owner` is seen to call it.
   */
  runsAnytime(unit: UnitNode, owner: UnitNode | undefined, asked: Set<UnitNode> = new Set()): boolean {
    for (let current: UnitNode = unit; current !== owner && current.type !== 'Program'; current = this.model.file.unitOf(current)) {
      if (asked.has(current)) return false;
      asked.add(current);
      if (!isFunctionNode(current) || !this.isOnlyCalled(current)) return true;
      for (const caller of this.callersOf(current)) if (this.runsAnytime(caller, owner, asked)) return true;
    }
    return false;
  }

  /** The units that call the function by its name. */
  private callersOf(unit: FunctionNode): UnitNode[] {
    const parent = unit.parent as Node | undefined;
    const name = unit.type === 'FunctionDeclaration' ? unit.id : parent?.type === 'VariableDeclarator' ? parent.id : undefined;
    const variable = name?.type === 'Identifier' ? this.model.scopes.variableOf(name) : undefined;
    const uses = variable?.references.filter((reference) => !reference.init) ?? [];
    return uses.map((reference) => this.model.file.unitOf(reference.identifier as Node));
  }
}

function withBody(callee: FunctionNode | undefined): FunctionNode | undefined {
  return callee === undefined || callee.generator || !callee.body ? undefined : callee;
}

/** Whether the declaration of the function stands in an `export`. */
function isExported(unit: FunctionNode): boolean {
  const declaration = unit.parent.type === 'VariableDeclarator' ? unit.parent.parent : unit;
  return declaration.parent?.type.startsWith('Export') === true;
}
