import type { Node, TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { ScopeIndex, Variable } from './scope-index.ts';

/** What a file assigns to members of its variables and of globals: `app.locals.pool = …`, `globalThis.pool ??= …`; by variable and path. */
export class AssignedPlaces {
  private values: Map<string | Variable, Map<string, Node[]>> | undefined;
  private readonly file: FileIndex;
  private readonly scopes: ScopeIndex;

  constructor(file: FileIndex, scopes: ScopeIndex) {
    this.file = file;
    this.scopes = scopes;
  }

  /** The values that are assigned to the same member as `node` reads. */
  valuesOf(node: TSESTree.MemberExpression): readonly Node[] {
    if (this.file.memberAssignments.length === 0) return [];
    this.values ??= this.collect();
    const place = this.placeOf(node);
    return (place && this.values.get(place.root)?.get(place.path)) ?? [];
  }

  private collect(): Map<string | Variable, Map<string, Node[]>> {
    const values = new Map<string | Variable, Map<string, Node[]>>();
    for (const { left, right } of this.file.memberAssignments) {
      const place = this.placeOf(unwrapChain(left));
      if (place === undefined) continue;
      const paths = values.get(place.root) ?? new Map<string, Node[]>();
      paths.set(place.path, [...(paths.get(place.path) ?? []), right]);
      values.set(place.root, paths);
    }
    return values;
  }

  /** A variable (of a global, its name) and the names that lead on from it. */
  private placeOf(node: Node): { root: string | Variable; path: string } | undefined {
    let path = '';
    let current = node;
    while (current.type === 'MemberExpression') {
      const name = staticMemberName(current);
      if (name === undefined) return undefined;
      path = `.${name}${path}`;
      current = unwrapChain(current.object);
    }
    return current.type === 'Identifier' ? { root: this.scopes.variableOf(current) ?? current.name, path } : undefined;
  }
}
