/**
 * Releases by events: the end of a response, the end of a stream.
 */
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { functionText, statementLines } from './function-text.ts';
import { indent, type HandleVariable, type WritingScope, type Written } from './writing-scope.ts';

/** A listener as text: written in place, or the release function itself. */
function listener(scope: WritingScope, handle: HandleVariable, before: readonly string[] = []): string {
  if (before.length === 0 && scope.idiom.releaseWorksDetached && scope.random.chance(0.15)) return `${handle.name}.release`;
  return functionText(scope.random, '', [...before, ...scope.inner(false).release(handle)]);
}

function attach(scope: WritingScope, emitter: string, event: string, callback: string): string[] {
  return statementLines(`${emitter}.${scope.random.chance(0.6) ? 'on' : 'once'}('${event}', ${callback});`);
}

/** A function that releases once, whoever calls it first. */
function onceFunction(scope: WritingScope, handle: HandleVariable): { name: string; lines: string[] } {
  const name = scope.fresh('cleanup');
  const flag = scope.fresh('released');
  const release = scope.inner(false).release(handle);
  return { name, lines: [`let ${flag} = false;`, `const ${name} = () => {`, ...indent([`if (${flag}) return;`, `${flag} = true;`, ...release]), '};'] };
}

/** `res.on('close', () => client.release())` */
function releasedByResponse(scope: WritingScope, writer: BodyWriter): Written {
  const { random, draft } = scope;
  draft.parameters.set('res', 'any');
  const name = scope.freshHandle();
  const acquire = scope.acquireInto(`const ${name}`);
  const handle = scope.declare(name, false, false);
  const form = random.pickWeighted(['close', 'finish', 'both, once', 'both', 'late'] as const, (kind) => ({ close: 4, finish: 2, 'both, once': 2, both: 0.7, late: 0.8 })[kind]);
  draft.constructs.add(`response: ${form}`);
  const attached = (): string[] => {
    switch (form) {
      case 'close':
      case 'late':
        return attach(scope, 'res', 'close', listener(scope, handle));
      case 'finish':
        return attach(scope, 'res', 'finish', listener(scope, handle));
      case 'both':
        return [...attach(scope, 'res', 'finish', listener(scope, handle)), ...attach(scope, 'res', 'close', listener(scope, handle))];
      case 'both, once': {
        const { name: cleanup, lines } = onceFunction(scope, handle);
        return [...lines, ...attach(scope, 'res', 'finish', cleanup), ...attach(scope, 'res', 'close', cleanup)];
      }
    }
  };
  const before = form === 'late' ? writer.calm(scope) : [];
  // That `finish` may not come is known of a response: by what is done with it, not by its name.
  const shown = form === 'close' || form === 'late' ? [] : [`res.status(${scope.number()});`];
  const lines = [...shown, ...acquire, ...before, ...attached()];
  handle.isDone = true;
  const used = random.chance(0.7) ? [`${scope.query(handle)};`] : [];
  const rest = random.chance(0.5) ? writer.body(scope.block()) : straight(random.chance(0.5) ? [`res.json(${scope.number()});`] : []);
  return { lines: [...lines, ...used, ...rest.lines], ends: rest.ends };
}

/** `const stream = client.query(new QueryStream(…))`, released when it has come to an end, or not. */
function releasedByStream(scope: WritingScope, writer: BodyWriter): Written {
  const { random, draft } = scope;
  const name = scope.freshHandle();
  const stream = scope.fresh('stream');
  draft.imports.add("import QueryStream from 'pg-query-stream';");
  const acquire = scope.acquireInto(`const ${name}`);
  const handle = scope.declare(name, false, false);
  const query = `new QueryStream('q${scope.number()}')`;
  const prepared = scope.fresh('text');
  const opened = random.chance(0.6) ? [`const ${prepared} = ${query};`, ...acquire, `const ${stream} = ${name}.query(${prepared});`] : [...acquire, `const ${stream} = ${name}.query(${query});`];
  const form = random.pickWeighted(
    ['close', 'end and error', 'end', 'end, error logged', 'error', 'finished', 'pipeline', 'all, once'] as const,
    (kind) => ({ close: 3, 'end and error': 3, end: 0.6, 'end, error logged': 2, error: 0.7, finished: 1.5, pipeline: 1, 'all, once': 1.5 })[kind],
  );
  draft.constructs.add(`stream: ${form}`);
  const on = (event: string, callback = listener(scope, handle)): string[] => attach(scope, stream, event, callback);
  const attached = (): string[] => {
    switch (form) {
      case 'close':
        return [...on('close'), ...(random.chance(0.5) ? on('error', 'console.error') : [])];
      case 'end and error':
        return [...on('end'), ...on('error')];
      case 'end':
        return on('end');
      case 'end, error logged':
        return [...on('end'), ...on('error', '(e) => console.error(e)')];
      case 'error':
        return on('error');
      case 'finished':
        draft.imports.add("import { finished } from 'node:stream';");
        return statementLines(`finished(${stream}, ${random.chance(0.8) ? listener(scope, handle) : functionText(random, 'err', ['if (err) return console.error(err);', ...scope.inner(false).release(handle)])});`);
      case 'pipeline':
        draft.imports.add("import { pipeline } from 'node:stream';");
        draft.parameters.set('res', 'any');
        return statementLines(`pipeline(${stream}, res, ${listener(scope, handle)});`);
      case 'all, once': {
        const { name: cleanup, lines } = onceFunction(scope, handle);
        return [...lines, ...on('end', cleanup), ...on('error', cleanup), ...on('close', cleanup)];
      }
    }
  };
  const lines = [...opened, ...attached()];
  handle.isDone = true;
  const rest = random.chance(0.4) ? writer.body(scope.block()) : straight([]);
  return { lines: [...lines, ...rest.lines], ends: rest.ends };
}

const inEntry = (scope: WritingScope): boolean => (scope.isEntry || scope.isInnerFunction) && scope.isAsync && scope.idiom.isPromise && !scope.isGenerator && scope.depth < 4;

export const EVENT_CONSTRUCTS: readonly Construct[] = [
  { name: 'released by a response', role: 'acquire', weight: 3, applies: (scope) => inEntry(scope), write: releasedByResponse },
  { name: 'released by a stream', role: 'acquire', weight: 3, applies: (scope) => inEntry(scope) && scope.idiom.name === 'pg', write: releasedByStream },
];
