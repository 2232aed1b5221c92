// `npm run bench -- scale [--json]`: whether what an answer, a join and a game cost depends on how many rooms
// and players there are. A real server and real agents, in processes of their own for each case; the clients
// are in this process. Some cases have many rooms of ten players, some one room of many.

import { runVerb } from '../support/processes.ts';
import { bytesPerAnswer, openRoom, type PlayedRound, playRounds } from './scale/rounds.ts';
import { joinAll, makeRoom, openClients, type Stage, startStage } from './scale/stage.ts';
import { atMost, type Row, rowOf } from './support/figures.ts';
import { progress, repeats } from './support/interleaved.ts';
import { publish } from './support/publish.ts';

const biggest = Number(process.env['PLAYERS'] ?? 10_000);
const only = process.env['PART'];
const upTo = (sizes: readonly number[], each = 1) => sizes.filter((size) => size * each <= biggest);
const playersPerRoom = 10;
// Answers of a case, so that the scheduler's clock tells them from nothing.
const answersMin = 400;

async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await startStage();
  try {
    return await work(stage);
  } finally {
    await stage.stop();
  }
}

interface Case {
  readonly name: string;
  readonly rounds: readonly PlayedRound[];
  readonly bytes: number;
}

const playCase = (rooms: number, players: number): Promise<Case> =>
  onStage(async (stage) => {
    const name = rooms === 1 ? `1 room of ${players}` : `${rooms} rooms of ${players}`;
    progress(`${name}: joining`);
    const all = [];
    while (all.length < rooms) all.push(await openRoom(stage, players));
    const rounds = Math.max(repeats, Math.ceil(answersMin / (rooms * players)));
    const played = await playRounds(stage, all, rounds, name);
    return { name, rounds: played, bytes: await bytesPerAnswer(stage, all, played.length + 1) };
  });

/** Each case beside the smallest: what an answer costs must not grow. */
async function answerRows(): Promise<Row[]> {
  const cases: Case[] = [];
  for (const rooms of upTo([1, 10, 100, 1_000], playersPerRoom))
    cases.push(await playCase(rooms, playersPerRoom));
  for (const players of upTo([100, 1_000, 10_000])) cases.push(await playCase(1, players));
  const [smallest] = cases;
  const cpu = cases.map(({ name, rounds }) =>
    rowOf({
      name: `CPU of the server for an answer, ${name}`,
      unit: 'us',
      samples: { ours: us(rounds), ...(smallest === undefined ? {} : { smallest: us(smallest.rounds) }) },
      bounds: [atMost(1.2, 'smallest')],
    }),
  );
  const bytes = cases.map(({ name, bytes: each }) =>
    rowOf({
      name: `memory of an answer, ${name}`,
      unit: 'bytes',
      samples: { ours: [each] },
      bounds: [atMost(350)],
    }),
  );
  const closing = cases
    .filter(({ name }) => name.startsWith('1 room'))
    .map(({ name, rounds }) =>
      rowOf({
        name: `last answer to its result at the last socket, ${name}`,
        unit: 'ms',
        samples: {
          ours: rounds.map(({ lastMs }) => lastMs),
          'first socket': rounds.map(({ firstMs }) => firstMs),
        },
        bounds: [atMost(250)],
      }),
    );
  return [...cpu, ...bytes, ...closing];
}

const us = (rounds: readonly PlayedRound[]) => rounds.map(({ answerUs }) => answerUs);

interface Joins {
  readonly ms: number;
  readonly cpuUs: number;
}

/** So many sockets that are open ask to join one room at once. */
const joinCase = (players: number): Promise<Joins[]> =>
  onStage(async (stage) => {
    const samples: Joins[] = [];
    for (let run = -1; run < repeats; run++) {
      progress(`${players} joins: ${run + 1} of ${repeats}`);
      const clients = await openClients(stage, players);
      const { room, host } = await makeRoom(stage);
      const [since, before] = [performance.now(), stage.serverCpuUs()];
      await joinAll(room, clients);
      const cpuUs = (stage.serverCpuUs() - before) / players;
      if (run >= 0) samples.push({ ms: performance.now() - since, cpuUs });
      for (const client of [...clients, host]) client.close();
    }
    return samples;
  });

async function joinRows(): Promise<Row[]> {
  const sizes = upTo([1_000, 2_000, 5_000, 10_000]);
  const rows: Row[] = [];
  let first: readonly Joins[] = [];
  for (const size of sizes) {
    const joins = await joinCase(size);
    if (first.length === 0) first = joins;
    rows.push(
      rowOf({
        name: `${size} joins of one room at once`,
        unit: 'ms',
        samples: { ours: joins.map(({ ms }) => ms) },
        bounds: size === 1_000 ? [atMost(2_000)] : size === 10_000 ? [atMost(3_000)] : [],
      }),
      rowOf({
        name: `CPU of the server for a join, ${size} at once`,
        unit: 'us',
        samples: { ours: joins.map(({ cpuUs }) => cpuUs), smallest: first.map(({ cpuUs }) => cpuUs) },
        bounds: [atMost(1.2, 'smallest')],
      }),
    );
  }
  return rows;
}

/** A game of three rounds as `arena bots` plays it. */
const botsCase = (players: number): Promise<number[]> =>
  onStage(async (stage) => {
    const samples: number[] = [];
    for (let run = 0; run < Math.min(3, repeats); run++) {
      progress(`arena bots, ${players} players: ${run + 1}`);
      const before = stage.serverCpuUs();
      const words = ['--players', players, '--rooms', 1, '--rounds', 3, '--seconds', 10].map(String);
      const { code, err } = await runVerb(['bots', '--url', stage.http, ...words, '--json'], {});
      if (code !== 0) throw new Error(`arena bots: ${err}`);
      samples.push((stage.serverCpuUs() - before) / players / 1_000);
    }
    return samples;
  });

async function botsRows(): Promise<Row[]> {
  const cases: { players: number; ms: number[] }[] = [];
  for (const players of upTo([100, 400, 1_000])) cases.push({ players, ms: await botsCase(players) });
  return cases.map(({ players, ms }) =>
    rowOf({
      name: `CPU of the server for a player of a game by arena bots, ${players} players`,
      unit: 'ms',
      samples: { ours: ms, smallest: cases[0]?.ms ?? [] },
      bounds: [atMost(1.2, 'smallest')],
    }),
  );
}

const parts = { answers: answerRows, joins: joinRows, bots: botsRows } as const;

export async function bench(json: boolean): Promise<void> {
  const rows: Row[] = [];
  for (const [part, measure] of Object.entries(parts))
    if (only === undefined || only === part) rows.push(...(await measure()));
  await publish('scale', rows, json);
}
