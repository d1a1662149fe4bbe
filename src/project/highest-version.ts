/** Major, minor and patch. Infinity stands for what a range leaves open. */
export type Version = readonly [major: number, minor: number, patch: number];

const OPEN = Infinity;
const PART = String.raw`(\d+|[xX*])`;
const COMPARATOR = new RegExp(String.raw`^(\^|~|<=?|>=?|=|v)?\s*v?${PART}(?:\.${PART})?(?:\.${PART})?(?:[-+][\w.+-]*)?$`);

/**
 * The highest version that a range of npm allows: `[3, Infinity, Infinity]` for `^3.9.0`, the version itself for `3.9.1`. Undefined where it sets no bound,
 * or is none (a tag, a path, an address): then nothing is known.
 */
export function highestVersion(range: string): Version | undefined {
  // `npm:other@^3.0.0`, `workspace:^1.2.0`.
  const plain = /^npm:.*@([^@]*)$/.exec(range)?.[1] ?? range.replace(/^workspace:/, '');
  let highest: Version | undefined;
  for (const part of plain.split('||')) {
    const bound = boundOf(part.trim());
    if (bound === undefined) return undefined;
    if (highest === undefined || isBefore(highest, bound)) highest = bound;
  }
  return highest;
}

/** Whether `version` comes before `other`. */
export function isBefore(version: Version, other: Version): boolean {
  const index = [0, 1, 2].find((at) => version[at] !== other[at]);
  return index !== undefined && version[index]! < other[index]!;
}

/** The bound of comparators that all have to hold: `>=3.0.0 <4`, `1.2 - 1.4`. */
function boundOf(text: string): Version | undefined {
  const last = / - (\S+)$/.exec(text)?.[1];
  const comparators = last === undefined ? text.replace(/([<>=^~]+)\s+/g, '$1').split(/\s+/) : [last];
  let bound: Version | undefined;
  for (const comparator of comparators) {
    const [match, operator = '', ...parts] = COMPARATOR.exec(comparator) ?? [];
    if (match === undefined) return undefined;
    const upper = upperOf(operator, parts);
    if (upper !== undefined && (bound === undefined || isBefore(upper, bound))) bound = upper;
  }
  return bound;
}

function upperOf(operator: string, parts: readonly (string | undefined)[]): Version | undefined {
  const [major, minor, patch] = [0, 1, 2].map((index) => numberOf(parts[index])) as [number, number, number];
  if (major === OPEN || operator.startsWith('>')) return undefined;
  switch (operator) {
    case '^':
      if (major > 0 || minor === OPEN) return [major, OPEN, OPEN];
      return minor > 0 || patch === OPEN ? [0, minor, OPEN] : [0, 0, patch];
    case '~':
      return [major, minor, OPEN];
    case '<':
      if (minor !== OPEN && patch !== OPEN && patch > 0) return [major, minor, patch - 1];
      if (minor !== OPEN && minor > 0) return [major, minor - 1, OPEN];
      return [major - 1, OPEN, OPEN];
    default:
      return [major, minor, minor === OPEN ? OPEN : patch];
  }
}

function numberOf(part: string | undefined): number {
  return part === undefined || !/^\d/.test(part) ? OPEN : Number(part);
}
