// The socket of a client: joins, comes back by itself, resumes where it stood, and keeps the server's clock.
// What it is told goes to one listener; what is asked gets one reply or a failure.

import type { RequestType } from '../../../core/protocol.ts';
import { comeBackMs } from './again.ts';
import {
  type Failure,
  type FinalCode,
  type JoinReply,
  type Message,
  type Reply,
  read,
  type Wish,
} from './wire.ts';

export interface ConnectionOptions {
  /** `ws:` or `wss:` URL of the server's socket. */
  readonly url: string;
  /** What to join with; asked anew at each attempt. Token, epoch and s are added by the connection. */
  readonly join: () => Wish<'join'>;
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
  request<T extends RequestType>(t: T, d: Wish<T>): Promise<Reply<T>>;
  /** The server's clock in ms. */
  serverNow(): number;
  /** The device woke up or found a network: does at once what would be done a little later. */
  wake(): void;
  close(): void;
}

const subprotocol = 'arena.v1.json';
const pingMs = 5_000;
const silenceMs = 5_000;
// A clock that might be ahead by more would let people answer before a question opens, and be refused.
const earlyMsMax = 20;
const lost: Failure = { code: 'unavailable', message: 'The connection was lost.', retry: true };
const restarting: Failure = { code: 'restarting', message: 'The server starts again.', retry: true };
// A server that stops, and one that cannot read the room: for players it is the same.
const restarts: ReadonlySet<number> = new Set([4001, 1012]);

/** Closes that say "stay away", as the protocol numbers them. */
const isFinal = (code: number): boolean =>
  (code >= 4500 && code <= 4999) || [1002, 1003, 1007, 1008, 1009].includes(code);

const finalReasons: Readonly<Record<number, readonly [code: FinalCode, message: string]>> = {
  4500: ['tooManyErrors', 'Too many mistakes.'],
  4501: ['replaced', 'Opened somewhere else.'],
  4502: ['kicked', 'The host has removed you.'],
  4503: ['roomGone', 'This room is gone.'],
  4504: ['wrongProtocol', 'This page is out of date; reload it.'],
};
const closedForGood = ['closed', 'The server closed this connection.'] as const;

/** Opens a connection that keeps itself open until `close`, or until the server says to stay away. */
export function openConnection(options: ConnectionOptions): Connection {
  const line = new Line(options);
  line.open();
  return line;
}

/** One socket after another, and what outlives them. */
class Line implements Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #socket: WebSocket | null = null;
  #ids = 0;
  #tries = 0;
  #token: string | null = null;
  #epoch: string | null = null;
  #s = 0;
  #ended = false;
  /** How far the server's clock is ahead, in ms: at least `from`, at most `to`. */
  #ahead = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  /** What happens next by itself: another try, or a look whether the line still stands. */
  #next: { readonly work: () => void; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  request<T extends RequestType>(t: T, d: Wish<T>): Promise<Reply<T>> {
    if (this.#socket?.readyState !== 1) return Promise.resolve({ err: lost });
    this.#ids += 1;
    const id = this.#ids;
    this.#socket.send(JSON.stringify({ id, t, d }));
    // The reply with this id is that of this request: the protocol says so, which no type can follow.
    return new Promise((resolve) => this.#waiting.set(id, resolve as (reply: Reply) => void));
  }

  serverNow(): number {
    const { from, to } = this.#ahead;
    return (
      Date.now() + (from === Number.NEGATIVE_INFINITY ? 0 : from + Math.min((to - from) / 2, earlyMsMax))
    );
  }

  wake(): void {
    clearTimeout(this.#next?.timer);
    this.#next?.work();
  }

  close(): void {
    this.#end(null);
  }

  open(): void {
    if (this.#ended) return;
    const { url, WebSocket = globalThis.WebSocket } = this.#options;
    const current = new WebSocket(url, [subprotocol]);
    this.#socket = current;
    current.onopen = () => void this.#join(current);
    current.onmessage = ({ data }) => this.#receive(String(data));
    current.onclose = ({ code }) => this.#closed(current, code);
  }

  #closed(current: WebSocket, code: number): void {
    if (this.#socket !== current) return;
    this.#socket = null;
    this.#lose();
    if (!isFinal(code)) return this.#comeBack(restarts.has(code) ? restarting : lost);
    const [reason, message] = finalReasons[code] ?? closedForGood;
    this.#end({ code: reason, message, retry: false });
  }

  async #join(current: WebSocket): Promise<void> {
    const sentAt = Date.now();
    const again = this.#token === null ? {} : { token: this.#token };
    const where = this.#epoch === null ? {} : { epoch: this.#epoch, s: this.#s };
    const reply = await this.request('join', { ...this.#options.join(), ...again, ...where });
    if (this.#socket !== current) return;
    if ('err' in reply) return reply.err.retry ? this.#drop(current) : this.#end(reply.err);
    const { ok } = reply;
    this.#tries = 0;
    this.#token = ok.token ?? this.#token;
    this.#epoch = ok.epoch;
    if (!ok.recovered) this.#s = ok.s;
    this.#learnTime(ok.serverTime, sentAt);
    this.#options.on.joined(ok);
    this.#options.on.status('online', null);
    this.#watch(current);
  }

  #receive(text: string): void {
    const said = read(text);
    if (!('t' in said)) {
      const id = said.id ?? 0;
      this.#waiting.get(id)?.(said);
      this.#waiting.delete(id);
      return;
    }
    if ('s' in said) {
      if (said.s <= this.#s) return;
      this.#s = said.s;
    }
    this.#options.on.message(said);
  }

  /**
   * The server looked at its clock after the request left and before its reply came: each reply narrows down
   * how far it can be ahead (the bounds of Cristian's algorithm). Where the bounds cross, a clock was set.
   */
  #learnTime(serverTime: number, sentAt: number): void {
    const heard = { from: serverTime - Date.now(), to: serverTime - sentAt };
    const { from, to } = this.#ahead;
    const both = { from: Math.max(from, heard.from), to: Math.min(to, heard.to) };
    this.#ahead = both.from <= both.to ? both : heard;
  }

  /** A socket that is silent is as good as lost, whatever it says of itself. */
  #watch(current: WebSocket): void {
    this.#later(async () => {
      if (this.#socket !== current) return;
      const sentAt = Date.now();
      const silence = setTimeout(() => this.#drop(current), silenceMs);
      const reply = await this.request('ping', {});
      clearTimeout(silence);
      if ('ok' in reply) this.#learnTime(reply.ok.serverTime, sentAt);
      this.#watch(current);
    }, pingMs);
  }

  #drop(current: WebSocket): void {
    if (this.#socket !== current) return;
    this.#socket = null;
    current.close();
    this.#lose();
    this.#comeBack(lost);
  }

  #comeBack(why: Failure): void {
    if (this.#ended) return;
    const { on, chance = Math.random } = this.#options;
    on.status('away', why);
    this.#tries += 1;
    this.#later(() => this.open(), comeBackMs(this.#tries, chance()));
  }

  #end(why: Failure | null): void {
    this.#ended = true;
    const current = this.#socket;
    this.#socket = null;
    this.#lose();
    current?.close();
    this.#options.on.status('ended', why);
  }

  /** Those that wait for a reply of this socket wait in vain. */
  #lose(): void {
    clearTimeout(this.#next?.timer);
    this.#next = null;
    for (const resolve of this.#waiting.values()) resolve({ err: lost });
    this.#waiting.clear();
  }

  #later(work: () => void, ms: number): void {
    const now = () => {
      this.#next = null;
      work();
    };
    this.#next = { work: now, timer: setTimeout(now, ms) };
  }
}
