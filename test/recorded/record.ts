// `npm run record`: plays the games of `games.ts` with the version of this checkout, kills a whole arena in
// the middle of a round, and leaves here what was written: see `README.md`. Never overwrites what an older
// version has left.

import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { game } from '../../core/game.ts';
import { canonical } from '../../core/verify.ts';
import { documentsOf, project, unprojected } from '../../projections/projector.ts';
import { version } from '../../server/config/version.ts';
import { exportRoom, readArchive } from '../../server/operate/archive.ts';
import { plain } from '../../server/operate/room-log.ts';
import { type Folded, fold, unfolded } from '../../streams/handle/fold.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { startServing } from '../support/serving.ts';
import * as games from './games.ts';
import { recordKilledStore } from './killed-store.ts';
import { recordedRooms } from './recordings.ts';
import { openScene, type Scene } from './scene.ts';
import { toldOf } from './told.ts';

const say = (line: string) => process.stderr.write(`record: ${line}\n`);
const fileOf = (name: string) => fileURLToPath(new URL(`./${version}-${name}.ndjson`, import.meta.url));

function write(name: string, lines: readonly string[]): void {
  writeFileSync(fileOf(name), `${lines.join('\n')}\n`);
  say(`${lines.length} lines in ${version}-${name}.ndjson`);
}

interface Recording {
  readonly name: string;
  readonly settings: object;
  readonly env: Readonly<Record<string, string>>;
  readonly play: (scene: Scene) => Promise<void>;
  readonly over: boolean;
}

async function record({ name, settings, env, play, over }: Recording): Promise<void> {
  const arena = await startServing(env);
  const { url: valkeyUrl } = arena.valkey;
  const scene = await openScene({ ws: arena.ws, valkeyUrl, ...(await arena.makeRoom(settings)) });
  try {
    await play(scene);
    if (over) await untilDocumentsFollow(scene);
    const lines: string[] = [];
    for await (const line of exportRoom(scene.operator, scene.room)) lines.push(line);
    write(name, lines);
    write(`${name}.expected`, await expectedOf(scene, over));
    write(`${name}.frames`, toldOf(await scene.log()));
  } finally {
    scene.close();
    await arena.stop();
  }
}

/** What stands in the store is what is recorded, so it has to be there. */
async function untilDocumentsFollow({ room, operator, log }: Scene): Promise<void> {
  const turn = fold(game, unfolded(game), await log()).turn;
  const document = async () => (await operator.documents.get(room, `game:state:${room}`)) as { rev: number };
  for (const givenUpAt = Date.now() + 20_000; ((await document())?.rev ?? 0) < turn; ) {
    if (Date.now() > givenUpAt) throw new Error('the documents do not follow');
  }
}

/** Lines by kind: the folded room, its seats, its documents, its places on the boards. */
async function expectedOf(scene: Scene, over: boolean): Promise<string[]> {
  const { room, hostToken, seats, acknowledged, operator } = scene;
  const projected = project(unprojected, await scene.log());
  const { connection, keys } = operator;
  const lines: object[] = [
    { kind: 'seats', value: { room, hostToken, seats } },
    { kind: 'acknowledged', value: acknowledged },
    { kind: 'folded', value: foldedOf(projected.folded) },
  ];
  for (const [name, value] of documentsOf(projected)) {
    // Of a room that is at rest, what was written counts, not what would be.
    lines.push({ kind: 'document', name, value: over ? await operator.documents.get(room, name) : value });
  }
  const rows = over ? await connection.hgetall(keys.boards.rows) : {};
  for (const [member, text] of Object.entries(rows)) {
    const score = Number(await connection.zscore(keys.boards.allTime, member));
    lines.push({ kind: 'row', name: member, value: { score, ...JSON.parse(text) } });
  }
  if (over && projected.past.over !== null) {
    const text = await connection.get(keys.boards.history(projected.past.over.game.game));
    lines.push({ kind: 'game', name: projected.past.over.game.game, value: JSON.parse(text ?? 'null') });
  }
  return lines.map(canonical);
}

const foldedOf = ({ state, ...folded }: Folded) => ({ ...folded, state: plain(state) });

async function withModels(work: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const openai = await startFakeOpenAI({ behave: games.openaiOfTheGame });
  const ollama = await startFakeOllama({ behave: games.ollamaOfTheGame });
  await work({
    ...{ RESEARCHER_PROVIDER: 'openai', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'openai' },
    ...{ RESEARCHER_MODEL: 'fake', WRITER_MODEL: 'fake', EDITOR_MODEL: 'fake' },
    ...{ OPENAI_BASE_URL: `${openai.url}/v1`, OPENAI_API_KEY: 'laboratory-key', OLLAMA_URL: ollama.url },
    ...{ MODEL_PRICES: 'fake=1/4', BUDGET_GAME_TOKENS: '5500', CLAIMS_AHEAD: '2' },
  });
  await Promise.all([openai.stop(), ollama.stop()]);
}

async function withHangingModels(work: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const ollama = await startFakeOllama({ behave: games.hangingModel() });
  const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
  await work({ ...byOllama, OLLAMA_URL: ollama.url });
  await ollama.stop();
}

/** What is told follows from the log. Gives how many logs of this version had no such file. */
function recordMissingFrames(): number {
  const missing = recordedRooms.filter(
    ({ name, told }) => name.startsWith(`${version}-`) && told.length === 0,
  );
  for (const { name, archive } of missing) {
    write(`${name.slice(version.length + 1)}.frames`, toldOf(readArchive(archive).events));
  }
  return missing.length;
}

if (existsSync(fileOf('whole-game'))) {
  const written = recordMissingFrames();
  if (written > 0) process.exit();
  say(`version ${version} is recorded already: what it wrote stays. Raise the version, then record.`);
  process.exitCode = 1;
} else {
  const { wholeGame, modelsGame, unfinishedGame } = games;
  const whole = { name: 'whole-game', settings: games.wholeGameSettings, play: wholeGame, over: true };
  await record({ ...whole, env: {} });
  const models = { name: 'models-game', settings: games.modelsGameSettings, play: modelsGame, over: true };
  await withModels((env) => record({ ...models, env }));
  const half = { name: 'unfinished', settings: games.unfinishedSettings, play: unfinishedGame, over: false };
  await withHangingModels((env) => record({ ...half, env }));
  await withHangingModels(async (env) => {
    const { commands, expected } = await recordKilledStore(env);
    write(
      'killed.store',
      commands.map((command) => JSON.stringify(command)),
    );
    write('killed.expected', expected.map(canonical));
  });
}
