import { createOrderPool, createStockPool, waitForDatabase } from './db';
import { createHttpServer } from './http/router';
import { relayOutbox } from './jobs/outbox';
import { reportingPool } from './reporting-pool';
import { CustomerRepository } from './repositories/customer-repository';
import { OrderRepository } from './repositories/order-repository';
import { ReportRepository } from './repositories/report-repository';
import { StockRepository } from './repositories/stock-repository';
import { customerRoutes } from './routes/customer-routes';
import { healthRoutes } from './routes/health-routes';
import { orderRoutes } from './routes/order-routes';

async function main(): Promise<void> {
  const orderPool = createOrderPool(process.env.DATABASE_URL ?? 'postgres://localhost/orders');
  const stockPool = createStockPool(process.env.STOCK_URL ?? 'mysql://localhost/stock');
  await waitForDatabase(orderPool);

  const server = createHttpServer([
    ...healthRoutes(orderPool, stockPool),
    ...customerRoutes(new CustomerRepository(orderPool), new OrderRepository(orderPool)),
    ...orderRoutes(new OrderRepository(orderPool), new StockRepository(stockPool), new ReportRepository(orderPool)),
  ]);
  server.listen(Number(process.env.PORT ?? 3000));

  const relay = setInterval(() => {
    relayOutbox(orderPool, async (message) => console.info('publish', message.topic)).catch((error: unknown) => {
      console.error('outbox relay failed', error);
    });
  }, 1_000);

  process.once('SIGTERM', () => {
    clearInterval(relay);
    server.close(() => {
      void Promise.all([orderPool.end(), stockPool.end(), reportingPool.end()]);
    });
  });
}

main().catch((error: unknown) => {
  console.error('the order service could not start', error);
  process.exitCode = 1;
});
