/** A rejected promise that never counts as unhandled in the process that runs the oracle. */
export function quietRejection<T>(error: unknown): Promise<T> {
  const promise = Promise.reject<T>(error);
  promise.catch(() => undefined);
  return promise;
}
