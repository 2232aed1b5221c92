// Is the store fit for the game, and is anything stuck? Each finding comes with its cure.

import { limits } from '../../core/limits.ts';
import { libraries } from '../../streams/functions.ts';
import { groups } from '../../streams/keys.ts';
import { probeModules } from '../../streams/modules.ts';
import { readLetters } from './dead-letters.ts';
import { groupsOf } from './groups.ts';
import type { Operator } from './operator.ts';
import { stuckRooms } from './stuck.ts';

export interface Finding {
  /** `note`: worth knowing, nothing is wrong. */
  readonly mood: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly cure: string | null;
}

const good = (what: string): Finding => ({ mood: 'good', what, cure: null });
const note = (what: string, cure: string | null = null): Finding => ({ mood: 'note', what, cure });
const bad = (what: string, cure: string): Finding => ({ mood: 'bad', what, cure });

const majorMin = 8;
const lagMuch = 1_000;
const skewMsMax = 1_000;

export async function examine(operator: Operator): Promise<Finding[]> {
  return [
    ...(await server(operator)),
    ...(await feeds(operator)),
    await clock(operator),
    await library(operator),
    await stuck(operator),
  ];
}

async function server({ connection }: Operator): Promise<Finding[]> {
  const info = await connection.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
  const version = field('valkey_version') ?? field('redis_version') ?? '?';
  const setting = async (name: string) => (await configOf(connection, name)) ?? '?';
  const [policy, appendonly, fsync] = [
    await setting('maxmemory-policy'),
    await setting('appendonly'),
    await setting('appendfsync'),
  ];
  const { json, search } = await probeModules(connection);
  return [
    Number.parseInt(version, 10) >= majorMin || field('server_name') === 'valkey'
      ? good(`Valkey ${version}`)
      : bad(`Valkey ${version} is too old`, `Use Valkey ${majorMin} or newer.`),
    policy === 'noeviction' || policy === '?'
      ? good('nothing is evicted when memory is short')
      : bad(
          `maxmemory-policy is ${policy}: events may be thrown away`,
          'CONFIG SET maxmemory-policy noeviction',
        ),
    appendonly === 'yes'
      ? good(`what is written stays (appendonly, fsync ${fsync})`)
      : bad('what is written is lost with the server', 'CONFIG SET appendonly yes'),
    ...(appendonly === 'yes' && fsync !== 'always'
      ? [
          note(
            `an answer is confirmed before it is on disk (fsync ${fsync})`,
            'CONFIG SET appendfsync always',
          ),
        ]
      : []),
    note(`modules: JSON ${json ? 'yes' : 'no'}, Search ${search ? 'yes' : 'no'}`),
  ];
}

/** Null where the server keeps its configuration to itself. */
async function configOf(connection: Operator['connection'], name: string): Promise<string | null> {
  const reply = await connection.config('GET', name).catch(() => null);
  return Array.isArray(reply) ? String(reply[1]) : null;
}

async function feeds(operator: Operator): Promise<Finding[]> {
  const looks = await groupsOf(operator);
  const findings = looks.flatMap(({ group, lag, pending, oldestMs, consumers }) => {
    if (consumers.length === 0)
      return [bad(`nobody works for ${group}`, `Start one: npx arena agents ${group}`)];
    if ((lag ?? 0) > lagMuch)
      return [bad(`${group} is ${lag} entries behind`, `Start more: npx arena agents ${group}`)];
    if (oldestMs !== null && oldestMs > 10 * limits.leaseMs) {
      return [
        bad(
          `${group} has ${pending} entries that nobody has touched for ${oldestMs} ms`,
          'See: npx arena groups',
        ),
      ];
    }
    return [good(`${group} keeps up`)];
  });
  const missing = groups.filter((group) => !looks.some((look) => look.group === group));
  const letters = await readLetters(operator);
  return [
    ...findings,
    ...missing.map((group) => bad(`no ${group} has ever run`, `Start one: npx arena agents ${group}`)),
    letters.length === 0
      ? good('no dead letters')
      : bad(`${letters.length} dead letters`, 'See: npx arena dead list'),
  ];
}

async function clock({ log }: Operator): Promise<Finding> {
  const sentAt = Date.now();
  const theirs = await log.now();
  const skew = Math.round(theirs - (sentAt + Date.now()) / 2);
  const said = `the clock of the store is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} this machine’s`;
  return Math.abs(skew) > skewMsMax
    ? note(said, 'Harmless for games; traces will look odd. Let both follow a time server.')
    : good(said);
}

/** Is the engine's library there? A server that lost it is given it again at the first call. */
async function library({ connection }: Operator): Promise<Finding> {
  const { own, others } = await libraries(connection);
  if (!own) return note('the functions of this version are not loaded yet: nothing has run here');
  if (others.length === 0) return good('the functions of this version are loaded');
  const said = `functions of ${others.length} other versions are loaded as well`;
  return note(said, `When no process of theirs runs any more: FUNCTION DELETE ${others.join(' ')}`);
}

const roomsNamed = 5;

async function stuck(operator: Operator): Promise<Finding> {
  const rooms = await stuckRooms(operator);
  if (rooms.length === 0) return good('no room is stuck');
  const named = rooms
    .slice(0, roomsNamed)
    .map(({ room, timer, lateMs }) => `${room} (${timer}, ${lateMs} ms)`);
  const more = rooms.length > roomsNamed ? `, and ${rooms.length - roomsNamed} more` : '';
  return bad(
    `${rooms.length} ${rooms.length === 1 ? 'room is' : 'rooms are'} stuck, timers nobody rings: ${named.join(', ')}${more}`,
    'Start a game master: npx arena agents game-master; see npx arena why <room>',
  );
}
