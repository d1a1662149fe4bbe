import { route, type Route } from '../http/router';
import { OrderConflictError, type NewOrder } from '../order';
import { changesOf, countChanges, forgetChanges, latestChanges } from '../repositories/audit-repository';
import type { OrderRepository } from '../repositories/order-repository';
import type { ReportRepository } from '../repositories/report-repository';
import type { StockRepository } from '../repositories/stock-repository';

export function orderRoutes(orders: OrderRepository, stock: StockRepository, reports: ReportRepository): Route[] {
  return [
    route('GET', '/orders/:id', async (request, reply) => {
      const order = await orders.findById(request.params.id ?? '');
      if (order) reply.json(200, order);
      else reply.json(404, { error: 'no such order' });
    }),
    route('POST', '/orders', async (request, reply) => {
      const order = (await request.body()) as NewOrder;
      if (!(await stock.reserve(order.lines))) {
        reply.json(409, { error: 'not enough stock' });
        return;
      }
      reply.json(201, { id: await orders.create(order) });
    }),
    route('POST', '/orders/:id/confirm', async (request, reply) => {
      try {
        await orders.confirm(request.params.id ?? '');
        reply.json(204, null);
      } catch (error) {
        if (!(error instanceof OrderConflictError)) throw error;
        reply.json(409, { error: error.message });
      }
    }),
    route('GET', '/orders/:id/changes', async (request, reply) => {
      reply.json(200, await changesOf(request.params.id ?? ''));
    }),
    route('DELETE', '/orders/:id/changes', async (request, reply) => {
      await forgetChanges(request.params.id ?? '');
      reply.json(204, null);
    }),
    route('GET', '/changes', async (request, reply) => {
      const day = request.url.searchParams.get('day');
      reply.json(200, day === null ? await latestChanges(50) : await countChanges(day));
    }),
    route('GET', '/reports/unpaid', async (_request, reply) => {
      await reply.lines(reports.unpaidOrders());
    }),
  ];
}
