// A workflow for tests of the kit: trips that are asked for, paid, and given up when that takes too long.

import { z } from 'zod';
import { defineStream } from '../../streams/engine.ts';

export interface Trip {
  readonly status: 'none' | 'asked' | 'paid' | 'expired';
  readonly to: string;
  readonly note: string;
}

export type TripCommand =
  | { readonly type: 'ask'; readonly to: string }
  | { readonly type: 'pay'; readonly receipt: string }
  | { readonly type: 'note'; readonly text: string; readonly key?: string }
  | { readonly type: 'expire' };

export const tooLongMs = 60_000;

export const trips = defineStream({
  name: 'trips',
  events: {
    Asked: z.object({ to: z.string() }),
    Paid: z.object({ receipt: z.string() }),
    Remarked: z.object({ text: z.string() }),
    Expired: z.object({}),
  },
  initial: { status: 'none', to: '', note: '' } as Trip,
  decide(command: TripCommand, { status }: Trip) {
    if (command.type === 'ask') {
      if (status !== 'none') return { rejected: 'asked_before' };
      return { key: 'ask', events: [{ type: 'Asked', data: { to: command.to } }] };
    }
    if (command.type === 'note') {
      return { key: command.key ?? null, events: [{ type: 'Remarked', data: { text: command.text } }] };
    }
    if (status !== 'asked') return { stale: true };
    if (command.type === 'expire') return { key: 'end', events: [{ type: 'Expired', data: {} }] };
    return { key: 'end', events: [{ type: 'Paid', data: { receipt: command.receipt } }] };
  },
  evolve(trip: Trip, event): Trip {
    if (event.type === 'Asked') return { ...trip, status: 'asked', to: event.data.to };
    if (event.type === 'Remarked') return { ...trip, note: event.data.text };
    return { ...trip, status: event.type === 'Paid' ? 'paid' : 'expired' };
  },
  effects: ({ type }) => ({
    meta: [],
    timers:
      type === 'Asked'
        ? [{ set: 'too-long', inMs: tooLongMs }]
        : type === 'Paid'
          ? [{ cancel: 'too-long' }]
          : [],
  }),
});

export type Trips = NonNullable<typeof trips.types>;
