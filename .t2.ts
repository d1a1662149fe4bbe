import { AnalysisContext } from './src/analysis/analysis-context.ts';
const o = AnalysisContext.prototype.useReleases;
AnalysisContext.prototype.useReleases = function (r) { for (const [n, x] of r) console.log(n.loc.start.line, x.completes, x.throws, [...x.acquisitions].map(a=>a.loc.start.line)); return o.call(this, r); };
await import('./.try.ts');
