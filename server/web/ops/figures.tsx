// Figures of the console over the last minutes: a number with its line, groups, and plots.

import type { GroupLook } from './api.ts';

/** Looks that a line shows: three minutes of them. */
export const looksKept = 90;

interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly series: readonly number[];
  readonly bad?: boolean;
}

export function Figure({ label, value, series, bad = false }: FigureProps) {
  const most = Math.max(1, ...series);
  const points = series.map((one, index) => `${xOf(index, series.length, 100)},${29 - (28 * one) / most}`);
  const right = xOf(series.length - 1, series.length, 100);
  return (
    <figure class={`card figure ${bad ? 'bad' : ''}`}>
      <strong>{value}</strong>
      <figcaption>{label}</figcaption>
      <svg
        class="spark"
        viewBox="0 0 100 30"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: at most ${Math.round(most)}`}
      >
        <polygon points={`0,30 ${points.join(' ')} ${right},30`} />
        <polyline points={points.join(' ')} />
      </svg>
    </figure>
  );
}

// A short line is drawn as a short one, so that it does not look like a long one.
const looksDrawnMin = 20;
const xOf = (index: number, count: number, width: number): number =>
  (width * Math.max(0, index)) / (Math.max(count, looksDrawnMin) - 1);

export function Groups({ groups }: { readonly groups: readonly GroupLook[] }) {
  return (
    <section class="card">
      <h2>Consumer groups</h2>
      <div class="wide-table">
        <table>
          <thead>
            <tr>
              <th>group</th>
              <th class="number">lag</th>
              <th class="number">pending</th>
              <th class="number">oldest</th>
              <th class="number">feed</th>
              <th>consumers</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ feed, group, length, lag, pending, oldestMs, consumers, paused }) => (
              <tr key={`${feed} ${group}`}>
                <td>{paused === null ? group : `${group} (paused)`}</td>
                <td class="number">{lag}</td>
                <td class="number">{pending}</td>
                <td class="number">{oldestMs === null ? '–' : `${oldestMs} ms`}</td>
                <td class="number">{length}</td>
                <td title={consumers.join(' ')}>{consumers.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface PlotProps {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** What the looks span, in ms. */
  readonly spanMs: number;
}

const [width, height] = [600, 180];
const [left, top, bottom] = [44, 10, 24];

/** Lines over one time axis, told apart by colour and by dash; the legend says what each is at now. */
export function Plot({ title, lines, spanMs }: PlotProps) {
  const most = roundUp(Math.max(1, ...lines.flatMap(({ values }) => values)));
  const y = (value: number) => top + (height - top - bottom) * (1 - value / most);
  const x = (index: number, count: number) => left + xOf(index, count, width - left - 4);
  return (
    <section class="card">
      <h2>{title}</h2>
      <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {[0, most / 2, most].map((value) => (
          <g key={value}>
            <line class="grid" x1={left} x2={width} y1={y(value)} y2={y(value)} />
            <text x={left - 6} y={y(value) + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        <text x={left} y={height - 6}>
          {Math.round(spanMs / 1_000)} s ago
        </text>
        {lines.map(({ label, values }, index) => (
          <polyline
            key={label}
            class={`line line-${index % 6}`}
            points={values.map((value, at) => `${x(at, values.length)},${y(value)}`).join(' ')}
          />
        ))}
      </svg>
      <ul class="legend">
        {lines.map(({ label, values }, index) => (
          <li key={label}>
            <svg viewBox="0 0 24 6" aria-hidden="true">
              <line class={`line line-${index % 6}`} x1="0" x2="24" y1="3" y2="3" />
            </svg>
            {label} <b>{values.at(-1) ?? 0}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The next of 2, 4, 10, 20, 40, 100, …: halves are whole numbers. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 10, 20].map((step) => step * power).find((step) => step >= value) ?? 20 * power;
}

interface BarsProps {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly names: Readonly<Record<string, string>>;
}

export function Bars({ title, counts, names }: BarsProps) {
  const rows = Object.entries(counts);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  return (
    <section class="card">
      <h2>{title}</h2>
      {rows.length === 0 && <p class="hint">None yet.</p>}
      <ul class="bars">
        {rows.map(([code, count]) => (
          <li key={code}>
            <span>
              {code} {names[code] ?? ''}
            </span>
            <progress max={most} value={count} aria-label={`${code}: ${count}`} />
            <b>{count}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
