// The kit for tests, from the package alone: rules, agents in memory, crashes, and what every log must do.
// Each of them is given something that holds and something that does not; it prints what they said.

import { defineStream } from 'agent-arena-streams';
import {
  crashAtEachStep,
  createMemoryEngine,
  logContract,
  type MemoryStream,
  type OpenLog,
  openMemoryLog,
  scenario,
} from 'agent-arena-streams/testing';
import { z } from 'zod';

interface Order {
  readonly status: 'none' | 'placed' | 'paid' | 'expired';
}

const orders = defineStream({
  name: 'orders',
  events: { Placed: z.object({ total: z.number() }), Paid: z.object({}), Expired: z.object({}) },
  initial: { status: 'none' } as Order,
  decide(command: { type: 'place'; total: number } | { type: 'pay' | 'expire' }, { status }) {
    if (command.type === 'place') {
      return { key: 'place', events: [{ type: 'Placed', data: { total: command.total } }] };
    }
    if (status !== 'placed') return { rejected: 'not_placed' };
    return { key: 'end', events: [{ type: command.type === 'pay' ? 'Paid' : 'Expired', data: {} }] };
  },
  evolve: (_order: Order, { type }): Order => ({
    status: type === 'Placed' ? 'placed' : type === 'Paid' ? 'paid' : 'expired',
  }),
  effects: ({ type }) => ({ meta: [], timers: type === 'Placed' ? [{ set: 'late', inMs: 60_000 }] : [] }),
});

const place = { type: 'place', total: 42 } as const;
const placed = { type: 'Placed', data: { total: 42 } } as const;
type Orders = MemoryStream<NonNullable<typeof orders.types>>;

async function outcomeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'holds';
  } catch (error) {
    return String(error).split('\n').join(' ');
  }
}

/** `pay` is done at least once, and once alone if it is given a key. */
function addPayment(stream: Orders, pay: (key: string) => Promise<unknown>): void {
  stream.consume({
    group: 'payment',
    wakes: ['Placed'],
    async handle({ once, submit }) {
      await once('pay', async ({ key }) => void (await pay(key)));
      await submit({ type: 'pay' }, { last: true });
    },
  });
}

const crashed = (withKey: boolean) =>
  crashAtEachStep({
    streams: [orders],
    async play({ engine, outside }) {
      addPayment(engine.stream(orders), (key) => outside.call('pay', withKey ? { key } : {}));
      await engine.stream(orders).handle('order-1', place);
      await engine.settle();
    },
  });

async function expired(): Promise<string> {
  const engine = createMemoryEngine({ streams: [orders] });
  const stream = engine.stream(orders);
  stream.consume({
    group: 'patience',
    timers: ['late'],
    handle: ({ submit }) => submit({ type: 'expire' }, { last: true }),
  });
  await stream.handle('order-1', place);
  await engine.clock.advance(59_999);
  const { state: before } = await stream.load('order-1');
  await engine.clock.advance(1);
  const { state: after } = await stream.load('order-1');
  return `${before.status}, then ${after.status}`;
}

/** Forgets what is read under a key. */
const forgetful: OpenLog = (definition) => {
  const under = openMemoryLog(definition);
  return { ...under, log: { ...under.log, firstResult: async () => null } };
};

async function objectionsTo(open: OpenLog): Promise<number> {
  const outcomes = await Promise.all(logContract.map(({ run }) => outcomeOf(() => run(open))));
  return outcomes.filter((outcome) => outcome !== 'holds').length;
}

const told = {
  rule: await outcomeOf(() => scenario(orders).given().when(place).then(placed)),
  brokenRule: await outcomeOf(() => scenario(orders).given(placed).when({ type: 'pay' }).then(placed)),
  expired: await expired(),
  crashes: await outcomeOf(() => crashed(true)),
  brokenCrashes: await outcomeOf(() => crashed(false)),
  log: await objectionsTo(openMemoryLog),
  // Some cases object, and the others go on holding.
  brokenLog: [0, logContract.length].includes(await objectionsTo(forgetful)) ? 'none or all' : 'some',
};
process.stdout.write(`${JSON.stringify(told)}\n`);
