// Every limit is tried: the last size that is allowed is taken, and the first that is not is refused by the
// code that is documented; or a test is named that does so; or a reason says why nothing can be too much for
// it. The tables are complete by construction: a limit, a field of a request or a setting that nobody judged
// fails here.

import { describe, expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { RequestFrame, requestData } from '../../core/protocol.ts';
import { parseFrame } from '../../server/live/frame.ts';
import { engineLimits } from '../../streams/parts.ts';
import { whyNone } from '../support/named-tests.ts';
import { ofEngine } from './limits/engine.ts';
import type { Judged } from './limits/judged.ts';
import { asked } from './limits/line.ts';
import { ofModels } from './limits/models.ts';
import { ofPeople } from './limits/people.ts';
import { fieldsOf, requestTypes, whole } from './limits/requests.ts';
import { ofRooms } from './limits/rooms.ts';
import { endless, refusedBy, settings } from './limits/settings.ts';

type Table = Readonly<Record<string, Judged>>;

const parts: readonly Table[] = [ofPeople, ofModels, ofRooms];
const ofGame: Table = Object.assign({}, ...parts);
const ofThisEngine: Table = ofEngine;

/** Limits without a judgement, and judgements of what is no limit. */
function apart(all: Readonly<Record<string, unknown>>, judged: Table): string[] {
  const lacking = Object.keys(all).filter((name) => !Object.hasOwn(judged, name));
  return [...lacking, ...Object.keys(judged).filter((name) => !Object.hasOwn(all, name))];
}

describe('the limits', () => {
  test('of the game are judged, each once', () => {
    expect(apart(limits, ofGame)).toEqual([]);
    expect(parts.flatMap((part) => Object.keys(part)).length).toBe(Object.keys(limits).length);
  });

  test('of the engine are judged', () => {
    expect(apart(engineLimits, ofThisEngine)).toEqual([]);
  });

  test('and one that nobody judged is found, and a judgement of none', () => {
    expect(apart({ new: 1, old: 1 }, { old: { tries: [] }, gone: { tries: [] } })).toEqual(['new', 'gone']);
  });

  test('that name a test name one that is there; each other one is tried, or has its reason', () => {
    const all = [...Object.entries(ofGame), ...Object.entries(ofThisEngine)];
    const wrong = all.flatMap(([name, judged]) => {
      if ('by' in judged) return whyNone(judged.by) ?? [];
      const empty = 'tries' in judged ? judged.tries.length === 0 : judged.reason.length < 10;
      return empty ? [`${name} is judged by nothing`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

const tried = Object.entries({ ...ofGame, ...ofThisEngine }).flatMap(([name, judged]) =>
  'tries' in judged ? judged.tries.map((one) => [name, one] as const) : [],
);

describe('a limit at its edge', () => {
  test.each(tried)('%s', async (_name, { within, beyond, of, taken, refused }) => {
    expect(await of(within)).toEqual(taken);
    expect(await of(beyond)).toEqual(refused);
  });
});

describe('a field of a request', () => {
  test.each(requestTypes)('of %s has a bound, and is refused beyond it', async (t) => {
    const { bounded, unbounded } = fieldsOf(requestData[t]);
    expect(unbounded).toEqual([]);
    // Each field is sent, so each is tried.
    expect(bounded.map(({ field }) => field).toSorted()).toEqual(Object.keys(whole[t]).toSorted());
    const wrong: string[] = [];
    for (const { field, fits, unfit } of bounded) {
      const come = (value: unknown) => asked(t, { ...whole[t], [field]: value });
      for (const value of fits) if ((await come(value)) !== 'taken') wrong.push(`${field} refuses ${value}`);
      for (const value of unfit) {
        if ((await come(value)) !== 'invalid_payload') wrong.push(`${field} takes ${value}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('of the frame around it, too', () => {
    const { bounded, unbounded } = fieldsOf(RequestFrame);
    // What is in it is bounded by its request.
    expect(unbounded).toEqual(['d']);
    const isTaken = (frame: object) => {
      const read = parseFrame(Buffer.from(JSON.stringify({ id: 1, t: 'ping', ...frame })));
      return read !== null && !('problem' in read);
    };
    for (const { field, fits, unfit } of bounded) {
      for (const value of fits) expect(isTaken({ [field]: value }), `${field} ${value}`).toBe(true);
      for (const value of unfit) expect(isTaken({ [field]: value }), `${field} ${value}`).toBe(false);
    }
  });
});

describe('a setting', () => {
  test('with a bound is one of those that are tried', () => {
    expect(settings.length).toBeGreaterThan(14);
    expect(settings.map(({ name }) => name)).toContain('PORT');
  });

  test('that is a number has a bound on both sides, but for days that never end', () => {
    expect(endless).toEqual(['RETAIN_DAYS']);
  });

  test.each(settings)(
    '$name is taken at its edge, and refused beyond it, by its name',
    ({ name, fits, unfit }) => {
      for (const value of fits) expect(refusedBy(name, value), value).toEqual([]);
      for (const value of unfit) expect(refusedBy(name, value), value).toEqual([name]);
    },
  );

  test.each([
    ['ARENA_SLOT', 'x'.repeat(60), 'x'.repeat(61)],
    ['BUDGET_GAME_TOKENS', '9'.repeat(12), '9'.repeat(13)],
    ['BUDGET_DAY_USD', '9'.repeat(9), '9'.repeat(10)],
  ])('%s has a length, too', (name, fits, unfit) => {
    expect(refusedBy(name, fits)).toEqual([]);
    expect(refusedBy(name, unfit)).toEqual([name]);
  });
});
