/** Frameworks whose development server loads a module anew when it, or something that it imports, has changed: by their packages. */
const HOT_RELOAD: readonly (readonly [string, string])[] = [
  ['next', 'Next.js'],
  ['nuxt', 'Nuxt'],
  ['@sveltejs/kit', 'SvelteKit'],
  ['@remix-run/dev', 'Remix'],
  ['@remix-run/node', 'Remix'],
  ['@react-router/dev', 'React Router'],
];

/** The framework with a hot reload that a package depends on, for messages. */
export function hotReloadOf(dependencies: ReadonlySet<string>): string | undefined {
  return HOT_RELOAD.find(([name]) => dependencies.has(name))?.[1];
}

/** Whether a text imports a client or an adapter that is made for edge runtimes. */
export function isEdgeCode(text: string): boolean {
  return /@prisma\/client\/(?:edge|wasm)|@prisma\/adapter-d1/.test(text);
}

/** Packages that build for such a runtime. */
const EDGE_PACKAGES = ['wrangler', '@cloudflare/workers-types'];

/** Whether a package is built for an edge runtime. */
export function isEdgePackage(dependencies: ReadonlySet<string>): boolean {
  return EDGE_PACKAGES.some((name) => dependencies.has(name));
}
