import { expect, it } from 'vitest';
import { printGraph } from '../../src/cfg/print-graph.ts';
import { modelOfSource } from '../model-of-source.ts';

function print(source: string): string {
  const model = modelOfSource(source);
  return printGraph(model.graphOf(model.file.units[1]!), source);
}

it('prints one line per reachable instruction, with its edges', () => {
  expect(print(`async function load(pool) {
  const client = await pool.connect('secret');
  try {
    return client.a ?? f();
  } finally {
    client.release();
  }
}`)).toMatchInlineSnapshot(`
  "graph of \`load\`
     0  entry  → 4
     1  exit     normal
     2  exit     throw
     4* call     pool.connect('…')  → 5, throws → 2
     5  await    pool.connect('…')  → 6, throws → 2
     6  assign   new client = await pool.connect('…')  → 12
    12* branch   client.a is nullish  → 14, else → 13
    13  copy     client.a ?? f() := client.a  → 17
    14  call     f()  → 16, throws → 15
    15  complete region 0 with completion 0  → 19
    16  copy     client.a ?? f() := f()  → 17
    17  return   client.a ?? f()  → 18
    18  complete region 0 with completion 1  → 19
    19* call     client.release()  → 20, throws → 2
    20  dispatch region 0  0 → 2, 1 → 1"
`);
});

it('prints tests, loops, generators and declarations', () => {
  expect(print(`function* steps(items) {
  let last;
  for (const { a = 1 } of items) yield a;
  switch (last) { case 1: throw last; }
  using d = open();
}`)).toMatchInlineSnapshot(`
  "graph of \`steps\`
     0  entry  → 4
     1  exit     normal
     2  exit     throw
     3  exit     stop
     4* clear    last  → 7
     7* copy     for (const { a = 1 } of items) yield a; := ?  → 8
     8* iterate  over items  → 12, else → 19, throws → 2
    12  branch   an element of items.a is undefined  → 14, else → 13
    13  assign   new a = an element of items.a  → 15
    14  assign   new a = 1  → 15
    15* yield    a  → 8, else → 3, throws → 2
    19* branch   last is equal to 1  → 20, else → 21
    20* throw    last  throws → 2
    21* call     open()  → 22, throws → 2
    22  assign   new d = open()  → 23
    23  using    d  → 26, throws → 2
    26  complete region 0 with completion 0  → 27
    27* dispose  d  → 28, throws → 2
    28  dispatch region 0  0 → 29
    29* return   ?  → 1"
`);
});
