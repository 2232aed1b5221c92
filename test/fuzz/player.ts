// Plays one episode against a server over a TCP connection of its own, and keeps what was wrong with what
// came back. Every request that was sent whole gets one reply, no more; a refusal has a code, and so has a
// close.

import { connect, type Socket } from 'node:net';
import { type Blank, type Episode, filled, type Step } from './episode.ts';
import { type Documented, judgeFrame, judgeResponse, responsesIn } from './judge.ts';
import { encodeFrame, plainText, readFrames } from './wire-frames.ts';

/** What an episode needs to know of the server, and tells of it. */
export interface Surroundings {
  readonly port: number;
  readonly documented: Documented;
  /** Blanks that are the same for all in a room, as they are now. */
  readonly know: (blank: Blank) => string;
  /** A room whose state was told, with its verdicts. */
  readonly verdicts: (rounds: readonly string[]) => void;
  /** Whose secrets there are besides those of this client. */
  readonly isSecret: (text: string) => boolean;
  readonly keepSecret: (text: string, isToken: boolean) => void;
  /** Counts what came of a frame. */
  readonly count: (what: string) => void;
}

export interface Played {
  readonly frames: number;
  readonly requests: number;
  readonly wrong: readonly string[];
}

// Busy machines are slow; a reply that takes longer does not come.
const replyMsMax = 30_000;
const openMsMax = 30_000;
/** After a request that may have no reply, as half of one. */
const momentMs = 250;

export async function playEpisode(episode: Episode, around: Surroundings): Promise<Played> {
  const line = new Line(episode, around);
  await line.connected;
  try {
    if (episode.head !== '') await line.open(episode.head);
    for (const step of episode.steps) {
      if (line.isClosed) break;
      await line.send(step);
    }
    await line.settle();
  } finally {
    line.end(episode.ends);
  }
  return { frames: line.frames, requests: line.requests, wrong: line.wrong() };
}

/** Whether this is one request over HTTP that every server reads in the same way, and so answers. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  if (end < 0 || !/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(head)) return false;
  if (/^(transfer-encoding|expect|upgrade|te)\b/im.test(head)) return false;
  const lengths = [...head.matchAll(/^content-length: (.*)$/gim)].map(([, length]) => Number(length));
  return lengths.length < 2 && (lengths[0] ?? 0) === Buffer.byteLength(text.slice(end + 4));
}

class Line {
  frames = 0;
  requests = 0;
  isClosed = false;
  readonly connected: Promise<void>;
  readonly #episode: Episode;
  readonly #around: Surroundings;
  readonly #socket: Socket;
  readonly #asked = new Map<number, Set<string>>();
  readonly #own = new Set<string>();
  readonly #wrong: string[] = [];
  readonly #filled = new Map<Blank, string>();
  #waiting: (() => void) | null = null;
  #isOpen = false;
  #http = '';
  #rest: Buffer = Buffer.alloc(0);
  /** Texts that were sent whole and legal, and replies that came. */
  #due = 0;
  #replies = 0;
  /** A frame that ends the connection was sent. */
  #spoilt = false;
  readonly #unsent: Buffer[] = [];
  #pieces = 0;
  #begun = '';
  #closeCode: number | null = null;
  #me: string | null = null;
  #token: string | null = null;
  s = 0;

  constructor(episode: Episode, around: Surroundings) {
    this.#episode = episode;
    this.#around = around;
    this.#socket = connect({ port: around.port, host: '127.0.0.1' });
    this.#socket.setNoDelay(true);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.connected = promise;
    this.#socket.once('connect', resolve);
    this.#socket.on('data', (data: Buffer) => this.#hear(data));
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => {
      this.isClosed = true;
      resolve();
      this.#wake();
    });
  }

  async open(head: string): Promise<void> {
    this.requests += 1;
    this.#socket.write(this.#fill(head), 'latin1');
    const whole = head.endsWith('\r\n\r\n') && !/^(content-length|transfer-encoding|expect)/im.test(head);
    await this.#until(() => this.#isOpen || this.#http.includes('\r\n\r\n'), whole ? openMsMax : momentMs);
  }

  async send(step: Step): Promise<void> {
    const { data, coding, frame, waits } = step;
    const text = this.#fill(data);
    const payload = Buffer.from(text, coding);
    if (frame === null) {
      if (this.#isOpen) this.#spoilt = true;
      this.requests += 1;
      this.#unsent.push(payload);
    } else {
      // Of pieces the last one counts, of controls none: thousands of them are quickly sent.
      if (frame.op < 8 && frame.fin) this.frames += 1;
      this.#note(step, text, payload);
      // What does not wait goes along with what comes next, as one piece of TCP.
      this.#unsent.push(encodeFrame(payload, frame));
    }
    if (!waits) return;
    this.#flush();
    const before = this.#replies;
    const heard = this.#http.length;
    if (this.#isOpen && frame !== null && !this.#spoilt)
      await this.#until(() => this.#replies > before, replyMsMax);
    else await this.#until(() => this.#http.length > heard, isWhole(text) ? replyMsMax : momentMs);
  }

  /** Waits until all is answered that must be. */
  async settle(): Promise<void> {
    this.#flush();
    if (!this.#isOpen) return;
    const enough = () => this.#replies >= this.#due;
    await this.#until(enough, this.#spoilt ? momentMs : replyMsMax);
    if (!this.isClosed && !this.#spoilt && !enough()) {
      this.#wrong.push(`${this.#due - this.#replies} of ${this.#due} requests have no reply`);
    }
  }

  end(how: Episode['ends']): void {
    if (how === 'reset') this.#socket.resetAndDestroy();
    else if (how === 'close' && this.#isOpen) {
      const close = { ...plainText, op: 8 };
      this.#socket.end(encodeFrame(Buffer.from([0x03, 0xe8]), close));
      this.#socket.resume();
    } else this.#socket.destroy();
    setTimeout(() => this.#socket.destroy(), 2_000).unref();
  }

  /** All that was wrong, once it is over. */
  wrong(): string[] {
    const { documented } = this.#around;
    const wrong = [...this.#wrong];
    if (!this.#spoilt && this.#replies > this.#due)
      wrong.push(`${this.#replies} replies to ${this.#due} requests`);
    if (this.#closeCode !== null && !documented.closes.has(this.#closeCode)) {
      wrong.push(`closed with ${this.#closeCode}, which is not documented`);
    }
    const operator = this.#episode.steps.some(({ data }) => data.includes('«deskToken»'));
    const isForeign = (text: string) => this.#isForeign(text);
    for (const response of responsesIn(this.#http)) {
      wrong.push(...judgeResponse(response, documented, { operator, isForeign }));
      this.#around.count(`${this.#episode.kind} ${response.status}`);
      const made = /"hostToken":"([^"]+)"/.exec(response.body)?.[1];
      if (made === undefined) continue;
      this.#own.add(made);
      this.#around.keepSecret(made, false);
    }
    return wrong;
  }

  readonly #isForeign = (text: string): boolean => this.#around.isSecret(text) && !this.#own.has(text);

  #fill(text: string): string {
    const told = filled(text, (blank) => this.#know(blank));
    // What was sent is known to the one who sent it.
    for (const [secret] of told.matchAll(/[\w-]{20,}/g)) this.#own.add(secret);
    return told;
  }

  #know(blank: Blank): string {
    if (blank === 'me') return this.#me ?? this.#around.know('playerId');
    if (blank === 'token') return this.#token ?? this.#around.know('otherToken');
    // Changing on the way would make another client of it.
    const stays = blank === 'room' || blank === 'hostToken' || blank === 'nonce' || blank === 'address';
    const known = stays ? this.#filled.get(blank) : undefined;
    const value = known ?? this.#around.know(blank);
    if (stays) this.#filled.set(blank, value);
    if (blank === 'nonce') this.#around.keepSecret(value, false);
    return value;
  }

  /** What comes of a frame: a reply, more pieces, an end, or nothing that is known beforehand. */
  #note({ frame, coding }: Step, text: string, payload: Buffer): void {
    if (frame === null) return;
    const { op, fin, rsv, masked, claims } = frame;
    if (op < 8) this.#noteIds(text, fin);
    if (this.#spoilt) return;
    const legal = rsv === 0 && masked && claims === null;
    if (!legal || (op >= 8 && (!fin || payload.length > 125 || op > 10))) this.#spoilt = true;
    else if (op === 8) this.#spoilt = true;
    else if (op < 8) this.#noteData(op, fin, payload, coding);
  }

  #noteData(op: number, fin: boolean, payload: Buffer, coding: Step['coding']): void {
    const first = this.#pieces === 0;
    this.#pieces += 1;
    const continues = op === 0;
    const notText = coding === 'latin1' && payload.some((byte) => byte > 127);
    const known = op <= 2 && first !== continues && payload.length <= 65_536 && !notText;
    // Of pieces it is enough that they come to an end, or do not.
    if (!known || (continues && !fin && this.#pieces > 16)) this.#spoilt = true;
    if (!fin || this.#spoilt) return;
    this.#pieces = 0;
    this.#due += 1;
  }

  /** Every number that stands where an id may, with every word that stands where a type may. */
  #noteIds(piece: string, fin: boolean): void {
    const text = this.#begun + piece;
    this.#begun = fin ? '' : text;
    const ids = [...text.matchAll(/"id":(\d{1,16})\b/g)].map(([, id]) => Number(id));
    const types = [...text.matchAll(/"t":"(\w+)"/g)].map(([, type = '']) => type);
    for (const id of ids) {
      const known = this.#asked.get(id) ?? new Set();
      for (const type of types) known.add(type);
      this.#asked.set(id, known);
    }
  }

  #hear(data: Buffer): void {
    if (!this.#isOpen) {
      this.#http += data.toString('latin1');
      const end = this.#http.indexOf('\r\n\r\n');
      if (!this.#http.startsWith('HTTP/1.1 101') || end < 0) return this.#wake();
      this.#isOpen = true;
      this.#rest = Buffer.from(this.#http.slice(end + 4), 'latin1');
      this.#http = this.#http.slice(0, end + 4);
    } else this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    const { frames, rest } = readFrames(this.#rest);
    this.#rest = rest;
    for (const { op, payload } of frames) {
      if (op === 1) this.#judge(payload.toString());
      else if (op === 8) this.#closeCode = payload.length < 2 ? null : payload.readUInt16BE(0);
    }
    this.#wake();
  }

  #judge(text: string): void {
    const listener = { asked: this.#asked, isForeign: this.#isForeign, s: this.s };
    // Its own secret comes with the reply to a join.
    const joined = /"role":"(?:player|host)".*?"playerId":(null|"\w+"),"token":"([\w-]+)"/.exec(text);
    if (text.startsWith('{"id"') && joined !== null) this.#joined(joined[1] ?? '', joined[2] ?? '');
    const { wrong, outcome, verdicts } = judgeFrame(text, this.#around.documented, listener);
    this.s = listener.s;
    if (text.startsWith('{"id"')) this.#replies += 1;
    this.#around.count(outcome);
    if (verdicts.length > 0) this.#around.verdicts(verdicts);
    for (const one of wrong) this.#wrong.push(`${one} in ${text.slice(0, 300)}`);
  }

  #joined(playerId: string, token: string): void {
    this.#me = playerId.startsWith('"') ? playerId.slice(1, -1) : null;
    this.#token = token;
    this.#own.add(token);
    this.#around.keepSecret(token, this.#me !== null);
    // The history of a room begins anew for one who comes back.
    this.s = 0;
  }

  /** Of bytes that are no frames the halves come apart. */
  #flush(): void {
    const all = Buffer.concat(this.#unsent.splice(0));
    if (all.length === 0 || this.isClosed) return;
    const half = this.#episode.kind === 'bytes' ? all.length >> 1 : 0;
    if (half > 0) this.#socket.write(all.subarray(0, half));
    this.#socket.write(all.subarray(half));
  }

  #wake(): void {
    this.#waiting?.();
  }

  /** Until it holds, the other side is gone, or so long. */
  async #until(holds: () => boolean, ms: number): Promise<void> {
    if (holds() || this.isClosed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#waiting = () => {
      if (holds() || this.isClosed) resolve();
    };
    await promise;
    clearTimeout(timer);
    this.#waiting = null;
  }
}
