/**
 * What is known of a value: a set of classes of JavaScript values, as bits. A test removes classes; none left means the path cannot be.
 * The lattice is the subset order: `join` is `|`, and ALL says nothing.
 */
export type ValueMask = number;

export const UNDEFINED = 1;
export const NULL = 2;
export const FALSE = 4;
export const TRUE = 8;
/** `0`, `''`, `NaN`. */
export const OTHER_FALSY = 16;
/** An object, or a number or string that counts as true. */
export const OTHER_TRUTHY = 32;
/** A promise that will be fulfilled. */
export const FULFILS = 64;
/** A promise that will be rejected. */
export const REJECTS = 128;

export const ALL = 255;
export const NULLISH = UNDEFINED | NULL;
export const TRUTHY = TRUE | OTHER_TRUTHY | FULFILS | REJECTS;
export const FALSY = NULLISH | FALSE | OTHER_FALSY;
export const BOOLEAN = TRUE | FALSE;
export const PROMISE = FULFILS | REJECTS;

/** The classes of the literal `value`. */
export function maskOfLiteral(value: unknown): ValueMask {
  if (value === undefined) return UNDEFINED;
  if (value === null) return NULL;
  if (value === true) return TRUE;
  if (value === false) return FALSE;
  return value ? OTHER_TRUTHY : OTHER_FALSY;
}

/** The classes of `!value`. */
export function negateMask(mask: ValueMask): ValueMask {
  return ((mask & TRUTHY) === 0 ? 0 : FALSE) | ((mask & FALSY) === 0 ? 0 : TRUE);
}

const NAMES = ['undefined', 'null', 'false', 'true', 'falsy', 'truthy', 'fulfils', 'rejects'];

/** Developer text. */
export function printMask(mask: ValueMask): string {
  if ((mask & ALL) === ALL) return 'any';
  return NAMES.filter((_, bit) => (mask & (1 << bit)) !== 0).join('|') || 'none';
}
