// What the console asks, with the operator's token where there is one: each address with what is given there,
// whose types are those of the server's own functions.

import { useEffect, useRef } from 'preact/hooks';
import type { Reports } from '../../operate/reports.ts';
import type { Retraction } from '../../operate/retract.ts';
import type { Verified } from '../../operate/verify.ts';
import type { Why } from '../../operate/why.ts';
import type { Acted, Dead, DeadWish, Moment, Overview, Refused, RetractWish, Step } from '../../ops/api.ts';
import { askUntil } from '../client/again.ts';
import { randomNonce } from '../client/identity.ts';

export type { Kind } from '../../operate/dead-letters.ts';
export type { Difference } from '../../operate/difference.ts';
export type { Finding } from '../../operate/finding.ts';
export type { GroupLook } from '../../operate/groups.ts';
export type { RoomOperation } from '../../operate/operations.ts';
export type { ReportedClaim } from '../../operate/reports.ts';
export type { ListedRoom } from '../../operate/room-list.ts';
export type { Acted, Dead, DeadWish, Moment, Overview, Reports, Retraction, Step, Verified };
export type Letter = Dead['letters'][number];

export const getOverview = () => ask<Overview>('overview');
export const getReports = () => ask<Reports>('reports');
export const getTimeline = (room: string, after: number) =>
  ask<readonly Step[]>(`rooms/${room}/timeline?after=${after}`);
export const getMoment = (room: string, rev: number) => ask<Moment>(`rooms/${room}/at/${rev}`);
export const getWhy = (room: string) => ask<Why>(`rooms/${room}/why`);
export const verifyLog = (room: string) => ask<Verified>(`rooms/${room}/verify`);
export const retractRound = (room: string, wish: RetractWish) =>
  ask<Retraction>(`rooms/${room}/retract`, wish);
export const getDead = (query: URLSearchParams) => ask<Dead>(`dead?${query}`);
export const actOnDead = (action: 'requeue' | 'drop', wish: DeadWish) => ask<Acted>(`dead/${action}`, wish);

/** `final`: asking again gives the same, until something is changed. */
export type OpsAnswered<T> = { readonly ok: T } | { readonly problem: string; readonly final: boolean };

const finalStatuses: readonly number[] = [403, 404];

const triesMax = 3;

/** GET, or POST where there is a body: under a key, and again where the reply was lost. */
async function ask<T>(path: string, body?: object): Promise<OpsAnswered<T>> {
  const key: Record<string, string> = body === undefined ? {} : { 'idempotency-key': randomNonce() };
  const answer = await askUntil(
    () => askOnce<T>(path, key, body),
    (said, tries) => body === undefined || said !== null || tries >= triesMax,
  );
  return answer ?? { problem: 'The server cannot be reached.', final: false };
}

/** Null where the server cannot be reached, or its reply was lost. */
async function askOnce<T>(
  path: string,
  key: Readonly<Record<string, string>>,
  body?: object,
): Promise<OpsAnswered<T> | null> {
  const token = sessionStorage.getItem('arena:ops-token');
  const headers = {
    'content-type': 'application/json',
    ...key,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  try {
    const reply = await fetch(`/api/ops/${path}`, init);
    const answer: T & Partial<Refused> = await reply.json();
    if (reply.ok) return { ok: answer };
    const problem = answer.err?.message ?? `HTTP ${reply.status}`;
    return { problem, final: finalStatuses.includes(reply.status) };
  } catch {
    return null;
  }
}

/**
 * Looks at once and then every so often, one look at a time, and not while the tab is hidden, until a look
 * says false. Whenever `what` changes it looks anew.
 */
export function useLooking(look: () => Promise<boolean>, everyMs: number, what: unknown): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const again = async () => {
      if (document.visibilityState === 'visible') over = !(await latest.current()) || over;
      if (!over) timer = setTimeout(() => void again(), everyMs);
    };
    void again();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [everyMs, what]);
}
