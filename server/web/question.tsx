// The question while it is open: the claim, the clock, two buttons. What is tapped locks at once; the
// server's word comes after.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useFocus } from './chrome.tsx';
import type { Player, View } from './client/player.ts';
import type { Screen } from './client/reducer.ts';
import type { Answer, Question, RoomState } from './client/wire.ts';
import { AgentLights } from './lobby.tsx';
import { play } from './sound.ts';
import { useServerClock } from './use-room.ts';
import { said, topicName, words } from './words.ts';

interface QuestionProps {
  readonly question: Question;
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
  /** No other player is here. */
  readonly alone: boolean;
}

const keys: Readonly<Record<string, Answer>> = {
  ArrowLeft: 'FACT',
  '1': 'FACT',
  f: 'FACT',
  ArrowRight: 'FAKE',
  '2': 'FAKE',
  k: 'FAKE',
};

/** The one that is shown where there is a keyboard. */
const letterOf: Readonly<Record<Answer, string>> = { FACT: 'F', FAKE: 'K' };
/** As they are told to those who cannot see it. */
const keysOf = (answer: Answer): string =>
  Object.keys(keys)
    .filter((key) => keys[key] === answer)
    .join(' ');

// As the server's: a tap in the last moment is on its way for a while. Until then it may count.
const graceMs = 1_000;

// The claim on its way was found, written and judged: all four have done their part.
const allDone: Screen['agents'] = { stage: 'ready', nextReady: true };

export function QuestionCard({ question, state, player, view, alone }: QuestionProps) {
  const now = useServerClock(player);
  const [tapped, setTapped] = useState<Answer | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const heading = useFocus<HTMLHeadingElement>(question.roundId);
  const { screen } = view;
  const chosen = screen.locked ?? tapped;
  const { opensAt, deadline } = question;
  const early = now < opensAt;
  const open = !early && !state.closed && (deadline === null || now < deadline + graceMs);
  const late = screen.playerId !== null && !state.eligible;
  const plays = screen.playerId !== null && !late;

  const choose = async (answer: Answer) => {
    if (!open || chosen !== null || !plays) return;
    setTapped(answer);
    setRefusal(null);
    const refused = await player.answer(answer);
    if (refused === null) return;
    setTapped(null);
    setRefusal(said(refused));
  };
  const region = useKeys((answer) => void choose(answer));
  return (
    <section class={`question ${plays ? 'plays' : ''}`} ref={region}>
      <Meta question={question} />
      <h1 ref={heading} tabIndex={-1} lang="en">
        {question.question}
      </h1>
      <Clock question={question} now={now} />
      {late && <p class="problem">{words.watching}</p>}
      {plays && <Answers open={open} chosen={chosen} onChoose={(answer) => void choose(answer)} />}
      <output class="status">
        {chosen !== null
          ? `${screen.locked === null ? words.sending : words.lockedIn}: ${nameOf(chosen)}`
          : (refusal ?? (early && plays ? words.openSoon : ''))}
      </output>
      <div class="foot">
        {early ? (
          <AgentLights agents={allDone} />
        ) : (
          screen.tick !== null &&
          !alone && <p class="hint">{words.answeredBy(screen.tick.answered, screen.tick.players)}</p>
        )}
      </div>
    </section>
  );
}

export const nameOf = (answer: Answer): string => (answer === 'FACT' ? words.fact : words.fake);

export function Meta({ question }: { readonly question: Question }) {
  const { round, rounds, topic, difficulty } = question;
  const hardness = words[difficulty as 'easy' | 'normal' | 'hard'] ?? difficulty;
  return (
    <p class="hint">
      {words.roundOf(round, rounds)} · <bdi>{topicName(topic)}</bdi> · {hardness}
    </p>
  );
}

interface AnswersProps {
  readonly open: boolean;
  readonly chosen: Answer | null;
  readonly onChoose: (answer: Answer) => void;
}

/** Still there for the keyboard when they are locked: what was chosen can be read again. */
function Answers({ open, chosen, onChoose }: AnswersProps) {
  return (
    <fieldset class="answers">
      <legend class="unseen">{words.yourAnswer}</legend>
      {(['FACT', 'FAKE'] as const).map((answer) => (
        <button
          type="button"
          key={answer}
          class={`answer ${answer.toLowerCase()} ${chosen === answer ? 'chosen' : ''}`}
          aria-disabled={!open || chosen !== null}
          aria-pressed={chosen === answer}
          aria-keyshortcuts={keysOf(answer)}
          onClick={() => onChoose(answer)}
        >
          <span aria-hidden="true">{answer === 'FACT' ? '✓' : '✗'}</span>
          {nameOf(answer)}
          <span class="key" aria-hidden="true">
            {letterOf[answer]}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

/** Keys count only while the question has the focus, so that typing elsewhere does not answer. */
function useKeys(onAnswer: (answer: Answer) => void) {
  const region = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const answer = keys[event.key];
      if (answer !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) onAnswer(answer);
    };
    const element = region.current;
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  });
  return region;
}

const radius = 45;
const hurrySeconds = 5;
const circumference = 2 * Math.PI * radius;

/** The ring runs out; the number is read out at ten and at five seconds alone. */
export function Clock({ question, now }: { readonly question: Question; readonly now: number }) {
  const { opensAt, deadline } = question;
  const left = deadline === null || now < opensAt ? null : Math.max(0, deadline - now);
  const seconds = left === null ? null : Math.ceil(left / 1_000);
  useEffect(() => {
    if (seconds !== null && seconds > 0 && seconds <= hurrySeconds) play('hurry');
  }, [seconds]);
  if (now < opensAt) return <p class="clock lead-in">{Math.ceil((opensAt - now) / 1_000)}</p>;
  if (left === null || seconds === null || deadline === null) return null;
  const gone = circumference * (1 - left / (deadline - opensAt));
  return (
    <div class={`clock ${seconds <= hurrySeconds ? 'short' : ''}`}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle class="track" cx="50" cy="50" r={radius} />
        <circle
          class="left"
          cx="50"
          cy="50"
          r={radius}
          stroke-dasharray={circumference}
          stroke-dashoffset={gone}
        />
      </svg>
      <span aria-hidden="true">{seconds}</span>
      <output class="unseen">
        {seconds === 10 || seconds === hurrySeconds ? words.secondsLeft(seconds) : ''}
      </output>
    </div>
  );
}
