// A player at a room: asks for a name once, then shows whatever the room is at.

import { useEffect, useRef, useState } from 'preact/hooks';
import { Board, Podium } from './board.tsx';
import { ConnectionBar, Footer, type Go, Notice } from './chrome.tsx';
import type { Player, View } from './client/player.ts';
import type { Failure, RoomState } from './client/wire.ts';
import { NameForm } from './home.tsx';
import { HostBar } from './host-bar.tsx';
import { AgentLights, Lobby } from './lobby.tsx';
import { QuestionCard } from './question.tsx';
import { Reveal } from './reveal.tsx';
import { identities, useRoom } from './use-room.ts';
import { said, words } from './words.ts';

interface PageProps {
  readonly of: string;
  readonly go: Go;
}

/** Asks for a name first, unless this browser is known in the room; and again when the name is refused. */
export function PlayerPage({ of: room, go }: PageProps) {
  const known = identities.of(room);
  const [ready, setReady] = useState(known.token !== null || known.solo);
  const [problem, setProblem] = useState<string | null>(null);
  if (ready) {
    const refused = (message: string) => {
      setProblem(message);
      setReady(false);
    };
    return <Playing room={room} go={go} onNameRefused={refused} />;
  }
  const join = (name: string) => {
    identities.change(room, { name });
    setReady(true);
  };
  return (
    <>
      <NameForm room={room} onName={join} problem={problem} />
      <Footer />
    </>
  );
}

const nameCodes: ReadonlySet<string> = new Set(['name_taken', 'name_invalid']);

interface PlayingProps {
  readonly room: string;
  readonly go: Go;
  readonly onNameRefused: (why: string) => void;
}

function Playing({ room, go, onNameRefused }: PlayingProps) {
  const solo = identities.of(room).solo;
  const connected = useRoom(room, solo ? 'host' : 'player');
  const why = connected?.view.why ?? null;
  const refusal = why !== null && nameCodes.has(why.code) ? said(why) : null;
  useEffect(() => {
    if (refusal !== null) onNameRefused(refusal);
  }, [refusal]);
  const started = useRef(false);
  const state = connected?.view.screen.room ?? null;
  useEffect(() => {
    if (!solo || started.current || connected === null || state?.phase !== 'lobby') return;
    started.current = true;
    void connected.player.request('start', { after: state.game });
  }, [solo, state?.phase]);
  if (connected === null || refusal !== null) return null;
  const { player, view } = connected;
  if (view.status === 'ended') return <Ended why={view.why} room={room} go={go} />;
  return (
    <div class="room">
      <ConnectionBar status={view.status} />
      {state === null ? (
        <p class="loading">{words.loading}</p>
      ) : (
        <Phase state={state} player={player} view={view} go={go} />
      )}
      {solo && state !== null && <HostBar state={state} player={player} solo />}
    </div>
  );
}

/** The connection is over for good: why, and the one thing that helps. */
export function Ended({
  why,
  room,
  go,
}: {
  readonly why: Failure | null;
  readonly room: string;
  readonly go: Go;
}) {
  const reload = () => location.reload();
  const again = why?.code === 'replaced' || why?.code === 'wrongProtocol' || why?.code === 'bad_token';
  return (
    <Notice title={why === null ? words.gone : said(why)}>
      <p class="room-code">{room}</p>
      <div class="row center">
        {again && (
          <button type="button" class="primary" onClick={reload}>
            {words.tryAgain}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => go('/')}>
          {words.home}
        </button>
      </div>
    </Notice>
  );
}

export interface PhaseProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
  readonly go: Go;
}

export function Phase({ state, player, view, go }: PhaseProps) {
  const { screen } = view;
  if (state.paused !== null) return <Paused reason={state.paused.reason} />;
  if (state.phase === 'lobby') return <Lobby state={state} view={view} />;
  if (state.phase === 'over') return <Podium state={state} mine={screen.playerId} go={go} />;
  if (state.result !== null) {
    return (
      <>
        <Reveal
          result={state.result}
          you={state.you}
          player={player}
          voided={screen.voided === state.result.roundId}
        />
        <Board state={state} mine={screen.playerId} />
      </>
    );
  }
  if (state.question !== null) {
    const { question } = state;
    return (
      <QuestionCard key={question.roundId} question={question} state={state} player={player} view={view} />
    );
  }
  const byHand = state.nextAt === null && state.round > 0;
  return (
    <Notice title={words.getReady}>
      <AgentLights agents={screen.agents} />
      <p>{byHand ? words.hostDecides : words.agentsPrepare}</p>
    </Notice>
  );
}

function Paused({ reason }: { readonly reason: string }) {
  const why =
    reason === 'idle' ? words.pausedIdle : reason === 'fault' ? words.pausedFault : words.hostDecides;
  return (
    <Notice title={words.paused}>
      <p>{why}</p>
    </Notice>
  );
}
