/**
 * `using` and `await using` at run time, after the specification of explicit resource management
 * (AddDisposableResource, GetDisposeMethod, Dispose, DisposeResources).
 */

interface DisposableResource {
  readonly value: unknown;
  readonly isAwait: boolean;
  readonly method: (() => unknown) | undefined;
  readonly site: number;
}

/** The resources of one block, and the error that left it. */
export class DisposalScope {
  readonly resources: DisposableResource[] = [];
  failed = false;
  error: unknown;

  /** Called after the initialiser ran: a value without a dispose method is a TypeError when it is already out. */
  add<T>(value: T, isAwait: boolean, site: number, typeError: (message: string) => Error): T {
    if (value === null || value === undefined) {
      // `await using x = null` still awaits once at the end of the block.
      if (isAwait) this.resources.push({ value: undefined, isAwait, method: undefined, site });
      return value;
    }
    if (typeof value !== 'object' && typeof value !== 'function') throw typeError('not an object');
    const methods = value as { [Symbol.asyncDispose]?: unknown; [Symbol.dispose]?: unknown };
    let method = isAwait ? methods[Symbol.asyncDispose] : undefined;
    if (method === undefined || method === null) {
      const dispose = methods[Symbol.dispose];
      // In an `await using`, what a synchronous dispose method returns is not awaited.
      method = isAwait && typeof dispose === 'function' ? function (this: unknown) { dispose.call(this); } : dispose;
    }
    if (typeof method !== 'function') throw typeError('no dispose method');
    this.resources.push({ value, isAwait, method: method as () => unknown, site });
    return value;
  }

  fail(error: unknown): void {
    this.failed = true;
    this.error = error;
  }

  disposeSync(before: (site: number) => void): void {
    for (const resource of this.resources.reverse()) this.guard(() => {
      before(resource.site);
      resource.method?.call(resource.value);
    });
    if (this.failed) throw this.error;
  }

  async disposeAsync(before: (site: number) => void): Promise<void> {
    let needsAwait = false;
    let hasAwaited = false;
    for (const resource of this.resources.reverse()) {
      if (!resource.method) {
        needsAwait = true;
        continue;
      }
      if (!resource.isAwait && needsAwait && !hasAwaited) {
        await undefined;
        needsAwait = false;
      }
      try {
        before(resource.site);
        const result = resource.method.call(resource.value);
        if (resource.isAwait) {
          hasAwaited = true;
          await result;
        }
      } catch (error) {
        this.suppress(error);
      }
    }
    if (needsAwait && !hasAwaited) await undefined;
    if (this.failed) throw this.error;
  }

  private guard(dispose: () => void): void {
    try {
      dispose();
    } catch (error) {
      this.suppress(error);
    }
  }

  private suppress(error: unknown): void {
    if (this.failed) {
      const both = Object.assign(new Error('An error was suppressed during disposal'), { name: 'SuppressedError', error, suppressed: this.error });
      this.error = both;
    } else {
      this.fail(error);
    }
  }
}
