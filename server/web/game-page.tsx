// A game that is over: who won, and every claim with its truth and its source.

import { useEffect, useState } from 'preact/hooks';
import { type Answered, getGame, type PastGame, type PastRound } from './api.ts';
import { Footer, type Go, Link } from './chrome.tsx';
import { Split } from './reveal.tsx';
import { language, topicName, words } from './words.ts';

export function Page({ of, go }: { readonly of: string; readonly go: Go }) {
  const [answer, setAnswer] = useState<Answered<PastGame> | null>(null);
  useEffect(() => void getGame(of).then(setAnswer), [of]);
  return (
    <>
      <p>
        <Link to="/" go={go}>
          {words.home}
        </Link>{' '}
        ·{' '}
        <Link to="/boards" go={go}>
          {words.boards}
        </Link>
      </p>
      {answer === null && <p class="loading">{words.loading}</p>}
      {answer !== null && 'problem' in answer && <h1>{words.gameUnknown}</h1>}
      {answer !== null && 'ok' in answer && <Past game={answer.ok} />}
      <Footer />
    </>
  );
}

function Past({ game }: { readonly game: PastGame }) {
  const date = new Date(game.endedAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <>
      <h1>{words.gameOf(date)}</h1>
      <section class="card">
        <h2>{words.leaderboard}</h2>
        <ol class="board">
          {game.entries.map(({ playerId, name, score, rank }) => (
            <li key={playerId}>
              <span class="rank">{rank}</span>
              <bdi>{name}</bdi>
              <span />
              <span class="score">{score}</span>
            </li>
          ))}
        </ol>
      </section>
      {game.rounds.map((round) => (
        <Round key={round.round} round={round} />
      ))}
    </>
  );
}

function Round({ round: { round, question, topic, status, result } }: { readonly round: PastRound }) {
  return (
    <section class={`card reveal ${result?.truth.toLowerCase() ?? ''}`}>
      <p class="hint">
        {round}. <bdi>{topicName(topic)}</bdi>
      </p>
      <h2 lang="en">{question}</h2>
      {status === 'voided' && <p class="problem">{words.voided}</p>}
      {result === null ? (
        <p>{words.skipped}</p>
      ) : (
        <>
          <p>
            <strong>{words.isIt(result.truth)}.</strong> <span lang="en">{result.explanation}</span>
          </p>
          <p class="hint">
            {words.source}:{' '}
            <a href={result.source.url} target="_blank" rel="noreferrer noopener" lang="en">
              {result.source.name}
            </a>
          </p>
          <Split split={result.split} />
        </>
      )}
    </section>
  );
}
