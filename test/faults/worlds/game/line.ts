// One WebSocket to a server, written from the protocol's description alone: requests with one reply each,
// messages as they come. Keeps in the history all that is said on it.

import { WebSocket } from 'ws';
import type { Data, Heard, History, Refused } from './history.ts';

/** Longer than any reply of a healthy server takes; a frozen one is given up. */
const replyWithinMs = 3_000;

export interface Reply {
  readonly ok?: Data;
  readonly err?: Refused;
}

export interface Place {
  readonly url: string;
  /** Of the client, as a proxy in front of the server names it. */
  readonly address: string;
  readonly who: string;
  readonly history: History;
  readonly hear: (frame: Heard) => void;
}

interface Waiting {
  readonly t: string;
  readonly tell: (reply: Reply | null) => void;
}

export class Line {
  readonly number: number;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  readonly #place: Place;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  private constructor(place: Place) {
    this.#place = place;
    this.number = place.history.nextLine();
    const headers = { 'x-forwarded-for': place.address };
    this.#socket = new WebSocket(place.url, ['arena.v1.json'], { headers, handshakeTimeout: replyWithinMs });
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    this.#socket.on('message', (data) => this.#onMessage(String(data)));
    this.#socket.on('close', (code) => {
      const { who, history } = place;
      history.add({ kind: 'close', who, line: this.number, code });
      for (const { tell } of this.#waiting.values()) tell(null);
      this.#waiting.clear();
      resolve(code);
    });
  }

  /** Null where no server takes it. */
  static async open(place: Place): Promise<Line | null> {
    const line = new Line(place);
    return new Promise((resolve) => {
      line.#socket.once('open', () => resolve(line));
      line.#socket.once('error', () => resolve(null));
      line.#socket.on('error', () => undefined);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The reply, or null: nothing is known of what became of it. */
  async ask(command: number, t: string, d: Data): Promise<Reply | null> {
    if (!this.isOpen) return null;
    this.#asked += 1;
    const id = this.#asked;
    const { who, history } = this.#place;
    history.add({ kind: 'ask', who, line: this.number, id, t, d: withoutSecrets(d), command });
    const { promise, resolve } = Promise.withResolvers<Reply | null>();
    this.#waiting.set(id, { t, tell: resolve });
    this.#socket.send(JSON.stringify({ id, t, d }));
    const late = setTimeout(() => {
      this.#waiting.delete(id);
      resolve(null);
      this.drop();
    }, replyWithinMs);
    return promise.finally(() => clearTimeout(late));
  }

  /** Ends it the hard way, as a lost network does. */
  drop(): void {
    this.#socket.terminate();
  }

  hangUp(): void {
    this.#socket.close();
  }

  #onMessage(text: string): void {
    const { who, history, hear } = this.#place;
    const message = JSON.parse(text) as Data;
    const on = { who, line: this.number };
    if (typeof message['t'] === 'string') {
      const frame = { kind: 'frame', ...on, ...message } as unknown as Heard;
      history.add(frame);
      return hear(frame);
    }
    const { id, ok, err } = message as Reply & { readonly id: number | null };
    const waiting = this.#waiting.get(id ?? 0);
    const said = { ...(ok === undefined ? {} : { ok }), ...(err === undefined ? {} : { err }) };
    history.add({ kind: 'reply', ...on, id, t: waiting?.t ?? '?', ...said });
    this.#waiting.delete(id ?? 0);
    waiting?.tell(said);
  }
}

function withoutSecrets(d: Data): Data {
  const { token, nonce: _nonce, ...rest } = d;
  return { ...rest, ...(token === undefined ? {} : { again: true }) };
}
