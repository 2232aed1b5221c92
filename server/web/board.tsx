// The board between rounds, with the own row wherever it stands, and the podium at the end.

import { useState } from 'preact/hooks';
import { type Go, Link, useFocus } from './chrome.tsx';
import type { Screen } from './client/reducer.ts';
import type { Entry, RoomState, You } from './client/wire.ts';
import { firstOf } from './lobby.tsx';
import type { Seat } from './reveal.tsx';
import { siteOrigin } from './site.ts';
import { words } from './words.ts';

interface RowProps {
  readonly entry: Entry;
  readonly mine: boolean;
}

function Row({ entry, mine }: RowProps) {
  const { rank, name, score, change } = entry;
  return (
    <li class={mine ? 'mine' : ''}>
      <span class="rank">{rank === 0 ? '' : rank}</span>
      <bdi>{name}</bdi>
      <span class="change">
        {change !== 0 && (
          <>
            <span aria-hidden="true">{change > 0 ? `▲ ${change}` : `▼ ${-change}`}</span>
            <span class="unseen">{words.moved(change)}</span>
          </>
        )}
      </span>
      <span class="score">{score}</span>
    </li>
  );
}

/** `mine` null: no player in particular looks at it. */
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
          <Row entry={{ playerId: mine, name, score: you.score, rank: you.rank, change: you.change }} mine />
        )}
      </ol>
    </section>
  );
}

const tiedShown = 3;
// Longer names are set smaller, so that they stay on one line where there is room.
const nameCharsEasy = 12;

/** Ties share a place; a crowd on one is counted. */
export function Places({ podium }: { readonly podium: RoomState['podium'] }) {
  return (
    <ol class="podium">
      {(podium ?? []).map((place) => (
        <li key={place[0]?.rank}>
          <span class="unseen">{words.place(place[0]?.rank ?? 0)}</span>
          <span class="names">
            {firstOf(place, tiedShown).map(({ playerId, name }) => (
              <bdi key={playerId} class={name.length > nameCharsEasy ? 'long' : ''}>
                {name}
              </bdi>
            ))}
            {place.length > tiedShown + 1 && <span class="rest">{words.more(place.length - tiedShown)}</span>}
          </span>
          <span class="score">{words.points(place[0]?.score ?? 0)}</span>
          <span class="step" aria-hidden="true">
            {place[0]?.rank}
          </span>
        </li>
      ))}
    </ol>
  );
}

interface PodiumProps {
  readonly state: RoomState;
  readonly screen: Screen;
  readonly go: Go;
  readonly seat: Seat;
}

export function Podium({ state, screen, go, seat }: PodiumProps) {
  const { you, players, game } = state;
  const mine = screen.playerId;
  const heading = useFocus<HTMLHeadingElement>('over');
  const name = players.find(({ playerId }) => playerId === mine)?.name;
  return (
    <>
      <section class="card">
        <h1 ref={heading} tabIndex={-1}>
          {words.over}
        </h1>
        {you !== null && mine !== null && <Own you={you} alone={seat === 'solo'} />}
        {seat !== 'solo' && <Places podium={state.podium} />}
        <div class="row">
          {name !== undefined && you !== null && game !== null && (
            <Share name={name} score={you.score} game={game} />
          )}
          {game !== null && (
            <Link to={`/g/${game}`} go={go} class="button quiet">
              {words.history}
            </Link>
          )}
          <Link to="/" go={go} class="button quiet">
            {words.home}
          </Link>
        </div>
        {seat === 'player' && <p class="hint">{words.mayGoOn}</p>}
      </section>
      {seat !== 'solo' && <Board state={state} mine={mine} />}
    </>
  );
}

interface OwnProps {
  readonly you: You;
  readonly alone: boolean;
}

/** The place among others, how many were right, and the points; a place only of whom a round was counted. */
function Own({ you, alone }: OwnProps) {
  const place = alone || you.rank === 0 ? [] : [words.place(you.rank)];
  const right = you.counted === 0 ? [] : [words.rightOf(you.right, you.counted)];
  const parts = [...place, ...right, words.points(you.score)];
  // The dot ends a line rather than begin one.
  const last = parts.length - 1;
  return (
    <p class="own">
      {parts.map((part, index) => [
        index > 0 && ' ',
        <span key={part}>{index < last ? `${part} ·` : part}</span>,
      ])}
    </p>
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
    const url = `${siteOrigin}/g/${game}`;
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
