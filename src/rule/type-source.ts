/** What the type checker of the configured parser knows, as the engine asks for it. Nothing here loads TypeScript: the parser brings it. */
import type { TypeDeclaration, TypeSource } from '../bindings/checked-types.ts';
import type { Node } from '../syntax/estree.ts';

/** The parts of TypeScript's interface that are used; the types of the real one would make it a dependency. */
interface CheckedType {
  readonly types?: readonly CheckedType[];
  readonly symbol?: CheckedSymbol | undefined;
  readonly aliasSymbol?: CheckedSymbol | undefined;
}

interface CheckedSymbol {
  readonly name: string;
  readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[] | undefined;
}

interface Checker {
  getTypeAtLocation(node: unknown): CheckedType;
  getBaseConstraintOfType(type: CheckedType): CheckedType | undefined;
  getBaseTypes?(type: CheckedType): readonly CheckedType[];
}

interface Services {
  readonly program?: { getTypeChecker(): Checker } | null;
  readonly esTreeNodeToTSNodeMap?: { get(node: Node): unknown };
}

/** How far up the types that a type extends are followed. */
const MOST_BASES = 20;

/** The checker of the parser's services, or undefined when the file was parsed without type information. */
export function typesOf(parserServices: unknown): TypeSource | undefined {
  const { program, esTreeNodeToTSNodeMap: nodes } = (parserServices ?? {}) as Services;
  if (typeof program?.getTypeChecker !== 'function' || nodes === undefined) return undefined;
  return {
    declarationsOf(expression) {
      const node = nodes.get(expression);
      return node === undefined ? [] : declarationsOf(program.getTypeChecker(), node);
    },
  };
}

function declarationsOf(checker: Checker, node: unknown): TypeDeclaration[] {
  const found: TypeDeclaration[] = [];
  const type = checker.getTypeAtLocation(node);
  const pending = [checker.getBaseConstraintOfType(type) ?? type];
  for (let count = 0; pending.length > 0 && count < MOST_BASES; count++) {
    const current = pending.shift()!;
    for (const symbol of [current.symbol, current.aliasSymbol]) {
      for (const declaration of symbol?.declarations ?? []) found.push({ name: symbol!.name, file: declaration.getSourceFile().fileName });
    }
    pending.push(...(current.types ?? []), ...basesOf(checker, current));
  }
  return found;
}

/** What a class or interface extends; other types have none, and asking for them fails. */
function basesOf(checker: Checker, type: CheckedType): readonly CheckedType[] {
  try {
    return checker.getBaseTypes?.(type) ?? [];
  } catch {
    return [];
  }
}
