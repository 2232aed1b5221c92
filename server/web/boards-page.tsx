// The best games of today and of all time.

import { useEffect, useState } from 'preact/hooks';
import { type Answered, type BoardRow, type Boards, getBoards } from './api.ts';
import { Footer, type Go, Link } from './chrome.tsx';
import { words } from './words.ts';

export function Page({ go }: { readonly of: string; readonly go: Go }) {
  const [answer, setAnswer] = useState<Answered<Boards> | null>(null);
  useEffect(() => void getBoards().then(setAnswer), []);
  return (
    <>
      <p>
        <Link to="/" go={go}>
          {words.home}
        </Link>
      </p>
      <h1>{words.boards}</h1>
      {answer === null && <p class="loading">{words.loading}</p>}
      {answer !== null && 'problem' in answer && (
        <p class="problem" role="alert">
          {answer.problem}
        </p>
      )}
      {answer !== null && 'ok' in answer && (
        <div class="columns">
          <BoardList title={words.boardToday} rows={answer.ok.today} go={go} />
          <BoardList title={words.boardAllTime} rows={answer.ok.allTime} go={go} />
        </div>
      )}
      <Footer />
    </>
  );
}

function BoardList({
  title,
  rows,
  go,
}: {
  readonly title: string;
  readonly rows: readonly BoardRow[];
  readonly go: Go;
}) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {rows.length === 0 && <p class="hint">{words.boardEmpty}</p>}
      <ol class="board">
        {rows.map(({ name, score, rounds, game }) => (
          <li key={`${game} ${name}`}>
            <span class="rank">{1 + rows.findIndex((row) => row.score === score)}</span>
            <Link to={`/g/${game}`} go={go}>
              <bdi>{name}</bdi>
            </Link>
            <span class="change rounds">{words.roundsPlayed(rounds)}</span>
            <span class="score">{score}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
