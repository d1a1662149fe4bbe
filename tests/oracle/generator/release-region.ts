/**
 * The code between an acquisition and its release: what real code does with a handle, right and wrong.
 */
import type { BodyWriter } from './construct.ts';
import { effect } from './effect-constructs.ts';
import { indent, type HandleVariable, type WritingScope, type Written } from './writing-scope.ts';

interface RegionForm {
  readonly name: string;
  readonly weight: number;
  write(scope: WritingScope, writer: BodyWriter, release: () => readonly string[]): Written;
}

const plain = (lines: readonly string[]): Written => ({ lines, ends: false });

function tryFinally(body: Written, finalizer: readonly string[], handler: readonly string[] = []): Written {
  return { lines: ['try {', ...indent(body.lines), ...handler, '} finally {', ...indent(finalizer), '}'], ends: body.ends && handler.length === 0 };
}

const FORMS: readonly RegionForm[] = [
  {
    name: 'release in finally',
    weight: 9,
    write: (scope, writer, release) => tryFinally(writer.body(scope.block()), release()),
  },
  {
    name: 'catch and release in finally',
    weight: 3,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      const handler = writer.body(scope.block());
      return tryFinally(body, release(), ['} catch (error) {', ...indent(handler.lines)]);
    },
  },
  {
    name: 'release at the end',
    weight: 3,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      return body.ends ? body : plain([...body.lines, ...release()]);
    },
  },
  {
    name: 'nothing in between',
    weight: 1.5,
    write: (_scope, _writer, release) => plain(release()),
  },
  {
    name: 'release in catch and after',
    weight: 2,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      const lines = ['try {', ...indent(body.lines), '} catch (error) {', ...indent([...release(), 'throw error;']), '}'];
      return body.ends ? { lines, ends: true } : plain([...lines, ...release()]);
    },
  },
  {
    name: 'release in try and catch',
    weight: 2,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      const last = body.ends ? [] : [...release(), ...(scope.random.chance(0.3) ? [`${effect(scope)};`] : [])];
      return plain(['try {', ...indent([...body.lines, ...last]), '} catch {', ...indent(release()), '}']);
    },
  },
  {
    name: 'effect before release in finally',
    weight: 1.5,
    write: (scope, writer, release) => tryFinally(writer.body(scope.block()), [`${effect(scope)};`, ...release()]),
  },
  {
    name: 'guarded effect before release in finally',
    weight: 1,
    write: (scope, writer, release) =>
      tryFinally(writer.body(scope.block()), ['try {', `  ${effect(scope)};`, '} catch {', `  console.warn('ignored');`, '}', ...release()]),
  },
  {
    name: 'release around an overriding finally',
    weight: 1.5,
    write: (scope, writer, release) => {
      const body = writer.body(scope.block());
      const finalizer = writer.body(scope.block());
      const lines = scope.random.chance(0.5) && !finalizer.ends ? [...finalizer.lines, ...release()] : [...release(), ...finalizer.lines];
      return { lines: ['try {', ...indent(body.lines), '} finally {', ...indent(lines), '}'], ends: body.ends || finalizer.ends };
    },
  },
  {
    name: 'effect before try',
    weight: 1.2,
    write: (scope, writer, release) => {
      const rest = tryFinally(writer.body(scope.block()), release());
      return { lines: [`${effect(scope)};`, ...rest.lines], ends: rest.ends };
    },
  },
  {
    name: 'release under a condition',
    weight: 0.8,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      return body.ends ? body : plain([...body.lines, `if (cond(${scope.number()})) {`, ...indent(release()), '}']);
    },
  },
  {
    name: 'release twice',
    weight: 0.8,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      return tryFinally({ lines: [...body.lines, ...(body.ends ? [] : release())], ends: body.ends }, release());
    },
  },
  {
    name: 'never released',
    weight: 0.8,
    write: (scope, writer) => writer.body(scope.block()),
  },
  {
    name: 'exit in catch, release after',
    weight: 0.7,
    write(scope, writer, release) {
      const body = writer.body(scope.block());
      return plain(['try {', ...indent(body.lines), '} catch {', '  process.exit(1);', '}', ...(body.ends ? [] : release())]);
    },
  },
];

/** Writes a region that holds `handle`, which `release` gives back. */
export function releaseRegion(
  scope: WritingScope,
  writer: BodyWriter,
  handle: HandleVariable | undefined,
  release: () => readonly string[],
): Written {
  const form = scope.random.pickWeighted(FORMS, (candidate) => candidate.weight);
  scope.draft.constructs.add(`region ${form.name}`);
  const written = form.write(scope, writer, release);
  if (handle) handle.isDone = true;
  return written;
}

export const REGION_NAMES = FORMS.map((form) => `region ${form.name}`);
