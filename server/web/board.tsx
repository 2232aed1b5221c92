// The board between rounds, with the own row wherever it stands, and the podium at the end.

import { useState } from 'preact/hooks';
import { type Go, Link, useFocus } from './chrome.tsx';
import type { Entry, RoomState } from './client/wire.ts';
import { words } from './words.ts';

interface RowProps {
  readonly entry: Entry;
  readonly mine: boolean;
}

function Row({ entry, mine }: RowProps) {
  const { rank, name, score, change } = entry;
  return (
    <li class={mine ? 'mine' : ''}>
      <span class="rank">{rank}</span>
      <bdi>{name}</bdi>
      <span class="change">{change === 0 ? '' : change > 0 ? `▲ ${change}` : `▼ ${-change}`}</span>
      <span class="score">{score}</span>
    </li>
  );
}

/** `mine` null: nobody in particular looks at it. */
export function Board({ state, mine }: { readonly state: RoomState; readonly mine: string | null }) {
  const { entries, you, players } = state;
  if (entries.length === 0) return null;
  const listed = entries.some(({ playerId }) => playerId === mine);
  const name = players.find(({ playerId }) => playerId === mine)?.name;
  return (
    <section class="card">
      <h2>{words.leaderboard}</h2>
      <ol class="board">
        {entries.map((entry) => (
          <Row key={entry.playerId} entry={entry} mine={entry.playerId === mine} />
        ))}
        {!listed && mine !== null && you !== null && name !== undefined && (
          <Row entry={{ playerId: mine, name, score: you.score, rank: you.rank, change: 0 }} mine />
        )}
      </ol>
    </section>
  );
}

const tiedShown = 5;

/** Ties share a place; a crowd on one is counted. */
export function Places({ podium }: { readonly podium: RoomState['podium'] }) {
  return (
    <ol class="podium">
      {(podium ?? []).map((place) => (
        <li key={place[0]?.rank}>
          <span class="medal" aria-hidden="true">
            {place[0]?.rank}
          </span>
          <span class="unseen">{words.place(place[0]?.rank ?? 0)}</span>
          <span class="names">
            {place.slice(0, tiedShown).map(({ playerId, name }) => (
              <bdi key={playerId}>{name}</bdi>
            ))}
            {place.length > tiedShown && <span class="rest">{words.more(place.length - tiedShown)}</span>}
          </span>
          <span class="score">{place[0]?.score}</span>
        </li>
      ))}
    </ol>
  );
}

interface PodiumProps {
  readonly state: RoomState;
  readonly mine: string | null;
  readonly go: Go;
}

export function Podium({ state, mine, go }: PodiumProps) {
  const { you, players, game } = state;
  const heading = useFocus<HTMLHeadingElement>('over');
  const name = players.find(({ playerId }) => playerId === mine)?.name;
  return (
    <>
      <section class="card">
        <h1 ref={heading} tabIndex={-1}>
          {words.over}
        </h1>
        {you !== null && mine !== null && (
          <p class="own">
            <strong>{words.place(you.rank)}</strong> {words.points(you.score)}
          </p>
        )}
        <Places podium={state.podium} />
        <div class="row">
          {name !== undefined && you !== null && game !== null && (
            <Share name={name} score={you.score} game={game} />
          )}
          {game !== null && (
            <Link to={`/g/${game}`} go={go} class="button quiet">
              {words.history}
            </Link>
          )}
        </div>
      </section>
      <Board state={state} mine={mine} />
    </>
  );
}

function Share({
  name,
  score,
  game,
}: {
  readonly name: string;
  readonly score: number;
  readonly game: string;
}) {
  const [copied, setCopied] = useState(false);
  const share = async () => {
    const url = `${location.origin}/g/${game}`;
    const text = words.shareText(name, score);
    if ('share' in navigator) return navigator.share({ text, url }).catch(() => undefined);
    await copyText(`${text} ${url}`);
    setCopied(true);
  };
  return (
    <button type="button" class="primary" onClick={() => void share()}>
      {copied ? words.copied : words.share}
    </button>
  );
}

/** Where the browser has no clipboard for pages without TLS, by way of a field. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
