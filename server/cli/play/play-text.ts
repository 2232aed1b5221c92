// What a player in the terminal reads. Everything is said once, when it happens. On a terminal a line at the
// bottom counts down.

import { styleText } from 'node:util';
import type { Player, View } from '../../web/client/player.ts';
import type { Entry, Result, RoomState, You } from '../../web/client/wire.ts';
import { harmless } from '../terminal/output.ts';

export interface Teller {
  invite(room: { readonly room: string; readonly joinUrl: string }): void;
  show(view: View, player: Player): void;
  say(line: string): void;
  end(): void;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Says the lines the first time that it hears the key. */
type Once = (key: string, ...lines: string[]) => void;

export function createTeller(out: NodeJS.WriteStream): Teller {
  const said = new Set<string>();
  let ticking: NodeJS.Timeout | null = null;
  let countdown = false;
  const paint: Paint = (style, text) => (out.isTTY ? styleText(style, text) : text);

  function say(line: string): void {
    if (countdown) out.write('\r\u001b[K');
    countdown = false;
    out.write(`${harmless(line)}\n`);
  }

  const once: Once = (key, ...lines) => {
    if (said.has(key)) return;
    said.add(key);
    for (const line of lines) say(line);
  };

  function tick(player: Player): void {
    const line = timeLine(player);
    if (line === null) return;
    out.write(`\r\u001b[K${line} `);
    countdown = true;
  }

  return {
    say,
    invite({ room, joinUrl }) {
      say(`Room ${paint('bold', room)} · others join at ${joinUrl} or with: npx arena play ${room}`);
      say('Press Enter to start the game.');
    },
    show(view, player) {
      const away = paint('yellow', 'Reconnecting… your score is safe.');
      if (view.status === 'away') once(`away${said.size}`, away);
      if (view.status === 'online') once('online', 'You are in.');
      if (view.screen.room !== null) tellRoom(view.screen.room, view, once, paint);
      if (out.isTTY) ticking ??= setInterval(() => tick(player), 500);
    },
    end() {
      if (ticking !== null) clearInterval(ticking);
    },
  };
}

function tellRoom(room: RoomState, { screen: { locked } }: View, once: Once, paint: Paint): void {
  const { question, result, you, phase, entries, podium } = room;
  if (phase === 'lobby') {
    const names = room.players.map(({ name }) => name).join(', ');
    const more = (room.members ?? 0) - room.players.length;
    const others = more > 0 ? ` and ${more} more` : '';
    once(`lobby ${names}${others}`, `In the room: ${names || 'no players yet'}${others}`);
  }
  if (room.paused !== null) once(`paused ${room.round} ${room.paused.remainingMs}`, 'The game is paused.');
  if (question !== null) {
    const head = `Round ${question.round} of ${question.rounds} · ${question.topic} · ${question.difficulty}`;
    const lines = [paint('dim', head), paint('bold', question.question), 'FACT (f) or FAKE (k)?'];
    once(question.roundId, '', ...lines);
    if (locked !== null) once(`${question.roundId} locked`, `Locked in: ${locked}`);
  }
  // The player's own points come right after the result. At the end of the round there is nothing left to
  // come.
  const mine = you !== null && you.roundId === result?.roundId ? you : null;
  if (result !== null && (mine !== null || phase === 'waiting')) {
    once(`${result.roundId} result`, ...reveal(result, mine, paint));
  }
  if (phase === 'waiting' && entries.length > 0)
    once(`board ${room.game} ${room.round}`, ...board(entries, you));
  if (phase === 'over') once(`over ${room.game}`, '', paint('bold', 'Game over'), ...places(podium ?? []));
}

function reveal({ truth, explanation, source }: Result, you: You | null, paint: Paint): string[] {
  const verdict = paint(truth === 'FACT' ? 'blue' : 'yellow', `It is ${truth}.`);
  const mine =
    you === null || you.answer === null
      ? 'You gave no answer.'
      : `You said ${you.answer}: ${you.correct === true ? `right, +${you.points}` : 'wrong'}.`;
  return [`${verdict} ${mine}`, explanation, paint('dim', `Source: ${source.name}, ${source.url}`)];
}

function board(entries: readonly Entry[], you: You | null): string[] {
  const rows = entries
    .slice(0, 5)
    .map(({ rank, name, score }) => `${String(rank).padStart(3)}. ${name}  ${score}`);
  return you === null || you.rank <= 5 ? rows : [...rows, `  … you are ${you.rank}. with ${you.score}`];
}

function places(podium: readonly (readonly Entry[])[]): string[] {
  return podium.map((place) => {
    const names = place.map(({ name }) => name).join(' and ');
    return `${String(place[0]?.rank ?? '').padStart(3)}. ${names}  ${place[0]?.score ?? 0}`;
  });
}

/** What is left of the open question; null when there is nothing to wait for. */
function timeLine(player: Player): string | null {
  const { screen } = player.view();
  const question = screen.room?.question;
  if (question?.deadline == null || screen.room?.closed === true || screen.locked !== null) return null;
  const now = player.serverNow();
  const ms = now < question.opensAt ? question.opensAt - now : question.deadline - now;
  const what = now < question.opensAt ? 'opens in' : 'time left';
  return `${what} ${Math.max(0, Math.ceil(ms / 1_000))} s`;
}
