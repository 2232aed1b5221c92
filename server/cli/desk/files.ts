// Rooms as files, documents made anew, and what leaves the store.

import { readFile } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { exportRoom, importRoom, readArchive } from '../../operate/archive.ts';
import { withOperator } from '../../operate/operator.ts';
import { type ProjectionName, projections, rebuildRoom } from '../../operate/rebuild.ts';
import { archiveRoom, idleRooms, sealRoom } from '../../operate/retain.ts';
import { confirmed } from '../confirm.ts';
import { CannotStart } from '../explain.ts';
import { print, printJson, table } from '../output.ts';
import { roomCode } from './look.ts';

interface Json {
  readonly json?: boolean;
}

export const exported = (config: Config, room: string, { out }: { out?: string }): Promise<void> =>
  withOperator(config, async (operator) => {
    const code = roomCode(room);
    if (out === undefined) for await (const line of exportRoom(operator, code)) print(line);
    else print(`${await archiveRoom(operator, code, out)} events of ${code} are in ${out}.`);
  });

export const imported = async (config: Config, file: string): Promise<void> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotStart(`${file} cannot be read.`, { cause });
  });
  const archive = readArchive(text);
  await withOperator(config, async (operator) => {
    const { rev } = await importRoom(operator, archive);
    print(`${archive.room} is back, at revision ${rev}.`);
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
    for (const one of different) print(`${one.room}: ${one.different.join(', ')}`);
    const events = done.reduce((sum, one) => sum + one.events, 0);
    const perSecond = Math.round((1_000 * events) / (performance.now() - since));
    print(
      `${done.length} rooms, ${events} events, ${perSecond} events/s; ${different.length} rooms differed${write ? ' and are written anew' : ''}.`,
    );
  });

export interface RetainOptions extends Json {
  readonly days: string;
  readonly to: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const dayMs = 86_400_000;

export const retain = (config: Config, options: RetainOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const days = Number(options.days);
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
    for (const room of rooms) print(`${room} is in ${await sealRoom(operator, room, options.to)}`);
  });
