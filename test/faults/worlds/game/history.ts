// What the clients of one room saw, in the order in which they saw it: every request, every reply, every
// message, and how each command ended. The judge knows of the clients what stands here, and no more.

import { appendFile } from 'node:fs/promises';
import type { Outcome } from '../../world.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a server says is judged field by field.
export type Data = Readonly<Record<string, any>>;

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

interface OnLine {
  /** The client: one player, host or screen, whatever it connects with. */
  readonly who: string;
  /** Its connection; each has a number of its own. */
  readonly line: number;
}

/** A request as it was sent. `command`: one that is sent again keeps its number. */
export interface Asked extends OnLine {
  readonly kind: 'ask';
  readonly id: number;
  readonly t: string;
  readonly d: Data;
  readonly command: number;
}

export interface Replied extends OnLine {
  readonly kind: 'reply';
  readonly id: number | null;
  readonly t: string;
  readonly ok?: Data;
  readonly err?: Refused;
}

/** A message of the server; `s` is missing where it has no place in the order. */
export interface Heard extends OnLine {
  readonly kind: 'frame';
  readonly t: string;
  readonly s?: number;
  readonly at?: number;
  readonly d: Data;
}

export interface Hung extends OnLine {
  readonly kind: 'close';
  readonly code: number;
}

/** How a command ended; `unknown` if any of its sendings may have been done without a word. */
export interface Ended {
  readonly kind: 'end';
  readonly who: string;
  readonly command: number;
  readonly t: string;
  readonly d: Data;
  readonly outcome: Outcome;
  readonly ok: Data | null;
  readonly err: string | null;
}

export type Entry = Asked | Replied | Heard | Hung | Ended;

export class History {
  readonly room: string;
  readonly entries: Entry[] = [];
  #commands = 0;
  #lines = 0;

  constructor(room: string) {
    this.room = room;
  }

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  nextCommand(): number {
    this.#commands += 1;
    return this.#commands;
  }

  nextLine(): number {
    this.#lines += 1;
    return this.#lines;
  }

  /** For people who look into a red run. */
  async write(file: string): Promise<void> {
    const lines = this.entries.map((entry) => JSON.stringify({ room: this.room, ...entry }));
    if (lines.length > 0) await appendFile(file, `${lines.join('\n')}\n`);
  }
}
