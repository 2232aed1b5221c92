// An episode is what one client does, from its first byte to its end, as a value: it can be made from a
// seed, written down, played, and made smaller. What only a running server knows stands in it by name, as
// `«room»`, and is filled in when it is sent.

import type { FrameShape } from './wire-frames.ts';

export const kinds = ['talk', 'bytes', 'handshake', 'http', 'desk'] as const;
export type Kind = (typeof kinds)[number];

export interface Step {
  readonly data: string;
  /** What the characters of `data` mean; bytes stand as those of Latin-1. */
  readonly coding: 'utf8' | 'latin1';
  /** Null: sent as it is, without a frame around it. */
  readonly frame: FrameShape | null;
  /** The next step is not sent before this one is answered, or a moment has passed. */
  readonly waits: boolean;
}

export interface Episode {
  /** The seed and the number: makes it again. */
  readonly name: string;
  readonly kind: Kind;
  /** The request that opens a socket, or empty where the steps are requests. */
  readonly head: string;
  readonly steps: readonly Step[];
  readonly ends: 'close' | 'fin' | 'reset';
}

/** What stands by name in an episode. */
export const blanks = [
  ...['room', 'otherRoom', 'hostToken', 'token', 'otherToken', 'nonce', 'name', 'epoch', 'key'],
  ...['usedKey', 'roundId', 'oldRoundId', 'game', 'playerId', 'me', 'address', 'deskToken'],
] as const;
export type Blank = (typeof blanks)[number];

const isBlank = (name: string): name is Blank => (blanks as readonly string[]).includes(name);

/** A text with its blanks filled in, and the length of a body where one is to stand. */
export function filled(text: string, know: (blank: Blank) => string): string {
  const told = text.replace(/«(\w+)»/g, (whole, name: string) => (isBlank(name) ? know(name) : whole));
  const body = told.indexOf('\r\n\r\n');
  return told.replace('«length»', () => String(Buffer.byteLength(told.slice(body + 4))));
}
