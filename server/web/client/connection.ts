// The socket of a client: joins, comes back by itself, resumes where it stood, and keeps the server's clock.
// What it is told goes to one listener; what is asked gets one reply or a failure.

import type { Failure, JoinReply, Message, Reply } from './wire.ts';

export interface ConnectionOptions {
  /** `ws:` or `wss:` URL of the door. */
  readonly url: string;
  /** What to join with; asked anew at each attempt. Token, epoch and s are added by the connection. */
  readonly join: () => Readonly<Record<string, unknown>>;
  readonly on: {
    joined(reply: JoinReply): void;
    message(message: Message): void;
    /** `online`: joined. `away`: lost, coming back. `ended`: for good, with the reason. */
    status(status: 'online' | 'away' | 'ended', why: Failure | null): void;
  };
  readonly WebSocket?: typeof globalThis.WebSocket;
  readonly chance?: () => number;
}

export interface Connection {
  request(t: string, d: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** The server's clock in ms. */
  serverNow(): number;
  close(): void;
}

const subprotocol = 'arena.v1.json';
const pingMs = 5_000;
const silenceMs = 5_000;
const backMsMin = 500;
const backMsMax = 8_000;
const lost: Failure = { code: 'unavailable', message: 'The connection was lost.', retry: true };

/** Closes that say "stay away", as the protocol numbers them. */
const isFinal = (code: number): boolean =>
  (code >= 4500 && code <= 4999) || [1002, 1003, 1007, 1009].includes(code);

const finalReasons: Readonly<Record<number, readonly [code: string, message: string]>> = {
  4500: ['tooManyErrors', 'Too many mistakes.'],
  4501: ['replaced', 'Opened somewhere else.'],
  4502: ['kicked', 'The host has removed you.'],
  4503: ['roomGone', 'This room is gone.'],
  4504: ['wrongProtocol', 'This page is out of date; reload it.'],
};

export function openConnection(options: ConnectionOptions): Connection {
  const { url, on, WebSocket = globalThis.WebSocket, chance = Math.random } = options;
  const waiting = new Map<number, (reply: Reply) => void>();
  let socket: WebSocket | null = null;
  let ids = 0;
  let tries = 0;
  let token: string | null = null;
  let epoch: string | null = null;
  let s = 0;
  let ended = false;
  let clock = { offset: 0, roundTrip: Number.POSITIVE_INFINITY };
  let timers: ReturnType<typeof setTimeout>[] = [];

  const later = (work: () => void, ms: number) => timers.push(setTimeout(work, ms));

  function send(t: string, d: Readonly<Record<string, unknown>>): Promise<Reply> {
    if (socket?.readyState !== 1) return Promise.resolve({ err: lost });
    ids += 1;
    const id = ids;
    socket.send(JSON.stringify({ id, t, d }));
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  /** The sample with the shortest way is the truest (Cristian's algorithm). */
  function learnTime(serverTime: number, sentAt: number): void {
    const roundTrip = Date.now() - sentAt;
    if (roundTrip > clock.roundTrip) return;
    clock = { roundTrip, offset: serverTime - (sentAt + roundTrip / 2) };
  }

  function watch(current: WebSocket): void {
    later(async () => {
      if (socket !== current) return;
      const sentAt = Date.now();
      const silence = setTimeout(() => drop(current), silenceMs);
      const reply = await send('ping', {});
      clearTimeout(silence);
      if ('ok' in reply) learnTime(Number(reply.ok['serverTime']), sentAt);
      watch(current);
    }, pingMs);
  }

  async function join(current: WebSocket): Promise<void> {
    const sentAt = Date.now();
    const again = token === null ? {} : { token };
    const where = epoch === null ? {} : { epoch, s };
    const reply = await send('join', { ...options.join(), ...again, ...where });
    if (socket !== current) return;
    if ('err' in reply) {
      if (reply.err.retry) return drop(current);
      return end(reply.err);
    }
    const ok = reply.ok as unknown as JoinReply;
    tries = 0;
    token = ok.token ?? token;
    epoch = ok.epoch;
    if (!ok.recovered) s = ok.s;
    learnTime(ok.serverTime, sentAt);
    on.joined(ok);
    on.status('online', null);
    watch(current);
  }

  function receive(text: string): void {
    const message = JSON.parse(text) as Message & { id?: number | null } & Reply;
    if (message.t === undefined) {
      const id = message.id ?? 0;
      waiting.get(id)?.(message);
      waiting.delete(id);
      return;
    }
    if (message.s !== undefined) {
      if (message.s <= s) return;
      s = message.s;
    }
    on.message(message);
  }

  function drop(current: WebSocket): void {
    if (socket !== current) return;
    socket = null;
    current.close();
    lose();
    comeBack();
  }

  function lose(): void {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    for (const resolve of waiting.values()) resolve({ err: lost });
    waiting.clear();
  }

  function comeBack(): void {
    if (ended) return;
    on.status('away', lost);
    const ceiling = Math.min(backMsMax, backMsMin * 2 ** tries);
    tries += 1;
    later(open, tries === 1 ? 50 : Math.max(backMsMin, chance() * ceiling));
  }

  function end(why: Failure | null): void {
    ended = true;
    const current = socket;
    socket = null;
    lose();
    current?.close();
    on.status('ended', why);
  }

  function open(): void {
    if (ended) return;
    const current = new WebSocket(url, [subprotocol]);
    socket = current;
    current.onopen = () => void join(current);
    current.onmessage = ({ data }) => receive(String(data));
    current.onclose = ({ code }) => {
      if (socket !== current) return;
      socket = null;
      lose();
      if (!isFinal(code)) return comeBack();
      const [reason, message] = finalReasons[code] ?? ['closed', 'The server closed this connection.'];
      end({ code: reason, message, retry: false });
    };
  }

  open();
  return {
    request: send,
    serverNow: () => Date.now() + clock.offset,
    close: () => end(null),
  };
}
