import { expect, it } from 'vitest';
import { excerpt } from '../../src/syntax/excerpt.ts';
import type { TSESTree } from '../../src/syntax/estree.ts';
import { modelOfSource } from '../model-of-source.ts';

it.each([
  ['pool.connect()', 'pool.connect()'],
  ["client.query('select 1', [id])", "client.query('…', [id])"],
  ['client.query("")', "client.query('')"],
  ['client.query(`a ${`b ${c}`} d`)', 'client.query(`…`)'],
  ['f(``)', 'f(``)'],
  ["f(/'/, 'b')", "f(/…/, '…')"],
  ['sql`select ${1}`', 'sql`…`'],
  ["f(a /* it's */, 'b' // c\n)", "f(a, '…')"],
  ['pool\n  .connect()\n', 'pool.connect()'],
  ['f(\n  1,\n)', 'f(1)'],
  ["a['b'].c()", "a['…'].c()"],
  ["f('http://x')", "f('…')"],
  ['repository.connection.query(firstArgument, secondArgument, thirdArgument)', 'repository.connection.query(…)'],
  ['aVeryLongName.thatGoesOn.andOn.andOn.andOn.untilNoRoomIsLeft.forAnything()', 'aVeryLongName.thatGoesOn.andOn.andOn.andOn.untilNoRoomIsLef…'],
])('%s', (source, expected) => {
  const statement = modelOfSource(source).file.program.body[0] as TSESTree.ExpressionStatement;
  expect(excerpt(statement.expression, source)).toBe(expected);
});
