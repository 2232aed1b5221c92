// What leaves the server, told by fields that are allowed and by marked texts: every frame, reply, path and
// document, to every role, in every phase.

import { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AppDeps, createApp } from '../../server/http/app.ts';
import { createOps } from '../../server/ops/api.ts';
import { noTracer } from '../../streams/trace/telemetry.ts';
import {
  documentFields,
  eventFields,
  httpFields,
  refusalFields,
  replyFields,
  type Shape,
  strayFields,
  verdictsTooEarly,
  volatileFields,
} from '../support/fields-allowed.ts';
import { answersOf, claims, type Heard, publicPaths, type Tour, takeLeakTour } from '../support/leak-tour.ts';

let tour: Tour;
beforeAll(async () => {
  tour = await takeLeakTour();
});

const phases = [
  ...['lobby', 'waiting', 'asked', 'open', 'paused', 'extended', 'closed', 'result'],
  ...['asked again', 'skipped', 'closed again', 'over', 'voided'],
];
const roles = [
  ...['host', 'hostess', 'screen', 'ada', 'bo', 'kim', 'lea', 'back'],
  ...['late', 'anew', 'new host', 'new screen', 'anybody'],
];
const gone: readonly string[] = ['kim', 'lea'];
const where = ({ phase, by, kind, name }: Heard) => `${kind} ${name} to ${by}, ${phase}`;

/** Where each of what was heard breaks a rule: once for each place, however often it was. */
function broken(rule: (heard: Heard) => readonly string[], of: readonly Heard[] = tour.heard): string[] {
  return [...new Set(of.flatMap((heard) => rule(heard).map((what) => `${what} in ${where(heard)}`)))];
}

/** Fields that nobody may be told. */
function stray({ kind, name, status, value }: Heard): string[] {
  const inside = (part: unknown, shape: Shape | undefined) =>
    shape === undefined ? [`${name} is not known`] : strayFields(part, shape);
  const parts = value as Readonly<Partial<Record<'d' | 'ok' | 'err', unknown>>>;
  switch (kind) {
    case 'frame': {
      const isVolatile = Object.hasOwn(volatileFields, name);
      const frame: Shape = isVolatile ? { t: true, at: true } : { t: true, s: true, at: true };
      const { d, ...around } = parts;
      const missing = Object.keys(frame).filter((field) => !Object.hasOwn(around, field));
      return [
        ...missing.map((field) => `no ${field}`),
        ...strayFields(around, frame),
        ...inside(d, (isVolatile ? volatileFields : eventFields)[name]),
      ];
    }
    case 'reply':
      if (parts.err !== undefined) return strayFields(parts, { id: true, err: refusalFields });
      return [
        ...strayFields({ ...parts, ok: null }, { id: true, ok: true }),
        ...inside(parts.ok, replyFields[name]),
      ];
    case 'document':
      return inside(value, documentFields[name]);
    case 'http':
      if (status !== undefined && status >= 400) return strayFields(value, { err: refusalFields });
      return Object.hasOwn(httpFields, name) ? inside(value, httpFields[name]) : [];
  }
}

/** Marks of claims whose time has not come. */
function marks({ text, asked, revealed }: Heard): string[] {
  const secret = claims.flatMap(({ question, toldWithResult, neverTold }, index) => [
    ...neverTold,
    ...(index < asked ? [] : [question]),
    ...(revealed.has(index) ? [] : toldWithResult),
  ]);
  return secret.filter((mark) => text.includes(mark));
}

/** What is said of answers, by path: of whom it is, the one who hears it knows. */
function answersIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    ['answer', 'yourAnswer'].includes(field) && inner !== null ? [String(inner)] : answersIn(inner),
  );
}

describe('what leaves the server', () => {
  test('was heard by every role in every phase, so that there is something to judge', () => {
    for (const phase of phases) {
      const by = new Set(tour.heard.filter((heard) => heard.phase === phase).map((heard) => heard.by));
      // Who was sent away before hears nothing more, and is asked about below.
      const here = roles.filter((role) => !gone.includes(role) || phases.indexOf(phase) < 4);
      expect([...by].toSorted(), phase).toEqual(expect.arrayContaining(here));
    }
    const frames = new Set(tour.heard.flatMap(({ kind, name }) => (kind === 'frame' ? [name] : [])));
    // A crowd has a test of its own, `crowd.int.test.ts`.
    const inSmallRooms = Object.keys(volatileFields).filter((name) => name !== 'crowd');
    expect([...frames].toSorted()).toEqual([...Object.keys(eventFields), ...inSmallRooms].toSorted());
    for (const { question, toldWithResult, neverTold } of claims)
      for (const mark of [question, ...toldWithResult, ...neverTold]) expect(tour.log).toContain(mark);
  });

  test.each(roles)('has no field but those that may be told: to %s', (role) => {
    const heard = tour.heard.filter(({ by }) => by === role);
    expect(heard.length).toBeGreaterThan(0);
    expect(broken(stray, heard)).toEqual([]);
  });

  test('holds no verdict of a round that has no result, by any name that it is told by later', () => {
    const rule = ({ value, revealedIds }: Heard) => verdictsTooEarly(value, revealedIds);
    expect(broken(rule)).toEqual([]);
  });

  test('holds no text of a claim before its time, and nothing that it was made of, ever', () => {
    expect(broken(marks)).toEqual([]);
  });

  test('holds all of a claim once its time has come, to all who are there', () => {
    for (const index of [0, 2]) {
      const { question, toldWithResult } = claims[index] ?? claims[0];
      const late = tour.heard.filter(({ revealed }) => revealed.has(index));
      for (const by of ['host', 'hostess', 'screen', 'ada', 'bo', 'back']) {
        const text = late.flatMap((heard) => (heard.by === by ? [heard.text] : [])).join('\n');
        for (const mark of [question, ...toldWithResult]) expect(text, by).toContain(mark);
      }
    }
  });

  test('says to each the own answer alone', () => {
    const rule = ({ by, value, kind }: Heard) => {
      const own = kind === 'http' || kind === 'document' ? undefined : answersOf[by];
      return answersIn(value).filter((answer) => answer !== own);
    };
    expect(broken(rule)).toEqual([]);
    const heard = (by: string) =>
      tour.heard.filter((one) => one.by === by).flatMap(({ value }) => answersIn(value));
    for (const by of Object.keys(answersOf)) expect(heard(by).length, by).toBeGreaterThan(1);
  });

  test('holds no secret but to its owner', () => {
    const owns = (owner: string, by: string) =>
      owner === by || (owner === 'host' && ['hostess', 'new host'].includes(by));
    const rule = ({ by, text }: Heard) =>
      tour.secrets.flatMap(({ owner, text: secret }) =>
        !owns(owner, by) && text.includes(secret) ? [`the secret of ${owner}`] : [],
      );
    expect(tour.secrets.length).toBeGreaterThan(12);
    expect(broken(rule)).toEqual([]);
  });

  test('is nothing to whoever was removed or has left', () => {
    expect(tour.turnedAway.length).toBeGreaterThan(10);
    for (const reply of tour.turnedAway) expect(reply).toMatchObject({ err: { code: 'bad_token' } });
    const later = phases.slice(phases.indexOf('paused'));
    const told = tour.heard.filter(
      ({ by, phase, kind }) => gone.includes(by) && later.includes(phase) && kind === 'frame',
    );
    expect(told.map(where)).toEqual([]);
  });

  test('is nothing of the desk to whoever has no token', () => {
    const desk = tour.heard.filter(({ name }) => /^\/(api\/ops|metrics)/.test(name));
    expect(new Set(desk.map(({ status }) => status))).toEqual(new Set([403]));
    expect(desk.length).toBeGreaterThan(7 * phases.length);
  });

  test('was asked for at every address that there is', () => {
    const ops = createOps({} as Parameters<typeof createOps>[0]);
    const metrics = new Hono().get('/', (c) => c.text(''));
    const app = createApp({ ops, metrics, tracer: noTracer, http: {} } as unknown as AppDeps);
    const routes = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect([...new Set(routes)].toSorted()).toEqual(Object.keys(publicPaths('', '')).toSorted());
  });
});
