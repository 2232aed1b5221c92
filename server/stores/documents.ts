// JSON documents under the names of the original system: JSON.SET where the server has it and lets us, SET
// otherwise. Written by compare-and-set on the revision, so that late, repeated or concurrent projectors
// never take one back.

import { z } from 'zod';
import type { RoomCode } from '../../core/ids.ts';
import { orFault, type Valkey } from '../../streams/parts.ts';
import { callStore } from './functions.ts';
import type { GameKeys } from './keys.ts';
import { createJson, type Trying } from './modules.ts';
import { readStanding } from './standing.ts';

const Put = z.tuple([z.number(), z.string()]);

export interface DocumentBatch {
  readonly room: RoomCode;
  readonly epoch: string;
  readonly rev: number;
  /** The room's line in the list of rooms. */
  readonly summary: unknown;
  /** Documents by name. */
  readonly documents: ReadonlyMap<string, unknown>;
  /** Also what stands at the same revision, since it may be wrong. */
  readonly again?: boolean;
}

export interface Documents {
  /** Writes what is newer than what stands; gives how many were. May run twice. */
  put(batch: DocumentBatch): Promise<number>;
  /** A document, or null. */
  get(room: RoomCode, name: string): Promise<unknown>;
}

export function createDocuments(connection: Valkey, keys: GameKeys, trying: Trying = {}): Documents {
  const json = createJson(connection, keys, trying);

  return {
    async put({ room, epoch, rev, summary, documents, again = false }) {
      const names = [...documents.keys()];
      const { docs, rooms } = keys.of(room);
      const texts = [...documents].flatMap(([name, value]) => [name, JSON.stringify(value)]);
      const flags = [await json.usable(), again].map((set) => (set ? '1' : ''));
      const args = [rev, epoch, ...flags, room, JSON.stringify(summary), ...texts];
      const targets = [docs, rooms, ...names.map((name) => keys.document(room, name))];
      const [written, refusal] = Put.parse(await callStore(connection, 'put_documents', targets, args));
      if (refusal !== '') json.refused(refusal);
      return written;
    },
    async get(room, name) {
      const standing = await orFault(() => readStanding(connection, keys.document(room, name)));
      return standing?.text == null ? null : JSON.parse(standing.text);
    },
  };
}
