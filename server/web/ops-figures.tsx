// Figures of the console over the last minutes: a number with its line, and the groups with theirs.

import type { GroupLook, Overview } from './ops-api.ts';

/** Looks that a line shows: three minutes of them. */
export const looksKept = 90;

export function Figure({
  label,
  value,
  series,
}: {
  readonly label: string;
  readonly value: number;
  readonly series: readonly number[];
}) {
  return (
    <figure class="card figure">
      <strong>{value}</strong>
      <figcaption>{label}</figcaption>
      <Sparkline series={series} label={label} />
    </figure>
  );
}

/** The last minutes as a line, from zero to the greatest. */
function Sparkline({ series, label }: { readonly series: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...series);
  const points = series.map(
    (value, index) => `${(100 * index) / Math.max(1, looksKept - 1)},${29 - (28 * value) / most}`,
  );
  return (
    <svg
      class="spark"
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: at most ${Math.round(most)}`}
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}

export function Groups({
  looks,
  groups,
}: {
  readonly looks: readonly Overview[];
  readonly groups: readonly GroupLook[];
}) {
  const lagOf = (look: Overview, name: string) => look.groups.find(({ group }) => group === name)?.lag ?? 0;
  return (
    <section class="card">
      <h2>Consumer groups</h2>
      <table>
        <thead>
          <tr>
            {['group', 'lag', 'lag over time', 'pending', 'oldest', 'consumers'].map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ feed, group, lag, pending, oldestMs, consumers }) => (
            <tr key={`${feed} ${group}`}>
              <td>{group}</td>
              <td>{lag ?? '?'}</td>
              <td>
                <Sparkline series={looks.map((look) => lagOf(look, group))} label={`lag of ${group}`} />
              </td>
              <td>{pending}</td>
              <td>{oldestMs === null ? '' : `${oldestMs} ms`}</td>
              <td>{consumers.join(' ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
