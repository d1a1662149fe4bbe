import { findGroundTruth } from './executor/ground-truth.ts';
import { generateProgram } from './generator/generate-program.ts';
const [seed, n, show] = [Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 200), process.argv[4]];
let sites=0, leaks=0, ex=0, exe=0, dbl=0, use=0, doubt=0, t0=performance.now(), fails=0, max=0, lines=0; const cov=new Map<string,number>();
let tg=0;
for (let i=0;i<n;i++) {
  const a=performance.now();
  const p = generateProgram(seed, i); tg+=performance.now()-a;
  for (const c of p.constructs) cov.set(c,(cov.get(c)??0)+1);
  lines+=p.source.split('\n').length;
  if (show === String(i)) console.log(p.source);
  try {
    const t = await findGroundTruth(p.source);
    sites+=t.acquisitions.size; ex+= t.isExhaustive?1:0; exe+=t.executions; max=Math.max(max,t.executions);
    for (const e of t.evidence) { if(!e.isProven) doubt++; else if(e.kind==='leak') leaks++; else if (e.kind==='double-release') dbl++; else use++; 
     if (show === String(i)) console.log(e.kind, e.isProven, p.source.slice(e.start,e.start+30).split('\n')[0], JSON.stringify(e.witness)); }
  } catch (e) { fails++; if (fails<6) { console.log(i, String((e as Error).stack).slice(0,400)); if(fails<3) console.log(p.source); } }
}
const dt=performance.now()-t0;
console.log({n, sites, leaks, dbl, use, doubt, exhaustive: ex/n, exec: exe/n, max, fails, lines: lines/n, msPer: dt/n, gen: tg/n});
if (show==='cov') console.log([...cov].sort((a,b)=>b[1]-a[1]).map(([k,v])=>`${k}:${v}`).join('\n'));
