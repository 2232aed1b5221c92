// Rules as sentences, and what is said where one does not hold.

import { expect, test } from 'vitest';
import { scenario } from '../../streams/testing.ts';
import { tooLongMs, trips } from '../support/trips.ts';

const trip = scenario(trips);
const asked = { type: 'Asked', data: { to: 'Oslo' } } as const;
const paid = { type: 'Paid', data: { receipt: 'r-1' } } as const;

test('a rule that holds says nothing', () => {
  const asking = trip.given().when({ type: 'ask', to: 'Oslo' });
  asking.then(asked);
  asking.thenTimers({ set: 'too-long', inMs: tooLongMs });
  trip.given(asked).when({ type: 'ask', to: 'Rome' }).thenRejected('asked_before');
  trip.given(asked, paid).when({ type: 'expire' }).thenStale();
  trip.given(asked).when({ type: 'pay', receipt: 'r-1' }).thenTimers({ cancel: 'too-long' });
});

test('a rule that does not hold says where', () => {
  const asking = trip.given().when({ type: 'ask', to: 'Oslo' });
  const said = (check: () => void): string => {
    try {
      check();
    } catch (error) {
      return String(error);
    }
    return 'it held';
  };
  expect(said(() => asking.then({ type: 'Asked', data: { to: 'Rome' } }))).toContain(
    'events[0].data.to is "Oslo", not "Rome"',
  );
  expect(said(() => asking.then())).toContain('decided: {"key":"ask"');
  expect(said(() => asking.thenRejected('asked_before'))).toContain('rejected is absent, not "asked_before"');
  expect(said(() => asking.thenNothing())).toContain('expected {"events":[]}');
  expect(said(() => asking.thenStale())).toContain('stale is false, not true');
  expect(said(() => asking.thenTimers())).toContain('timers');
  const again = trip.given(asked).when({ type: 'ask', to: 'Rome' });
  expect(said(() => again.then())).toContain('decided: {"rejected":"asked_before"}');
  expect(said(() => again.thenNothing())).toContain('events is absent, not []');
  expect(said(() => again.thenRejected('other'))).toContain('rejected is "asked_before", not "other"');
});

test('what is given has to fit its schema', () => {
  const unfit = { type: 'Asked', data: { to: 7 } } as never;
  expect(() => trip.given(unfit)).toThrow('Asked cannot be written');
});
