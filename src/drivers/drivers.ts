/** All tables. A new driver is one file and one line here. */
import { amqplib, amqplibCallback } from './amqplib.ts';
import { bunSql } from './bun-sql.ts';
import { cassandra } from './cassandra.ts';
import { clickhouse } from './clickhouse.ts';
import { connectPgSimple } from './connect-pg-simple.ts';
import { denoPostgres } from './deno-postgres.ts';
import type { Driver } from './driver.ts';
import { drizzle } from './drizzle.ts';
import { duckdb } from './duckdb.ts';
import { fastify } from './fastify.ts';
import { filePromises, fileSystem } from './file-handle.ts';
import { genericPool } from './generic-pool.ts';
import { ibmDb } from './ibm-db.ts';
import { ioredis } from './ioredis.ts';
import { kafkajs } from './kafkajs.ts';
import { knex } from './knex.ts';
import { kysely } from './kysely.ts';
import { libsql } from './libsql.ts';
import { mariadb, mariadbCallback } from './mariadb.ts';
import { mikroOrm } from './mikro-orm.ts';
import { mongodb } from './mongodb.ts';
import { mongoose } from './mongoose.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { mysql2, mysql2Promise } from './mysql2.ts';
import { nats } from './nats.ts';
import { neo4j } from './neo4j.ts';
import { neon } from './neon.ts';
import { objection } from './objection.ts';
import { oracledb } from './oracledb.ts';
import { pgCursor, pgQueryStream } from './pg-cursor.ts';
import { pgPromise } from './pg-promise.ts';
import { pg } from './pg.ts';
import { postgresJs } from './postgres-js.ts';
import { prisma } from './prisma.ts';
import { redis } from './redis.ts';
import { sequelize, sequelizeCore } from './sequelize.ts';
import { slonik } from './slonik.ts';
import { snowflake } from './snowflake.ts';
import { betterSqlite3, nodeSqlite, sqlite, sqlite3 } from './sqlite.ts';
import { tarn } from './tarn.ts';
import { tedious } from './tedious.ts';
import { typeorm } from './typeorm.ts';
import { vercelPostgres } from './vercel-postgres.ts';

export const DRIVERS: readonly Driver[] = [
  pg, pgCursor, pgQueryStream, mysql2Promise, mysql2, mysql,
  neon, vercelPostgres, postgresJs, pgPromise, slonik, mariadb, mariadbCallback, mssql, tedious, oracledb, ibmDb, denoPostgres, bunSql, snowflake, libsql, betterSqlite3, nodeSqlite, sqlite3, sqlite, duckdb,
  knex, objection, sequelize, sequelizeCore, typeorm, kysely, drizzle, mikroOrm, connectPgSimple, prisma,
  mongodb, mongoose, redis, ioredis, neo4j, cassandra, clickhouse, genericPool, tarn,
  amqplib, amqplibCallback, nats, kafkajs,
  fastify, filePromises, fileSystem,
];
