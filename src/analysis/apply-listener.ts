/**
 * Listeners: `res.on('close', () => client.release())`. Whether a listener runs depends on its event: `close` comes at last, whatever happens;
 * of `end` (or `finish`) and `error` one comes, so one of them alone is not enough; of other events nothing is known.
 */
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { ownRow } from '../bindings/own-row.ts';
import { LISTENER_METHODS } from '../cfg/throw-policy.ts';
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { FALSE, OTHER_TRUTHY, TRUE, type ValueMask } from '../domain/value-mask.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import { itself } from './apply-to-resource.ts';
import { callShape, type CallShape } from './call-shape.ts';
import { isFunctionLike } from './callback-function.ts';
import { isTouching } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { heldBy } from './held.ts';
import { noteInside } from './inside.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';
import { runLater, someValue } from './run-later.ts';

/** Events of which exactly one comes. */
const OUTCOMES: ReadonlyMap<string, ValueMask> = new Map([['end', TRUE], ['finish', TRUE], ['error', FALSE]]);

/** Events of a connection that may come. */
const OWN_EVENTS = new Set(['error', 'end', 'close']);

/** Applies the call when it registers a listener of an event that we know, and the listener has to do with the resource. Returns false when not. */
export function applyListener(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  const [name, listener] = shape.arguments;
  if (!shape.isMethod || shape.receiver === undefined || listener === undefined || !LISTENER_METHODS.has(shape.name ?? '')) return false;
  if (name?.type !== 'Literal' || typeof name.value !== 'string' || !isFunctionLike(run, disjunct, listener)) return false;
  const event = name.value;
  const given = [someValue(...(event === 'error' ? [OTHER_TRUTHY] : []))];
  if (!isTouching(run, shape.node, listener, given, disjunct)) return false;
  const fire = (state: Disjunct): void => runLater(run, instruction, listener, given, state, next);
  const emitter = emitterOf(shape.receiver);
  if (itself(heldBy(run.model, disjunct, emitter))?.role === 'handle') {
    // The resource itself may fail or end, or not; `drain` and its like come when the work is done.
    if (!OWN_EVENTS.has(event)) return false;
    fire(disjunct);
    next(disjunct);
    return true;
  }
  if (event === 'close' || lastEventOf(run, disjunct, emitter) === event) {
    fire(disjunct);
    return true;
  }
  const outcome = OUTCOMES.get(event);
  if (outcome === undefined || !isStream(run, disjunct, emitter)) return false;
  const place = run.model.placeOf(emitter);
  const key = run.model.places.placeKey(place.root, place.path + FACT_PATHS.ended).id;
  const known = factOf(disjunct.facts, key);
  const other = outcome === TRUE ? FALSE : TRUE;
  if ((known & outcome) !== 0) fire({ ...disjunct, facts: withFact(disjunct.facts, key, outcome) });
  if ((known & other) !== 0) next(noteInside({ ...disjunct, facts: withFact(disjunct.facts, key, other) }, { missed: shape.node }));
  return true;
}

/** The emitter that a chain of registrations begins with: `stream.on('data', …).on('end', …)`. */
function emitterOf(receiver: Node): Node {
  const node = unwrapChain(receiver);
  const callee = node.type === 'CallExpression' ? unwrapChain(node.callee) : undefined;
  return callee?.type === 'MemberExpression' && LISTENER_METHODS.has(staticMemberName(callee) ?? '') ? emitterOf(callee.object) : node;
}

/** The call or construction whose value `node` is, directly or through a constant. */
function makerOf(model: ProgramModel, node: Node): Node | undefined {
  const value = unwrapAwait(node);
  if (value.type === 'CallExpression') return emitterOf(value);
  if (value.type === 'NewExpression') return value;
  const variable = value.type === 'Identifier' ? model.scopes.variableOf(value) : undefined;
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) return undefined;
  return isConstant(variable) && declarator.init.type !== 'Identifier' ? makerOf(model, declarator.init) : undefined;
}

/** The event that comes at last whatever happens, of what a method of the resource gives. */
function lastEventOf(run: Run, disjunct: Disjunct, emitter: Node): string | undefined {
  const maker = makerOf(run.model, emitter);
  const shape = maker?.type === 'CallExpression' ? callShape(maker) : undefined;
  if (shape?.receiver === undefined || shape.name === undefined || itself(heldBy(run.model, disjunct, shape.receiver))?.role !== 'handle') return undefined;
  const row = ownRow(disjunct.site?.acquisition.type.members, shape.name);
  return row?.effect === 'use' || row?.effect === 'open' ? row.lastEvent : undefined;
}

/** Methods that only streams and responses have. */
const STREAM_METHODS = new Set(['pipe', 'write', 'writeHead', 'setHeader', 'json', 'send', 'sendStatus', 'status', 'setEncoding', 'pause', 'resume']);

/** Whether the emitter is seen to be a stream, a response, or a query that emits its rows: by what made it, or by what it is used for. */
function isStream(run: Run, disjunct: Disjunct, emitter: Node): boolean {
  const { model } = run;
  const maker = makerOf(model, emitter);
  if (maker?.type === 'NewExpression') return maker.callee.type === 'Identifier' && /stream$/i.test(maker.callee.name);
  if (maker?.type === 'CallExpression') {
    const { name, receiver } = callShape(maker);
    if (name !== undefined && /^(?:pipe|(?:create\w*|to|query)?stream)$/i.test(name)) return true;
    if (receiver !== undefined && itself(heldBy(model, disjunct, receiver))?.role === 'handle') return true;
  }
  const variable = emitter.type === 'Identifier' ? model.scopes.variableOf(emitter) : undefined;
  return variable !== undefined && isUsedAsStream(variable);
}

function isUsedAsStream(variable: Variable): boolean {
  return variable.references.some((reference) => {
    const { parent } = reference.identifier as Node;
    if (parent?.type === 'MemberExpression' && parent.object === reference.identifier) return STREAM_METHODS.has(staticMemberName(parent) ?? '');
    return parent?.type === 'CallExpression' && parent.callee !== reference.identifier && callShape(parent).name === 'pipe';
  });
}
