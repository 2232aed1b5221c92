// What was true, why, and what it meant for this player.

import { useState } from 'preact/hooks';
import { useFocus } from './chrome.tsx';
import type { Player } from './client/player.ts';
import type { Answer, Result, RoomState, You } from './client/wire.ts';
import { nameOf } from './question.tsx';
import { useServerClock } from './use-room.ts';
import { said, words } from './words.ts';

interface RevealProps {
  readonly result: Result;
  readonly you: You | null;
  /** What this player answered after the round was closed. */
  readonly late?: Answer | null;
  readonly player: Player | null;
  /** An operator has taken the claim back. */
  readonly voided: boolean;
  /** No other player is here to be compared with. */
  readonly alone?: boolean;
}

/** For whom a page is: a player who plays alone is the host of their own room. */
export type Seat = 'player' | 'host' | 'solo';

export function Reveal({ result, you, late = null, player, voided, alone = false }: RevealProps) {
  const heading = useFocus<HTMLHeadingElement>(result.roundId);
  const mine = you !== null && you.roundId === result.roundId ? you : null;
  const { truth, explanation, source, confidence, split } = result;
  return (
    <section class={`card reveal ${truth.toLowerCase()}`}>
      <h1 ref={heading} tabIndex={-1}>
        <span aria-hidden="true">{truth === 'FACT' ? '✓' : '✗'}</span> {words.isIt(truth)}
      </h1>
      {result.question !== null && (
        <p class="claim" lang="en">
          {result.question}
        </p>
      )}
      {voided && <p class="problem">{words.voided}</p>}
      {mine !== null && <Mine you={mine} late={late} alone={alone} />}
      <p class="explanation" lang="en">
        {explanation}
      </p>
      <p class="hint">
        {words.source}:{' '}
        <a href={source.url} target="_blank" rel="noreferrer noopener" lang="en">
          {source.name}
        </a>
      </p>
      {!alone && <Split split={split} />}
      <label class="meter">
        {words.editorSure}: {Math.round(confidence * 100)}&nbsp;%
        <meter min={0} max={1} value={confidence} />
      </label>
      {player !== null && mine !== null && <Report roundId={result.roundId} player={player} />}
    </section>
  );
}

interface MineProps {
  readonly you: You;
  readonly late: Answer | null;
  readonly alone: boolean;
}

function Mine({ you, late, alone }: MineProps) {
  const { answer, correct, points, streak, score, rank } = you;
  const none = late === null ? words.noAnswer : words.cameLate(late);
  return (
    <output class={`outcome ${correct === true ? 'won' : ''}`}>
      <span>
        {answer === null ? none : `${words.youSaid(answer)} ${correct === true ? words.right : words.wrong}.`}
      </span>{' '}
      {points > 0 && <strong>{words.gained(points)}</strong>}{' '}
      {streak > 1 && <span>{words.streak(streak)}</span>}{' '}
      <span class="standing">
        {alone || rank === 0 ? '' : `${words.place(rank)} · `}
        {words.points(score)}
      </span>
    </output>
  );
}

interface NextStepProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly seat: Seat;
}

/** What comes after the reveal, and when. */
export function NextStep({ state, player, seat }: NextStepProps) {
  const now = useServerClock(player, 250);
  const { nextAt, phase, round, rounds } = state;
  if (phase !== 'waiting') return null;
  const seconds = nextAt === null ? 0 : Math.max(0, Math.ceil((nextAt - now) / 1_000));
  return <p class="hint next-step">{text()}</p>;
  function text(): string {
    if (nextAt === null) return seat === 'player' ? words.hostDecides : words.youDecide;
    if (round < rounds) return seconds === 0 ? words.agentsPrepare : words.nextIn(seconds);
    return seat === 'solo' ? words.resultIn(seconds) : words.winnersIn(seconds);
  }
}

/** A claim was on screen last, and came to no result. */
export const wasSkipped = ({ phase, lastRoundId, result }: RoomState): boolean =>
  phase === 'waiting' && lastRoundId !== null && result === null;

interface MissedProps {
  readonly missed: readonly Result[];
  /** The result that is on screen anyway. */
  readonly shown: Result | null;
}

/** What the rounds were that were played without this player, and what was true. */
export function Missed({ missed, shown }: MissedProps) {
  const others = missed.filter(({ roundId }) => roundId !== shown?.roundId);
  if (others.length === 0) return null;
  return (
    <section class="card missed">
      <h2>{words.whileAway}</h2>
      <ul>
        {others.map(({ roundId, question, truth }) => (
          <li key={roundId}>
            <span lang="en">{question}</span> <b>{words.isIt(truth)}.</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One bar, told in words beside it. */
export function Split({ split }: { readonly split: Result['split'] }) {
  const total = Math.max(1, split.FACT + split.FAKE + split.none);
  const share = (count: number) => Math.round((100 * count) / total);
  const answers: readonly Answer[] = ['FACT', 'FAKE'];
  return (
    <figure class="split">
      <figcaption class="hint">{words.howPeopleAnswered}</figcaption>
      {answers.map((answer) => (
        <div key={answer} class={answer.toLowerCase()}>
          <span>
            {nameOf(answer)} {share(split[answer])}&nbsp;%
          </span>
          <progress max={100} value={share(split[answer])} aria-label={nameOf(answer)} />
        </div>
      ))}
      {split.none > 0 && (
        <p class="hint">
          {share(split.none)}&nbsp;% {words.nobodyAnswered}
        </p>
      )}
    </figure>
  );
}

function Report({ roundId, player }: { readonly roundId: string; readonly player: Player }) {
  const [told, setTold] = useState<string | null>(null);
  const send = async (reason: string) => {
    const reply = await player.request('report', { roundId, reason });
    setTold('err' in reply ? said(reply.err) : words.reportThanks);
  };
  if (told !== null) return <output class="hint">{told}</output>;
  return (
    <details class="report">
      <summary>{words.report}</summary>
      <div class="row">
        {words.reasons.map((reason) => (
          <button type="button" class="quiet small" key={reason} onClick={() => void send(reason)}>
            {reason}
          </button>
        ))}
      </div>
    </details>
  );
}
