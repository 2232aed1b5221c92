// One client of a room through all its connections: a player, the host, or a screen. Joins, stays, comes back
// with its token and the last place that it saw, and sends its commands until it knows what became of them.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Given, Outcome } from '../../world.ts';
import type { Data, Heard, History } from './history.ts';
import { Line, type Reply } from './line.ts';
import { nothingSeen, type View, viewAfter, viewOf } from './view.ts';

export interface SeatOptions {
  readonly who: string;
  readonly role: 'player' | 'host' | 'screen';
  readonly room: string;
  /** By which a player comes in, and a host who plays. */
  readonly name?: string;
  /** The host's. */
  readonly token?: string;
  readonly urls: readonly string[];
  readonly address: string;
  readonly history: History;
  readonly chance: () => number;
  readonly note: Given['note'];
}

export interface Performed {
  readonly outcome: Outcome;
  readonly reply: Reply | null;
}

const triesMax = 60;

export class Seat {
  readonly options: SeatOptions;
  playerId: string | null = null;
  view: View = nothingSeen;
  /** Why it is out of the room for good. */
  gone: string | null = null;
  /** Called at a question that is new to this connection. */
  onQuestion: (question: Data) => void = () => undefined;
  line: Line | null = null;
  readonly #lines = new Set<Line>();
  #joined = Promise.withResolvers<void>();
  #token: string | null;
  #epoch: string | null = null;
  #s = 0;
  #left = false;
  readonly #nonce: string;

  constructor(options: SeatOptions) {
    this.options = options;
    this.#token = options.token ?? null;
    this.#nonce = `${options.room}-${options.who}-`.padEnd(24, '0');
  }

  get isHere(): boolean {
    return this.line?.isOpen === true && !this.#left;
  }

  /** Connected whatever happens, until it leaves or is sent away. */
  async stay(): Promise<void> {
    while (!this.#left && this.gone === null) {
      const line = this.line?.isOpen ? this.line : await this.connect();
      const ended = await line?.closed;
      if (ended === 4502 || ended === 4503) this.gone = `closed with ${ended}`;
      if (this.line === line) this.#notHere();
      if (this.line === null) await sleep(20 + this.options.chance() * 130);
    }
    for (const line of this.#lines) line.hangUp();
    this.#joined.resolve();
  }

  /** A new connection, which takes the place of the one before; null where none came about. */
  async connect(): Promise<Line | null> {
    const { urls, address, who, history, chance } = this.options;
    const url = urls[Math.floor(chance() * urls.length)] ?? '';
    const line = await Line.open({ url, address, who, history, hear: (frame) => this.#hear(frame) });
    if (line === null) return null;
    this.#lines.add(line);
    void line.closed.then(() => this.#lines.delete(line));
    const again = this.#token !== null && this.playerId !== null;
    const { outcome, reply } = await this.#once(line, this.#joinName(again), 'join', this.#joinData());
    if (outcome === 'refused' && reply?.err?.retry === false) this.gone = `join: ${reply.err.code}`;
    if (reply?.ok === undefined) {
      line.drop();
      return null;
    }
    this.#onJoined(line, reply.ok);
    void this.#beat(line);
    return line;
  }

  /**
   * Sends a command until a reply says what became of it. `once`: gives up at the first lost reply, as people
   * do.
   */
  async perform(name: string, t: string, d: Data, { once = false } = {}): Promise<Performed> {
    const { history, note, who, chance } = this.options;
    const command = history.nextCommand();
    const end = note(name);
    let lost = 0;
    let reply: Reply | null = null;
    for (let tries = 0; tries < (once ? 1 : triesMax); tries++) {
      if (tries > 0) await sleep(20 + chance() * 130);
      const line = await this.#here();
      if (line === null) break;
      reply = await line.ask(command, t, d);
      if (reply?.ok !== undefined || reply?.err?.retry === false) break;
      if (reply?.err?.code !== 'rate_limited') lost += 1;
    }
    const outcome =
      reply?.ok !== undefined ? 'ok' : reply?.err !== undefined && lost === 0 ? 'refused' : 'unknown';
    const [ok, err] = [reply?.ok ?? null, reply?.err?.code ?? null];
    history.add({ kind: 'end', who, command, t, d, outcome, ok: ok && { ...ok, state: null }, err });
    end(outcome);
    return { outcome, reply };
  }

  drop(): void {
    this.line?.drop();
  }

  /** For good; a host who is gone stops hosting, also where the game did not end. */
  leave(): void {
    this.#left = true;
    this.gone ??= 'the room is over';
    for (const line of this.#lines) line.hangUp();
    this.#joined.resolve();
  }

  #joinName(again: boolean): string {
    if (again) return this.line?.isOpen ? 'second socket' : 'come back';
    return this.options.role === 'player' ? 'join' : `join as ${this.options.role}`;
  }

  #joinData(): Data {
    const { room, role, name } = this.options;
    const place = this.#epoch === null ? {} : { epoch: this.#epoch, s: this.#s };
    if (role === 'screen') return { room, role, ...place };
    const token = this.#token === null ? {} : { token: this.#token };
    const byName = this.#token === null || role === 'host' ? { name, nonce: this.#nonce } : {};
    return { room, role, ...token, ...(name === undefined ? {} : byName), ...place };
  }

  /** One sending on one line: a lost reply is `unknown`. */
  async #once(line: Line, name: string, t: string, d: Data): Promise<Performed> {
    const { history, note, who } = this.options;
    const command = history.nextCommand();
    const end = note(name);
    const reply = await line.ask(command, t, d);
    const sure = reply?.err !== undefined && (!reply.err.retry || reply.err.code === 'rate_limited');
    const outcome = reply?.ok !== undefined ? 'ok' : sure ? 'refused' : 'unknown';
    const [ok, err] = [reply?.ok ?? null, reply?.err?.code ?? null];
    const { token: _token, nonce: _nonce, ...told } = d;
    history.add({ kind: 'end', who, command, t, d: told, outcome, ok: ok && { ...ok, state: null }, err });
    end(outcome);
    return { outcome, reply };
  }

  #onJoined(line: Line, ok: Data): void {
    this.line = line;
    this.playerId = ok['playerId'] ?? this.playerId;
    this.#token = ok['token'] ?? this.#token;
    this.#epoch = ok['epoch'];
    if (ok['recovered'] !== true) {
      this.#s = ok['s'];
      this.view = viewOf(ok['state'], this.view);
    }
    const { question, closed } = this.view;
    this.#joined.resolve();
    if (question !== null && !closed) this.onQuestion(question);
  }

  /** The line that has joined, when there is one; null for a client that is out. */
  async #here(): Promise<Line | null> {
    while (!this.#left && this.gone === null) {
      if (this.line?.isOpen === true) return this.line;
      if (this.line !== null) this.#notHere();
      await this.#joined.promise;
    }
    return null;
  }

  #notHere(): void {
    // Those who wait already wait for the next one.
    if (this.line === null) return;
    this.line = null;
    this.#joined = Promise.withResolvers();
    if (this.#left || this.gone !== null) this.#joined.resolve();
  }

  /** Asks again and again whether a server is there; a line that gives no answer is dropped. */
  async #beat(line: Line): Promise<void> {
    while (line.isOpen) {
      await Promise.race([sleep(1_500 + this.options.chance() * 1_000), line.closed]);
      // A client has one line; another that it had before is left to itself for so long.
      if (line !== this.line) line.hangUp();
      if (line.isOpen) await this.#once(line, 'ping', 'ping', {});
    }
  }

  #hear(frame: Heard): void {
    if (frame.s === undefined) return;
    // Two connections of one client tell the same.
    if (frame.s <= this.#s) return;
    this.#s = frame.s;
    this.view = viewAfter(this.view, frame);
    if (frame.t === 'NEW_QUESTION') this.onQuestion(frame.d);
  }
}
