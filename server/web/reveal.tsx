// What was true, why, and what it meant for this player.

import { useState } from 'preact/hooks';
import { useFocus } from './chrome.tsx';
import type { Player } from './client/player.ts';
import type { Answer, Result, You } from './client/wire.ts';
import { nameOf } from './question.tsx';
import { said, words } from './words.ts';

interface RevealProps {
  readonly result: Result;
  readonly you: You | null;
  readonly player: Player | null;
  /** An operator has taken the claim back. */
  readonly voided: boolean;
}

export function Reveal({ result, you, player, voided }: RevealProps) {
  const heading = useFocus<HTMLHeadingElement>(result.roundId);
  const mine = you !== null && you.roundId === result.roundId ? you : null;
  const { truth, explanation, source, confidence, split } = result;
  return (
    <section class={`card reveal ${truth.toLowerCase()}`}>
      <h1 ref={heading} tabIndex={-1}>
        <span aria-hidden="true">{truth === 'FACT' ? '✓' : '✗'}</span> {words.isIt(truth)}
      </h1>
      {result.question !== null && <p class="claim">{result.question}</p>}
      {voided && <p class="problem">{words.voided}</p>}
      {mine !== null && <Mine you={mine} />}
      <p class="explanation">{explanation}</p>
      <p class="hint">
        {words.source}:{' '}
        <a href={source.url} target="_blank" rel="noreferrer noopener">
          {source.name}
        </a>
      </p>
      <Split split={split} />
      <label class="meter">
        {words.editorSure}: {Math.round(confidence * 100)} %
        <meter min={0} max={1} value={confidence} />
      </label>
      {player !== null && mine !== null && <Report roundId={result.roundId} player={player} />}
    </section>
  );
}

function Mine({ you }: { readonly you: You }) {
  const { answer, correct, points, streak, score, rank } = you;
  return (
    <output class="outcome">
      <span>
        {answer === null
          ? words.noAnswer
          : `${words.youSaid(answer)} ${correct === true ? words.right : words.wrong}.`}
      </span>
      {points > 0 && <strong>{words.gained(points)}</strong>}
      {streak > 1 && <span>{words.streak(streak)}</span>}
      <span>
        {words.place(rank)}, {words.points(score)}
      </span>
    </output>
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
            {nameOf(answer)} {share(split[answer])} %
          </span>
          <progress max={100} value={share(split[answer])} aria-label={nameOf(answer)} />
        </div>
      ))}
      {split.none > 0 && (
        <p class="hint">
          {share(split.none)} % {words.nobodyAnswered}
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
