// Fuzzes a server: so many frames from one seed, in episodes that run side by side, and what was found. An
// episode with something wrong is kept whole; one that no reply tells of, as the last ones before a crash, is
// kept with all that ran beside it.

import { type Chance, chanceOf } from './chance.ts';
import type { Blank, Episode, Kind } from './episode.ts';
import { desk, http } from './http-episodes.ts';
import type { Documented } from './judge.ts';
import { type Played, playEpisode, type Surroundings } from './player.ts';
import { type FuzzedRoom, openRoom } from './rooms.ts';
import { bytes, halfOpen, talk } from './socket-episodes.ts';
import { deskToken, type World } from './world.ts';

export interface Finding {
  readonly wrong: readonly string[];
  readonly episodes: readonly Episode[];
}

export interface Fuzzed {
  readonly frames: number;
  readonly requests: number;
  readonly episodes: number;
  /** How often each came: codes, events, statuses. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Episodes over a socket by the phase of the game that they began in. */
  readonly phases: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** When a verdict was told first, by round: epoch ms. */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly rooms: readonly string[];
  /** Whether a text was a token or a nonce of one of all these clients. */
  readonly wasSecret: (text: string) => boolean;
}

const makers: Readonly<Record<Kind, (name: string) => Episode>> = {
  talk,
  bytes,
  handshake: halfOpen,
  http,
  desk,
};
const mix: readonly Kind[] = [
  ...Array.from({ length: 14 }, () => 'talk' as const),
  ...Array.from({ length: 4 }, () => 'bytes' as const),
  ...(['handshake', 'http', 'http', 'desk'] as const),
];

/** The same name gives the same episode. */
export function episodeOf(name: string): Episode {
  return makers[chanceOf(`${name} kind`).pick(mix)](name);
}

export interface Fuzzing {
  readonly seed: string;
  readonly frames: number;
  readonly documented: Documented;
  readonly sideBySide?: number;
  /** As soon as so much is found, it ends. */
  readonly findingsMax?: number;
  /** Told now and then. */
  readonly say?: (line: string) => void;
  /** At each quarter. */
  readonly each?: () => Promise<void>;
}

const roomsOpen = 6;
/** A room that many came to leaves for another. */
const joinsMax = 150;
const stepEveryMs = 120;

export async function fuzz(world: World, fuzzing: Fuzzing): Promise<Fuzzed> {
  const { seed, frames: wanted, documented, sideBySide = 48, findingsMax = 20 } = fuzzing;
  const { say = () => undefined, each = async () => undefined } = fuzzing;
  const ground = await openGround(world, seed, documented);
  const findings: Finding[] = [];
  const running = new Set<Episode>();
  const total = { frames: 0, requests: 0, episodes: 0 };
  let quarters = 1;
  const isOver = () => total.frames >= wanted || findings.length >= findingsMax || !world.isAlive();
  const one = async (): Promise<void> => {
    const episode = episodeOf(`${seed}:${total.episodes}`);
    total.episodes += 1;
    if (total.episodes % 5_000 === 0) say(`${total.frames} frames in ${total.episodes} episodes`);
    running.add(episode);
    const room = await ground.take(episode);
    const played = await playEpisode(episode, ground.around(room)).catch(
      (error: unknown): Played => ({ frames: 0, requests: 0, wrong: [String(error)] }),
    );
    total.frames += played.frames;
    total.requests += played.requests;
    if (played.wrong.length > 0 && world.isAlive())
      findings.push({ wrong: played.wrong, episodes: [episode] });
    running.delete(episode);
    if (total.frames > (quarters * wanted) / 4 && quarters < 4 && world.isAlive()) {
      quarters += 1;
      await each();
    }
  };
  const lane = async (): Promise<void> => {
    while (!isOver()) await one();
  };
  await Promise.all(Array.from({ length: sideBySide }, lane));
  if (!world.isAlive()) findings.push({ wrong: ['the server has ended'], episodes: [...running] });
  ground.close();
  const { outcomes, phases, verdicts, rooms, wasSecret } = ground;
  return { ...total, outcomes, phases, findings, verdicts, rooms, wasSecret };
}

/** Plays these alone, one after the other; true if something is wrong with them. */
export async function isWrong(
  world: World,
  episodes: readonly Episode[],
  documented: Documented,
): Promise<boolean> {
  const ground = await openGround(world, 'again', documented);
  const before = world.mistakes().length;
  let wrong = false;
  for (const episode of episodes) {
    const room = await ground.take(episode);
    const played = await playEpisode(episode, ground.around(room)).catch(() => null);
    wrong ||= played !== null && played.wrong.length > 0;
  }
  ground.close();
  return wrong || !world.isAlive() || world.mistakes().length > before;
}

/** The rooms, and what is known of them and kept while they are played in. */
async function openGround(world: World, seed: string, documented: Documented) {
  const chance = chanceOf(`${seed} ground`);
  const outcomes = new Map<string, number>();
  const phases = new Map<string, number>();
  const verdicts = new Map<string, number>();
  const rooms: string[] = [];
  const secrets = secretBook(chance);
  const open = async () => {
    const room = await openRoom(world.http, addressOf(chance), chance);
    secrets.keep(room.hostToken, false);
    rooms.push(room.room);
    return room;
  };
  const pool = await Promise.all(Array.from({ length: roomsOpen }, open));
  const ticking = setInterval(() => {
    for (const room of pool) if (chance.percent(35)) void room.step();
  }, stepEveryMs);
  const count = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  return {
    outcomes,
    phases,
    verdicts,
    rooms,
    wasSecret: secrets.given,
    async take(episode: Episode): Promise<FuzzedRoom> {
      const at = chance.int(pool.length);
      const room = pool[at] as FuzzedRoom;
      if (episode.kind === 'talk') count(phases, room.phase());
      room.joins += 1;
      if (room.joins === joinsMax) {
        const next = await open();
        pool[at] = next;
        // Others are still in it.
        setTimeout(() => room.close(), 1_000).unref();
        return next;
      }
      return room;
    },
    around: (room: FuzzedRoom): Surroundings => ({
      port: world.port,
      documented,
      know: (blank) => known(blank, { room, chance, secrets, rooms }),
      verdicts(told) {
        for (const id of told) if (!verdicts.has(id)) verdicts.set(id, Date.now());
      },
      isSecret: secrets.has,
      keepSecret: secrets.keep,
      count: (what) => count(outcomes, what),
    }),
    close() {
      clearInterval(ticking);
      for (const room of pool) room.close();
    },
  };
}

const addressOf = (chance: Chance): string =>
  `198.${18 + chance.int(2)}.${chance.int(256)}.${chance.int(256)}`;

const tokensKept = 400;

function secretBook(chance: Chance) {
  const all = new Set<string>();
  const tokens: string[] = [];
  return {
    // A hash of a secret is one itself; nobody is told a text of its form.
    given: (text: string): boolean => all.has(text),
    has: (text: string): boolean => all.has(text) || /^[0-9a-f]{64}$/.test(text),
    keep(text: string, isToken: boolean): void {
      all.add(text);
      if (!isToken) return;
      tokens[tokens.length < tokensKept ? tokens.length : chance.int(tokensKept)] = text;
    },
    some: (): string => (tokens.length === 0 ? 'none' : chance.pick(tokens)),
  };
}

interface Known {
  readonly room: FuzzedRoom;
  readonly chance: Chance;
  readonly secrets: ReturnType<typeof secretBook>;
  readonly rooms: readonly string[];
}

const keysUsed: string[] = ['key-0123456789-0123456789'];

function known(blank: Blank, { room, chance, secrets, rooms }: Known): string {
  switch (blank) {
    case 'room':
      return room.room;
    case 'otherRoom':
      return chance.pick(rooms);
    case 'hostToken':
      return room.hostToken;
    case 'token':
    case 'otherToken':
      return secrets.some();
    case 'nonce':
      return `n0nce${chance.word(30)}`;
    case 'name':
      return `${chance.word(4)} ${chance.word(6)}`;
    case 'key': {
      const key = `key-${chance.word(24)}`;
      keysUsed[chance.int(50)] = key;
      return key;
    }
    case 'usedKey':
      return chance.pick(keysUsed.filter(Boolean));
    case 'epoch':
      return room.epoch();
    case 'roundId':
      return room.roundId();
    case 'oldRoundId':
      return room.oldRoundId();
    case 'game':
      return room.game();
    case 'playerId':
    case 'me':
      return room.playerId();
    case 'address':
      return addressOf(chance);
    case 'deskToken':
      return deskToken;
  }
}
