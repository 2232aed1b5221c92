// An operator repairs what a broken agent left behind: processes, kills and the terminal's verbs.

import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RoomCode } from '../../core/ids.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { checkHistory } from '../support/check-history.ts';
import { type ArenaProcess, runVerb, startProcess } from '../support/processes.ts';
import { WireClient } from '../support/wire-client.ts';

const unwellWriter = fileURLToPath(new URL('../support/unwell-writer.ts', import.meta.url));
const soon = { timeout: 30_000 };
const claimsAhead = 3;
let arena: Arena;
let unwell: ArenaProcess;

beforeEach(async () => {
  // No alarm of a stage takes the work off the writer's hands.
  arena = await startArena({
    LEAD_MS: '200',
    INTERMISSION_MS: '200',
    STAGE_TIMEOUT_MS: '600000',
    CLAIMS_AHEAD: String(claimsAhead),
  });
  await arena.processes.get('writer')?.kill();
  unwell = startProcess('unwell', ['Space'], { VALKEY_URL: arena.valkeyUrl }, unwellWriter);
}, 90_000);
afterEach(async () => {
  await unwell.kill();
  await arena.stop();
});

const desk = (...words: string[]) => runVerb(words, { VALKEY_URL: arena.valkeyUrl });
const jsonOf = async (...words: string[]) =>
  (await desk(...words, '--json')).out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const judgedIn = async (room: RoomCode) =>
  (await arena.log(room)).filter(({ type }) => type === 'VALIDATION_COMPLETE').length;
const draftsIn = async (room: RoomCode) =>
  (await arena.log(room)).filter(({ type }) => type === 'DRAFT_READY').map(({ cycleId }) => cycleId);

/** A player, since nothing is prepared before somebody sits there. */
async function sitDown(room: RoomCode): Promise<WireClient> {
  const ada = new WireClient({ url: arena.ws, room, name: 'Ada', choose: () => 'FACT' });
  expect((await ada.connect()).err).toBeUndefined();
  return ada;
}

test('a writer that throws on one topic is mended, its dead letters are put back once, and the game plays their claims', async () => {
  const ill = await arena.createRoom({ topic: 'Space', rounds: 4, seconds: 5 });
  const well = await arena.createRoom({ topic: 'Geography', rounds: 2, seconds: 5 });
  const ada = await sitDown(ill.room);
  const bo = await sitDown(well.room);
  await expect.poll(async () => (await jsonOf('dead', 'list')).length, soon).toBe(claimsAhead);
  await expect.poll(async () => (await draftsIn(well.room)).length, soon).toBe(2);
  const letters = await jsonOf('dead', 'list', '--type', 'RESEARCH_DONE');
  expect(new Set(letters.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  expect(letters.map(({ room }) => room)).toEqual(Array(claimsAhead).fill(ill.room));
  const { fingerprint } = letters[0];

  // Mended: the writer as it should be, killed twice while it does what was put back.
  await unwell.kill();
  const writer = arena.processes.get('writer');
  const planned = await desk('dead', 'requeue', '--fingerprint', fingerprint, '--dry-run');
  expect(planned.out).toContain(`${claimsAhead} of ${claimsAhead} would be requeued`);
  expect(await jsonOf('dead', 'list')).toHaveLength(claimsAhead);
  writer?.start();
  await desk('dead', 'requeue', '--fingerprint', fingerprint, '--yes');
  for (let kills = 0; kills < 2; kills++) {
    await writer?.kill();
    writer?.start();
  }
  await expect.poll(() => judgedIn(ill.room), soon).toBe(claimsAhead);
  const again = await desk('dead', 'requeue', '--fingerprint', fingerprint, '--yes');
  expect(again.out).toContain('0 requeued.');

  const host = new WireClient({ url: arena.ws, room: ill.room, role: 'host', token: ill.hostToken });
  expect((await host.connect()).err).toBeUndefined();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined, 60_000);
  for (const client of [host, ada, bo]) client.close();

  const log = await arena.log(ill.room);
  expect(checkHistory({ log, acknowledged: [] })).toEqual([]);
  const drafts = await draftsIn(ill.room);
  expect(new Set(drafts).size).toBe(drafts.length);
  const asked = log.filter(({ type }) => type === 'NEW_QUESTION').map(({ cycleId }) => cycleId);
  for (const cycle of drafts.slice(0, claimsAhead)) expect(asked).toContain(cycle);
  console.log(`letters ${claimsAhead}, put back once, kills 2, drafts ${drafts.length}, none twice`);
}, 120_000);

test('two operators who act on the same letters at once do each of them once, and both are told the truth', async () => {
  const { room } = await arena.createRoom({ topic: 'Space', rounds: 4, seconds: 5 });
  const ada = await sitDown(room);
  await expect.poll(async () => (await jsonOf('dead', 'list')).length, soon).toBe(claimsAhead);
  await unwell.kill();
  const [requeued, dropped] = await Promise.all([
    jsonOf('dead', 'requeue', '--all', '--yes'),
    jsonOf('dead', 'drop', '--all', '--yes'),
  ]);
  const done = requeued[0].requeued + dropped[0].dropped;
  expect({ done, left: await jsonOf('dead', 'list') }).toEqual({ done: claimsAhead, left: [] });
  expect(await jsonOf('operations')).toHaveLength(claimsAhead);
  // Of a killed process its name is left in the group, and nothing that it holds: still it is missed.
  const silence = /no process has worked for writer for \d+ s/;
  await expect.poll(async () => (await desk('why', room)).out, soon).toMatch(silence);
  const { code, out } = await desk('doctor');
  expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(silence) });
  expect(out).toContain('Start one: npx arena agents writer');
  ada.close();
}, 180_000);

test('without a Valkey every verb says so in a sentence, and ends with 1', async () => {
  const nowhere = { VALKEY_URL: 'redis://127.0.0.1:1' };
  const room = 'ABCDEF';
  const verbs = [
    ...['rooms', 'tail', 'groups', 'doctor', 'operations', 'dead list', 'rebuild all --yes', 'retain --yes'],
    ...['dead show 1-1', 'dead requeue --all --yes', 'dead drop --all --yes', `retract ${room} 1 --yes`],
    ...[`state ${room}`, `diff ${room} 1 2`, `step ${room}`, `replay ${room}`, `why ${room}`],
    ...[`export ${room}`, `archive ${room} --yes`],
  ];
  const ran = await Promise.all(verbs.map((verb) => runVerb(verb.split(' '), nowhere)));
  for (const [index, { code, out, err }] of ran.entries()) {
    expect({ verb: verbs[index], code, out, lines: err.trim().split('\n').length }).toEqual({
      verb: verbs[index],
      ...{ code: 1, out: '', lines: 1 },
    });
    expect(err).toContain('Valkey');
  }
}, 180_000);
