// A client of the wire protocol for tests, written from its description alone: joins, resumes, answers, and
// keeps all it was told. Shares no code with the server or with our own clients, so that it cannot share
// their mistakes.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

export interface WireFrame {
  readonly t: string;
  readonly s?: number;
  readonly at?: number;
  // biome-ignore lint/suspicious/noExplicitAny: frames are judged by the tests, field by field.
  readonly d: any;
}

export interface WireReply {
  readonly id: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly ok?: any;
  readonly err?: { code: string; message: string; retry: boolean };
}

export interface WireOptions {
  readonly url: string;
  readonly room: string;
  readonly name?: string;
  readonly role?: 'player' | 'host' | 'screen';
  readonly token?: string;
  /** Chooses an answer; null is none. Called once per round. */
  readonly choose?: (question: { roundId: string; round: number }) => 'FACT' | 'FAKE' | null;
  /** How long after the opening it answers, in ms; else as soon as can be. */
  readonly hesitateMs?: number;
}

export interface Acknowledged {
  readonly roundId: string;
  readonly answer: 'FACT' | 'FAKE';
}

/** Reconnects until `leave`; what it keeps outlives its connections. */
export class WireClient {
  readonly frames: WireFrame[] = [];
  readonly raw: string[] = [];
  /** What was asked, by the id of its frame less one. */
  readonly asked: string[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: { roundId: string; code: string }[] = [];
  readonly closes: number[] = [];
  playerId: string | null = null;
  joined: WireReply['ok'] = null;
  recovered = 0;
  restored = 0;
  #socket: WebSocket | null = null;
  #epoch: string | null = null;
  #s = 0;
  #token: string | null;
  #left = false;
  readonly nonce = `${randomUUID()}${randomUUID()}`;
  readonly #replies = new Map<number, (reply: WireReply) => void>();
  readonly #answering = new Set<string>();
  readonly #waiting: { test: () => boolean; resolve: () => void }[] = [];
  readonly options: WireOptions;

  constructor(options: WireOptions) {
    this.options = options;
    this.#token = options.token ?? null;
  }

  /** Connects and joins; resolves with the join reply, `err` included. */
  async connect(): Promise<WireReply> {
    const socket = new WebSocket(this.options.url, ['arena.v1.json']);
    this.#socket = socket;
    const opened = Promise.withResolvers<void>();
    socket.on('open', () => opened.resolve());
    socket.on('error', (error) => opened.reject(error));
    socket.on('message', (data) => this.#onMessage(String(data)));
    socket.on('close', (code) => this.#onClose(socket, code));
    await opened.promise;
    const { room, name, role = 'player' } = this.options;
    const again = this.#token === null ? {} : { token: this.#token };
    const byName = this.#token === null || role === 'host' ? { name, nonce: this.nonce } : {};
    const resume = this.#epoch === null ? {} : { epoch: this.#epoch, s: this.#s };
    const reply = await this.request('join', { room, role, ...byName, ...again, ...resume });
    if (reply.ok !== undefined) this.#onJoined(reply.ok);
    return reply;
  }

  /** Keeps connected through whatever happens; comes back as the close codes ask. */
  async stay(signal: AbortSignal): Promise<void> {
    while (!this.#left && !signal.aborted) {
      try {
        const reply = await this.connect();
        if (reply.err !== undefined && !reply.err.retry) throw new Error(`join refused: ${reply.err.code}`);
        if (reply.ok !== undefined) await this.#gone();
      } catch (error) {
        if (String(error).includes('join refused')) throw error;
      }
      this.#socket?.terminate();
      await sleep(50 + Math.random() * 150);
    }
  }

  /** Sends a request; resolves with its one reply, or with `unavailable` when the connection ends first. */
  request(t: string, d: unknown): Promise<WireReply> {
    const id = this.asked.push(t);
    const { promise, resolve } = Promise.withResolvers<WireReply>();
    this.#replies.set(id, resolve);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ id, t, d }));
    else this.#lose();
    return promise;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  sendRaw(text: string): void {
    this.#socket?.send(text);
  }

  /** Ends the connection the hard way, as a lost network does. */
  drop(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#left = true;
    this.#socket?.close();
  }

  /** Resolves when the test holds; looked at after every message. */
  async until(test: () => boolean, ms = 30_000): Promise<void> {
    if (test()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ test, resolve });
    const timer = setTimeout(
      () => reject(new Error(`${this.options.name}: not so within ${ms} ms: ${test}`)),
      ms,
    );
    await promise.finally(() => clearTimeout(timer));
  }

  frame(t: string, last = true): WireFrame | undefined {
    return last ? this.frames.findLast((frame) => frame.t === t) : this.frames.find((frame) => frame.t === t);
  }

  #gone(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#socket === null || this.#socket.readyState === WebSocket.CLOSED) resolve();
    this.#socket?.on('close', () => resolve());
    return promise;
  }

  #onClose(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.closes.push(code);
    if (code >= 4500) this.#left = true;
    this.#lose();
    this.#wake();
  }

  /** Nobody will answer any more: whoever waits may send again. */
  #lose(): void {
    for (const [id, resolve] of this.#replies) {
      resolve({ id, err: { code: 'unavailable', message: 'connection lost', retry: true } });
    }
    this.#replies.clear();
  }

  #onJoined(ok: WireReply['ok']): void {
    this.joined = ok;
    this.playerId = ok.playerId ?? this.playerId;
    this.#token = ok.token ?? this.#token;
    this.#epoch = ok.epoch;
    if (ok.recovered) this.recovered += 1;
    else {
      this.restored += 1;
      this.#s = ok.s;
    }
    const open = ok.state?.question;
    if (open && !ok.state.closed && ok.state.yourAnswer === null) void this.#answer(open);
    this.#wake();
  }

  #onMessage(text: string): void {
    this.raw.push(text);
    const message = JSON.parse(text) as WireFrame & WireReply;
    if (message.t === undefined) {
      this.#replies.get(message.id ?? -1)?.(message);
      this.#replies.delete(message.id ?? -1);
    } else {
      this.frames.push(message);
      if (message.s !== undefined) this.#s = Math.max(this.#s, message.s);
      if (message.t === 'NEW_QUESTION') void this.#answer(message.d);
    }
    this.#wake();
  }

  #wake(): void {
    for (const waiter of [...this.#waiting]) {
      if (!waiter.test()) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  /** Answers once the round is open, and again until somebody says that it is stored or refused. */
  async #answer(question: { roundId: string; round: number; opensAt: number }): Promise<void> {
    const { roundId } = question;
    if (this.options.choose === undefined || this.#answering.has(roundId)) return;
    this.#answering.add(roundId);
    const answer = this.options.choose(question);
    if (answer === null) return;
    await sleep(Math.max(0, question.opensAt - Date.now()) + (this.options.hesitateMs ?? 5));
    for (let tries = 0; tries < 400 && !this.#left; tries++) {
      const { ok, err } = await this.request('answer', { roundId, answer });
      if (ok !== undefined) return void this.acknowledged.push({ roundId, answer: ok.answer });
      if (err !== undefined && !err.retry) return void this.refused.push({ roundId, code: err.code });
      await sleep(50);
    }
  }
}
