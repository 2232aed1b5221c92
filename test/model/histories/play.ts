// Random histories of commands, each played in a world that other histories have left behind. A
// counterexample says how it is given again.

import fc from 'fast-check';
import {
  type Asking,
  ask,
  askAgain,
  askAndCrash,
  askAndDie,
  askAnotherUnderItsKey,
  askAtOnce,
  type Command,
  door,
  plan,
  vote,
} from './asking.ts';
import { judge } from './judge.ts';
import { emptyModel, type Model, streams, triesMax } from './model.ts';
import { begin, crash, endLeases, goOn, kill, letGo, pass, pause, putBack } from './trouble.ts';
import type { Real, World } from './world.ts';

const commandsMax = 20;
/** Each costs a history, and the wait for what does not come. */
const shrinksMax = 12;

const by = fc.constantFrom(0, 1);
const stream = fc.constantFrom(...streams);
const asking: fc.Arbitrary<Asking> = fc.record({
  by,
  stream,
  fails: fc.constantFrom(0, 0, 0, 0, 1, triesMax - 1, triesMax),
  slow: fc.constantFrom(false, false, false, true),
});
const turns = fc.constantFrom(0, 1, 2, 4, 8);
const at = fc.nat(9);
const yes = fc.boolean();
const ms = fc.constantFrom(1, 10, 1_000, 60_000);

const many = (times: number, one: fc.Arbitrary<Command>): fc.Arbitrary<Command>[] =>
  Array.from({ length: times }, () => one);

/** As often as they stand here. `crashes`: how often the server dies, beside them. */
const kinds = (crashes: number): fc.Arbitrary<Command>[] => [
  ...many(8, asking.map(ask)),
  ...many(
    3,
    fc.tuple(asking, turns).map(([one, after]) => askAndDie(one, after)),
  ),
  ...many(
    crashes,
    fc.tuple(asking, turns).map(([one, after]) => askAndCrash(one, after)),
  ),
  ...many(
    4,
    fc.tuple(by, at).map(([who, which]) => askAgain(who, which)),
  ),
  ...many(
    1,
    fc.tuple(by, at).map(([who, which]) => askAnotherUnderItsKey(who, which)),
  ),
  ...many(
    4,
    fc
      .tuple(fc.array(asking, { minLength: 2, maxLength: 4 }), yes)
      .map(([all, twice]) => askAtOnce(all, twice)),
  ),
  ...many(
    3,
    fc.tuple(by, stream, yes).map(([who, where, again]) => vote(who, where, again)),
  ),
  ...many(
    2,
    fc.tuple(by, stream, yes).map(([who, where, open]) => door(who, where, open)),
  ),
  ...many(
    2,
    fc.tuple(by, stream, ms).map(([who, where, inMs]) => plan(who, where, inMs)),
  ),
  ...many(
    4,
    fc.tuple(by, yes).map(([who, busy]) => kill(who, busy)),
  ),
  ...many(
    4,
    fc.tuple(by, fc.constantFrom(false, false, true)).map(([who, as]) => begin(who, as)),
  ),
  ...many(2, fc.constant(null).map(endLeases)),
  ...many(crashes, fc.constant(null).map(crash)),
  ...many(2, ms.map(pass)),
  ...many(2, fc.constant(null).map(letGo)),
  ...many(2, fc.constant(null).map(pause)),
  ...many(1, fc.constant(null).map(goOn)),
  ...many(
    3,
    fc.tuple(yes, yes).map(([mended, two]) => putBack(mended, two)),
  ),
];

export interface Playing {
  readonly file: string;
  readonly histories: number;
  readonly crashes: number;
}

/** What was played, summed up. Throws with the way to give it again where a history goes wrong. */
export async function play(world: World, { file, histories, crashes }: Playing): Promise<Played> {
  const [path, replayPath] = (process.env['MODEL_PATH'] ?? '').split('@');
  const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
  const again = path === undefined || path === '' ? {} : { path };
  const replay = replayPath === undefined ? {} : { replayPath };
  const given = fc.commands(kinds(crashes), { maxCommands: commandsMax, size: 'max', ...replay });
  const shrinking = replayPath === undefined ? fc.limitShrink(given, shrinksMax) : given;
  const played: Played = { histories: 0, kills: 0, crashes: 0, errands: 0 };
  const property = fc.asyncProperty(shrinking, async (commands) => {
    const model = emptyModel();
    await playOne(model, await world.history(), commands);
    played.histories += 1;
    played.kills += model.kills;
    played.crashes += model.crashes;
    played.errands += model.errands.length;
  });
  const details = await fc.check(property, { numRuns: histories, seed, ...again });
  console.info(`${file}: ${JSON.stringify(played)}, seed ${seed}`);
  if (!details.failed) return played;
  const said = String(await fc.asyncDefaultReportMessage(details));
  const [, way] = /replayPath="([^"]*)"/.exec(said) ?? [];
  const variables = `MODEL_SEED=${seed} MODEL_PATH='${details.counterexamplePath}${way ? `@${way}` : ''}'`;
  const { errorInstance: cause } = details;
  throw new Error(`${said}\nGot: ${cause}\nAgain: ${variables} npm test -- ${file}`, { cause });
}

export interface Played {
  histories: number;
  kills: number;
  crashes: number;
  errands: number;
}

async function playOne(model: Model, real: Real, commands: Iterable<Command>): Promise<void> {
  try {
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await judge(model, real);
  } catch (error) {
    // What is held would keep its process from ending.
    real.outside.letAllGo();
    await real.end();
    throw error;
  }
  await real.end();
}
