import { fieldsOf, type VisitorKeys } from './each-child.ts';
import { isNode, type Node, type TSESTree } from './estree.ts';

/** Fields that hold types: nothing in them runs. */
const TYPE_FIELDS = new Set(['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeArguments', 'implements']);
const TYPE_DECLARATIONS = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

/** By the visitor keys of a parser: for each node type, the fields that may hold code. */
const codeFields = new WeakMap<VisitorKeys, Map<string, readonly string[]>>();

/**
 * Goes down a program, from a node to its children. A parser sets `parent` on all nodes or on none. Where it did not, every node is visited
 * to set it; where it did, only those that may have code below them: half of the nodes of a program are names, and many are types.
 */
export class CodeWalk {
  private readonly setsParents: boolean;
  private readonly visitorKeys: VisitorKeys;
  private readonly fields: Map<string, readonly string[]>;

  constructor(program: TSESTree.Program, visitorKeys: VisitorKeys) {
    const [statement] = program.body;
    this.setsParents = statement !== undefined && (statement as { parent?: Node }).parent === undefined;
    this.visitorKeys = visitorKeys;
    let fields = codeFields.get(visitorKeys);
    if (fields === undefined) {
      fields = new Map<string, readonly string[]>();
      codeFields.set(visitorKeys, fields);
    }
    this.fields = this.setsParents ? new Map<string, readonly string[]>() : fields;
  }

  /** Puts the children of `node`, without `except`, on the stack `pending`, so that the first in the source is taken off first. */
  pushChildren(node: Node, pending: (Node | undefined)[], except?: Node): void {
    const fields = this.fieldsOf(node);
    const values = node as unknown as Record<string, unknown>;
    for (let index = fields.length - 1; index >= 0; index--) {
      const value = values[fields[index]!];
      if (value === null || value === undefined || value === except) continue;
      if (Array.isArray(value)) {
        for (let item = value.length - 1; item >= 0; item--) this.push(node, value[item], pending);
      } else {
        this.push(node, value, pending);
      }
    }
  }

  /** Puts `child`, a child of `parent`, on the stack, if it is a node that is worth a visit. */
  push(parent: Node, child: unknown, pending: (Node | undefined)[]): void {
    if (!isNode(child)) return;
    if (this.setsParents) {
      if ((child as { parent?: Node }).parent === undefined) (child as { parent?: Node }).parent = parent;
    } else if (child.type === 'Identifier' ? !hasDecorators(child) : child.type === 'Literal') {
      return;
    }
    pending.push(child);
  }

  private fieldsOf(node: Node): readonly string[] {
    const known = this.fields.get(node.type);
    if (known !== undefined) return known;
    const keys = this.visitorKeys[node.type];
    // A type that the parser's keys do not know is searched anew each time: its fields may differ.
    if (keys === undefined) return fieldsOf(node, this.visitorKeys);
    const fields = this.setsParents ? keys : TYPE_DECLARATIONS.has(node.type) ? [] : keys.filter((key) => !TYPE_FIELDS.has(key));
    this.fields.set(node.type, fields);
    return fields;
  }
}

function hasDecorators(node: TSESTree.Identifier): boolean {
  const decorators = node.decorators as readonly unknown[] | undefined;
  return decorators !== undefined && decorators.length > 0;
}
