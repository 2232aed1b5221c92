// A frame is read by hand where it is a request, and judged by its schema else: both say the same.

import { anything, assert, constantFrom, integer, oneof, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { RequestFrame } from '../../../core/protocol.ts';
import { parseFrame } from '../../../server/live/frame.ts';

const id = oneof(integer(), constantFrom(0, 1, 1.5, -1, 2 ** 53, 2 ** 53 - 1, '1', null, Number.NaN));
const t = oneof(string({ maxLength: 45 }), constantFrom('answer', 'x'.repeat(40), 'x'.repeat(41), 7, null));

test('what is read by hand is what the schema reads, and nothing else', () => {
  assert(
    property(record({ id, t, d: anything(), more: anything() }, { requiredKeys: [] }), (raw) => {
      const text = JSON.stringify(raw);
      const frame = parseFrame(Buffer.from(text));
      const schema = RequestFrame.safeParse(JSON.parse(text));
      if (schema.success) expect(frame).toEqual(schema.data);
      else expect(frame).toMatchObject({ problem: expect.any(String) });
    }),
    { numRuns: 2_000 },
  );
});
