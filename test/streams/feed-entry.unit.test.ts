// Entries of the feed as any version wrote them, or an operator by hand: what points to something is read,
// and what does not is kept whole.

import { expect, test } from 'vitest';
import { readFeedEntry } from '../../streams/log/feed-entry.ts';

const naming = { idField: 'room', parseId: (text: string) => (text === '' ? null : text) };
const read = (fields: Record<string, string>) => {
  const entry = readFeedEntry(naming, ['1-0', Object.entries({ room: 'a', ...fields }).flat()]);
  if ('unreadable' in entry) return 'unreadable';
  const { requeues, requeued, what } = entry;
  return { requeues, requeued, what };
};
const events = { first: '2', last: '3', types: 'A,B', traceparent: 't' };
const what = { kind: 'events', first: 2, last: 3, types: ['A', 'B'], traceparent: 't' };

test('reads how often an entry was put back, however an older version said so', () => {
  const counted = ['', '0', '01', '3', '-1'].map((requeues) => read({ ...events, requeues }));
  expect(counted).toEqual([0, 0, 1, 3, -1].map((requeues) => ({ requeues, requeued: null, what })));
  expect(read(events)).toEqual({ requeues: 0, requeued: null, what });
  for (const requeues of ['x', '1.5', 'Infinity', '9007199254740993'])
    expect(read({ ...events, requeues })).toBe('unreadable');
});

test('passes over fields that it does not know, and those that are called like parts of an object', () => {
  const more = { later: 'x', ['__proto__']: 'y', constructor: 'z', requeuedFor: 'g', requeuedBy: 'op' };
  expect(read({ ...events, ...more })).toEqual({ requeues: 0, requeued: { group: 'g', by: 'op' }, what });
});

test('points to nothing without a range of revisions, or a timer with a moment', () => {
  const wrong = [{ first: '' }, { first: '0' }, { last: '-1' }, { first: '1.5' }, { last: 'x' }];
  for (const one of wrong) expect(read({ ...events, ...one })).toBe('unreadable');
  expect(read({ alarm: 't', due: '7' })).toMatchObject({ what: { kind: 'timer', name: 't', dueAt: 7 } });
  for (const due of ['x', 'Infinity', 'NaN']) expect(read({ alarm: 't', due })).toBe('unreadable');
  expect(read({ alarm: '', due: '7' })).toBe('unreadable');
  expect(read({ alarm: 't' })).toBe('unreadable');
});
