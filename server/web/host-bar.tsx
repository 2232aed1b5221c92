// The host's controls: one button that is always the next sensible step, the others beside it.

import { useState } from 'preact/hooks';
import type { Player } from './client/player.ts';
import type { RoomState } from './client/wire.ts';
import { words } from './words.ts';

interface HostBarProps {
  readonly state: RoomState;
  readonly player: Player;
}

interface Step {
  readonly label: string;
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
}

export function HostBar({ state, player }: HostBarProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async ({ t, d }: Step) => {
    const reply = await player.request(t, d);
    setProblem('err' in reply ? reply.err.message : null);
  };
  const primary = nextStep(state);
  return (
    <footer class="host-bar">
      {primary !== null && (
        <button type="button" class="primary" onClick={() => void ask(primary)}>
          {primary.label}
        </button>
      )}
      {otherSteps(state).map((step) => (
        <button type="button" key={step.label} class="quiet" onClick={() => void ask(step)}>
          {step.label}
        </button>
      ))}
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </footer>
  );
}

function nextStep({
  phase,
  paused,
  question,
  closed,
  game,
  round,
  rounds,
  lastRoundId,
}: RoomState): Step | null {
  if (phase === 'lobby') return { label: words.start, t: 'start', d: { after: game } };
  if (phase === 'over') return { label: words.again, t: 'start', d: { after: game } };
  if (paused !== null) return { label: words.resume, t: 'resume', d: {} };
  if (question !== null && !closed)
    return { label: words.close, t: 'close', d: { roundId: question.roundId } };
  if (phase === 'waiting' && round > 0) {
    const label = round >= rounds ? words.end : words.next;
    return { label, t: 'next', d: { roundId: lastRoundId } };
  }
  return null;
}

function otherSteps({ phase, paused, question, closed, game }: RoomState): Step[] {
  if (phase === 'lobby' || phase === 'over') return [];
  const end: Step = { label: words.end, t: 'end', d: { game } };
  if (paused !== null) return [end];
  const steps: Step[] = [];
  if (question !== null && !closed) {
    const { roundId, deadline } = question;
    if (deadline !== null) steps.push({ label: words.extend, t: 'extend', d: { roundId, ms: 10_000 } });
    steps.push({ label: words.skip, t: 'skip', d: { roundId } });
  }
  return [...steps, { label: words.pause, t: 'pause', d: {} }, end];
}
