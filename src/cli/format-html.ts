import { relativeFile } from './relative-file.ts';
import { maskSecrets } from './mask-secrets.ts';
import type { Report } from './report.ts';

/** What the page knows of one finding. */
interface PageFinding {
  readonly rule: string;
  readonly library: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly steps: readonly { readonly line: number; readonly from: number; readonly to: number; readonly text: string }[];
  /** The lines around the finding, and the number of the first. */
  readonly first: number;
  readonly source: readonly string[];
}

/** Lines that are shown before the first and after the last step. */
const AROUND = 4;

/** One self-contained page: a list of the findings with filters, and the source of the one that is chosen with its way drawn over it. */
export function formatHtml(report: Report): string {
  const data = { files: report.files, unread: report.unread.length, findings: report.findings.map((finding) => pageFinding(finding, report)) };
  // `<` ends a script element, whatever it stands in.
  return PAGE.replace('"DATA"', () => JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
}

function pageFinding(finding: Report['findings'][number], { cwd, linesOf }: Report): PageFinding {
  const lines = linesOf(finding.file);
  const places = [finding, ...finding.steps].filter(({ line }) => line <= lines.length);
  const first = Math.max(1, Math.min(...places.map(({ line }) => line)) - AROUND);
  const last = Math.min(lines.length, Math.max(...places.map(({ line }) => line)) + AROUND);
  return {
    rule: finding.rule.replace(/^connection-leaks\//, ''),
    library: finding.library ?? 'by use',
    file: relativeFile(finding.file, cwd),
    line: finding.line,
    message: finding.message,
    steps: (finding.steps.length > 0 ? finding.steps : [{ ...finding, text: 'here' }]).map(({ line, column, endLine, endColumn, text }) => ({
      line, text, from: column - 1, to: endLine === line ? endColumn - 1 : (lines[line - 1] ?? '').trimEnd().length,
    })),
    first,
    source: lines.slice(first - 1, last).map(maskSecrets),
  };
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connection leaks</title>
<style>
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --mark: color-mix(in srgb, #d9480f 28%, transparent); }
  body { margin: 0; font: 15px/1.45 system-ui, sans-serif; display: grid; grid-template: auto 1fr / minmax(18rem, 30%) 1fr; height: 100vh; }
  header { grid-column: 1 / 3; padding: .7rem 1rem; border-bottom: 1px solid var(--line); display: flex; gap: 1rem; flex-wrap: wrap; align-items: baseline; }
  h1 { font-size: 1.1rem; margin: 0; }
  #list { overflow: auto; margin: 0; padding: 0; list-style: none; border-right: 1px solid var(--line); }
  #list button { all: unset; display: block; box-sizing: border-box; width: 100%; padding: .5rem 1rem; border-bottom: 1px solid var(--line); cursor: pointer; }
  #list button:hover, #list button:focus-visible { background: var(--line); }
  #list button[aria-current=true] { background: var(--mark); }
  small { opacity: .75; overflow-wrap: anywhere; }
  main { overflow: auto; padding: 1rem; }
  pre { font: 13px/1.5 ui-monospace, monospace; tab-size: 2; }
  .number { display: inline-block; width: 4ch; margin-right: 1.5ch; text-align: right; opacity: .5; user-select: none; }
  mark { background: var(--mark); color: inherit; border-bottom: 2px solid #d9480f; }
  .step { color: #d9480f; padding-left: 2ch; font-family: system-ui, sans-serif; }
</style>
<header>
  <h1>Connection leaks</h1>
  <span id="count"></span>
  <label>Rule <select id="rule"></select></label>
  <label>Library <select id="library"></select></label>
  <label>Search <input id="search" type="search"></label>
</header>
<ol id="list"></ol>
<main id="source" aria-live="polite"></main>
<script id="data" type="application/json">"DATA"</script>
<script>
  const report = JSON.parse(document.getElementById('data').textContent);
  const element = (id) => document.getElementById(id);
  const make = (name, text, className) => Object.assign(document.createElement(name), { textContent: text ?? '', className: className ?? '' });
  for (const key of ['rule', 'library']) {
    const values = [...new Set(report.findings.map((finding) => finding[key]))].sort();
    element(key).append(new Option('all', ''), ...values.map((value) => new Option(value, value)));
  }
  function isShown(finding) {
    const wanted = element('search').value.toLowerCase();
    const isOf = (key) => element(key).value === '' || finding[key] === element(key).value;
    return isOf('rule') && isOf('library') && (finding.file + ' ' + finding.message).toLowerCase().includes(wanted);
  }
  function list() {
    const shown = report.findings.filter(isShown);
    const unread = report.unread === 0 ? '' : ', ' + report.unread + ' not read';
    element('count').textContent = shown.length + ' of ' + report.findings.length + ' findings, ' + report.files + ' files' + unread;
    element('list').replaceChildren(...shown.map((finding) => {
      const button = make('button');
      button.append(make('div', finding.message), make('small', finding.rule + ' · ' + finding.library + ' · ' + finding.file + ':' + finding.line));
      button.addEventListener('click', () => show(finding, button));
      const item = make('li');
      item.append(button);
      return item;
    }));
    element('list').querySelector('button')?.click();
    if (shown.length === 0) element('source').replaceChildren();
  }
  function show(finding, button) {
    for (const other of element('list').querySelectorAll('button')) other.removeAttribute('aria-current');
    button.setAttribute('aria-current', 'true');
    const source = make('pre');
    finding.source.forEach((text, index) => {
      const number = finding.first + index;
      source.append(make('span', String(number), 'number'));
      const steps = finding.steps.map((step, position) => ({ ...step, position })).filter(({ line }) => line === number);
      let end = 0;
      for (const { from, to } of [...steps].sort((left, right) => left.from - right.from)) {
        if (from < end) continue;
        source.append(text.slice(end, from), make('mark', text.slice(from, Math.max(to, from + 1))));
        end = Math.max(to, from + 1);
      }
      source.append(text.slice(end));
      if (steps.length > 0) source.append(make('span', steps.map(({ position, text }) => position + 1 + '. ' + text).join('  '), 'step'));
      source.append('\\n');
    });
    element('source').replaceChildren(make('h2', finding.file + ':' + finding.line), make('p', finding.message), source);
  }
  for (const id of ['rule', 'library', 'search']) element(id).addEventListener('input', list);
  list();
</script>
</html>
`;
