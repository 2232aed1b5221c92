// Is a server fit to keep what must not be lost? Asked by the doctor and at each start.

import { engineLibrary } from '../../streams/admin.ts';
import { isAway } from '../../streams/engine.ts';
import {
  awayOr,
  greetingOf,
  infoOf,
  isCluster,
  nodeKeyOf,
  orNotTold,
  primariesOf,
  slotCount,
  type Valkey,
  type ValkeyCluster,
  type ValkeyNode,
} from '../../streams/parts.ts';
import { type Shortfall, shortfalls } from '../health/shortfalls.ts';
import type { GameKeys } from '../stores/keys.ts';
import { trialDimensions, trySearch } from '../stores/memory-search.ts';
import { probeModules, tryJson } from '../stores/modules.ts';
import { type Refusal, refusalIn } from '../stores/refusals.ts';
import { lacksThere, placesOf, probeWrites } from '../stores/write-probe.ts';
import { clocksOf } from './clocks.ts';
import { type Loading, recoveryOf } from './crash-recovery.ts';
import { bad, type Finding, fatal, good, note } from './finding.ts';

const majorMin = 8;

/** Of every server, and of the cluster if it is one. */
export async function preflightOf(connection: Valkey, keys: GameKeys): Promise<Finding[]> {
  const inCluster = isCluster(connection);
  const servers = await ofEach(connection, (primary) =>
    server(primary, inCluster, () => tried(primary, connection, keys)),
  );
  if (!isCluster(connection)) return servers;
  return [...(await together(connection)), ...(await ofEach(connection, coverage)), ...servers];
}

/** A server that waits for a replica waits for ever where none follows. */
export const replicasOf = (connection: Valkey): Promise<Finding[]> =>
  ofEach(connection, async (primary) => {
    const info = await infoOf(primary, 'replication');
    if (info === null || !/^connected_slaves:0/m.test(info)) return [];
    return [
      bad(
        'no replica follows, so with ARENA_DURABILITY=replicated nothing is acknowledged',
        'Start one, or set ARENA_DURABILITY=disk.',
      ),
    ];
  });

/** What is found of each server is said once; what only of some, under their addresses. */
export async function ofEach(
  connection: Valkey,
  look: (primary: ValkeyNode) => Promise<Finding[]>,
): Promise<Finding[]> {
  const told = await Promise.all(
    primariesOf(connection).map(async (primary) => {
      const findings = await reached(() => look(primary));
      return findings.map((finding) => ({ finding, node: nodeKeyOf(primary) }));
    }),
  );
  return [...Map.groupBy(told.flat(), ({ finding }) => finding.what).values()].flatMap((same) =>
    same.length === told.length
      ? same.slice(0, 1).map(({ finding }) => finding)
      : same.map(({ finding, node }) => ({ ...finding, what: `${node}: ${finding.what}` })),
  );
}

/** A part of a cluster may be away: that is a finding, and what the rest says still counts. */
export async function reached(look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const refused = refusalIn(error);
    if (refused !== null) return [refusalFound(refused)];
    const fault = awayOr(error);
    if (!isAway(fault)) throw error;
    return [bad(`not all of the store answers: ${fault.message}`, 'Start what does not run.')];
  }
}

/** Each primary is asked, since the others may not have heard yet. */
async function together(cluster: ValkeyCluster): Promise<Finding[]> {
  const primaries = primariesOf(cluster);
  const told = await Promise.allSettled(primaries.map((primary) => orNotTold(() => primary.cluster('INFO'))));
  const infos = told.flatMap((one) =>
    one.status === 'fulfilled' && one.value !== null ? [String(one.value)] : [],
  );
  const alone = primaries.length - cluster.nodes('slave').length;
  const [node] = primaries.map(nodeKeyOf);
  return [
    ...(infos.length === 0 ? [] : [slotsServed(infos, node)]),
    ...(alone > 0
      ? [
          note(
            'a primary of the cluster has no replica: its rooms end with it',
            `valkey-cli --cluster add-node <host:port> ${node} --cluster-slave`,
          ),
        ]
      : []),
    ...(await clocksOf(primaries)),
  ];
}

/** By what is the least of what the primaries say. */
function slotsServed(infos: readonly string[], node: string | undefined): Finding {
  const least = (name: string) =>
    Math.min(...infos.map((info) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)));
  const slots = least('cluster_slots_ok');
  return slots === slotCount
    ? good(`a cluster, every slot of which is served by ${least('cluster_size')} primaries`)
    : bad(
        `${slotCount - slots} slots of the cluster have no primary: rooms in them stand still`,
        `Start the servers that had them, or: valkey-cli --cluster fix ${node}`,
      );
}

/** Partitions do not need each other, so those whose primary lives might go on. */
async function coverage(primary: ValkeyNode): Promise<Finding[]> {
  const setting = 'cluster-require-full-coverage';
  if ((await configOf(primary, setting)) !== 'yes') return [];
  return [note('while one primary is away, no room of the others goes on either', set(setting, 'no'))];
}

async function server(
  connection: ValkeyNode,
  inCluster: boolean,
  writes: () => Promise<Finding[]>,
): Promise<Finding[]> {
  const info = await infoOf(connection);
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info ?? '')?.[1] ?? null;
  // To a user who may not ask INFO the server still says hello.
  const hello = info === null ? await greetingOf(connection) : null;
  const version = hello?.version ?? field('valkey_version') ?? field('redis_version') ?? '?';
  if (Number.parseInt(version, 10) < majorMin) {
    return [fatal(`Valkey ${version} is too old`, `Use Valkey ${majorMin} or newer.`)];
  }
  if (hello?.replica ?? field('role') === 'slave') {
    // Between a failover and the news of it.
    if (inCluster) return [bad('a primary has just become a replica', 'Look again in some seconds.')];
    return [fatal('this is a replica, which takes no writes', 'Name its primary in VALKEY_URL.')];
  }
  return [
    good(`Valkey ${version}`),
    ...(await writes()),
    // INFO has both also where CONFIG is forbidden, as it is with those who run a Valkey for others.
    eviction(field('maxmemory_policy') ?? '?'),
    ...kept(field('aof_enabled'), await configOf(connection, 'appendfsync')),
    ...(field('aof_enabled') === '1' ? await recoveryOf(connection, await loadingOf(connection, field)) : []),
  ];
}

/** A replica is answered with errors, too, and counted with them. */
async function loadingOf(primary: ValkeyNode, field: (name: string) => string | null): Promise<Loading> {
  const isAlone = field('connected_slaves') === '0' && field('cluster_enabled') !== '1';
  return {
    cuts: await configOf(primary, 'aof-load-truncated'),
    errors: isAlone ? Number(field('unexpected_error_replies') ?? 0) : 0,
    folder: await configOf(primary, 'dir'),
  };
}

const set = (name: string, value: string): string =>
  `valkey-cli CONFIG SET ${name} ${value}, and the same in its configuration file.`;

/** Found out by writing, with all that this user must be let do; what is asked here, a start needs anyway. */
async function tried(primary: ValkeyNode, connection: Valkey, keys: GameKeys): Promise<Finding[]> {
  const node = nodeKeyOf(primary);
  const place = placesOf(connection, keys).find((one) => one.node === node);
  if (place === undefined) return [];
  const refused = await probeWrites(primary, keys, place);
  if (refused !== null) return [refusalFound(refused)];
  await engineLibrary.load(primary);
  const lacking = await lacksThere(primary, keys, place);
  return [
    good('it takes writes'),
    ...(lacking === null ? [] : [note(`${lacking.what}, without which less is known here`, lacking.cure)]),
    ...(await modules(primary, keys, `${place.partitions[0]?.probe}:json`)),
  ];
}

/** What no waiting helps ends a start. */
const refusalFound = ({ code, what, cure }: Refusal): Finding =>
  code === 'store_rights' ? fatal(what, cure) : bad(what, cure);

/** `key`: where a document may be tried. */
async function modules(primary: ValkeyNode, { memory }: GameKeys, key: string): Promise<Finding[]> {
  const { json, search } = await probeModules(primary);
  const said = `modules: JSON ${json ? 'yes' : 'no'}, Search ${search ? 'yes' : 'no'}`;
  const there =
    json && search
      ? good(said)
      : note(said, 'None is needed: documents are strings then, and past questions are compared one by one.');
  const noJson = json ? await tryJson(primary, key) : null;
  // On a cluster it is not used.
  const searched = search && !memory.question.startsWith('{');
  const form = json && noJson === null ? 'json' : 'hash';
  const shelf = { connection: primary, prefix: memory.question };
  const noSearch = searched ? await trySearch(shelf, form, trialDimensions) : null;
  return [there, ...without('json_refused', noJson), ...without('search_unusable', noSearch)];
}

function without(code: Shortfall, why: string | null): Finding[] {
  return why === null ? [] : [bad(`${shortfalls[code].what} (${why})`, shortfalls[code].cure)];
}

/** What INFO and CONFIG say of it; null where they are forbidden. */
function kept(aof: string | null, fsync: string | null): Finding[] {
  if (aof === null) {
    return [note('the server does not say whether what is written stays', 'Ask who runs it for appendonly.')];
  }
  if (aof !== '1') return [bad('what is written is lost with the server', set('appendonly', 'yes'))];
  if (fsync === null) {
    const cure = 'Ask those who run it for appendfsync always, or let the user of VALKEY_URL use CONFIG GET.';
    return [note('the server does not say when it writes to disk', cure)];
  }
  const stays = good(`what is written stays (appendonly, fsync ${fsync})`);
  if (fsync === 'always') return [stays];
  const said = `an answer is confirmed before it is on disk (fsync ${fsync})`;
  return [stays, note(said, set('appendfsync', 'always'))];
}

/** Nothing of a game has an expiry, but for who is connected. */
function eviction(policy: string): Finding {
  if (policy === 'noeviction') return good('nothing is evicted when memory is short');
  if (policy === '?') {
    return note(
      'the server does not say what it does when memory is short',
      'Ask who runs it for noeviction.',
    );
  }
  const cure = set('maxmemory-policy', 'noeviction');
  return policy.startsWith('volatile-')
    ? bad(`maxmemory-policy is ${policy}: who is connected may be forgotten`, cure)
    : fatal(`maxmemory-policy is ${policy}: events may be thrown away`, cure);
}

/** Null where the server keeps its configuration to itself. */
async function configOf(connection: ValkeyNode, name: string): Promise<string | null> {
  const reply = await connection.config('GET', name).catch(() => null);
  return Array.isArray(reply) ? String(reply[1]) : null;
}
