// The agents and projections of one kind of stream in one process: added, looked at, and run together with
// the timers and the housekeeping of the stream.

import { groupInfos } from './admin/group-infos.ts';
import { untilDone } from './consume/keep-trying.ts';
import type { Archive } from './consume/retention.ts';
import type { StreamTypes } from './contract/definition.ts';
import type { EngineAgent, Projection, TypeOf } from './contract/engine.ts';
import { refuseWrongRate } from './contract/rate.ts';
import { agentOf, refuseGroup } from './engine-agent.ts';
import type { OpenedStream } from './open-stream.ts';
import type { Running } from './run.ts';
import { keepStream, runAgent, runProjector, runRetention } from './run.ts';
import { assertGroup } from './start-checks.ts';

type Run = (signal: AbortSignal) => Promise<void>;

export function createGroups<S extends StreamTypes>(
  opened: OpenedStream<S>,
  running: Pick<Running, 'consumer' | 'report'>,
) {
  const { definition, handler } = opened;
  const groups = new Map<string, Run>();
  let archive: Archive<S> | null = null;

  function add(group: string, work: 'agent' | 'projection', run: Run): void {
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
    async isIdle(): Promise<boolean> {
      const { commands, keys } = opened;
      const infos = await Promise.all(keys.partitions.map(({ feed }) => groupInfos(commands, feed)));
      const ours = infos.flat().filter(({ name }) => groups.has(name));
      return ours.every(({ lag, pending }) => lag + pending === 0);
    },
    archive(keep: Archive<S>): void {
      if (definition.retention === null) {
        throw new Error(`${definition.name}: its definition has no retention, so nothing is archived`);
      }
      if (archive !== null) throw new Error(`${definition.name}: it has an archive already`);
      archive = keep;
    },
    run(signal: AbortSignal): readonly Promise<void>[] {
      const keeping = { ...running, groups: [...groups.keys()] };
      const retaining = { ...keeping, ...(archive === null ? {} : { archive }) };
      return [
        ...[...groups.values()].map((run) => run(signal)),
        keepStream(opened, keeping, signal),
        ...(definition.retention === null ? [] : [runRetention(opened, retaining, signal)]),
      ];
    },
  };
}
