// The agents and projections of one kind of stream in one process: added, looked at, and run together with
// the timers and the housekeeping of the stream.

import { groupInfos } from './admin/group-infos.ts';
import { unattendedGroups } from './admin/unattended-groups.ts';
import { untilDone } from './consume/keep-trying.ts';
import type { Report } from './consume/report.ts';
import type { Archive } from './consume/retention.ts';
import type { StreamTypes } from './contract/definition.ts';
import type { EngineAgent, Projection, TypeOf } from './contract/engine.ts';
import { refuseWrongRate } from './contract/rate.ts';
import { retentionGroup } from './contract/reserved.ts';
import { agentOf, refuseGroup } from './engine-agent.ts';
import type { OpenedStream } from './open-stream.ts';
import type { Running } from './run.ts';
import { keepStream, runAgent, runProjector, runRetention } from './run.ts';
import { assertGroup } from './start-checks.ts';
import { orFault } from './valkey/connection.ts';

type Run = (signal: AbortSignal) => Promise<void>;

export function createGroups<S extends StreamTypes>(
  opened: OpenedStream<S>,
  running: Pick<Running, 'consumer' | 'report'>,
) {
  const { definition, handler } = opened;
  const groups = new Map<string, Run>();
  let archive: Archive<S> | null = null;
  let runs = false;

  function refuseLate(what: string): void {
    if (runs) throw new Error(`${definition.name}: ${what} comes before run(), which has begun`);
  }

  function add(group: string, work: 'agent' | 'projection', run: Run): void {
    refuseLate(`the ${work} ${group}`);
    refuseGroup(definition.name, group, groups);
    groups.set(group, async (signal) => {
      const begin = () => opened.ready(signal).then(() => assertGroup(opened, group, work));
      try {
        await untilDone(begin, { signal, chance: Math.random });
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      await run(signal);
    });
  }

  return {
    consume<const T extends TypeOf<S> = never>(agent: EngineAgent<S, T>): void {
      const plain = agentOf(definition.name, Object.keys(definition.schemas), agent);
      const { group, concurrency = 16, handlerMsMax = 30_000, by = group, beforeDeadLetter, rate } = agent;
      refuseWrongRate(group, rate);
      refuseWrongNumber(group, { concurrency, handlerMsMax });
      const before = beforeDeadLetter === undefined ? {} : { beforeDeadLetter };
      const limited = rate === undefined ? {} : { rate };
      const options = { ...running, by, concurrency, handlerMsMax, ...before, ...limited };
      add(group, 'agent', (signal) => runAgent(opened, plain, options, signal));
    },
    project({ group, write }: Projection<S>): void {
      const work = async (id: S['id']) => write(id, await handler.load(id));
      add(group, 'projection', (signal) => runProjector(opened, { group, work }, running, signal));
    },
    /** Whether every group has handled all there is. Throws Fault. */
    isIdle: () => haveHandledAll(opened, groups),
    archive(keep: Archive<S>): void {
      if (definition.retention === null) {
        throw new Error(`${definition.name}: its definition has no retention, so nothing is archived`);
      }
      refuseLate('the archive');
      if (archive !== null) throw new Error(`${definition.name}: it has an archive already`);
      archive = keep;
    },
    run(signal: AbortSignal): readonly Promise<void>[] {
      runs = true;
      const keeping = { ...running, groups: [...groups.keys()] };
      const retaining = { ...keeping, ...(archive === null ? {} : { archive }) };
      return [
        ...[...groups.values()].map((run) => run(signal)),
        keepStream(opened, keeping, signal),
        tellUnattended(opened, new Set(groups.keys()), running.report, signal),
        ...(definition.retention === null ? [] : [runRetention(opened, retaining, signal)]),
      ];
    },
  };
}

/** Tells once of groups that may have been left behind: they keep entries and streams. */
async function tellUnattended<S extends StreamTypes>(
  opened: OpenedStream<S>,
  groups: ReadonlySet<string>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { name, retention } = opened.definition;
  const ours = new Set([...groups, ...(retention === null ? [] : [retentionGroup])]);
  const look = () => opened.ready(signal).then(() => unattendedGroups(opened, ours));
  try {
    for (const group of await untilDone(look, { signal, chance: Math.random })) {
      const what = 'no process reads for this group now, and this program has no agent of it';
      const cure =
        'none where another program has it; where it was renamed or is used no more, it keeps entries and streams: removeGroup of agent-arena-streams/admin';
      report('group_unattended', { kind: name, group, what, cure });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function haveHandledAll<S extends StreamTypes>(
  { commands, keys }: OpenedStream<S>,
  groups: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  const looks = keys.partitions.map(async ({ feed }) => {
    const infos = await groupInfos(commands, feed);
    const ours = infos.filter(({ name }) => groups.has(name));
    // A group that has not begun yet has handled nothing.
    if (ours.length < groups.size) return (await orFault(() => commands.exists(feed))) === 0;
    return ours.every(({ lag, pending }) => lag + pending === 0);
  });
  return (await Promise.all(looks)).every((idle) => idle);
}

function refuseWrongNumber(group: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (Number.isSafeInteger(number) && number > 0) continue;
    throw new Error(`the ${name} of ${group} is a whole number from 1, not ${number}`);
  }
}
