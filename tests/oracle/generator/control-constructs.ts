/**
 * Branches, loops, labels, `switch`, `try`, functions called in place, and the exits from them.
 */
import { ending, straight, type BodyWriter, type Construct } from './construct.ts';
import { braced, indent, type LoopFrame, type WritingScope, type Written } from './writing-scope.ts';

const shallow = (scope: WritingScope): boolean => scope.depth < 4;

/** A loop head with its tail; the body is written by the caller. */
function loopHead(scope: WritingScope): { name: string; head: string; tail: string } {
  const { random } = scope;
  const k = scope.number();
  const kinds = ['while', 'do', 'for', 'for-of', 'for-in', 'endless', ...(scope.isAsync ? ['for-await'] : [])];
  const name = random.pick(kinds);
  switch (name) {
    case 'while':
      return { name, head: `while (${scope.test()})`, tail: '' };
    case 'do':
      return { name, head: 'do', tail: ` while (${scope.test()});` };
    case 'for': {
      const i = scope.fresh('i');
      return { name, head: `for (let ${i} = 0; ${i} < size(${k}); ${i}++)`, tail: '' };
    }
    case 'for-of':
      return { name, head: `for (const ${scope.fresh('item')} of items(${k}))`, tail: '' };
    case 'for-in':
      return { name, head: `for (const ${scope.fresh('key')} in table(${k}))`, tail: '' };
    case 'for-await':
      return { name, head: `for await (const ${scope.fresh('row')} of rows(${k}))`, tail: '' };
    default:
      return { name, head: random.pick(['for (;;)', 'while (true)']), tail: '' };
  }
}

function writeLoop(scope: WritingScope, writer: BodyWriter, labelled: boolean): Written {
  const { head, tail, name } = loopHead(scope);
  scope.draft.constructs.add(`loop ${name}`);
  const label = labelled ? scope.fresh('loop') : undefined;
  const inner = writer.body(scope.block({ label, isLoop: true, isSwitch: false }));
  // An endless loop needs a way out, or nothing after it is ever reached.
  const exit = name === 'endless' ? [`if (cond(${scope.number()})) break${label && scope.random.chance(0.5) ? ` ${label}` : ''};`] : [];
  const lines = scope.random.chance(0.5) ? [...exit, ...inner.lines] : [...inner.lines, ...(inner.ends ? [] : exit)];
  return straight(braced(`${label ? `${label}: ` : ''}${head}`, lines, tail));
}

/** The exits that are possible here, as statements. */
export function exitStatements(scope: WritingScope): string[] {
  const exits = [`throw new Error('failed ${scope.number()}');`];
  exits.push(scope.random.chance(0.5) ? 'return;' : `return value(${scope.number()});`);
  const innermost = scope.frames.at(-1);
  if (innermost?.isLoop || innermost?.isSwitch) exits.push('break;');
  if (scope.frames.some((frame) => frame.isLoop)) exits.push('continue;');
  const labelled = scope.frames.filter((frame) => frame.label !== undefined);
  if (labelled.length > 0) {
    const frame = scope.random.pick(labelled);
    exits.push(`break ${frame.label};`);
    if (frame.isLoop) exits.push(`continue ${frame.label};`);
  }
  return exits;
}

function writeTry(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const form = random.pickWeighted(['catch', 'finally', 'both'] as const, (name) => ({ catch: 3, finally: 3, both: 3 })[name]);
  scope.draft.constructs.add(`try ${form}`);
  const block = writer.body(scope.block());
  const lines = ['try {', ...indent(block.lines)];
  let ends = block.ends;
  if (form !== 'finally') {
    const handler = writer.body(scope.block());
    const binding = random.chance(0.7) ? ` (${scope.fresh('error')})` : '';
    const rethrow = !handler.ends && binding !== '' && random.chance(0.4) ? [`throw ${binding.slice(2, -1)};`] : [];
    lines.push(`} catch${binding} {`, ...indent([...handler.lines, ...rethrow]));
    ends = ends && (handler.ends || rethrow.length > 0);
  }
  if (form !== 'catch') {
    const finalizer = writer.body(scope.block());
    lines.push('} finally {', ...indent(finalizer.lines));
    ends = ends || finalizer.ends;
  }
  return { lines: [...lines, '}'], ends };
}

function writeSwitch(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const frame: LoopFrame = { label: undefined, isLoop: false, isSwitch: true };
  const lines: string[] = [];
  const labels = random.pick([['case 0', 'case 1'], ['case 0', 'default'], ['case 0', 'case 1', 'default'], ['default', 'case 1']]);
  for (const label of labels) {
    const inner = writer.body(scope.block(frame));
    const leave = inner.ends || random.chance(0.4) ? [] : ['break;'];
    lines.push(...braced(`${label}:`, [...inner.lines, ...leave]));
  }
  return straight(braced(`switch (pick(${scope.number()}))`, lines));
}

function writeIife(scope: WritingScope, writer: BodyWriter): Written {
  const isAsync = scope.isAsync && scope.random.chance(0.6);
  scope.draft.constructs.add(isAsync ? 'async IIFE' : 'sync IIFE');
  const inner = writer.body(scope.inner(isAsync));
  // `this.pool` is out of reach in a function of its own.
  const style = scope.random.chance(0.7) || scope.pool.startsWith('this.') ? '() =>' : 'function ()';
  const head = `(${isAsync ? 'async ' : ''}${style}`;
  return straight(braced(`${isAsync ? 'await ' : ''}${head}`, inner.lines, ')();'));
}

export const CONTROL_CONSTRUCTS: readonly Construct[] = [
  {
    name: 'if',
    role: 'control',
    weight: 7,
    applies: shallow,
    write: (scope, writer) => straight(braced(`if (${scope.test()})`, writer.body(scope.block()).lines)),
  },
  {
    name: 'if else',
    role: 'control',
    weight: 3,
    applies: shallow,
    write(scope, writer) {
      const then = writer.body(scope.block());
      const otherwise = writer.body(scope.block());
      const lines = [`if (${scope.test()}) {`, ...indent(then.lines), '} else {', ...indent(otherwise.lines), '}'];
      return { lines, ends: then.ends && otherwise.ends };
    },
  },
  { name: 'loop', role: 'control', weight: 6, applies: shallow, write: (scope, writer) => writeLoop(scope, writer, false) },
  { name: 'labelled loop', role: 'control', weight: 2, applies: shallow, write: (scope, writer) => writeLoop(scope, writer, true) },
  {
    name: 'labelled block',
    role: 'control',
    weight: 1,
    applies: shallow,
    write(scope, writer) {
      const label = scope.fresh('block');
      return straight(braced(`${label}:`, writer.body(scope.block({ label, isLoop: false, isSwitch: false })).lines));
    },
  },
  { name: 'block', role: 'control', weight: 0.7, applies: shallow, write: (scope, writer) => {
    const inner = writer.body(scope.block());
    return { lines: ['{', ...indent(inner.lines), '}'], ends: inner.ends };
  } },
  { name: 'switch', role: 'control', weight: 3, applies: shallow, write: writeSwitch },
  { name: 'try', role: 'control', weight: 8, applies: shallow, write: writeTry },
  { name: 'IIFE', role: 'control', weight: 1.5, applies: (scope) => shallow(scope) && !scope.isGenerator, write: writeIife },
  {
    name: 'guarded exit',
    role: 'exit',
    weight: 6,
    write: (scope) => straight([`if (${scope.test()}) ${scope.random.pick(exitStatements(scope))}`]),
  },
  { name: 'exit', role: 'exit', weight: 2, applies: (scope) => scope.depth > 1, write: (scope) => ending([scope.random.pick(exitStatements(scope))]) },
  {
    name: 'process.exit in catch',
    role: 'exit',
    weight: 0.8,
    applies: shallow,
    write(scope, writer) {
      const block = writer.body(scope.block());
      return straight(['try {', ...indent(block.lines), '} catch {', '  process.exit(1);', '}']);
    },
  },
];
