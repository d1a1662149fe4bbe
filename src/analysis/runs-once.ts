/**
 * Whether a module is a script: its own top level runs once, and at the end of it the pool or the process ends. What such code forgets on some
 * path is gone with it: `main().finally(() => pool.end())`, `run().then(() => process.exit(0))`.
 */
import { isFunctionNode, type CallLike, type Node, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';

/** Answers for the file of `model`. A module that exports something is used by others, so it is none. */
export function runsOnce(model: ProgramModel): boolean {
  if (hasExports(model)) return false;
  // What the top level runs for certain: itself, what it calls, and what follows on the promise of that.
  const running = new Set<UnitNode>([model.file.program]);
  for (const unit of running) {
    const home = model.modelOf(unit);
    for (const call of home.file.calls.get(unit) ?? []) {
      if (!isCertain(call, unit)) continue;
      if (endsAll(home, call)) return true;
      for (const next of runBy(home, call)) running.add(next);
    }
  }
  return false;
}

function hasExports(model: ProgramModel): boolean {
  if (/\bmodule\s*\.\s*exports\b|\bexports\s*(?:\.|\[)/.test(model.text)) return true;
  return model.file.program.body.some((statement) => {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        return statement.exportKind !== 'type' && (statement.declaration !== null || statement.specifiers.length > 0);
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
      case 'TSExportAssignment':
        return true;
      default:
        return false;
    }
  });
}

/** Whether the call ends the process, or the pool that the connections come from. */
function endsAll(model: ProgramModel, call: CallLike): boolean {
  const { receiver, name, isMethod } = callShape(call);
  if (!isMethod || receiver === undefined) return false;
  if (receiver.type === 'Identifier' && receiver.name === 'process' && name === 'exit') return model.scopes.variableOf(receiver) === undefined;
  return model.bindings.memberRowOf(call)?.row.effect === 'ends';
}

/** The functions that the call is certain to run: its callee, and what reacts to a fulfilled promise (`catch` runs on failure only). */
function runBy(model: ProgramModel, call: CallLike): readonly UnitNode[] {
  const callee = model.callGraph.calleeOf(call);
  if (callee !== undefined) return [callee];
  const { name, isMethod, arguments: [reaction] } = callShape(call);
  if (!isMethod || (name !== 'then' && name !== 'finally') || reaction === undefined) return [];
  const node = unwrapChain(reaction);
  const named = isFunctionNode(node) ? node : model.callGraph.functionAt(node);
  return named === undefined ? [] : [named];
}

/** Whether `node` is evaluated whenever `unit` runs to its end: it stands in no branch, loop or `catch` clause. */
function isCertain(node: Node, unit: UnitNode): boolean {
  let child: Node = node;
  for (let parent = node.parent; parent && child !== unit; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'WhileStatement':
        if (parent.test !== child) return false;
        break;
      case 'LogicalExpression':
        if (parent.left !== child) return false;
        break;
      case 'ForStatement':
        if (parent.init !== child) return false;
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (parent.right !== child) return false;
        break;
      case 'CatchClause':
      case 'SwitchCase':
        return false;
      default:
        break;
    }
  }
  return true;
}
