import { eachChild, type VisitorKeys } from './each-child.ts';
import { isFunctionNode, type CallLike, type Node, type TSESTree, type UnitNode } from './estree.ts';

/** What one walk over a file finds: its units, and the calls each of them makes. Sets `parent` where the parser left it out. */
export interface FileIndex {
  readonly program: TSESTree.Program;
  readonly units: readonly UnitNode[];
  /** Calls, constructions and tagged templates by the unit that makes them, in source order of their beginnings. */
  readonly calls: ReadonlyMap<UnitNode, readonly CallLike[]>;
  readonly classes: readonly (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[];
  /** The unit whose code `node` is; a function node belongs to the unit around it, its parameters and body to itself. */
  unitOf(node: Node): UnitNode;
}

/** Walks `program` once, without recursion (deeply nested input must not overflow the stack). */
export function indexFile(program: TSESTree.Program, visitorKeys: VisitorKeys): FileIndex {
  const units: UnitNode[] = [program];
  const calls = new Map<UnitNode, CallLike[]>([[program, []]]);
  const classes: (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[] = [];
  const pending: { node: Node; unit: UnitNode }[] = [{ node: program, unit: program }];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { node } = item;
    let { unit } = item;
    if (node.type === 'CallExpression' || node.type === 'NewExpression' || node.type === 'TaggedTemplateExpression') {
      calls.get(unit)!.push(node);
    } else if (isFunctionNode(node)) {
      unit = node;
      units.push(unit);
      calls.set(unit, []);
    } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      classes.push(node);
    } else if (node.type === 'ClassBody') {
      units.push(node);
      calls.set(node, []);
    }
    const first = pending.length;
    eachChild(node, visitorKeys, (child) => {
      if ((child as { parent?: Node }).parent === undefined) (child as { parent?: Node }).parent = node;
      pending.push({ node: child, unit: unitOfChild(node, child, unit) });
    });
    reverseFrom(pending, first);
  }
  return {
    program,
    units,
    calls,
    classes,
    unitOf: (node) => {
      let child: Node = node;
      for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
        if (isFunctionNode(parent)) return parent;
        if (parent.type === 'ClassBody' || parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') {
          if (isInstanceInitialiser(parent, child)) return parent.parent as TSESTree.ClassBody;
        }
      }
      return program;
    },
  };
}

/** Field initialisers of instances run in a unit of their own, the class body; what else stands in a class runs where the class is defined. */
function unitOfChild(node: Node, child: Node, unit: UnitNode): UnitNode {
  if (isInstanceInitialiser(node, child)) return node.parent as TSESTree.ClassBody;
  return unit;
}

function isInstanceInitialiser(node: Node, child: Node): boolean {
  return (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') && !node.static && node.value === child;
}

function reverseFrom<T>(items: T[], first: number): void {
  for (let low = first, high = items.length - 1; low < high; low++, high--) {
    const swap = items[low]!;
    items[low] = items[high]!;
    items[high] = swap;
  }
}

/** What a message calls the unit: its name, else what it is. */
export function describeUnit(unit: UnitNode): string {
  if (unit.type === 'Program') return 'the module';
  if (unit.type === 'ClassBody') return 'the class';
  if (unit.id) return `\`${unit.id.name}\``;
  const parent = unit.parent as Node | undefined;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return `\`${parent.id.name}\``;
  if ((parent?.type === 'MethodDefinition' || parent?.type === 'Property' || parent?.type === 'PropertyDefinition') && !parent.computed) {
    if (parent.key.type === 'Identifier') return `\`${parent.key.name}\``;
  }
  return 'the function';
}
