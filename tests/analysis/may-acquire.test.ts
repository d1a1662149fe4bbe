/** The quick look at the text never skips a file in which the analysis finds an acquisition. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyseProgramModel } from '../../src/analysis/analyse-program.ts';
import { mayAcquireFromProject } from '../../src/analysis/may-acquire-from-project.ts';
import { mayAcquire } from '../../src/analysis/may-acquire.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { readSettings } from '../../src/rule/settings.ts';
import { corpusFiles } from '../corpus-files.ts';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { parseFixture, sourceTypeOf } from '../fixture-runner/parse-fixture.ts';
import { projectOfFixture } from '../fixture-runner/place-fixture.ts';
import { modelOfSource } from '../model-of-source.ts';
import { generateProgram } from '../oracle/generator/generate-program.ts';

describe('mayAcquire', () => {
  it('says yes to every fixture with an acquisition', () => {
    let acquiring = 0;
    for (const path of findFixtures()) {
      const text = readFileSync(join(fixturesFolder, path), 'utf8');
      const { settings } = parseFixture(path, text);
      const { pairs } = readSettings(settings === undefined ? {} : { 'connection-leaks': settings });
      const place = projectOfFixture(path);
      const sites = analyseProgramModel(modelOfSource(text, { sourceType: sourceTypeOf(path), jsx: /x$/.test(path), pairs, place }));
      if (sites.length === 0) continue;
      acquiring++;
      expect(mayAcquire(text, DRIVERS, pairs) || mayAcquireFromProject(text, DRIVERS, pairs, () => place), path).toBe(true);
    }
    expect(acquiring).toBeGreaterThan(100);
  });

  it('says yes to every generated program and to the example where it acquires', () => {
    const texts = [...corpusFiles('docs/example/src').map(({ text }) => text), ...Array.from({ length: 200 }, (_, index) => generateProgram(37, index).source)];
    const skipped = texts.filter((text) => !mayAcquire(text, DRIVERS, []));
    expect(skipped.filter((text) => analyseProgramModel(modelOfSource(text)).length > 0)).toEqual([]);
  });

  it.each([
    ["import { Pool } from 'pg'; pool.connect();", true],
    ['const { Pool } = require("pg-pool"); pool.connect();', true],
    ["import mysql from 'mysql2/promise'; mysql.createConnection({});", true],
    ['const c = db.getconn();', true],
    ["import { Pool } from 'pg'; pool.query('select 1');", false],
    ["import pg from 'npm:pg@8'; pool.connect();", true],
    ["import mysql from 'npm:/mysql2@^3.1/promise'; pool.getConnection();", true],
    ["import mysql from 'mysql2/promise.js'; mysql.createConnection({});", true],
    ["import pg from 'npm:pgx@8'; pool.connect();", false],
    ["import net from 'net'; net.connect();", false],
    ['const c = await pool.connect(); c.query(); c.release();', true],
    ['const c = await pool.getConnection(); c.commit(); c.release();', true],
    ['const c = await pool.connect(); c.send(); c.release();', false],
    ['const c = await pool.connect(); c.query();', false],
    ['const connection = reconnect();', false],
    ['', false],
  ])('%s', (text, expected) => {
    expect(mayAcquire(text, DRIVERS, [])).toBe(expected);
  });

  it('knows the pairs of the settings', () => {
    const pairs = [{ acquire: 'lease', release: ['unlease'], releaseOn: 'pool' as const }];
    expect([mayAcquire('a.lease()', DRIVERS, pairs), mayAcquire('a.lease()', DRIVERS, [])]).toEqual([true, false]);
  });
});
