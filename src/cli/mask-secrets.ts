/** User and password of an address: `postgres://app:secret@host`. */
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)[^\s'"`/@]+@/gi;

/** A string that is assigned to something called a password, a secret, a token or a key. */
const NAMED = /((?:password|passwd|secret|token|api_?key)['"]?\s*[:=]\s*)(['"`])(?:(?!\2).)+\2/gi;

/** A line of source for showing: what may be a secret in it is replaced by dots, of the same length, so that columns stay where they are. */
export function maskSecrets(line: string): string {
  return line
    .replace(IN_ADDRESS, (match: string, scheme: string) => `${scheme}${'.'.repeat(match.length - scheme.length - 1)}@`)
    .replace(NAMED, (match: string, name: string, quote: string) => `${name}${quote}${'.'.repeat(match.length - name.length - 2)}${quote}`);
}
