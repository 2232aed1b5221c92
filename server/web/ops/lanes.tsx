// The events of a room over time, a lane for each who wrote them, with the rounds as bands. Where many fall
// together they are one mark, the taller the more. A long wait is drawn as a short one, so that what happened
// before and after it can be told apart.

import type { Step } from './api.ts';
import { timeAxis } from './time-axis.ts';

interface LanesProps {
  readonly steps: readonly Step[];
  readonly rev: number;
  readonly onChoose: (rev: number) => void;
}

const width = 1_000;
const left = 96;
const laneHeight = 22;
const axisHeight = 20;
const buckets = 300;

/** Answers come from players, by way of the server. */
const laneOf = ({ type, by }: Step): string => (type === 'ANSWER_SUBMITTED' ? 'players' : by);

export function Lanes({ steps, rev, onChoose }: LanesProps) {
  const axis = timeAxis(steps.map(({ at }) => at));
  const scale = (width - left - 6) / Math.max(1, axis.ms);
  const x = (at: number) => left + scale * axis.drawn(at);
  const lanes = [...new Set(steps.map(laneOf))];
  const height = lanes.length * laneHeight + axisHeight;
  const here = steps[rev - 1];
  const choose = (event: MouseEvent) => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    onChoose(nearest(steps, ((event.clientX - box.left) / box.width) * width, x));
  };
  return (
    <svg
      class="lanes"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${steps.length} events by ${lanes.join(', ')}`}
      onPointerDown={choose}
      onPointerMove={(event) => event.buttons === 1 && choose(event)}
    >
      <Rounds steps={steps} x={x} height={height} />
      {lanes.map((lane, index) => (
        <g key={lane}>
          <text x={left - 8} y={index * laneHeight + 15} text-anchor="end">
            {lane}
          </text>
          <line
            class="grid"
            x1={left}
            x2={width}
            y1={(index + 1) * laneHeight}
            y2={(index + 1) * laneHeight}
          />
          {marksOf(steps, lane, x).map(({ at, count }) => {
            const tall = Math.min(laneHeight - 4, 6 + 4 * Math.log2(count));
            return (
              <rect
                key={at}
                class={`mark line-${index % 6}`}
                x={at - 1.5}
                y={(index + 1) * laneHeight - tall - 1}
                width="3"
                height={tall}
              />
            );
          })}
        </g>
      ))}
      {axis.cuts.map(({ at, ms }) => (
        <text key={at} x={left + scale * at} y={height - 6} text-anchor="middle">
          <title>{`a wait of ${Math.round(ms / 1_000)} s`}</title>…
        </text>
      ))}
      {here !== undefined && (
        <line class="here" x1={x(here.at)} x2={x(here.at)} y1="0" y2={height - axisHeight} />
      )}
    </svg>
  );
}

interface RoundsProps {
  readonly steps: readonly Step[];
  readonly x: (at: number) => number;
  readonly height: number;
}

function Rounds({ steps, x, height }: RoundsProps) {
  return (
    <>
      {roundsOf(steps).map(({ round, from, to }) => (
        <g key={`${round} ${from}`}>
          <rect
            class="band"
            x={x(from)}
            y="0"
            width={Math.max(1, x(to) - x(from))}
            height={height - axisHeight}
          />
          <text x={x(from) + 3} y={height - 6}>
            {round}
          </text>
        </g>
      ))}
    </>
  );
}

function marksOf(steps: readonly Step[], lane: string, x: (at: number) => number) {
  const counts = new Map<number, number>();
  for (const step of steps) {
    if (laneOf(step) !== lane) continue;
    const bucket = Math.round((x(step.at) / width) * buckets);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return [...counts].map(([bucket, count]) => ({ at: (bucket * width) / buckets, count }));
}

/** From the question of a round to its completion, in ms; a round that is open goes on to the last event. */
function roundsOf(steps: readonly Step[]) {
  const rounds: { round: number; from: number; to: number }[] = [];
  for (const { type, round, at } of steps) {
    if (type === 'NEW_QUESTION') rounds.push({ round: round ?? 0, from: at, to: steps.at(-1)?.at ?? at });
    const open = rounds.at(-1);
    if (open !== undefined && (type === 'ROUND_COMPLETE' || type === 'ROUND_SKIPPED')) open.to = at;
  }
  return rounds;
}

function nearest(steps: readonly Step[], wanted: number, x: (at: number) => number): number {
  const distance = (step: Step) => Math.abs(x(step.at) - wanted);
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best)).rev;
}
