export type OrderStatus = 'open' | 'confirmed' | 'cancelled' | 'shipped';

export interface OrderLine {
  sku: string;
  quantity: number;
  unitPrice: number;
}

export interface Order {
  id: string;
  customerId: string;
  status: OrderStatus;
  total: number;
}

export interface NewOrder {
  customerId: string;
  lines: OrderLine[];
}

export interface OrderRow {
  id: string;
  customer_id: string;
  status: OrderStatus;
  total: string;
}

export class OrderConflictError extends Error {
  override readonly name = 'OrderConflictError';
}

export function toOrder(row: OrderRow): Order {
  return { id: row.id, customerId: row.customer_id, status: row.status, total: Number(row.total) };
}
