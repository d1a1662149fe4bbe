import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/**
 * What a call does with a function that it is given: runs it where the call stands (a reaction, a promise executor), once for each element
 * of a list, once for each request or event or interval, once at the start of something; or we do not know.
 */
export type Registration = 'in place' | 'each element' | 'each event' | 'start-up' | 'unknown';

const REACTIONS = new Set(['then', 'catch', 'finally']);
const LIST_METHODS = new Set(['forEach', 'map', 'flatMap', 'reduce', 'filter', 'some', 'every', 'find']);
/** Methods that take a path and handlers, on the routers of Express, Fastify, Koa, Hono and their like. */
const ROUTE_METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'all', 'options', 'head', 'use', 'route']);
const EVENT_METHODS = new Set(['on', 'addListener', 'addEventListener', 'subscribe']);
/** Events that come once in the life of a process or a server. */
const ONCE_EVENTS = /^(?:SIG[A-Z]+|exit|beforeExit|uncaughtException|unhandledRejection|ready|listening|close|end|finish|connect|open|load|DOMContentLoaded|start|warning)$/;
const TIMERS = new Set(['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'after']);
const TEST_HOOKS = new Set(['before', 'beforeAll', 'beforeEach', 'after', 'afterAll', 'afterEach', 'it', 'test', 'describe', 'suite']);

/** Classifies what `call` does with `given`, one of its arguments (or a part of one). */
export function classifyRegistration(model: ProgramModel, call: CallLike, given: Node): Registration {
  const { name, isMethod, isNew, arguments: all, receiver } = callShape(call);
  if (name === undefined) return 'unknown';
  if (isNew) return name === 'Promise' ? 'in place' : 'unknown';
  if (TIMERS.has(name)) return 'in place';
  if (name === 'setInterval') return 'each event';
  if (TEST_HOOKS.has(name) && !isMethod) return 'start-up';
  if (!isMethod) {
    // `createServer((request, response) => …)` of node:http.
    return isServerOfNode(model, call) ? 'each event' : 'unknown';
  }
  if (REACTIONS.has(name)) return 'in place';
  if (name === 'listen') return 'start-up';
  const first = all[0] && unwrapChain(all[0]);
  const text = first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
  if (LIST_METHODS.has(name) && all[0] === given && given.type !== 'ObjectExpression') return 'each element';
  if (ROUTE_METHODS.has(name) && (all[0] !== given || name === 'use')) {
    // A path, and a function behind it; or a middleware for all paths.
    const isRoute = text === undefined ? name === 'use' && all.length === 1 && takesRequest(given) : text.startsWith('/') || text === '*' || text === '';
    return isRoute ? 'each event' : 'unknown';
  }
  if (name === 'once') return 'in place';
  if (EVENT_METHODS.has(name) && text !== undefined) {
    const isProcess = receiver?.type === 'Identifier' && receiver.name === 'process';
    return isProcess || ONCE_EVENTS.test(text) ? 'start-up' : 'each event';
  }
  return name === 'createServer' && isServerOfNode(model, call) ? 'each event' : 'unknown';
}

/** A middleware has the request, the response and what comes next as its parameters. */
function takesRequest(given: Node): boolean {
  return (given.type === 'ArrowFunctionExpression' || given.type === 'FunctionExpression') && given.params.length >= 2;
}

/** Whether the callee comes from the module `http`, `https` or `http2` of Node. */
function isServerOfNode(model: ProgramModel, call: CallLike): boolean {
  const { callee, receiver, name } = callShape(call);
  if (name !== 'createServer') return false;
  const root = receiver === undefined ? callee : unwrapChain(receiver);
  if (root.type !== 'Identifier') return false;
  const definition = model.scopes.variableOf(root)?.defs[0];
  const declaration = definition?.parent as Node | null | undefined;
  if (declaration?.type === 'ImportDeclaration') return /^(?:node:)?https?2?$/.test(declaration.source.value);
  const init = (definition?.node as Node | undefined)?.type === 'VariableDeclarator' ? (definition!.node as { init?: Node | null }).init : undefined;
  const required = init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require' ? init.arguments[0] : undefined;
  return required?.type === 'Literal' && /^(?:node:)?https?2?$/.test(String(required.value));
}
