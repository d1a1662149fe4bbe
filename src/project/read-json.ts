import type { FileAccess } from './file-access.ts';

/** The object in the JSON file at `path`, or undefined when there is none. */
export function readJsonObject(files: FileAccess, path: string): Readonly<Record<string, unknown>> | undefined {
  if (files.stat(path)?.isFile !== true) return undefined;
  try {
    const value: unknown = JSON.parse(files.read(path) ?? 'null');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A file that is being edited; nothing is known of it then.
    return undefined;
  }
}
