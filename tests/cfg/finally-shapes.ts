import type { Shape } from './shape.ts';

/** The ways in which control comes to a `finally` block (ECMA-262 §6.2.4), inside a loop of a generator. */
const COMPLETIONS: Readonly<Record<string, string>> = {
  'completes normally': 'f2();',
  throws: 'throw new ExpectedError(f2());',
  returns: 'return f2();',
  breaks: 'f2(); break;',
  continues: 'f2(); continue;',
  'is stopped': 'yield;',
};

/** What the block itself does: the first goes on as before, the others override. */
const FINALIZERS: Readonly<Record<string, string>> = {
  completes: 'f3();',
  throws: 'throw new ExpectedError(f3());',
  returns: 'return f3();',
  breaks: 'f3(); break;',
  continues: 'f3(); continue;',
};

/** {normal, throw, return, break, continue, stop} × {finalizer completes, throws, returns, breaks, continues}. */
export const FINALLY_SHAPES: readonly Shape[] = Object.entries(COMPLETIONS).flatMap(([completion, body]) =>
  Object.entries(FINALIZERS).map(([finalizer, block]) => ({
    name: `the block ${completion}, the finalizer ${finalizer}`,
    source: `function* () { while (t1()) { try { ${body} } finally { ${block} } f4(); } f5(); }`,
  })),
);
