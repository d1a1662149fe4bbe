// npm run demo: lints the example service, prints each finding, and fails unless they are exactly the expected ones.
import { compareFindings, readExpectedFindings } from './compare-findings.ts';
import { lintExample } from './lint-example.ts';
import { printFinding } from './print-finding.ts';

const expected = readExpectedFindings();
const findings = await lintExample();

for (const finding of findings) console.log(`${printFinding(finding)}\n`);

const files = new Set(findings.map((finding) => finding.file)).size;
console.log(`${findings.length} findings in ${files} files of a small order service (docs/example/src).`);

const differences = compareFindings(findings, expected.findings);
if (differences.length > 0) {
  console.error(`\nNot what docs/example/expected-findings.json says:\n${differences.map((line) => `- ${line}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(`${expected.silent.length} more functions look wrong and are right; nothing is reported there:`);
  for (const entry of expected.silent) console.log(`  ${entry.function}: ${entry.looksWrong} ${entry.isRight}`);
}
