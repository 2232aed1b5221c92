// A player at a room: connection, screen and answers in one. Used by the page and by the terminal; knows
// nothing of either.

import type { RequestType, Role } from '../../../core/protocol.ts';
import { askUntil } from './again.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Identities, Identity } from './identity.ts';
import { emptyScreen, gave, joined, locked, receive, type Screen } from './reducer.ts';
import type { Answer, Failure, Message, Reply, Wish } from './wire.ts';
import { createWishes } from './wishes.ts';

export interface PlayerOptions {
  readonly url: string;
  readonly room: string;
  readonly role: Role;
  readonly identities: Identities;
  readonly onChange: (view: View) => void;
  readonly WebSocket?: typeof globalThis.WebSocket;
}

export interface View {
  readonly screen: Screen;
  readonly status: 'connecting' | 'online' | 'away' | 'ended';
  readonly why: Failure | null;
}

export interface Player {
  view(): View;
  /** Resolves when the answer is stored or refused; it is sent again until one of both. */
  answer(choice: Answer): Promise<Failure | null>;
  /**
   * Sent again on the next connection when its reply was lost, under a key that makes it act once. Asking for
   * the same while it is on its way is no second wish.
   */
  request<T extends RequestType>(t: T, d: Wish<T>): Promise<Reply<T>>;
  serverNow(): number;
  /** The device woke up or found a network: looks at once whether the connection still stands. */
  wake(): void;
  leave(): Promise<void>;
  close(): void;
}

export const keptOut: Failure = {
  code: 'keptOut',
  message: 'The host has removed you and keeps you out.',
  retry: false,
};

export function openPlayer({ room, role, identities, onChange, ...line }: PlayerOptions): Player {
  let view: View = { screen: emptyScreen, status: 'connecting', why: null };
  const change = (part: Partial<View>) => {
    view = { ...view, ...part };
    onChange(view);
  };

  const connection: Connection = openConnection({
    ...line,
    join: () => joinOf(room, role, identities.of(room)),
    on: {
      joined(reply) {
        if (role === 'player') identities.change(room, { token: reply.token });
        change({ screen: joined(view.screen, reply) });
      },
      message(message) {
        if (keepsOut(message, view.screen.playerId)) identities.change(room, { keptOut: true });
        change({ screen: receive(view.screen, message) });
      },
      status(status, why) {
        const forGood = why?.code === 'kicked' && identities.of(room).keptOut;
        if (!forGood && startsAfresh(why, role)) identities.forget(room);
        change({ status, why: forGood ? keptOut : why });
      },
    },
  });
  const request = createWishes(connection, () => view.status);

  async function sendAnswer(roundId: string, choice: Answer): Promise<Failure | null> {
    change({ screen: gave(view.screen, { roundId, answer: choice }) });
    const still = () => view.screen.room?.question?.roundId === roundId && view.status !== 'ended';
    const reply = await askUntil(
      () => connection.request('answer', { roundId, answer: choice }),
      (said) => 'ok' in said || !said.err.retry || !still(),
    );
    if ('ok' in reply) {
      change({ screen: locked(view.screen, roundId, choice) });
      return null;
    }
    if (still() && reply.err.code !== 'too_late') change({ screen: gave(view.screen, null) });
    return reply.err;
  }

  return {
    view: () => view,
    async answer(choice) {
      const question = view.screen.room?.question;
      return question === null || question === undefined ? null : sendAnswer(question.roundId, choice);
    },
    request,
    serverNow: () => connection.serverNow(),
    wake: () => connection.wake(),
    async leave() {
      await request('leave', {});
      identities.forget(room);
      connection.close();
    },
    close: () => connection.close(),
  };
}

/** By token where there is one; a host's own, and the name too if the host plays. */
function joinOf(room: string, role: PlayerOptions['role'], identity: Identity): Wish<'join'> {
  const { nonce, token, name, hostToken } = identity;
  if (role === 'screen') return { room, role };
  const own = name === null ? {} : { name, nonce };
  if (role === 'host') return { room, role, token: hostToken ?? '', ...own };
  return token === null ? { room, role, name: name ?? '', nonce } : { room, role, token };
}

/** A token that is not valid any more, a removal, a name that is kept out: the next visit is a new player. */
const startsAfresh = (why: Failure | null, role: PlayerOptions['role']): boolean =>
  why?.code === 'bad_token' || why?.code === 'kicked' || (why?.code === 'forbidden' && role === 'player');

const keepsOut = ({ t, d }: Message, playerId: string | null): boolean =>
  t === 'PLAYER_KICKED' && d.playerId === playerId && d.reason === 'banned';
