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
<<<<<<< HEAD
     5  join  → 8
     6  join  → 19
     7* copy     for (const { a = 1 } of items) yield a; := ?  → 5
     8* iterate  over items  → 12, else → 6, throws → 2
     9  join  → 14
    10  join  → 13
    11  join  → 15
    12  branch   an element of items.a is undefined  → 9, else → 10
    13  assign   new a = an element of items.a  → 11
    14  assign   new a = 1  → 11
    15* yield    a  → 5, else → 3, throws → 2
    16  join  → 21
    17  join  → 20
    18  join  → 16
    19* branch   last is equal to 1  → 17, else → 18
    20* throw    last  throws → 2
    21* call     open()  → 22, throws → 2
    22  assign   new d = open()  → 23
    23  using    d  → 26, throws → 2
    24  join  → 29
    25  join  → 27
    26  complete region 0 with completion 0  → 25
    27* dispose  d  → 28, throws → 2
    28  dispatch region 0  0 → 24
    29* return   ?  → 1"
=======
     7* iterate  over items  → 11, else → 18, throws → 2
    11  branch   an element of items.a is undefined  → 13, else → 12
    12  assign   new a = an element of items.a  → 14
    13  assign   new a = 1  → 14
    14* yield    a  → 7, else → 3, throws → 2
    18* branch   last is equal to 1  → 19, else → 20
    19* throw    last  throws → 2
    20* call     open()  → 21, throws → 2
    21  assign   new d = open()  → 22
    22  using    d  → 25, throws → 2
    25  complete region 0 with completion 0  → 26
    26* dispose  d  → 27, throws → 2
    27  dispatch region 0  0 → 28
    28* return   ?  → 1"
>>>>>>> main
`);
});
