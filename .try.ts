import { readFileSync } from 'node:fs';
import { explainFile } from './tests/debug/explain-file.ts';
for (const f of process.argv.slice(2)) console.log(`== ${f}\n${explainFile(f, readFileSync(f, 'utf8'), false)}`);
