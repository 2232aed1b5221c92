// The question while it is open: the claim, the clock, two buttons. What is tapped locks at once; the
// server's word comes after.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Player, View } from './client/player.ts';
import type { Answer, Question, RoomState } from './client/wire.ts';
import { answeredBy, roundOf, secondsLeft, words } from './words.ts';

interface QuestionProps {
  readonly question: Question;
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
}

const keys: Readonly<Record<string, Answer>> = {
  ArrowLeft: 'FACT',
  '1': 'FACT',
  f: 'FACT',
  ArrowRight: 'FAKE',
  '2': 'FAKE',
  k: 'FAKE',
};

export function QuestionCard({ question, state, player, view }: QuestionProps) {
  const now = useServerClock(player);
  const [tapped, setTapped] = useState<Answer | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { screen } = view;
  const chosen = screen.locked ?? tapped;
  const open = now >= question.opensAt && !state.closed;
  const plays = screen.playerId !== null;

  const choose = async (answer: Answer) => {
    if (!open || chosen !== null || !plays) return;
    setTapped(answer);
    const refused = await player.answer(answer);
    if (refused === null) return;
    setTapped(null);
    setRefusal(refused.message);
  };
  // Keys count only while the question has the focus, so that nobody answers by typing elsewhere.
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const answer = keys[event.key];
      if (answer !== undefined) void choose(answer);
    };
    const element = region.current;
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  });

  return (
    <section class="question" ref={region}>
      <p class="meta">
        {roundOf(question.round, question.rounds)} · {question.topic} · {question.difficulty}
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {question.question}
      </h1>
      <Clock question={question} now={now} />
      {plays && (
        <div class="answers">
          {(['FACT', 'FAKE'] as const).map((answer) => (
            <button
              type="button"
              key={answer}
              class={`answer ${answer.toLowerCase()} ${chosen === answer ? 'chosen' : ''}`}
              aria-disabled={!open || chosen !== null}
              aria-pressed={chosen === answer}
              onClick={() => void choose(answer)}
            >
              <span aria-hidden="true">{answer === 'FACT' ? '✓' : '✗'}</span>
              {answer === 'FACT' ? words.fact : words.fake}
            </button>
          ))}
        </div>
      )}
      <output class="meta">
        {refusal ?? (chosen === null ? '' : `${words.locked}: ${chosen}. `)}
        {screen.tick === null ? '' : answeredBy(screen.tick.answered, screen.tick.players)}
      </output>
    </section>
  );
}

/** The server's clock, often enough for a countdown. */
function useServerClock(player: Player): number {
  const [now, setNow] = useState(player.serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(player.serverNow()), 100);
    return () => clearInterval(timer);
  }, [player]);
  return now;
}

const circumference = 2 * Math.PI * 45;

function Clock({ question, now }: { readonly question: Question; readonly now: number }) {
  const { opensAt, deadline } = question;
  if (now < opensAt) {
    return (
      <p class="clock lead-in" role="timer">
        {Math.ceil((opensAt - now) / 1_000)}
      </p>
    );
  }
  if (deadline === null) return null;
  const left = Math.max(0, deadline - now);
  const seconds = Math.ceil(left / 1_000);
  const gone = circumference * (1 - left / (deadline - opensAt));
  return (
    <div class="clock" role="timer" aria-label={secondsLeft(seconds)}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle class="track" cx="50" cy="50" r="45" />
        <circle
          class="left"
          cx="50"
          cy="50"
          r="45"
          stroke-dasharray={circumference}
          stroke-dashoffset={gone}
        />
      </svg>
      <span>{seconds}</span>
    </div>
  );
}
