import er from 'enhanced-resolve'; const { ResolverFactory } = er;
import { createModuleResolver } from './src/project/module-resolver.ts';
import { restrictFiles } from './src/project/restrict-files.ts';
import { findProjectRoot } from './src/project/find-project-root.ts';
import { nodeFiles } from './src/rule/node-files.ts';
import { findSourceFiles } from './tests/evaluation/find-source-files.ts';
import { readFileSync } from 'node:fs';
const dir = process.argv[2]!;
const files = nodeFiles()!;
const root = findProjectRoot(files, dir)!;
const r = createModuleResolver({ files: restrictFiles(files, root), root, factory: ResolverFactory });
const paths: string[] = [...(findSourceFiles as any)(dir)].map((p: any) => p.path ?? p);
let n = 0, ok = 0, t = 0, rel = 0, relT = 0;
const worst: Record<string, number> = {};
for (const p of paths) {
  const text = readFileSync(p, 'utf8');
  for (const m of text.matchAll(/(?:from|require\(|import\(|import)\s*(['"])([^'"\n]+)\1/g)) {
    const s = performance.now();
    const f = r.resolve(p, m[2]!);
    const d = performance.now() - s;
    t += d; n++; if (f) ok++;
    if (m[2]!.startsWith('.')) { rel++; relT += d; if (!f) worst[m[2]!] = (worst[m[2]!] ?? 0) + 1; }
  }
}
console.log('cpu', process.cpuUsage());
console.log(root, { files: paths.length, n, ok, ms: Math.round(t), perUs: Math.round(t / n * 1000), rel, relMs: Math.round(relT) });
console.log(Object.entries(worst).sort((a, b) => b[1] - a[1]).slice(0, 12));
