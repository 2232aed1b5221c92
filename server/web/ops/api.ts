// What the console asks, with the operator's token where there is one.

import { useEffect, useRef } from 'preact/hooks';
import type { Kind } from '../../operate/dead-letters.ts';
import type { Difference } from '../../operate/difference.ts';
import type { Finding } from '../../operate/finding.ts';
import type { GroupLook } from '../../operate/groups.ts';
import type { RoomOperation } from '../../operate/operations.ts';
import type { ReportedClaim, Reports } from '../../operate/reports.ts';
import type { Retraction } from '../../operate/retract.ts';
import type { ListedRoom } from '../../operate/room-list.ts';
import type { Verified } from '../../operate/verify.ts';
import { randomNonce } from '../client/identity.ts';

export type {
  Difference,
  Finding,
  GroupLook,
  Kind,
  ListedRoom,
  RoomOperation,
  ReportedClaim,
  Reports,
  Retraction,
  Verified,
};

export interface Letter {
  readonly id: string;
  readonly fingerprint: string;
  readonly group: string;
  readonly room: string;
  readonly reason: string;
  readonly message: string;
  readonly stack: string;
  /** Of the events that it points to, or the effect of its alarm. */
  readonly types: readonly string[];
  readonly lastAt: number;
  readonly requeues: number;
  /** Why it is not put back without force, or null. */
  readonly whyNot: string | null;
}

export interface Dead {
  readonly now: number;
  readonly kinds: readonly Kind[];
  /** The newest first, as many as a page can show. */
  readonly letters: readonly Letter[];
}

export interface Acted {
  readonly selected: number;
  readonly able: number;
  readonly done: number;
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

export interface Overview {
  readonly now: number;
  readonly jaegerUrl: string | null;
  readonly rooms: readonly ListedRoom[];
  readonly groups: readonly GroupLook[];
  readonly dead: readonly Kind[];
  readonly findings: readonly Finding[];
  /** The newest first. */
  readonly operations: readonly RoomOperation[];
  /** Of the server that was asked alone: each counts its own. */
  readonly traffic: {
    readonly server: string;
    readonly sockets: number;
    readonly pushes: number;
    readonly closes: Readonly<Record<string, number>>;
  };
}

export interface Step {
  readonly rev: number;
  readonly at: number;
  readonly type: string;
  readonly by: string;
  readonly round: number | null;
  readonly traceId: string;
}

export interface Moment {
  readonly rev: number;
  readonly last: number;
  readonly event: {
    readonly type: string;
    readonly at: number;
    readonly by: string;
    readonly data: unknown;
  } | null;
  readonly state: unknown;
  readonly changes: readonly Difference[];
}

/** `final`: asking again gives the same, until somebody changes something. */
export type OpsAnswered<T> = { readonly ok: T } | { readonly problem: string; readonly final: boolean };

const finalStatuses: readonly number[] = [403, 404];

const triesMax = 3;
const againMs = 300;

/** GET, or POST where there is a body: under a key, and again where the reply was lost. */
export async function askOps<T>(path: string, body?: object): Promise<OpsAnswered<T>> {
  const key: Record<string, string> = body === undefined ? {} : { 'idempotency-key': randomNonce() };
  for (let tries = 1; ; tries++) {
    const answer = await askOnce<T>(path, key, body);
    if (body === undefined || answer !== null || tries >= triesMax) {
      return answer ?? { problem: 'The server cannot be reached.', final: false };
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
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
    const answer = (await reply.json()) as T & { err?: { message: string } };
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
