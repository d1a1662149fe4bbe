// Prints "N passed, N failed" from Vitest's JSON report. Fails when the report shows a failure, or no test at all.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// A file that cannot be loaded has no failed test in it, and has failed all the same.
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
const failed = report.numFailedTests + brokenFiles.length;
const notRun = report.numTotalTests - report.numPassedTests - report.numFailedTests;

for (const file of brokenFiles) console.log(`could not be loaded: ${file.name}`);
if (notRun > 0) console.log(`${notRun} skipped`);
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = report.success && failed === 0 && report.numPassedTests > 0 ? 0 : 1;
