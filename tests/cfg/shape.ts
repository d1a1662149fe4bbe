/**
 * A shape is one function whose calls have names of a letter and a digit. The letter says what the call, the parameter or the property
 * can be, the digit tells events apart:
 *
 *   f1()   throws, or gives something of no interest          o1   an object
 *   t1()   throws, or gives true or false                     n1   undefined, null, or an object
 *   v1()   throws, or gives undefined, null, 0 or 1           k1   1, 2 or 3
 *   i1()   throws, or gives an iterable                       q1   undefined, or a function like f1
 *   a1()   throws, or gives an async iterable                 e1   an object with no key or more
 *   y1()   throws, or gives an iterable without events        u1   undefined, or an object
 *   c1()   throws, or gives a class
 *   d1()   throws, or gives something with or without a dispose method
 *   p1()   gives a promise that is fulfilled or rejected
 *   m1()   throws, or gives undefined, null, or an object
 *
 * Each of them is one event; so is a step of an iteration (`step`), a `yield`, and a disposal. The events of an execution and the way it
 * ends are its trace: `f1 f2 → throw`. What is tested is never tested twice, so that a graph, which knows nothing of values, has exactly
 * the traces that executions have.
 */
export interface Shape {
  readonly name: string;
  readonly source: string;
  /** What the parameters are given, by name; absent: no parameters. */
  readonly gets?: readonly string[];
  /** Absent: the traces are equal. `above`: the graph has more, and why. */
  readonly graph?: { readonly above: string };
}

/** Longer traces are cut off on both sides. */
export const TRACE_LIMIT = 6;

/** A name with a role in a shape. */
export const SHAPE_NAME = /^[a-z]\d$/;

/** The text of a trace. */
export function printTrace(events: readonly string[], exit: 'normal' | 'throw' | 'stop'): string {
  return [...events, `→ ${exit}`].join(' ');
}
