/** docs/drivers.md, written from the tables. */
import type { AcquireRow, Driver, ExampleRow, ExportRow, MemberRow, ReleaseRow, RootRow, ScopedRow, TypeRow } from '../../src/drivers/driver.ts';

/** What an example takes: its type, the variable that holds it, and what it was taken from. */
export interface TakenExample {
  readonly type: TypeRow;
  readonly handle: string;
  readonly source: string;
  readonly example: ExampleRow;
}

/** The example of a driver, with the row of what it takes: the one that is named by the last method that `take` calls. */
export function takenByExample(driver: Driver): TakenExample | undefined {
  const { example } = driver;
  if (example === undefined) return undefined;
  const handle = /const (\w+)/.exec(example.take.join('\n'))?.[1];
  const chain = /(?:= |^)(?:await |new )?((?:\w+\.)*)(\w+)\([^()]*\)(?:\.(?:(execute)\(\)|promise))?;$/.exec(example.take.at(-1)!);
  const method = chain?.[3] ?? chain?.[2];
  const type = method === undefined ? undefined : typeTakenBy(driver, method, example.take.length > 1);
  if (handle === undefined || type === undefined) throw new Error(`the example of ${driver.library} takes nothing that its table knows`);
  return { type, handle, source: chain?.[1]?.replace(/\.$/, '') ?? '', example };
}

function typeTakenBy(driver: Driver, method: string, opens: boolean): TypeRow | undefined {
  if (opens) return Object.values(driver.types).find(({ members }) => members[method]?.effect === 'open' || (members[method]?.effect === 'acquire' && members[method].style === 'receiver'));
  const rows = [...Object.values(driver.types).flatMap(({ members, statics }) => [members[method], statics?.[method]]), driver.exports[method]];
  for (const row of [...rows, driver.itself]) {
    if (row === undefined) continue;
    if ('is' in row && row.is === 'class' && driver.types[row.type]?.isOpenWhenMade === true) return driver.types[row.type];
    const name = 'yields' in row ? row.yields : 'effect' in row && row.effect === 'returns' ? row.type : undefined;
    if (name !== undefined) return driver.types[name];
  }
  return undefined;
}

/** `@` and `$` of a row, as the example names them. */
function spell(row: string, { handle, source }: TakenExample): string {
  return row.replaceAll('$', () => handle).replaceAll('@', () => source);
}

const indented = (lines: readonly string[], by: string): string[] => lines.flatMap((line) => line.split('\n')).map((line) => by + line);

/** The example as a module that gives back on every path; or, with `leaks`, the same without that. */
export function writeExample(taken: TakenExample, leaks = false): string {
  const { type, example } = taken;
  const giveBack = spell(type.giveBack ?? '', taken);
  const isTransaction = type.ending === 'commit or rollback';
  const commit = giveBack.replace(/rollback|abort/, 'commit');
  const inside = [...example.use, ...(isTransaction ? [`${commit};`] : [])];
  const body = leaks
    ? indented(isTransaction ? inside : [...inside, `${giveBack};`], '  ')
    : [
        '  try {',
        ...indented(inside, '    '),
        ...(isTransaction ? ['  } catch (error) {', `    ${giveBack};`, '    throw error;', '  }'] : ['  } finally {', `    ${giveBack};`, '  }']),
      ];
  return [...example.setup, '', 'export async function closeOrders() {', ...indented(example.take, '  '), ...body, '}', ''].join('\n');
}

/** The same by a form that gives back by itself; undefined where what its callback gets is something else. */
export function writeScoped(taken: TakenExample, { call, gives }: ScopedRow): string | undefined {
  if (gives !== '$') return undefined;
  const { setup, take, use } = taken.example;
  const source = { ...taken, source: taken.source.replace(/\.startTransaction.*$/, '') };
  const made = take.length > 1 ? indented(take.slice(0, -1), '  ') : [];
  const held = made.length > 0 ? { ...source, source: taken.handle } : source;
  return [...setup, '', 'export async function closeOrders() {', ...made, `  await ${spell(call, held)}(async (${taken.handle}) => {`, ...indented(use, '    '), '  });', '}', ''].join('\n');
}

/** The page: a section for each library. */
export function writeDriversPage(drivers: readonly Driver[]): string {
  return [
    '# Libraries',
    '',
    'What the rules know of each library: how something is taken and given back, what a second release does, and what else to know. This page is written from the tables in',
    '`src/drivers` (`npm run docs:drivers`); each example is linted by a test, as it stands and without its `try`. A library that is not here can be named in the',
    '[settings](settings.md#a-library-of-your-own), or get a table: [adding-a-driver.md](adding-a-driver.md).',
    '',
    ...drivers.flatMap(sectionOf),
  ].join('\n');
}

function sectionOf(driver: Driver): string[] {
  const roots = Object.entries(driver.types).filter(([, { root }]) => root?.rule === undefined && root !== undefined);
  const taken = Object.entries(driver.types).filter(([name, type]) => type.giveBack !== undefined && takenBy(driver, name).length > 0);
  const example = takenByExample(driver);
  return [
    `## ${driver.library}`,
    '',
    `${list(driver.modules.map(code))}. Source: ${driver.source.replace(/ \(facts\/drivers\.md[^)]*\)/, '')}.`,
    '',
    ...(taken.length === 0 ? [] : ['| what | taken by | given back by | a second time | used afterwards | `using` |', '|---|---|---|---|---|---|', ...taken.map(([name, type]) => rowOf(driver, name, type)), '']),
    ...taken.flatMap(([, type]) => (type.scoped ?? []).map((row) => `- ${capital(type.noun)}, given back by itself: ${scopedText(row, lastWord(type.noun))}`)),
    ...new Set(roots.map(([name, { noun, root }]) => `- Made once: each ${noun} holds ${root!.holds}${root!.stays === undefined ? '' : `, ${root!.stays}`}. Closed by ${code(closeOf(root!, lower(name).replace(/^promise(?=P)/, '')))}.`)),
    ...(driver.traps ?? []).map((trap) => `- ${trap}`),
    '',
    ...(example === undefined ? [] : ['```js', writeExample(example).trimEnd(), '```', '']),
  ];
}

function rowOf(driver: Driver, name: string, type: TypeRow): string {
  const backs = [
    ...Object.entries(type.members).flatMap(([method, row]) => (row.effect === 'release' ? [`${method}()`] : row.effect === 'prepares' ? [`${method}().${row.by}()`] : [])),
    ...(type.takenBackBy ?? []).map(({ name: back, on }) => (on === 'pool' ? `pool.${back}(…)` : `${back}(…)`)),
  ];
  const { dispose } = type;
  const using = dispose === undefined ? 'no' : `${code(dispose.kind === 'sync' ? 'using' : 'await using')} from ${dispose.since} on`;
  return `| ${type.noun} | ${list(takenBy(driver, name).map(code))} | ${list([...new Set(backs)].map(code))} | ${againText(type)} | ${AFTER[type.useAfterRelease ?? 'unknown']} | ${using} |`;
}

const AFTER = { throws: 'fails', unguarded: 'works, on a connection that somebody else may have', harmless: 'does no harm', unknown: 'not known' } as const;
const AGAIN = { throws: 'fails', 'gives-away': 'frees the connection of whoever has it by then', harmless: 'does nothing' } as const;

function againText(type: TypeRow): string {
  const releases = [
    ...Object.values(type.members).flatMap((row): ReleaseRow[] => (row.effect === 'release' ? [row] : row.effect === 'prepares' ? [row.release] : [])),
    ...(type.takenBackBy ?? []).map(({ release }) => release),
  ];
  return AGAIN[releases[0]!.again];
}

function scopedText({ call, gives, commits, since }: ScopedRow, name: string): string {
  const form = code(`${call.replace('@.', '')}(${gives === undefined ? '…' : `async (${gives.replace('$', () => name)}) => …`})`);
  return `${form}${commits === true ? ', as a transaction' : ''}${since === undefined ? '' : `, from ${since} on`}.`;
}

/** The calls that hand out an object of the type: `pool.connect()`. */
function takenBy(driver: Driver, name: string): string[] {
  const calls: string[] = [];
  for (const [type, row] of Object.entries(driver.types)) {
    for (const [method, member] of Object.entries(row.members)) if (takes(driver, member, name, type === name)) calls.push(`${lower(type)}.${method}()`);
    for (const [method, made] of Object.entries(row.statics ?? {})) if (made.is === 'acquire' && made.yields === name) calls.push(`${type}.${method}()`);
  }
  for (const [exported, row] of Object.entries(driver.exports)) {
    if (isTakingExport(row, name)) calls.push(`${exported}()`);
    else if (row.is === 'class' && row.type === name && driver.types[name]?.isOpenWhenMade === true) calls.push(`new ${exported}()`);
  }
  if (driver.itself?.is === 'class' && driver.itself.type === name && driver.types[name]?.isOpenWhenMade === true) calls.push(`new ${name}()`);
  return [...new Set(calls)];
}

function takes(driver: Driver, row: MemberRow, name: string, isOwn: boolean): boolean {
  if (row.effect === 'acquire') return row.yields === name;
  if (row.effect === 'open') return isOwn && row.implied !== true;
  return row.effect === 'returns' && row.type === name && Object.values(driver.types[name]?.members ?? {}).some((member) => member.effect === 'open' && member.reports === 'construction');
}

function isTakingExport(row: ExportRow, name: string): row is { is: 'acquire' } & AcquireRow {
  return row.is === 'acquire' && row.yields === name;
}

/** How the root is closed, where a variable of this name holds it. */
function closeOf({ close }: RootRow, name: string): string {
  return close.replace(/\$(?=\.)/g, () => name);
}

const code = (text: string): string => `\`${text}\``;
const list = (texts: readonly string[]): string => texts.join(', ');
const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lastWord = (noun: string): string => lower(noun.split(' ').at(-1)!);
