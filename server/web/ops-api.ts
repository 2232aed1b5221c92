// What the console asks, with the operator's token where there is one.

import type { Answered } from './api.ts';

export interface Kind {
  readonly fingerprint: string;
  readonly group: string;
  readonly message: string;
  readonly count: number;
  readonly rooms: number;
}

export interface GroupLook {
  readonly feed: string;
  readonly group: string;
  readonly lag: number | null;
  readonly pending: number;
  readonly oldestMs: number | null;
  readonly consumers: readonly string[];
}

export interface Finding {
  readonly mood: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly cure: string | null;
}

export interface OperationLine {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly verb: string;
  readonly room: string;
  readonly about: string;
}

export interface Overview {
  readonly now: number;
  readonly jaegerUrl: string | null;
  readonly rooms: readonly {
    readonly room: string;
    readonly phase: string;
    readonly round: number;
    readonly rounds: number;
    readonly players: number;
    readonly rev: number;
  }[];
  readonly groups: readonly GroupLook[];
  readonly dead: readonly Kind[];
  readonly findings: readonly Finding[];
  /** The newest first. */
  readonly operations: readonly OperationLine[];
  readonly traffic: {
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
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

/** GET, or POST where there is a body. */
export async function askOps<T>(path: string, body?: object): Promise<Answered<T>> {
  const token = sessionStorage.getItem('arena:ops-token');
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  try {
    const reply = await fetch(`/api/ops/${path}`, init);
    const answer = (await reply.json()) as T & { err?: { message: string } };
    return reply.ok ? { ok: answer } : { problem: answer.err?.message ?? `HTTP ${reply.status}` };
  } catch {
    return { problem: 'The server cannot be reached.' };
  }
}
