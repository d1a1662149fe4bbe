/**
 * How often the code around a node runs, in the life of a process: at most once, once for each of many calls, or we cannot say. Read from where
 * the function is called, registered, exported or handed to; names of functions are used to be silent, never to report.
 */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isFunctionNode, isLoop, type CallLike, type ClassNode, type FunctionNode, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { classifyRegistration } from './classify-registration.ts';
import { isEntryName } from './entry-names.ts';

/** The answer, and what shows it. */
export type RunFrequency =
  | { readonly often: 'once'; readonly why: 'module level' | 'called once' | 'start-up'; readonly shownBy: Node }
  | { readonly often: 'many'; readonly why: ManyTimes; readonly shownBy: Node }
  | { readonly often: 'unknown'; readonly shownBy: Node };

/**
 * Why code runs many times: it is in a loop (or a callback of one), registered for requests, events or intervals, exported to be called by others, a method of an
 * object that others call.
 */
export type ManyTimes = 'loop' | 'registered' | 'exported' | 'method';

/** How often the expression or statement `node` of the file of `model` runs. */
export function runFrequencyOf(model: ProgramModel, node: Node): RunFrequency {
  return frequencyAt(model, node, new Set());
}

function frequencyAt(model: ProgramModel, node: Node, asked: Set<Node>): RunFrequency {
  const unit = model.file.unitOf(node);
  const loop = loopAround(node, unit);
  const around = frequencyOfUnit(model, unit, asked);
  // A loop at the top level has as many turns as a configuration has entries.
  if (loop !== undefined && unit.type !== 'Program') return { often: 'many', why: 'loop', shownBy: loop };
  return around;
}

function frequencyOfUnit(model: ProgramModel, unit: UnitNode, asked: Set<Node>): RunFrequency {
  if (unit.type === 'Program') return { often: 'once', why: 'module level', shownBy: unit };
  if (asked.has(unit)) return { often: 'unknown', shownBy: unit };
  asked.add(unit);
  const result = unit.type === 'ClassBody' ? frequencyOfClass(model, unit.parent, asked) : frequencyOfFunction(model, unit, asked);
  asked.delete(unit);
  return result;
}

function frequencyOfFunction(model: ProgramModel, unit: FunctionNode, asked: Set<Node>): RunFrequency {
  const parent = unit.parent;
  switch (parent.type) {
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === unit ? frequencyAt(model, parent, asked) : frequencyOfGiven(model, unit, parent, asked);
    case 'MethodDefinition':
      return frequencyOfMethod(model, unit, parent, asked);
    case 'PropertyDefinition':
      return frequencyOfMethod(model, unit, parent, asked);
    case 'Property':
      return frequencyOfProperty(model, unit, parent, asked);
    case 'ExportDefaultDeclaration':
      if (isEntryName(unit.id?.name)) return { often: 'once', why: 'start-up', shownBy: unit };
      return { often: 'many', why: 'exported', shownBy: unit };
    case 'AssignmentExpression':
      return frequencyOfAssigned(model, unit, parent, asked);
    default:
      return frequencyOfNamed(model, unit, asked);
  }
}

/** A function that is given to a call: run there, registered, or handed to somebody unknown. */
function frequencyOfGiven(model: ProgramModel, given: Node, call: CallLike, asked: Set<Node>): RunFrequency {
  switch (classifyRegistration(model, call, given)) {
    case 'in place':
      return frequencyAt(model, call, asked);
    case 'each element': {
      const around = frequencyAt(model, call, asked);
      return around.often === 'many' || model.file.unitOf(call).type === 'Program' ? around : { often: 'many', why: 'loop', shownBy: call };
    }
    case 'each event':
      return { often: 'many', why: 'registered', shownBy: call };
    case 'start-up':
      return { often: 'once', why: 'start-up', shownBy: call };
    case 'unknown':
      return { often: 'unknown', shownBy: call };
  }
}

function frequencyOfMethod(model: ProgramModel, unit: FunctionNode, member: TSESTree.MethodDefinition | TSESTree.PropertyDefinition, asked: Set<Node>): RunFrequency {
  const owner = member.parent.parent;
  const name = staticPropertyName(member);
  if (member.type === 'MethodDefinition' && member.kind === 'constructor') return frequencyOfClass(model, owner, asked);
  if (isEntryName(name)) return { often: 'once', why: 'start-up', shownBy: unit };
  const calls = callsOfMethod(model, unit);
  if (calls.length > 0 && (member.accessibility === 'private' || member.key.type === 'PrivateIdentifier')) return mostOf(model, calls, unit, asked);
  return { often: 'many', why: 'method', shownBy: unit };
}

/** As often as the class is constructed, in as far as this is seen. */
function frequencyOfClass(model: ProgramModel, owner: ClassNode, asked: Set<Node>): RunFrequency {
  const constructions: CallLike[] = [];
  for (const calls of model.file.calls.values()) {
    for (const call of calls) {
      if (call.type !== 'NewExpression') continue;
      const made = model.bindings.entityOf(call.callee);
      if (made?.kind === 'local-class' && made.node === owner) constructions.push(call);
    }
  }
  return constructions.length === 0 ? { often: 'unknown', shownBy: owner } : mostOf(model, constructions, owner, asked);
}

function callsOfMethod(model: ProgramModel, unit: FunctionNode): CallLike[] {
  return [...model.file.calls.values()].flat().filter((call) => callShape(call).isMethod && model.bindings.calleeOf(call) === unit);
}

/** A function in an object literal: a method that others call, an option that somebody is given, or one of the exports. */
function frequencyOfProperty(model: ProgramModel, unit: FunctionNode, property: TSESTree.Property, asked: Set<Node>): RunFrequency {
  const name = staticPropertyName(property);
  if (isEntryName(name)) return { often: 'once', why: 'start-up', shownBy: unit };
  const holder = holderOf(property.parent);
  if (holder?.type === 'CallExpression' || holder?.type === 'NewExpression') return frequencyOfGiven(model, property.parent, holder, asked);
  if (isExport(model, holder)) return { often: 'many', why: 'exported', shownBy: unit };
  return { often: 'many', why: 'method', shownBy: unit };
}

/** What an object literal is a part of, past the literals around it. */
function holderOf(node: Node): Node | undefined {
  let parent = node.parent;
  while (parent && /^(?:Property|ObjectExpression|ArrayExpression|TSAsExpression|TSSatisfiesExpression)$/.test(parent.type)) parent = parent.parent;
  return parent ?? undefined;
}

function isExport(model: ProgramModel, node: Node | undefined): boolean {
  if (node?.type === 'ExportDefaultDeclaration' || node?.type === 'TSExportAssignment') return true;
  return node?.type === 'AssignmentExpression' && isExportsTarget(model, node.left);
}

/** `exports.handler`, `module.exports`, `module.exports.handler`. */
function isExportsTarget(model: ProgramModel, node: Node): boolean {
  let target = node;
  while (target.type === 'MemberExpression') target = target.object;
  return target.type === 'Identifier' && /^(?:module|exports)$/.test(target.name) && model.scopes.variableOf(target) === undefined;
}

function frequencyOfAssigned(model: ProgramModel, unit: FunctionNode, assignment: TSESTree.AssignmentExpression, asked: Set<Node>): RunFrequency {
  const { left } = assignment;
  if (left.type !== 'MemberExpression') return frequencyOfNamed(model, unit, asked);
  const name = left.property.type === 'Identifier' && !left.computed ? left.property.name : undefined;
  if (isEntryName(name)) return { often: 'once', why: 'start-up', shownBy: unit };
  if (isExportsTarget(model, left)) return { often: 'many', why: 'exported', shownBy: unit };
  // `User.prototype.find = function () { … }`, `service.find = …`: a method; `process.onexit = …`: an event.
  return { often: 'many', why: 'method', shownBy: unit };
}

function frequencyOfNamed(model: ProgramModel, unit: FunctionNode, asked: Set<Node>): RunFrequency {
  const name = nameOf(unit);
  const variable = name && model.scopes.variablesOf(name).at(0);
  if (name === undefined || variable === undefined) return { often: 'unknown', shownBy: unit };
  if (isEntryName(name.name)) return { often: 'once', why: 'start-up', shownBy: unit };
  const uses: Node[] = model.scopes.variablesOf(name).flatMap((one) => one.references).filter((reference) => !reference.init && reference.isRead()).map((reference) => reference.identifier as Node);
  const found = uses.map((use) => frequencyOfUse(model, unit, use, asked));
  const many = found.find((one) => one.often === 'many');
  if (many !== undefined) return many;
  if (isExported(unit)) return { often: 'many', why: 'exported', shownBy: unit };
  if (found.length === 0) return { often: 'unknown', shownBy: unit };
  const unknown = found.find((one) => one.often === 'unknown');
  return unknown ?? { often: 'once', why: 'called once', shownBy: found[0]!.shownBy };
}

/** How often a use of the function's name makes it run. */
function frequencyOfUse(model: ProgramModel, unit: FunctionNode, use: Node, asked: Set<Node>): RunFrequency {
  const parent = use.parent;
  if (!parent) return { often: 'unknown', shownBy: unit };
  if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
    return parent.callee === use ? frequencyAt(model, parent, asked) : frequencyOfGiven(model, use, parent, asked);
  }
  if (parent.type === 'ExportSpecifier' || parent.type === 'ExportDefaultDeclaration' || isExport(model, parent)) return { often: 'many', why: 'exported', shownBy: unit };
  if (parent.type === 'Property' && parent.value === use) {
    if (isEntryName(staticPropertyName(parent))) return { often: 'once', why: 'start-up', shownBy: unit };
    const holder = holderOf(parent.parent);
    if (isExport(model, holder)) return { often: 'many', why: 'exported', shownBy: unit };
    if (holder?.type === 'CallExpression' || holder?.type === 'NewExpression') return frequencyOfGiven(model, parent.parent, holder, asked);
  }
  return { often: 'unknown', shownBy: unit };
}

function mostOf(model: ProgramModel, calls: readonly CallLike[], unit: Node, asked: Set<Node>): RunFrequency {
  const found = calls.map((call) => frequencyAt(model, call, asked));
  return found.find((one) => one.often === 'many') ?? found.find((one) => one.often === 'unknown') ?? { often: 'once', why: 'called once', shownBy: calls[0] ?? unit };
}

function nameOf(unit: FunctionNode): TSESTree.Identifier | undefined {
  if (unit.type === 'FunctionDeclaration') return unit.id ?? undefined;
  let parent = unit.parent;
  while (parent.type.startsWith('TS') && parent.parent) parent = parent.parent;
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id;
  return parent.type === 'AssignmentExpression' && parent.left.type === 'Identifier' ? parent.left : undefined;
}

function isExported(unit: FunctionNode): boolean {
  const parent = unit.parent;
  const declaration = parent.type === 'VariableDeclarator' ? parent.parent : unit;
  return declaration.parent?.type.startsWith('Export') === true;
}

/** The loop around `node` in its unit whose next turn comes after this one went well: one that is left by `break` or `return` tries again what failed. */
function loopAround(node: Node, unit: UnitNode): Node | undefined {
  let child = node;
  for (let parent = node.parent; parent && child !== unit; child = parent, parent = parent.parent) {
    if (isFunctionNode(parent)) return undefined;
    if (!isLoop(parent) || isHead(parent, child) || isLeft(parent, node)) continue;
    return parent;
  }
  return undefined;
}

/** Whether `child` is evaluated once, before the first turn. */
function isHead(loop: Node, child: Node): boolean {
  return (loop.type === 'ForStatement' && loop.init === child) || ((loop.type === 'ForOfStatement' || loop.type === 'ForInStatement') && loop.right === child);
}

/** Whether a statement behind `node`, in the blocks around it, leaves the loop. */
function isLeft(loop: Node, node: Node): boolean {
  let child = node;
  for (let parent = node.parent; parent && child !== loop; child = parent, parent = parent.parent) {
    if (parent.type !== 'BlockStatement') continue;
    const behind = parent.body.slice((parent.body as Node[]).indexOf(child));
    if (behind.some((statement) => statement.type === 'ReturnStatement' || statement.type === 'BreakStatement')) return true;
  }
  return false;
}
