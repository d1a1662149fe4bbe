import type { TSESLint } from '@typescript-eslint/utils';
import type { Identifier, Node, UnitNode } from '../syntax/estree.ts';

export type Variable = TSESLint.Scope.Variable;
export type Scope = TSESLint.Scope.Scope;
export type ScopeManager = TSESLint.Scope.ScopeManager;

/**
 * Which variable an identifier stands for, read once from the parser's scope analysis.
 * The contents of the global scope differ between parsers (typescript-eslint adds the names of `lib`), so a global is
 * whatever has no definition, never a name looked up in a list.
 */
export class ScopeIndex {
  /** The identifiers that stand for a variable, and the variable of each. */
  private readonly identifiers: Node[] = [];
  private readonly variables: Variable[] = [];
  /** By the position where an identifier begins: its number in these lists, from 1 on. Asked at every turn, and much faster than a map of nodes. */
  private readonly numbers: Int32Array;
  /** What does not fit there: a second identifier at the same position. */
  private readonly others = new Map<Node, Variable>();
  /** Of names that stand in comments; kept as long as they are, for an index may serve many analyses. */
  private readonly adopted = new WeakMap<Node, Variable>();
  private readonly units = new Map<Variable, UnitNode | undefined>();
  private readonly captures = new Map<UnitNode, readonly Variable[]>();
  private readonly distant = new Map<Variable, readonly Identifier[]>();
  private readonly scopeManager: ScopeManager;
  private readonly unitOf: (node: Node) => UnitNode;

  /** `unitOf` gives the unit (function, module, class initialisers) whose code a node is; `length` is that of the text. */
  constructor(scopeManager: ScopeManager, length: number, unitOf: (node: Node) => UnitNode) {
    this.scopeManager = scopeManager;
    this.numbers = new Int32Array(length + 1);
    this.unitOf = unitOf;
    for (const scope of scopeManager.scopes) {
      for (const { identifier, resolved } of scope.references) if (resolved) this.add(identifier, resolved);
      for (const variable of scope.variables) for (const identifier of variable.identifiers) this.add(identifier, variable);
    }
  }

  private add(identifier: Node, variable: Variable): void {
    // A variable without a definition is a global: what is known of it is nothing.
    if (variable.defs.length === 0) return;
    const position = identifier.range[0];
    const known = this.numbers[position];
    if (known === 0) {
      this.numbers[position] = this.identifiers.push(identifier);
      this.variables.push(variable);
    } else if (known !== undefined && this.identifiers[known - 1] === identifier) {
      this.variables[known - 1] = variable;
    } else {
      this.others.set(identifier, variable);
    }
  }

  /** The variable that `identifier` reads, writes or declares; undefined for a global or for a name with no definition in the file. */
  variableOf(identifier: Identifier): Variable | undefined {
    // A name in a comment stands nowhere in the program.
    const { range } = identifier as { readonly range?: readonly [number, number] };
    if (range === undefined) return this.adopted.get(identifier);
    const number = this.numbers[range[0]];
    if (number === 0) return undefined;
    return number !== undefined && this.identifiers[number - 1] === identifier ? this.variables[number - 1] : this.others.get(identifier);
  }

  /** The variables that are named between two positions, in code of functions inside as well. */
  namedBetween(start: number, end: number): ReadonlySet<Variable> {
    const found = new Set<Variable>();
    for (let position = start; position < end; position++) {
      const number = this.numbers[position];
      if (number !== undefined && number !== 0) found.add(this.variables[number - 1]!);
    }
    return found;
  }

  /** The variables whose declaration lies between two positions, in code of functions inside as well. */
  declaredBetween(start: number, end: number): ReadonlySet<Variable> {
    const found = new Set<Variable>();
    for (let position = start; position < end; position++) {
      const number = this.numbers[position];
      if (number === undefined || number === 0) continue;
      const variable = this.variables[number - 1]!;
      if (variable.identifiers.some((identifier) => identifier === this.identifiers[number - 1])) found.add(variable);
    }
    return found;
  }

  /** The variables that a declaration makes of the name `identifier`: a class has one inside it, and one around it. */
  variablesOf(identifier: Identifier): readonly Variable[] {
    const declared = identifier.parent?.type === 'ClassDeclaration' ? this.scopeManager.getDeclaredVariables(identifier.parent) : [];
    const variable = this.variableOf(identifier);
    return declared.length > 0 ? declared : variable === undefined ? [] : [variable];
  }

  /** Makes `identifier`, which stands in no code (a name in a comment), stand for what its name means at `host`. */
  adopt(identifier: Identifier, host: Node): void {
    const variable = this.meaningOf(identifier.name, host);
    if (variable !== undefined) this.adopted.set(identifier, variable);
  }

  /** The variable that `name` would stand for at `host`; undefined: a global, or nothing. */
  meaningOf(name: string, host: Node): Variable | undefined {
    let scope: Scope | null = null;
    for (let node: Node | undefined = host; node && scope === null; node = node.parent) scope = this.scopeManager.acquire(node, true);
    for (scope ??= this.scopeManager.scopes[0] ?? null; scope !== null; scope = scope.upper) {
      const variable = scope.set.get(name);
      if (variable !== undefined && variable.defs.length > 0) return variable;
    }
    return undefined;
  }

  /** Whether code of the file means a global, or nothing, by `name`. */
  isGlobalUsed(name: string): boolean {
    const [top] = this.scopeManager.scopes;
    return top?.through.some(({ identifier, resolved }) => identifier.name === name && (resolved?.defs.length ?? 0) === 0) === true;
  }

  /** The unit in which `variable` lives: it is made anew on each run of that unit. */
  unitOfVariable(variable: Variable): UnitNode | undefined {
    if (this.units.has(variable)) return this.units.get(variable);
    const definition = variable.defs[0];
    let unit: UnitNode | undefined;
    if (definition !== undefined) {
      const isName = definition.type === 'FunctionName' || definition.type === 'ClassName';
      unit = this.unitOf(isName ? (definition.node.parent ?? definition.node) : (definition.name));
      const block = variable.scope.variableScope.block;
      if (definition.type === 'Parameter') unit = block as UnitNode;
    }
    this.units.set(variable, unit);
    return unit;
  }

  /** The references to `variable` from other units than the one it lives in. */
  distantReferences(variable: Variable): readonly Identifier[] {
    let found = this.distant.get(variable);
    if (found === undefined) {
      const owner = this.unitOfVariable(variable);
      found = variable.references.map((reference) => reference.identifier as Identifier).filter((node) => this.unitOf(node) !== owner);
      this.distant.set(variable, found);
    }
    return found;
  }

  /** The variables that the function `unit` (and the functions inside it) uses without declaring them: what it captures. */
  capturedBy(unit: UnitNode): readonly Variable[] {
    const known = this.captures.get(unit);
    if (known !== undefined) return known;
    const scope = this.scopeManager.acquire(unit);
    const captured = new Set<Variable>();
    for (const reference of scope?.through ?? []) {
      if (reference.resolved && reference.resolved.defs.length > 0) captured.add(reference.resolved);
    }
    // A named function expression has a scope for its name around the function's own.
    const result = [...captured];
    this.captures.set(unit, result);
    return result;
  }
}

/** A variable may have thousands of references, and is asked about at each of them. */
const writes = new WeakMap<Variable, readonly TSESLint.Scope.Reference[]>();

/** The nodes that write to `variable` after its declaration, with what they write (undefined: not a plain value). */
export function writesOf(variable: Variable): readonly TSESLint.Scope.Reference[] {
  let known = writes.get(variable);
  if (known === undefined) {
    known = variable.references.filter((reference) => reference.isWrite());
    writes.set(variable, known);
  }
  return known;
}

/** Whether `variable` keeps the value of its declaration: `const`, or never written again. */
export function isConstant(variable: Variable): boolean {
  return writesOf(variable).every((reference) => reference.init);
}

/** Whether what a place belongs to is a variable. */
export function isVariable(root: object): root is Variable {
  return Array.isArray((root as Partial<Variable>).defs);
}
