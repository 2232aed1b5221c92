// Before the first question: who is here, how points are given, and the four agents at work.

import { type Go, GraveButton, useFocus } from './chrome.tsx';
import type { Player, View } from './client/player.ts';
import type { Screen } from './client/reducer.ts';
import type { Member, RoomState, Settings } from './client/wire.ts';
import { topicName, words } from './words.ts';

interface LobbyProps {
  readonly state: RoomState;
  readonly view: View;
  readonly player: Player;
  readonly go: Go;
}

export function Lobby({ state, view, player, go }: LobbyProps) {
  const { playerId, away, agents } = view.screen;
  const me = state.players.find((player) => player.playerId === playerId);
  const heading = useFocus<HTMLHeadingElement>('lobby');
  return (
    <section class="card">
      <h1 ref={heading} tabIndex={-1}>
        {me === undefined ? words.getReady : words.welcome(me.name)}
      </h1>
      <p>{words.waitingForHost}</p>
      <AgentLights agents={agents} />
      <p class="hint">
        {state.settings.speedPoints && state.settings.seconds !== null ? words.scoring : words.scoringFlat}
      </p>
      <Chips settings={state.settings} />
      <h2>{words.playersHere(countOf(state))}</h2>
      <Players players={state.players} count={countOf(state)} away={away} mine={playerId} />
      <button type="button" class="quiet small" onClick={() => void player.leave().then(() => go('/'))}>
        {words.leave}
      </button>
    </section>
  );
}

/** The settings that a player should know of, as few words as they can be. */
function Chips({ settings }: { readonly settings: Settings }) {
  const { topic, difficulty, rounds, seconds } = settings;
  const hardness = words[difficulty] ?? difficulty;
  const clock = seconds === null ? words.relaxed : `${seconds} s`;
  return (
    <ul class="chips">
      <li>
        <bdi>{topic === null ? words.anyTopic : topicName(topic)}</bdi>
      </li>
      <li>{hardness}</li>
      <li>{`${rounds} × ${clock}`}</li>
    </ul>
  );
}

const playersShown = 30;

/** The first `most`, and the one after them where no other follows: "and 1 more" is no shorter. */
export const firstOf = <T,>(items: readonly T[], most: number): readonly T[] =>
  items.slice(0, items.length === most + 1 ? most + 1 : most);

/** A player who is kept out does not come back under this name. */
export type Remove = (playerId: string, keepOut: boolean) => void;

/** How many players are here; a crowd is not named to the last. */
export const countOf = ({ players, members }: Pick<RoomState, 'players' | 'members'>): number =>
  members ?? players.length;

interface PlayersProps {
  readonly players: readonly Member[];
  readonly count: number;
  readonly away: ReadonlySet<string>;
  readonly mine?: string | null;
  /** Where given, each player but `mine` can be removed. */
  readonly onRemove?: Remove;
}

/** The own name first, then the newest. A crowd is counted, not listed, but for who may remove players. */
export function Players({ players, count, away, mine = null, onRemove }: PlayersProps) {
  if (players.length === 0) return <p class="hint">{words.nobody}</p>;
  const own = players.filter(({ playerId }) => playerId === mine);
  const others = players.filter(({ playerId }) => playerId !== mine).toReversed();
  const shown = firstOf([...own, ...others], onRemove === undefined ? playersShown : players.length);
  return (
    <ul class="players">
      {shown.map(({ playerId, name }) => (
        <li key={playerId} class={`${away.has(playerId) ? 'away' : ''} ${playerId === mine ? 'mine' : ''}`}>
          <bdi>{name}</bdi>
          {onRemove !== undefined && playerId !== mine && (
            <GraveButton
              class="tiny"
              label="✕"
              spoken={`${words.remove}: ${name}`}
              sure={words.reallyRemove}
              onSure={() => onRemove(playerId, false)}
              also={{ label: words.reallyKeepOut, onSure: () => onRemove(playerId, true) }}
            />
          )}
        </li>
      ))}
      {count > shown.length && <li class="rest">{words.more(count - shown.length)}</li>}
    </ul>
  );
}

const order = ['research', 'draft', 'review', 'ready'] as const;
/** In the order in which they work on a claim. */
export const agentNames = ['researcher', 'writer', 'editor', 'game-master'] as const;

/** Four lights: who has done their part of the next claim, and who is at it. */
export function AgentLights({ agents }: { readonly agents: Screen['agents'] }) {
  const at = (order as readonly (string | null | undefined)[]).indexOf(agents?.stage);
  return (
    <ul class="lights">
      {agentNames.map((name, index) => {
        const mood = agents?.nextReady === true || index < at ? 'done' : index === at ? 'busy' : 'idle';
        return (
          <li key={name} class={mood}>
            <span aria-hidden="true">{mood === 'done' ? '✓' : mood === 'busy' ? '…' : '·'}</span>
            {words.agents[name]}
          </li>
        );
      })}
    </ul>
  );
}
