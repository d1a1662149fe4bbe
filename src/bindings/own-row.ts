/** A row of a table by its own key: a program's `constructor` or `toString` must not find the prototype's. */
export function ownRow<T>(rows: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return rows !== undefined && Object.hasOwn(rows, name) ? rows[name] : undefined;
}
