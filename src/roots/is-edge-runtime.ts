import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/** Modules that exist at the edge only, and hosts of modules for it. */
const EDGE_MODULES = /['"](?:cloudflare:[\w-]+|@cloudflare\/[\w-]+|@opennextjs\/cloudflare|hono\/(?:cloudflare-workers|vercel)|@netlify\/edge-functions|@vercel\/edge|npm:[^'"]+|jsr:[^'"]+|https:\/\/(?:deno\.land|esm\.sh)\/[^'"]*)['"]/;
/** What only the edge has: bindings, the extension of a request's life, the types of its handlers. */
const EDGE_WORDS = /\b(?:HYPERDRIVE|Hyperdrive|ExecutionContext|ExportedHandler|PagesFunction|EdgeRuntime|WebSocketPair|D1Database|caches\.default|Deno\.serve|Deno\.env)\b|\bwaitUntil\s*\(|\bgetRequestContext\s*\(|\bgetCloudflareContext\s*\(/;

/**
 * Whether the file runs at the edge, where a connection must not outlive the request that made it (facts/drivers.md: Neon, Prisma): a pool that is made
 * and ended per request is right there, and nothing that a module keeps is shared safely.
 */
export function isEdgeRuntime(model: ProgramModel): boolean {
  return EDGE_MODULES.test(model.text) || EDGE_WORDS.test(model.text) || model.file.program.body.some((statement) => isEdgeConfig(statement) || isFetchHandler(statement));
}

/** `export const runtime = 'edge'`, `export const config = { runtime: 'edge' }`. */
function isEdgeConfig(statement: Node): boolean {
  if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') return false;
  return statement.declaration.declarations.some(({ id, init }) => {
    if (id.type !== 'Identifier' || !init) return false;
    const value = unwrapChain(init);
    if (id.name === 'runtime') return isEdgeName(value);
    if (id.name !== 'config' || value.type !== 'ObjectExpression') return false;
    return value.properties.some((property) => property.type === 'Property' && staticPropertyName(property) === 'runtime' && isEdgeName(property.value));
  });
}

function isEdgeName(node: Node): boolean {
  const value = unwrapChain(node);
  return value.type === 'Literal' && typeof value.value === 'string' && /edge$/.test(value.value);
}

/** `export default { async fetch(request, env) { … } }`: a worker. */
function isFetchHandler(statement: Node): boolean {
  if (statement.type !== 'ExportDefaultDeclaration') return false;
  const value = unwrapChain(statement.declaration);
  return value.type === 'ObjectExpression' && value.properties.some((property) => property.type === 'Property' && /^(?:fetch|scheduled|queue)$/.test(staticPropertyName(property) ?? ''));
}
