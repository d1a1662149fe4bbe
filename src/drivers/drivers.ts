/** All tables. A new driver is one file and one line here. */
import type { Driver } from './driver.ts';
import { mysql } from './mysql.ts';
import { mysql2, mysql2Promise } from './mysql2.ts';
import { pg } from './pg.ts';
import { prisma } from './prisma.ts';

export const DRIVERS: readonly Driver[] = [pg, mysql2Promise, mysql2, mysql, prisma];
