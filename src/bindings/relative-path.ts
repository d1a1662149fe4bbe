/** The path of the file `to` as the file `from` would import it, with slashes: `../db/pool.ts`. On another drive it stays as it is. */
export function relativePath(from: string, to: string): string {
  const source = from.split(/[/\\]/).slice(0, -1);
  const target = to.split(/[/\\]/);
  let common = 0;
  while (common < source.length && common < target.length - 1 && source[common] === target[common]) common++;
  if (common === 0 && /^(?:[A-Za-z]:)?$/.test(target[0]!) && source.length > 0) return to;
  const up = source.slice(common).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...target.slice(common)].join('/');
}
