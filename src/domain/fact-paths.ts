/**
 * The paths that name no property. Below a place, or below an expression that stands for what happens there, they note what no value of the program says.
 * They begin with `.@`, as no property that is read by a static name does; well-known symbols are `.@@dispose` and `.@@asyncDispose` (`static-name.ts`).
 */
export const FACT_PATHS = {
  /** Below an acquiring call, or a loop: what it acquired is out, or was when the loop began. Below a root of its own: a note for all functions. */
  out: '.@out',
  /** Below what is called in code that may be overtaken: the call uses the resource (TRUE) or releases it (FALSE). Below a root of its own: nothing was done yet. */
  use: '.@use',
  /** Below a loop over a list that holds the resource: its turn is still ahead. */
  ahead: '.@ahead',
  /** Below a loop over a generator that yields at most once: it took that step. */
  stepped: '.@stepped',
  /** Below an emitter: it came to its end (TRUE), or failed (FALSE). */
  ended: '.@ended',
  /** Below a promise: the value that it is fulfilled with. */
  value: '.@value',
  /** Below what a function returned: it is a promise which may reject. */
  rejects: '.@rejects',
  /** Below a promise: the release lies in code that it stands for, which runs later than what follows, unless the promise is waited for. */
  later: '.@later',
  /** Of no fact, but where the resource lies in what is kept under it (`wrappers.get(client)`): at no property that has a name. */
  keyed: '.@keyed',
} as const;
