// What was true, why, and what it meant for this player.

import { useEffect, useRef } from 'preact/hooks';
import type { Result, You } from './client/wire.ts';
import { isIt, place, points, words, youSaid } from './words.ts';

export function Reveal({ result, you }: { readonly result: Result; readonly you: You | null }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [result.roundId]);
  const mine = you !== null && you.roundId === result.roundId ? you : null;
  const { truth, explanation, source, confidence, split } = result;
  const total = Math.max(1, split.FACT + split.FAKE + split.none);
  const share = (answer: 'FACT' | 'FAKE') => Math.round((100 * split[answer]) / total);
  return (
    <section class={`card reveal ${truth.toLowerCase()}`}>
      <h1 ref={heading} tabIndex={-1}>
        {isIt(truth)}
      </h1>
      {mine !== null && (
        <output class="mine">
          {mine.answer === null ? words.noAnswer : `${youSaid(mine.answer)} `}
          {mine.answer !== null &&
            (mine.correct === true ? `✓ ${words.right}, ${points(mine.points)}` : `✗ ${words.wrong}`)}
          {` · ${place(mine.rank, mine.score)}`}
        </output>
      )}
      <p class="explanation">{explanation}</p>
      <p class="meta">
        {words.source}:{' '}
        <a href={source.url} target="_blank" rel="noreferrer noopener">
          {source.name}
        </a>{' '}
        · {words.sure} {Math.round(confidence * 100)} %
      </p>
      <div class="split">
        {(['FACT', 'FAKE'] as const).map((answer) => (
          <div key={answer} class={answer.toLowerCase()}>
            <progress max={100} value={share(answer)} aria-label={answer} />
            <span>
              {answer} {share(answer)} %
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}
