/**
 * Which handles can be got at from a value: through properties, elements, promises, and what closures hold on to.
 */
import type { Acquisition } from './acquisition.ts';

export class HandleReach {
  /** Handle objects, detached release functions and pending promises, each with its acquisition. */
  // Ordinary maps: one execution is short, and weak ones are dear to the garbage collector.
  private readonly acquisitions = new Map<object, Acquisition>();
  private readonly held = new Map<object, readonly (() => unknown)[]>();
  /** Objects of the fake drivers that lead nowhere. */
  private readonly opaque = new Set<object>();

  link(value: object, acquisition: Acquisition): void {
    this.acquisitions.set(value, acquisition);
  }

  acquisitionOf(value: unknown): Acquisition | undefined {
    return isObject(value) ? this.acquisitions.get(value) : undefined;
  }

  hold(value: object, variables: readonly (() => unknown)[]): void {
    this.held.set(value, variables);
  }

  seal(value: object): void {
    this.opaque.add(value);
  }

  /** Adds every acquisition reachable from the value. */
  collect(value: unknown, into: Set<Acquisition>, seen: Set<object> = new Set()): Set<Acquisition> {
    if (!isObject(value)) return into;
    if (seen.has(value)) return into;
    seen.add(value);
    const acquisition = this.acquisitions.get(value);
    if (acquisition) {
      into.add(acquisition);
      return into;
    }
    if (this.opaque.has(value)) return into;
    this.collectHeld(value, into, seen);
    const constructor: unknown = typeof value === 'object' ? (value as { constructor?: unknown }).constructor : undefined;
    if (typeof constructor === 'function') this.collectHeld(constructor, into, seen);
    if (value instanceof Map || value instanceof Set) {
      for (const entry of value) this.collect(entry, into, seen);
    }
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property && 'value' in property) this.collect(property.value, into, seen);
    }
    return into;
  }

  private collectHeld(holder: object, into: Set<Acquisition>, seen: Set<object>): void {
    for (const read of this.held.get(holder) ?? []) {
      let value: unknown;
      try {
        value = read();
      } catch {
        continue; // not initialised in this execution: holds nothing
      }
      this.collect(value, into, seen);
    }
  }
}

export function isObject(value: unknown): value is object {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}
