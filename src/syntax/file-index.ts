import { eachChild, type VisitorKeys } from './each-child.ts';
import { unwrapExpression } from './unwrap-expression.ts';
import { isFunctionNode, type CallLike, type Node, type TSESTree, type UnitNode } from './estree.ts';

/** What one walk over a file finds: its units, and the calls each of them makes. Sets `parent` where the parser left it out. */
export interface FileIndex {
  readonly program: TSESTree.Program;
  readonly units: readonly UnitNode[];
  /** Calls, constructions and tagged templates by the unit that makes them, in source order of their beginnings. */
  readonly calls: ReadonlyMap<UnitNode, readonly CallLike[]>;
  readonly classes: readonly (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[];
  /** Assignments to a member of `this`. */
  readonly selfAssignments: readonly TSESTree.AssignmentExpression[];
  /** The unit whose code `node` is; a function node belongs to the unit around it, its parameters and body to itself. */
  unitOf(node: Node): UnitNode;
  /** The units directly and indirectly inside `unit`, without itself, in source order. */
  unitsInside(unit: UnitNode): readonly UnitNode[];
  /** The function or module whose text `position` lies in. */
  unitAt(position: number): UnitNode;
}

/** Walks `program` once, without recursion (deeply nested input must not overflow the stack). */
export function indexFile(program: TSESTree.Program, visitorKeys: VisitorKeys): FileIndex {
  const units: UnitNode[] = [program];
  const calls = new Map<UnitNode, CallLike[]>([[program, []]]);
  const classes: (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[] = [];
  const selfAssignments: TSESTree.AssignmentExpression[] = [];
  // Two stacks instead of one of pairs: a file has tens of thousands of nodes.
  const pending: Node[] = [program];
  const owners: UnitNode[] = [program];
  let node: Node | undefined;
  let unit: UnitNode = program;
  const add = (child: Node): void => {
    const parent = node!;
    if ((child as { parent?: Node }).parent === undefined) (child as { parent?: Node }).parent = parent;
    pending.push(child);
    owners.push(isInstanceInitialiser(parent, child) ? (parent.parent as TSESTree.ClassBody) : unit);
  };
  while ((node = pending.pop()) !== undefined) {
    unit = owners.pop()!;
    if (node.type === 'CallExpression' || node.type === 'NewExpression' || node.type === 'TaggedTemplateExpression') {
      calls.get(unit)!.push(node);
    } else if (isFunctionNode(node)) {
      unit = node;
      units.push(unit);
      calls.set(unit, []);
    } else if (node.type === 'AssignmentExpression') {
      const target = unwrapExpression(node.left);
      if (target.type === 'MemberExpression' && target.object.type === 'ThisExpression') selfAssignments.push(node);
    } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      classes.push(node);
    } else if (node.type === 'ClassBody') {
      units.push(node);
      calls.set(node, []);
    }
    const first = pending.length;
    eachChild(node, visitorKeys, add);
    reverseFrom(pending, first);
    reverseFrom(owners, first);
  }
  const unitOf = (node: Node): UnitNode => {
    let child: Node = node;
    for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
      if (isFunctionNode(parent)) return parent;
      if (parent.type === 'ClassBody' || parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') {
        if (isInstanceInitialiser(parent, child)) return parent.parent as TSESTree.ClassBody;
      }
    }
    return program;
  };
  const positions = new Map(units.map((unit, position) => [unit, position]));
  let functions: UnitNode[] | undefined;
  return {
    program,
    units,
    calls,
    classes,
    selfAssignments,
    unitOf,
    unitsInside: (unit) => {
      if (unit === program) return units.slice(1);
      // The walk went down before it went on, so they follow their unit without a gap.
      const first = (positions.get(unit) ?? units.length) + 1;
      let end = first;
      while (end < units.length && units[end]!.range[0] >= unit.range[0] && units[end]!.range[1] <= unit.range[1]) end++;
      return units.slice(first, end);
    },
    unitAt: (position) => {
      functions ??= units.filter((unit) => unit.type !== 'ClassBody').sort((left, right) => left.range[0] - right.range[0]);
      let low = 0;
      for (let high = functions.length - 1; low < high; ) {
        const middle = (low + high + 1) >> 1;
        if (functions[middle]!.range[0] <= position) low = middle;
        else high = middle - 1;
      }
      // The last one that begins before the position, or the nearest one around it that has not ended there.
      let unit: Node = functions[low]!;
      while (unit !== program && (!isFunctionNode(unit) || unit.range[1] <= position)) unit = unit.parent ?? program;
      return unit;
    },
  };
}

/** Field initialisers of instances run in a unit of their own, the class body; what else stands in a class runs where the class is defined. */
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
  const isArgument = parent?.type === 'CallExpression' && parent.callee !== unit;
  return isArgument ? 'the callback' : 'the function';
}
