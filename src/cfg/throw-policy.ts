/**
 * Which calls may throw. Every call may, inside and outside `try`, but for this complete and published table
 * (docs/architecture.md, "What may throw"). Property reads never do.
 */
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Node } from '../syntax/estree.ts';

/** Methods of these global objects do not throw. */
const QUIET_OBJECTS = new Set(['console', 'Math', 'performance']);

/** Objects that are loggers by name: a logger that throws is a defect of the logger. */
const LOGGER_NAME = /^(?:[#_]?log(?:ger)?|winston|pino|bunyan|log4js)$/i;
const LOGGER_METHODS = new Set([
  'trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'log', 'verbose', 'silly', 'http', 'notice', 'success',
]);

/** What asks a logger whether it would write. */
const LOGGER_TEST = /^is(?:\w+)?Enabled(?:For)?$/;

/** Plain functions that do not throw on the arguments that programs give them. */
const QUIET_FUNCTIONS = new Set([
  'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask',
  'Boolean', 'Number', 'String', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'randomUUID',
]);

/** Methods, by object, that do not throw. */
const QUIET_MEMBERS = new Map([
  ['Date', new Set(['now'])],
  ['Array', new Set(['isArray'])],
  ['Number', new Set(['isInteger', 'isFinite', 'isNaN'])],
  ['process', new Set(['nextTick', 'hrtime', 'uptime', 'memoryUsage'])],
  ['Object', new Set(['is', 'create', 'keys', 'values', 'entries', 'assign', 'freeze'])],
  ['crypto', new Set(['randomUUID'])],
]);

/** Listener registration: the listener runs later, and registering it does not throw. */
export const LISTENER_METHODS: ReadonlySet<string> = new Set(['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener',
  'prependOnceListener', 'addEventListener', 'removeEventListener', 'setMaxListeners']);

/** Constructors that do not throw. */
const QUIET_CONSTRUCTORS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Error', 'TypeError', 'RangeError', 'Date', 'AbortController', 'DisposableStack', 'AsyncDisposableStack', 'EventEmitter']);

/** Whether the call, construction or tagged template `node` may throw. */
export function mayThrow(node: Node): boolean {
  if (node.type === 'NewExpression') {
    return !(node.callee.type === 'Identifier' && QUIET_CONSTRUCTORS.has(node.callee.name));
  }
  if (node.type !== 'CallExpression') return true;
  const callee = unwrapChain(node.callee);
  if (callee.type === 'Identifier') return !QUIET_FUNCTIONS.has(callee.name);
  if (callee.type !== 'MemberExpression') return true;
  const method = staticMemberName(callee);
  if (method === undefined) return true;
  if (LISTENER_METHODS.has(method) || endsProcess(node)) return false;
  const object = unwrapChain(callee.object);
  if (object.type === 'Identifier') {
    if (QUIET_OBJECTS.has(object.name) || QUIET_MEMBERS.get(object.name)?.has(method) === true) return false;
    if (LOGGER_NAME.test(object.name)) return !isLoggerMethod(method);
  }
  // `this.logger.error(…)`, `req.log.info(…)`, `console.log.bind`
  if (object.type === 'MemberExpression') {
    const name = staticMemberName(object);
    if (name !== undefined && LOGGER_NAME.test(name)) return !isLoggerMethod(method);
  }
  return true;
}

function isLoggerMethod(name: string): boolean {
  return LOGGER_METHODS.has(name) || LOGGER_TEST.test(name);
}

/** Whether the call never comes back because it ends the process (`process.exit()`, `process.abort()`). */
export function endsProcess(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = unwrapChain(node.callee);
  if (callee.type !== 'MemberExpression') return false;
  const method = staticMemberName(callee);
  return (
    (method === 'exit' || method === 'abort') && callee.object.type === 'Identifier' &&
    (callee.object.name === 'process' || (callee.object.name === 'Deno' && method === 'exit'))
  );
}
