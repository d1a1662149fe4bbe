/** Statements to instructions (ECMA-262 §14). */
import type { Node, TSESTree } from '../syntax/estree.ts';
import { lowerClass, lowerExpression, lowerPattern, lowerTest, valueOf, type LoweringContext } from './lower-expression.ts';

/** Emits a list of statements. From a `using` declaration on, the rest of the list is its scope. */
export function lowerStatements(context: LoweringContext, statements: readonly Node[]): void {
  for (let index = 0; index < statements.length; index++) {
    const statement = statements[index]!;
    if (statement.type === 'VariableDeclaration' && isUsing(statement)) {
      const rest = statements.slice(index + 1);
      lowerUsing(context, statement, 0, () => {
        lowerStatements(context, rest);
      });
      return;
    }
    lowerStatement(context, statement);
  }
}

function isUsing(node: TSESTree.VariableDeclaration): boolean {
  return node.kind === 'using' || node.kind === 'await using';
}

/** Declares the resources of a `using` declaration one by one, each with the rest as the body of an implicit `finally`. */
function lowerUsing(context: LoweringContext, node: TSESTree.VariableDeclaration, index: number, body: () => void): void {
  const { builder } = context;
  const declarator = node.declarations[index];
  if (declarator === undefined) {
    body();
    return;
  }
  builder.startStatement();
  if (declarator.init) lowerExpression(context, declarator.init);
  lowerPattern(context, declarator.id, declarator.init ? valueOf(declarator.init) : undefined, declarator, true);
  lowerDisposable(context, declarator, declarator.id, node.kind === 'await using', () => {
    lowerUsing(context, node, index + 1, body);
  });
}

function lowerDisposable(context: LoweringContext, node: Node, target: Node, awaits: boolean, body: () => void): void {
  const { builder } = context;
  builder.emit({ op: 'using', node, target, awaits }, true);
  builder.withFinally(node, body, () => {
    builder.startStatement();
    builder.emit({ op: 'dispose', node, target, awaits }, true);
  });
}

function lowerStatement(context: LoweringContext, node: Node, labels: readonly string[] = []): void {
  const { builder } = context;
  if (!builder.reachable) return;
  builder.startStatement();
  switch (node.type) {
    case 'ExpressionStatement':
      lowerExpression(context, node.expression, false);
      return;
    case 'VariableDeclaration':
      lowerDeclaration(context, node);
      return;
    case 'BlockStatement':
      lowerStatements(context, node.body);
      return;
    case 'IfStatement': {
      const consequent = builder.label(node.consequent);
      const alternate = builder.label(node.alternate ?? node);
      const end = builder.label(node);
      lowerTest(context, node.test, consequent, alternate);
      builder.place(consequent);
      lowerStatement(context, node.consequent);
      builder.jump(end);
      builder.place(alternate);
      if (node.alternate) lowerStatement(context, node.alternate);
      builder.place(end);
      return;
    }
    case 'ReturnStatement':
      if (node.argument) lowerExpression(context, node.argument);
      if (node.argument && context.returnAwaits) {
        builder.emit({ op: 'await', node, value: valueOf(node.argument) }, true);
        builder.emit({ op: 'return', node, value: valueOf(node) });
      } else {
        builder.emit({ op: 'return', node, value: node.argument ? valueOf(node.argument) : undefined });
      }
      builder.leave({ kind: 'return' }, node);
      return;
    case 'ThrowStatement':
      lowerExpression(context, node.argument);
      builder.emit({ op: 'throw', node, value: valueOf(node.argument) }, true);
      builder.stop();
      return;
    case 'TryStatement':
      lowerTry(context, node);
      return;
    case 'WhileStatement':
    case 'DoWhileStatement':
      lowerWhile(context, node, labels);
      return;
    case 'ForStatement':
      lowerFor(context, node, labels);
      return;
    case 'ForInStatement':
    case 'ForOfStatement':
      lowerForEach(context, node, labels);
      return;
    case 'SwitchStatement':
      lowerSwitch(context, node, labels);
      return;
    case 'LabeledStatement': {
      const names = [...labels, node.label.name];
      const end = builder.label(node);
      builder.withJumps(names, end, undefined, false, () => {
        lowerStatement(context, node.body, names);
      });
      builder.place(end);
      return;
    }
    case 'BreakStatement':
    case 'ContinueStatement': {
      const label = builder.findJump(node.type === 'BreakStatement' ? 'break' : 'continue', node.label?.name);
      if (label === undefined) builder.stop();
      else builder.leave({ kind: 'jump', label }, node);
      return;
    }
    case 'WithStatement':
      lowerExpression(context, node.object);
      lowerStatement(context, node.body);
      return;
    case 'ClassDeclaration':
      lowerClass(context, node);
      return;
    case 'ExportNamedDeclaration':
      if (node.declaration) lowerStatement(context, node.declaration);
      return;
    case 'ExportDefaultDeclaration':
      if (node.declaration.type === 'ClassDeclaration') lowerClass(context, node.declaration);
      else if (node.declaration.type !== 'FunctionDeclaration') lowerExpression(context, node.declaration);
      return;
    case 'TSExportAssignment':
      lowerExpression(context, node.expression);
      return;
    case 'TSModuleDeclaration':
      if (node.body?.type === 'TSModuleBlock') lowerStatements(context, node.body.body);
      return;
    case 'TSEnumDeclaration':
      return;
    default:
      // Function declarations are hoisted; empty statements, imports, types and what a newer parser brings run nothing here.
      return;
  }
}

function lowerDeclaration(context: LoweringContext, node: TSESTree.VariableDeclaration): void {
  for (const declarator of node.declarations) {
    if (declarator.init) {
      lowerExpression(context, declarator.init);
      lowerPattern(context, declarator.id, valueOf(declarator.init), declarator, true);
    } else if (node.kind === 'let' && !node.declare) {
      context.builder.emit({ op: 'clear', node: declarator, target: declarator.id });
    }
  }
}

function lowerTry(context: LoweringContext, node: TSESTree.TryStatement): void {
  const { builder } = context;
  const { handler, finalizer } = node;
  const guarded = (): void => {
    if (!handler) {
      lowerStatements(context, node.block.body);
      return;
    }
    const caught = builder.label(handler);
    const end = builder.label(node);
    builder.withCatch(caught, () => {
      lowerStatements(context, node.block.body);
    });
    builder.jump(end);
    builder.startStatement();
    builder.place(caught);
    if (handler.param) lowerPattern(context, handler.param, undefined, handler, true);
    lowerStatements(context, handler.body.body);
    builder.place(end);
  };
  if (!finalizer) {
    guarded();
    return;
  }
  builder.withFinally(node, guarded, () => {
    lowerStatements(context, finalizer.body);
  });
}

function lowerWhile(
  context: LoweringContext,
  node: TSESTree.WhileStatement | TSESTree.DoWhileStatement,
  labels: readonly string[],
): void {
  const { builder } = context;
  const body = builder.label(node.body);
  const test = builder.label(node.test);
  const end = builder.label(node);
  if (node.type === 'WhileStatement') builder.place(test);
  else builder.place(body);
  if (node.type === 'WhileStatement') {
    builder.startStatement();
    lowerTest(context, node.test, body, end);
    builder.place(body);
  }
  builder.withJumps(labels, end, test, true, () => {
    lowerStatement(context, node.body);
  });
  if (node.type === 'WhileStatement') {
    builder.jump(test);
  } else {
    builder.place(test);
    builder.startStatement();
    lowerTest(context, node.test, body, end);
  }
  builder.place(end);
}

function lowerFor(context: LoweringContext, node: TSESTree.ForStatement, labels: readonly string[]): void {
  const { builder } = context;
  const loop = (): void => {
    const head = builder.label(node);
    const body = builder.label(node.body);
    const update = builder.label(node.update ?? node);
    const end = builder.label(node);
    const lowerHead = (): void => {
      builder.place(head);
      builder.startStatement();
      if (node.test) lowerTest(context, node.test, body, end);
      else builder.jump(body);
    };
    // `for (let attempt = 0; attempt < 3; attempt++)` runs at least once: its first test is decided here.
    const runsOnce = isTrueAtFirst(node);
    if (!runsOnce) lowerHead();
    builder.place(body);
    builder.withJumps(labels, end, update, true, () => {
      lowerStatement(context, node.body);
    });
    builder.place(update);
    builder.startStatement();
    if (node.update) lowerExpression(context, node.update, false);
    if (runsOnce) {
      lowerHead();
      // The body was placed already; the head jumps back to it.
    } else {
      builder.jump(head);
    }
    builder.place(end);
  };
  if (node.init?.type === 'VariableDeclaration') {
    if (isUsing(node.init)) {
      lowerUsing(context, node.init, 0, loop);
      return;
    }
    lowerDeclaration(context, node.init);
  } else if (node.init) {
    lowerExpression(context, node.init, false);
  }
  loop();
}

/** Whether the test of a `for` loop holds the first time, by its literals. */
function isTrueAtFirst(node: TSESTree.ForStatement): boolean {
  const declarator = node.init?.type === 'VariableDeclaration' ? node.init.declarations[0] : undefined;
  const { test } = node;
  if (declarator?.id.type !== 'Identifier' || declarator.init?.type !== 'Literal' || test?.type !== 'BinaryExpression') return false;
  if (test.left.type !== 'Identifier' || test.left.name !== declarator.id.name || test.right.type !== 'Literal') return false;
  const first = declarator.init.value;
  const bound = test.right.value;
  if (typeof first !== 'number' || typeof bound !== 'number') return false;
  switch (test.operator) {
    case '<':
      return first < bound;
    case '<=':
      return first <= bound;
    case '>':
      return first > bound;
    case '>=':
      return first >= bound;
    case '!==':
    case '!=':
      return first !== bound;
    default:
      return false;
  }
}

function lowerForEach(
  context: LoweringContext,
  node: TSESTree.ForInStatement | TSESTree.ForOfStatement,
  labels: readonly string[],
): void {
  const { builder } = context;
  lowerExpression(context, node.right);
  const head = builder.label(node);
  const end = builder.label(node);
  // The loop stands for its element, and has none before its first turn.
  if (node.type === 'ForOfStatement') builder.emit({ op: 'copy', node, value: undefined });
  builder.place(head);
  builder.startStatement();
  builder.iterate(node, end, node.type === 'ForOfStatement');
  builder.withJumps(labels, end, head, true, () => {
    const body = (): void => {
      lowerStatement(context, node.body);
    };
    if (node.left.type !== 'VariableDeclaration') {
      lowerPattern(context, node.left, valueOf(node), node, false);
      body();
      return;
    }
    const target = node.left.declarations[0]?.id;
    // The element has no expression of its own: the loop stands for it.
    if (target !== undefined) lowerPattern(context, target, valueOf(node), node.left, true);
    if (target !== undefined && isUsing(node.left)) {
      lowerDisposable(context, node.left, target, node.left.kind === 'await using', body);
    } else {
      body();
    }
  });
  builder.jump(head);
  builder.place(end);
}

function lowerSwitch(context: LoweringContext, node: TSESTree.SwitchStatement, labels: readonly string[]): void {
  const { builder } = context;
  lowerExpression(context, node.discriminant);
  const end = builder.label(node);
  const bodies = node.cases.map((clause) => builder.label(clause));
  let fallback = end;
  node.cases.forEach((clause, index) => {
    const body = bodies[index]!;
    if (!clause.test) {
      fallback = body;
      return;
    }
    lowerExpression(context, clause.test);
    const other = builder.label(clause);
    builder.branch('equal', valueOf(node.discriminant), clause.test, body, other, { operand: clause.test });
    builder.place(other);
  });
  builder.jump(fallback);
  builder.withJumps(labels, end, undefined, true, () => {
    node.cases.forEach((clause, index) => {
      builder.place(bodies[index]!);
      lowerStatements(context, clause.consequent);
    });
  });
  builder.place(end);
}
