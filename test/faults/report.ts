// What a run of faults found, as Markdown: for the terminal, and for REPORT.md.

import type { Chapter } from './chapter.ts';
import type { FaultOptions } from './options.ts';
import { addUp, type Counts, missingPairs } from './tally.ts';

/** Below this a run shows nothing: the faults left no work to go wrong. */
const acknowledgedPerMinuteMin = 60;

export interface Run {
  readonly options: FaultOptions;
  readonly commit: string;
  readonly machine: string;
  readonly startedAt: string;
  readonly chapters: readonly Chapter[];
}

/** Everything that makes a run red; empty when it is green. */
export function objections({ options, chapters }: Run): string[] {
  const said = chapters.flatMap(({ world, seed, verdict, failures, folder }) => {
    const where = `${world}, seed ${seed} (${folder})`;
    const { lost, doubled, disorder } = verdict;
    return [
      ...failures.map((failure) => `${where}: ${failure}`),
      ...Object.entries({ lost, doubled, disorder }).flatMap(([what, found]) =>
        found.length === 0 ? [] : [`${where}: ${found.length} ${what}: ${found.slice(0, 5).join('; ')}`],
      ),
    ];
  });
  for (const { world, counts, ms } of byWorld(chapters)) {
    const perMinute = (counts.outcomes.ok * 60_000) / ms;
    if (perMinute < acknowledgedPerMinuteMin) {
      said.push(
        `${world}: ${perMinute.toFixed(0)} acknowledged a minute, and ${acknowledgedPerMinuteMin} are asked`,
      );
    }
    if (options.pairs === 'none') continue;
    const missing = missingPairs(counts);
    if (missing.length > 0) said.push(`${world}: pairs that never occurred: ${missing.join(', ')}`);
  }
  return said;
}

interface OfWorld {
  readonly world: string;
  readonly counts: Counts;
  readonly ms: number;
  readonly chapters: readonly Chapter[];
}

function byWorld(chapters: readonly Chapter[]): OfWorld[] {
  return [...new Set(chapters.map(({ world }) => world))].map((world) => {
    const own = chapters.filter((chapter) => chapter.world === world);
    const ms = own.reduce((sum, one) => sum + one.ms, 0);
    return { world, counts: addUp(own.map(({ counts }) => counts)), ms, chapters: own };
  });
}

export function markdownOf(run: Run): string {
  const { options, commit, machine, startedAt, chapters } = run;
  const red = objections(run);
  const sum = (of: (chapter: Chapter) => number) => chapters.reduce((total, one) => total + of(one), 0);
  const all = addUp(chapters.map(({ counts }) => counts));
  const minutes = (sum(({ ms }) => ms) / 60_000).toFixed(1);
  const words = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  return [
    '# Faults: what a run found',
    '',
    `Verdict: **${red.length === 0 ? 'green' : 'red'}**. Written by \`npm run faults\`; not edited by hand.`,
    '',
    ...table(
      ['', ''],
      [
        ['started', startedAt],
        ['commit', commit],
        ['machine', machine],
        ['options', words.join(', ')],
        ['minutes under faults', minutes],
        ['processes killed', killsIn(all)],
        ['Valkey restarts', sum(({ restarts }) => restarts)],
        ['commands acknowledged', all.outcomes.ok],
        ['refused', all.outcomes.refused],
        ['of unknown outcome', all.outcomes.unknown],
        ['**lost**', sum(({ verdict }) => verdict.lost.length)],
        ['**doubled**', sum(({ verdict }) => verdict.doubled.length)],
        ['**order broken**', sum(({ verdict }) => verdict.disorder.length)],
      ],
    ),
    '',
    ...(red.length === 0 ? [] : ['## Red', '', ...red.map((one) => `- ${one}`), '']),
    ...byWorld(chapters).flatMap(worldOf),
  ].join('\n');
}

/** Kills of processes of the world that are known to have ended one; Valkey's are not among them. */
const killsIn = ({ faults }: Counts): number =>
  [...faults].reduce((sum, [name, { held }]) => sum + (name.startsWith('kill ') ? held : 0), 0);

function worldOf({ world, counts, ms, chapters }: OfWorld): string[] {
  const { outcomes, faults, recovery, pairs } = counts;
  const names = [...faults.keys()];
  const perMinute = ((outcomes.ok * 60_000) / ms).toFixed(0);
  return [
    `## ${world}`,
    '',
    `${outcomes.ok} commands acknowledged (${perMinute} a minute), ${outcomes.refused} refused, ${outcomes.unknown} of unknown outcome; ${killsIn(counts)} processes killed, ${chapters.reduce((sum, one) => sum + one.restarts, 0)} Valkey restarts.`,
    '',
    ...table(
      ['chapter', 'seed', 'drained after', 'looked at', 'lost', 'doubled', 'order broken'],
      chapters.map(({ seed, settledMs, verdict }, at) => [
        at + 1,
        seed,
        `${(settledMs / 1_000).toFixed(1)} s`,
        Object.entries(verdict.counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', '),
        verdict.lost.length,
        verdict.doubled.length,
        verdict.disorder.length,
      ]),
    ),
    '',
    'How often each fault was tried and took hold, and how long after its healing the next command was acknowledged',
    '(other faults run on meanwhile):',
    '',
    ...table(
      ['fault', 'tried', 'took hold', 'came to', 'recovery p50', 'p99', 'max'],
      [...faults].map(([name, { tried, held, sum }]) => {
        const ms = (recovery.get(name) ?? []).toSorted((one, other) => one - other);
        const at = (share: number) => (ms.length === 0 ? '' : `${Math.round(quantile(ms, share))} ms`);
        return [name, tried, held, sum === 0 ? '' : sum, at(0.5), at(0.99), at(1)];
      }),
    ),
    '',
    'Commands that were under way while each fault ran:',
    '',
    ...table(
      ['', ...pairs.keys()],
      names.map((fault) => [fault, ...[...pairs.values()].map((row) => row.get(fault) ?? 0)]),
    ),
    '',
  ];
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
