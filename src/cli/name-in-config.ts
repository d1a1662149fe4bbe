/** Names functions that lend in the configuration of ESLint, where it is plain how. */

/** What the setting `scoped` says of one. */
export interface NamedLender {
  readonly name: string;
  readonly from: string;
}

/** The entry of a configuration that names the functions. */
export function settingsEntry(lenders: readonly NamedLender[], quote = "'"): string {
  const spell = (text: string): string => `${quote}${text}${quote}`;
  return `{ settings: { ${spell('connection-leaks')}: { scoped: [${lenders.map(({ name, from }) => `{ name: ${spell(name)}, from: ${spell(from)} }`).join(', ')}] } } },`;
}

/**
 * The configuration with such an entry behind that of a preset of the plugin, which stands in a line of its own: `connectionLeaks.configs.recommended,`. Undefined where there
 * is no such line, more than one, or settings of the plugin already.
 */
export function nameInConfig(text: string, lenders: readonly NamedLender[]): string | undefined {
  const plugin = /^import\s+([\w$]+)\s+from\s*(['"])eslint-plugin-connection-leaks\2/m.exec(text) ?? /^const\s+([\w$]+)\s*=\s*require\((['"])eslint-plugin-connection-leaks\2\)/m.exec(text);
  if (plugin === null || /['"]connection-leaks['"]\s*:|cacheableSettings/.test(text)) return undefined;
  const lines = [...text.matchAll(new RegExp(`^([ \\t]*)${plugin[1]!.replaceAll('$', '\\$')}\\.configs(?:\\.\\w+|\\[['"][\\w-]+['"]\\]),[ \\t]*$`, 'gm'))];
  const [line] = lines;
  if (line === undefined || lines.length > 1) return undefined;
  const end = line.index + line[0].length;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return `${text.slice(0, end)}${eol}${line[1]!}${settingsEntry(lenders, plugin[2])}${text.slice(end)}`;
}

/** Whether the configuration has all of them already. */
export function isNamed(text: string, lenders: readonly NamedLender[]): boolean {
  return lenders.every(({ name, from }) => new RegExp(`name:\\s*['"]${name}['"],\\s*from:\\s*['"]${from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['"]`).test(text));
}
