// Verbs for rooms as files, for documents written anew, and for rooms that leave the store.

import { readFile } from 'node:fs/promises';
import { dayMs } from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import { exportRoom, importRoom, readArchive } from '../../operate/archive.ts';
import { type ProjectionName, projections, type Rebuilt, rebuildRoom } from '../../operate/rebuild.ts';
import { archiveRoom, idleRooms, isAtRest, retireRoom } from '../../operate/retain.ts';
import { forEachRoom, type LeftOut, roomCodes } from '../../operate/room-list.ts';
import { confirm, confirmed } from '../terminal/confirm.ts';
import { numberOption } from '../terminal/number-option.ts';
import { changeLine, counted, harmless, print, printAsIs, printJson } from '../terminal/output.ts';
import { roomCode, roomTable } from './look.ts';
import { withOperator } from './with-operator.ts';

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
      for await (const line of exportRoom(operator, code)) printAsIs(line);
      return;
    }
    const events = await archiveRoom(operator, code, out);
    if (json) printJson({ room: code, events, file: out });
    else print(`${counted(events, 'event')} of ${code} are in ${out}.`);
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

/** Says where documents differ from the log, and writes them anew unless it is a dry run. */
export const rebuild = (config: Config, what: string, options: RebuildOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    if (what !== 'all' && !Object.hasOwn(projections, what)) {
      throw new CannotStart(`"${what}" is no projection: ${Object.keys(projections).join(', ')} or all.`);
    }
    const only = what === 'all' ? null : (what as ProjectionName);
    const write =
      options.dryRun !== true &&
      (options.yes === true || (await confirmed('Write what differs? Type yes: ')));
    const rooms = options.room === undefined ? await roomCodes(operator) : [roomCode(options.room)];
    const since = performance.now();
    const done: Rebuilt[] = [];
    const leftOut = await forEachRoom(rooms, async (room) => {
      done.push(await rebuildRoom(operator, room, { only, write }));
    });
    tellLeftOut(leftOut);
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
      `${counted(done.length, 'room')}, ${counted(events, 'event')}, ${perSecond} events/s; ${counted(different.length, 'room')} differed${write ? ', now written anew' : ''}.`,
    );
  });

const changesShown = 20;

/** Names the rooms that were left out, so that a list of the others is not taken for complete. */
export function tellLeftOut(leftOut: readonly LeftOut[]): void {
  for (const { room, why } of leftOut) process.stderr.write(`arena: ${room} is left out: ${harmless(why)}\n`);
  if (leftOut.length > 0) process.exitCode = 1;
}

export interface ArchiveOptions extends Json {
  readonly to?: string;
  readonly yes?: boolean;
}

/** Takes one room out of the store, however lately something happened in it, but not during a game. */
export const archive = (config: Config, room: string, options: ArchiveOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const code = roomCode(room);
    const { state } = await operator.rooms.load(code);
    if (state.phase === 'none') throw new CannotStart(`there is no room ${code}`);
    if (!isAtRest(state)) throw new CannotStart(`A game runs in ${code} (${state.phase}): end it first.`);
    await confirm(`${code} would leave the store. Type yes: `, options);
    const file = await retireRoom(operator, code, options.to ?? config.retain.folder);
    if (options.json) printJson({ room: code, file });
    else print(`${code} is in ${file}`);
  });

export interface RetainOptions extends Json {
  readonly days?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const retain = (config: Config, options: RetainOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const days =
      options.days === undefined
        ? config.retain.days
        : numberOption('days', options.days, { what: 'a number', isSo: (value) => value >= 0 });
    const { idle: rooms, leftOut } = await idleRooms(operator, days * dayMs);
    tellLeftOut(leftOut);
    const wouldLeave = `${counted(rooms.length, 'room')} would leave the store.`;
    if (!options.json && rooms.length > 0) print(roomTable(rooms));
    if (options.dryRun === true || rooms.length === 0) {
      if (!options.json) return print(wouldLeave);
      return rooms.forEach(printJson);
    }
    await confirm(`${wouldLeave} Type yes: `, options);
    const codes = rooms.map(({ room }) => room);
    const stayed = await forEachRoom(codes, async (room) => {
      const file = await retireRoom(operator, room, options.to ?? config.retain.folder);
      if (options.json) printJson({ room, file });
      else print(`${room} is in ${file}`);
    });
    tellLeftOut(stayed);
  });
