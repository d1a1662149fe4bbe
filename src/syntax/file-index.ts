import { CodeWalk } from './code-walk.ts';
import type { VisitorKeys } from './each-child.ts';
import { unwrapExpression } from './unwrap-expression.ts';
import { isFunctionNode, type CallLike, type Node, type TSESTree, type UnitNode } from './estree.ts';

/** What one walk over a file finds: its units, and the calls each of them makes. Sets `parent` where the parser left it out. */
export interface FileIndex {
  readonly program: TSESTree.Program;
  readonly units: readonly UnitNode[];
  /** Calls, constructions and tagged templates by the unit that makes them, in source order of their beginnings. */
  readonly calls: ReadonlyMap<UnitNode, readonly CallLike[]>;
  readonly classes: readonly (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[];
  /** Assignments to a member of an object: `this.pool = …`, `app.locals.pool = …`. */
  readonly memberAssignments: readonly TSESTree.AssignmentExpression[];
  /** The unit whose code `node` (of this file or another one) is; a function node belongs to the unit around it, its parameters and body to itself. */
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
  const memberAssignments: TSESTree.AssignmentExpression[] = [];
  const walk = new CodeWalk(program, visitorKeys);
  // Undefined is where the unit changes, to the last one of `owners`.
  const pending: (Node | undefined)[] = [program];
  const owners: UnitNode[] = [];
  let unit: UnitNode = program;
  let unitCalls = calls.get(unit)!;
  const change = (to: UnitNode): void => {
    pending.push(undefined);
    owners.push(to);
  };
  const enter = (next: UnitNode): void => {
    unit = next;
    unitCalls = calls.get(next)!;
  };
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === undefined) {
      enter(owners.pop()!);
      continue;
    }
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        unitCalls.push(node);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        change(unit);
        units.push(node);
        calls.set(node, []);
        enter(node);
        break;
      case 'AssignmentExpression':
        if (unwrapExpression(node.left).type === 'MemberExpression') memberAssignments.push(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        classes.push(node);
        break;
      case 'ClassBody':
        units.push(node);
        calls.set(node, []);
        break;
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if (node.value && isInstanceInitialiser(node, node.value)) {
          // The value last: its code belongs to the class body.
          change(unit);
          walk.push(node, node.value, pending);
          change(node.parent);
          walk.pushChildren(node, pending, node.value);
          continue;
        }
        break;
      default:
        break;
    }
    walk.pushChildren(node, pending);
  }
  const unitOf = (node: Node): UnitNode => {
    let child: Node = node;
    for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
      if (isFunctionNode(parent)) return parent;
      if (parent.type === 'ClassBody' || parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') {
        if (isInstanceInitialiser(parent, child)) return parent.parent as TSESTree.ClassBody;
      }
    }
    // The top of the file that the node stands in, which may be another one.
    return child.type === 'Program' ? child : program;
  };
  const positions = new Map(units.map((unit, position) => [unit, position]));
  let functions: UnitNode[] | undefined;
  return {
    program,
    units,
    calls,
    classes,
    memberAssignments,
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
