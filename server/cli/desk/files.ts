// Rooms as files, documents made anew, and what leaves the store.

import { readFile } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { exportRoom, importRoom, readArchive } from '../../operate/archive.ts';
import { withOperator } from '../../operate/operator.ts';
import { type ProjectionName, projections, rebuildRoom } from '../../operate/rebuild.ts';
import { archiveRoom, idleRooms, isAtRest, sealRoom } from '../../operate/retain.ts';
import { confirmed } from '../confirm.ts';
import { CannotStart } from '../explain.ts';
import { changeLine, print, printJson, table } from '../output.ts';
import { roomCode } from './look.ts';

interface Json {
  readonly json?: boolean;
}

export const exported = (
  config: Config,
  room: string,
  { out, json }: Json & { out?: string },
): Promise<void> =>
  withOperator(config, async (operator) => {
    const code = roomCode(room);
    if (out === undefined) {
      for await (const line of exportRoom(operator, code)) print(line);
      return;
    }
    const events = await archiveRoom(operator, code, out);
    if (json) printJson({ room: code, events, file: out });
    else print(`${events} events of ${code} are in ${out}.`);
  });

export const imported = async (config: Config, file: string, { json }: Json): Promise<void> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotStart(`${file} cannot be read.`, { cause });
  });
  const archive = readArchive(text);
  await withOperator(config, async (operator) => {
    const { rev } = await importRoom(operator, archive);
    if (json) printJson({ room: archive.room, rev });
    else print(`${archive.room} is back, at revision ${rev}.`);
  });
};

export interface RebuildOptions extends Json {
  readonly room?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Says where documents differ from the log, and writes them anew when told to. */
export const rebuild = (config: Config, what: string, options: RebuildOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    if (what !== 'all' && !(what in projections)) {
      throw new CannotStart(`"${what}" is no projection: ${Object.keys(projections).join(', ')} or all.`);
    }
    const only = what === 'all' ? null : (what as ProjectionName);
    const write =
      options.dryRun !== true &&
      (options.yes === true || (await confirmed('Write what differs? Type yes: ')));
    const rooms =
      options.room === undefined
        ? await idleRooms(operator, Number.NEGATIVE_INFINITY)
        : [roomCode(options.room)];
    const since = performance.now();
    const done = [];
    for (const room of rooms) done.push(await rebuildRoom(operator, room, { only, write }));
    if (options.json) return done.forEach(printJson);
    const different = done.filter((one) => one.different.length > 0);
    for (const { room, changes } of different) {
      for (const change of changes.slice(0, changesShown)) {
        print(`${room}: ${change.document}${changeLine(change)}`);
      }
      if (changes.length > changesShown) print(`${room}: and ${changes.length - changesShown} more`);
    }
    const events = done.reduce((sum, one) => sum + one.events, 0);
    const perSecond = Math.round((1_000 * events) / (performance.now() - since));
    print(
      `${done.length} rooms, ${events} events, ${perSecond} events/s; ${different.length} rooms differed${write ? ' and are written anew' : ''}.`,
    );
  });

const changesShown = 20;

export interface ArchiveOptions extends Json {
  readonly to?: string;
  readonly yes?: boolean;
}

/** Takes one room out of the store, however short its rest was; not while its game runs. */
export const archive = (config: Config, room: string, options: ArchiveOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const code = roomCode(room);
    const { state } = await operator.rooms.load(code);
    if (state.phase === 'none') throw new CannotStart(`there is no room ${code}`);
    if (!isAtRest(state)) throw new CannotStart(`A game runs in ${code} (${state.phase}): end it first.`);
    if (options.yes !== true && !(await confirmed(`${code} would leave the store. Type yes: `))) {
      throw new CannotStart('Nothing was changed.');
    }
    const file = await sealRoom(operator, code, options.to ?? config.retain.folder);
    if (options.json) printJson({ room: code, file });
    else print(`${code} is in ${file}`);
  });

export interface RetainOptions extends Json {
  readonly days?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const dayMs = 86_400_000;

export const retain = (config: Config, options: RetainOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const days = Number(options.days ?? config.retain.days);
    if (!(days >= 0)) throw new CannotStart(`--days must be a number, not "${options.days}"`);
    const rooms = await idleRooms(operator, days * dayMs);
    if (options.json) rooms.forEach(printJson);
    else if (rooms.length > 0)
      print(
        table(
          [{ title: 'room' }],
          rooms.map((room) => [room]),
        ),
      );
    if (options.dryRun === true || rooms.length === 0)
      return print(`${rooms.length} rooms would leave the store.`);
    if (
      options.yes !== true &&
      !(await confirmed(`${rooms.length} rooms would leave the store. Type yes: `))
    ) {
      throw new CannotStart('Nothing was changed.');
    }
    for (const room of rooms)
      print(`${room} is in ${await sealRoom(operator, room, options.to ?? config.retain.folder)}`);
  });
