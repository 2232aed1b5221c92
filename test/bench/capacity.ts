// `npm run bench -- capacity [--json]`: what a model of processes, cores and disk says that one node, a
// cluster of three primaries and a hundred gateways carry, from the CPU that a run of `answers` takes for
// each answer. That run is made here, and the model has to say its rates, too, within a fifth.

import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Calibration, calibrate, machineBusyUs, ownCpuUs } from './capacity/calibrate.ts';
import { type Costs, carry, type Site } from './capacity/model.ts';
import { atLeast, atMost, percentile, type Row, rowOf } from './support/figures.ts';
import { progress } from './support/interleaved.ts';
import { publish, type Results } from './support/publish.ts';

const within = [atLeast(0.8, 'measured'), atMost(1.2, 'measured')];
const p99MsMax = 25;
/** As in `answers`: all are due at once. */
const flood = 100_000;
/** Between two machines of one data centre. */
const networkUs = 100;
const modelled = 20_000;

const evenly = (count: number, perSecond: number): number[] =>
  Array.from({ length: count }, (_, at) => (at * 1e6) / perSecond);

/** A run of `answers`, and how many cores other programs took meanwhile. */
function runAnswers(): { rows: readonly Row[]; elsewhere: number } {
  const program = fileURLToPath(new URL('bench.ts', import.meta.url));
  const [busy, own, since] = [machineBusyUs(), ownCpuUs(), performance.now()];
  const { status, stdout } = spawnSync(process.execPath, [program, 'answers', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the benchmark answers broke off with ${status}`);
  const others = machineBusyUs() - busy - (ownCpuUs() - own);
  const results = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Results;
  return { rows: results.rows, elsewhere: Math.max(0, others / ((performance.now() - since) * 1_000)) };
}

interface Measured {
  readonly sockets: number;
  readonly perSecond: number;
  readonly halfMs: number;
  /** While more are due than can be answered, and at half of that. */
  readonly flooded: Costs;
  readonly steady: Costs;
}

function measuredFrom(rows: readonly Row[], sockets: number, calibration: Calibration): Measured {
  const of = (what: string) => {
    const row = rows.find(({ name }) => name === `${sockets.toLocaleString('en-US')} sockets: ${what}`);
    if (row === undefined) throw new Error(`answers does not tell ${what}`);
    return row.ours;
  };
  const answered = of('answers a second');
  const loadUs = of('CPU of the load').value;
  const { diskUs, readAtOnce } = calibration;
  return {
    sockets,
    perSecond: answered.value,
    halfMs: of('p50 at half of it').value,
    flooded: {
      loadUs,
      gatewayUs: answered.clientUs ?? 0,
      valkeyUs: answered.serverUs ?? 0,
      diskUs,
      readAtOnce,
    },
    steady: {
      loadUs,
      gatewayUs: of('CPU at half of it').value,
      valkeyUs: of('CPU of Valkey at half of it').value,
      diskUs,
      readAtOnce,
    },
  };
}

/** Everything takes longer on cores that others use, too. */
const shared = (costs: Costs, share: number): Costs => ({
  ...costs,
  loadUs: costs.loadUs / share,
  gatewayUs: costs.gatewayUs / share,
  valkeyUs: costs.valkeyUs / share,
});

function checked({ sockets, perSecond, halfMs, flooded, steady }: Measured, elsewhere: number): Row[] {
  const cores = cpus().length;
  const site = { gateways: 1, primaries: 1, cores, networkUs: 0 };
  const share = Math.max(0.1, (cores - elsewhere) / cores);
  const most = carry({ ...site, costs: shared(flooded, share) }, evenly(sockets, flood));
  const half = carry({ ...site, costs: shared(steady, share) }, evenly(sockets, perSecond / 2));
  const name = (what: string) => `this node, ${sockets.toLocaleString('en-US')} sockets: ${what}`;
  return [
    rowOf({
      name: name('answers a second'),
      unit: '/s',
      samples: { ours: [most.perSecond], measured: [perSecond] },
      bounds: within,
    }),
    rowOf({
      name: name('p50 at half of it'),
      unit: 'ms',
      samples: { ours: [percentile(half.waitsMs, 0.5)], measured: [halfMs] },
    }),
  ];
}

/** The most answers a second whose p99 is below 25 ms, to a hundredth. */
function carriedBy(site: Site): { perSecond: number; first: string } {
  const p99 = (rate: number) => percentile(carry(site, evenly(modelled, rate)).waitsMs, 0.99);
  let [low, high] = [0, 2e6];
  while (high - low > low / 100 + 1) {
    const middle = (low + high) / 2;
    if (p99(middle) < p99MsMax) low = middle;
    else high = middle;
  }
  const { busy } = carry(site, evenly(modelled, low));
  return { perSecond: low, first: busy.gateway > busy.primary ? 'the gateways' : 'Valkey' };
}

function planned(costs: Costs): Row[] {
  const sites = {
    'a gateway and a Valkey with a core each': { gateways: 1, primaries: 1 },
    'three primaries, 3 gateways': { gateways: 3, primaries: 3 },
    'three primaries, 10 gateways': { gateways: 10, primaries: 3 },
    'three primaries, 100 gateways': { gateways: 100, primaries: 3 },
  };
  return Object.entries(sites).map(([name, site]) => {
    const { perSecond, first } = carriedBy({ ...site, costs, cores: null, networkUs });
    return rowOf({ name: `${name}: saturates ${first} first`, unit: '/s', samples: { ours: [perSecond] } });
  });
}

export async function bench(json: boolean): Promise<void> {
  progress('capacity: a wait for the disk, and what an answer weighs');
  const calibration = await calibrate();
  const { rows, elsewhere } = runAnswers();
  const measured = [500, 2_000].map((sockets) => measuredFrom(rows, sockets, calibration));
  const steady = measured.at(-1)?.steady;
  if (steady === undefined) throw new Error('nothing was measured');
  const told = (name: string, unit: string, value: number) =>
    rowOf({ name, unit, samples: { ours: [value] } });
  await publish(
    'capacity',
    [
      ...measured.flatMap((one) => checked(one, elsewhere)),
      told('cores that other programs took meanwhile', '', elsewhere),
      told('a wait for the disk', 'us', calibration.diskUs),
      told('commits that Valkey reads at a time', '', calibration.readAtOnce),
      ...planned(steady),
      told('a million answers: CPU of gateways', 's', steady.gatewayUs),
      told('a million answers: CPU of Valkey', 's', steady.valkeyUs),
      told('a million answers: memory', 'MB', calibration.memoryBytes),
      told('a million answers: append-only file', 'MB', calibration.fileBytes),
    ],
    json,
  );
}
