/** What exports names that are not in the text: those of another module, or the members of a value. A letter may be written as an escape as well. */
const EXPORTS_OTHERS = /\bexport\s*(?:type\s*)?(?:\*|=)|\bexports\b|\\u/;

/** Whether a module of this text may export `name`: false only where it surely does not, so that it need not be parsed to find out. */
export function mayExportName(text: string, name: string): boolean {
  return text.includes(name) || EXPORTS_OTHERS.test(text);
}
