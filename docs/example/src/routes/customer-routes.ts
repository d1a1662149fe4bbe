import { route, type Route } from '../http/router';
import type { CustomerRepository } from '../repositories/customer-repository';
import type { OrderRepository } from '../repositories/order-repository';

export function customerRoutes(customers: CustomerRepository, orders: OrderRepository): Route[] {
  return [
    route('GET', '/customers', async (request, reply) => {
      const customer = await customers.findByEmail(request.url.searchParams.get('email') ?? '');
      if (!customer) {
        reply.json(404, { error: 'no such customer' });
        return;
      }
      reply.json(200, { ...customer, openOrders: await orders.listOpen(customer.id) });
    }),
    route('POST', '/customers/:id/email', async (request, reply) => {
      const { email } = (await request.body()) as { email: string };
      await customers.changeEmail(request.params.id ?? '', email);
      reply.json(204, null);
    }),
    route('POST', '/customers/:id/merge', async (request, reply) => {
      const { duplicateOf } = (await request.body()) as { duplicateOf: string };
      await customers.merge(request.params.id ?? '', duplicateOf);
      reply.json(204, null);
    }),
    route('DELETE', '/customers/:id', async (request, reply) => {
      await customers.anonymise(request.params.id ?? '');
      reply.json(204, null);
    }),
  ];
}
