// Reading the log of a room with its answers and folding it. The floor is XRANGE and JSON.parse of the same
// entries.

import { fold, openStream, unfolded } from '../../../streams/parts.ts';
import { type Cost, costOf } from '../support/cost.ts';
import { many } from '../support/interleaved.ts';
import { rooms } from '../support/streams.ts';
import { openRoom } from './answers.ts';
import type { Setting } from './setting.ts';

const room = 'room-to-read';

/** To be called once before the others. */
export async function writeRoom({ store, answers, atOnce }: Setting): Promise<void> {
  const { answer, close } = await openRoom(store, room);
  await many(answers, atOnce, answer);
  close();
}

export async function ourReading({ store, commands, answers }: Setting): Promise<Cost> {
  const opened = openStream(store, rooms, { name: 'bench' });
  await opened.ready(AbortSignal.timeout(10_000));
  const cost = await costOf(commands, answers, async () => {
    let folded = unfolded(rooms);
    for (;;) {
      const page = await opened.log.read(room, folded.rev);
      if (page.length === 0) break;
      folded = fold(rooms, folded, page);
    }
    if (folded.rev !== answers + 1) throw new Error(`read up to ${folded.rev} of ${answers + 1}`);
  });
  opened.close();
  return cost;
}

export async function floorOfReading({ commands, answers }: Setting): Promise<Cost> {
  return costOf(commands, answers, async () => {
    let read = 0;
    for (let after = '-'; ; ) {
      const page = await commands.xrange(`rooms:events:${room}`, after, '+', 'COUNT', 1_000);
      for (const [, fields] of page) JSON.parse(fields[fields.indexOf('e') + 1] ?? '');
      read += page.length;
      const last = page.at(-1)?.[0];
      if (last === undefined) break;
      after = `(${last}`;
    }
    if (read !== answers + 1) throw new Error(`read ${read} of ${answers + 1}`);
  });
}
