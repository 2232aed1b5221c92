// Every verb of the desk, in this process: what it takes and does, not what it prints.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as engine from '../../server/cli/desk/engine.ts';
import * as files from '../../server/cli/desk/files.ts';
import * as look from '../../server/cli/desk/look.ts';
import { reports } from '../../server/cli/desk/reports.ts';
import { retract } from '../../server/cli/desk/retract.ts';
import { step } from '../../server/cli/desk/step.ts';
import type { Config } from '../../server/config/config.ts';

interface About {
  /** A room whose game is over. */
  readonly room: string;
  /** A group of nobody's. */
  readonly group: string;
  /** Dead letters of this kind: two for each run. */
  readonly fingerprint: string;
  readonly folder: string;
}

type Verb = readonly [name: string, run: () => Promise<unknown>];

/** In an order in which each finds what it is about; the room leaves and comes back. */
export function verbsOfDesk(config: Config, { room, group, fingerprint, folder }: About): Verb[] {
  const yes = { yes: true };
  const over = AbortSignal.abort();
  const file = join(folder, `${room}.exported`);
  const archived = join(folder, `${room}.ndjson`);
  const fresh = (path: string) => rm(path, { force: true });
  return [
    ['rooms', () => look.rooms(config, {})],
    ['state', () => look.state(config, room, {})],
    ['diff', () => look.diff(config, room, '1', '3', {})],
    ['step', () => step(config, room, '3', { json: true }, over)],
    ['replay', () => look.replay(config, room, {}, over)],
    ['replay --verify', () => look.replay(config, room, { verify: true }, over)],
    ['tail', () => look.tail(config, room, {}, over)],
    ['why', () => look.why(config, room, {})],
    ['reports', () => reports(config, {})],
    ['groups', () => engine.groups(config, {})],
    ['working', () => engine.working(config, [], {})],
    ['doctor', () => engine.doctor(config, {})],
    ['dead list', () => engine.deadList(config, {})],
    ['dead show', () => engine.deadShow(config, fingerprint, {})],
    ['dead requeue', () => engine.deadRequeue(config, undefined, { fingerprint, ...yes })],
    ['dead drop', () => engine.deadDrop(config, undefined, { fingerprint: `${fingerprint}2`, ...yes })],
    ['forget', () => engine.forget(config, group, yes)],
    ['export', () => fresh(file).then(() => files.exported(config, room, { out: file }))],
    ['rebuild', () => files.rebuild(config, 'all', yes)],
    ['retain', () => files.retain(config, { days: '0', to: folder, dryRun: true })],
    ['archive', () => fresh(archived).then(() => files.archive(config, room, { to: folder, ...yes }))],
    ['import', () => files.imported(config, archived, {})],
    ['retract', () => retract(config, room, '1', { reason: 'not so', ...yes })],
    ['operations', () => engine.operations(config, { last: '20' })],
  ];
}
