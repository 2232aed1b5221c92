// What there is to read: one stream with a long history, and the logs of many rooms of the game.

import { RoomCode, roomCodeAlphabet } from '../../../core/ids.ts';
import { importRoom, readArchive } from '../../../server/operate/archive.ts';
import { operatorOn } from '../../../server/operate/operator.ts';
import { openStore, silentReport } from '../../../streams/engine.ts';
import { connect, untilReady } from '../../../streams/parts.ts';
import { recordedRooms } from '../../recorded/recordings.ts';
import { gameOn } from '../../support/game-on.ts';
import { openRoom } from '../engine/answers.ts';
import { many, progress } from '../support/interleaved.ts';
import type { Reading } from './reader.ts';

/** Every event goes the engine's own way into the log; the first begins the stream. */
export async function writeStream(url: string, id: string, events: number): Promise<Reading> {
  const store = await openStore(url, AbortSignal.timeout(10_000), silentReport);
  const { answer, close } = await openRoom(store, id);
  let written = 1;
  await many(events - 1, 256, async (at) => {
    await answer(at);
    written += 1;
    if (written % 50_000 === 0) progress(`replay: written ${written} of ${events}`);
  });
  close();
  store.close();
  return { url, kind: 'rooms', streams: [id], events };
}

/** As many rooms as make so many events, each with the log of a game that was played to its end. */
export async function writeGames(url: string, eventsWanted: number): Promise<Reading> {
  const recorded = recordedRooms.find(({ name }) => name.endsWith('whole-game'));
  if (recorded === undefined) throw new Error('no recorded game');
  const archive = readArchive(recorded.archive);
  const commands = connect(url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const game = gameOn(commands);
  await importRoom(operatorOn(game, 'bench'), archive);
  const count = Math.ceil(eventsWanted / archive.entries.length);
  const streams = Array.from({ length: count }, (_, at) => codeOf(at));
  const from = game.keys.of(archive.room);
  await many(count, 256, async (at) => {
    const to = game.keys.of(codeOf(at));
    await commands.pipeline().copy(from.log, to.log).copy(from.meta, to.meta).exec();
  });
  commands.disconnect();
  return { url, kind: 'game', streams, events: count * archive.entries.length };
}

/** The room code of a number. */
function codeOf(number: number): RoomCode {
  const digits = Array.from({ length: 6 }, (_, place) =>
    roomCodeAlphabet.charAt(Math.floor(number / roomCodeAlphabet.length ** place) % roomCodeAlphabet.length),
  );
  return RoomCode.parse(digits.join(''));
}
