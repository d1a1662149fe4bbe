/** What may change behind the back of the code that is followed: of that, tests teach nothing that lasts. */
import type { Variable } from '../bindings/scope-index.ts';
import { isFunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** Answers which variables and properties of one file nobody changes but the code that is followed. */
export class Stability {
  private readonly model: ProgramModel;
  private readonly unstable = new Map<Variable, boolean>();
  private propertyWriters: ReadonlyMap<string, ReadonlySet<UnitNode>> | undefined;

  constructor(model: ProgramModel) {
    this.model = model;
  }

  /** Whether a function that may run at any time writes to `variable`: then nothing can be known of it from tests. */
  isUnstable(variable: Variable): boolean {
    const known = this.unstable.get(variable);
    if (known !== undefined) return known;
    this.unstable.set(variable, false);
    const owner = this.model.scopes.unitOfVariable(variable);
    const result = variable.references.some((reference) => {
      if (!reference.isWrite() || reference.init) return false;
      const writer = this.model.file.unitOf(reference.identifier);
      return writer !== owner && isFunctionNode(writer) && this.model.callGraph.runsAnytime(writer, owner);
    });
    this.unstable.set(variable, result);
    return result;
  }

  /**
   * Whether a property of this name may change at any time as seen from `owner`: some method or escaping function assigns one.
   * Assignments in `owner` itself, in constructors, and in functions that are only called are seen where they happen.
   */
  isUnstableProperty(name: string, owner: UnitNode | undefined): boolean {
    this.propertyWriters ??= this.collectPropertyWriters();
    const writers = this.propertyWriters.get(name);
    if (writers === undefined) return false;
    for (const writer of writers) {
      if (writer === owner || !isFunctionNode(writer)) continue;
      const method = writer.parent as Node | undefined;
      if (method?.type === 'MethodDefinition' && method.kind === 'constructor') continue;
      if (!this.model.callGraph.isOnlyCalled(writer)) return true;
    }
    return false;
  }

  /** Whether nobody but the code we follow changes what is at `place`. */
  isStablePlace(place: PlaceRef): boolean {
    const root = place.root as Partial<Variable> & { type?: unknown };
    const isVariable = Array.isArray(root.defs);
    if (isVariable && this.isUnstable(place.root as Variable)) return false;
    if (place.path === '') return true;
    const owner = isVariable ? this.model.scopes.unitOfVariable(place.root as Variable) : undefined;
    return !place.path.slice(1).split('.').some((name) => this.isUnstableProperty(name, owner));
  }

  /** Which units assign a property, by its name. Read from the text: an assignment is rare, and a false match only makes us know less. */
  private collectPropertyWriters(): ReadonlyMap<string, ReadonlySet<UnitNode>> {
    const writers = new Map<string, Set<UnitNode>>();
    for (const match of this.model.text.matchAll(/\.\s*(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:(?:[-+*/%&^]|\*\*|<<|>>>?|\?\?|\|\|?|&&)?=(?![=>])|\+\+|--)/gu)) {
      const name = match[1]!;
      const units = writers.get(name) ?? new Set<UnitNode>();
      units.add(this.model.file.unitAt(match.index));
      writers.set(name, units);
    }
    return writers;
  }
}
