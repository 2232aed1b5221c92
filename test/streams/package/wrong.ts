// What the types of the package refuse: the compiler objects to each line that ends with "refused", and to no
// other.

import { defineStream } from 'agent-arena-streams';
import { type OpenedStream, runAgent } from 'agent-arena-streams/parts';
import { createMemoryEngine, scenario } from 'agent-arena-streams/testing';
import { z } from 'zod';

const orders = defineStream({
  name: 'orders',
  events: { OrderPlaced: z.object({ total: z.number() }), OrderPaid: z.object({ receipt: z.string() }) },
  initial: { paid: false },
  decide: (command: { readonly type: 'pay' }) => ({ key: command.type, events: [] }),
  evolve(state: { paid: boolean }, event) {
    if (event.type === 'OrderPaid') return { paid: event.data.receipt !== '' };
    return event.type === 'OrderPayed' ? { paid: true } : state; // refused
  },
});

const events = { OrderPlaced: z.object({ total: z.number() }), OrderPaid: z.object({ receipt: z.string() }) };
const initial: { readonly paid: boolean } = { paid: false };
const evolve = (state: typeof initial) => state;

// What `decide` returns is held against the events, wherever the state's type is told.
const names = defineStream({
  name: 'names',
  events,
  initial,
  decide: (_command: 'pay', { paid }) => ({ events: paid ? [] : [{ type: 'OrderPayed', data: {} }] }), // refused
  evolve,
});
const fills = defineStream({
  name: 'fills',
  events,
  initial,
  decide: (_: 'pay', _of: typeof initial) => ({ events: [{ type: 'OrderPaid', data: { no: 1 } }] }), // refused
  evolve,
});
const fits = defineStream({
  name: 'fits',
  events,
  initial: null as typeof initial | null,
  decide(_command: 'pay', state) {
    if (state === null) return { rejected: 'no_order' };
    return { key: 'pay', events: [{ type: 'OrderPaid', data: { receipt: 'a' } }] };
  },
  evolve: (state) => state,
});

type Orders = NonNullable<typeof orders.types>;

const decides: typeof orders.decide = (command) => {
  if (command.type === 'refund') return { rejected: 'never' }; // refused
  return { events: [{ type: 'OrderPaid', data: { receipt: 'a' } }] };
};

const emits: typeof orders.decide = () => ({
  events: [{ type: 'OrderPayed', data: { receipt: 'a' } }], // refused
});

async function runs(opened: OpenedStream<Orders>, signal: AbortSignal): Promise<void> {
  const options = { consumer: 'a', by: 'a', concurrency: 1, handlerMsMax: 1, report: () => undefined };
  const handle = async () => undefined;
  const agent = { group: 'a', timers: false, handle };
  await runAgent(opened, { ...agent, wakes: new Set(['OrderPaid']) }, options, signal);
  await runAgent(opened, { ...agent, wakes: new Set(['OrderPayed']) }, options, signal); // refused
  await opened.handler.handle('order-1', () => ({ type: 'pay' }), { by: 'a', traceparent: '' });
  await opened.handler.handle('order-1', () => ({ type: 'refund' }), { by: 'a', traceparent: '' }); // refused
}

function tries(): void {
  const paid = { type: 'OrderPaid', data: { receipt: 'a' } } as const;
  scenario(orders).given(paid).when({ type: 'pay' }).then(paid);
  scenario(orders).given({ type: 'OrderPayed', data: { receipt: 'a' } }); // refused
  scenario(orders).given({ type: 'OrderPaid', data: { receipt: 1 } }); // refused
  scenario(orders).given(paid).when({ type: 'refund' }); // refused
  scenario(orders)
    .given()
    .when({ type: 'pay' })
    .then({ type: 'OrderPayed', data: { receipt: 'a' } }); // refused
  const stream = createMemoryEngine({ streams: [orders] }).stream(orders);
  stream.consume({ group: 'a', wakes: ['OrderPaid'], handle: async () => undefined });
  stream.consume({ group: 'a', wakes: ['OrderPayed'], handle: async () => undefined }); // refused
  void stream.handle('order-1', { type: 'refund' }); // refused
}

export { decides, emits, fills, fits, names, runs, tries };
