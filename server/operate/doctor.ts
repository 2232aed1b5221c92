// Is the store fit for the game, and is anything overdue? Each finding comes with its cure.

import { groups } from '../../core/game.ts';
import { engineLibrary, librariesOf } from '../../streams/admin.ts';
import type { ValkeyNode } from '../../streams/parts.ts';
import { engineLimits, orNotTold } from '../../streams/parts.ts';
import { shortfallCodes, shortfalls } from '../health/shortfalls.ts';
import { storesLibrary } from '../stores/functions.ts';
import { createFigures } from '../telemetry/figures.ts';
import { shortfallsIn } from '../telemetry/shortfalls.ts';
import { readLetters } from './dead-letters.ts';
import { bad, type Finding, good, note } from './finding.ts';
import { groupsOf, overall, silenceOf } from './groups.ts';
import type { Operator } from './operator.ts';
import { ofEach, preflightOf, reached } from './preflight.ts';
import { stuckRooms } from './stuck.ts';

const lagMuch = 1_000;
const skewMsMax = 1_000;

export async function examine(operator: Operator): Promise<Finding[]> {
  const findings = [
    ...(await preflightOf(operator.connection, operator.keys)),
    ...(await reached(() => feeds(operator))),
    ...(await reached(async () => [await clock(operator)])),
    ...(await ofEach(operator.connection, async (primary) => [await library(primary)])),
    ...(await reached(async () => [await stuck(operator)])),
    ...(await reached(() => without(operator))),
  ];
  // Several looks may have failed of the same.
  return findings.filter(({ what }, at) => findings.findIndex((other) => other.what === what) === at);
}

async function feeds(operator: Operator): Promise<Finding[]> {
  const looks = overall(await groupsOf(operator));
  const findings = looks.flatMap((look) => {
    const { group, lag, pending, oldestMs } = look;
    const silence = silenceOf(look);
    if (silence !== null) return [bad(silence, cureForNobody(group))];
    if (look.paused !== null) {
      return [bad(`${group} is paused by ${look.paused.by}`, `Let it go on: npx arena resume ${group}`)];
    }
    if (lag > lagMuch)
      return [bad(`${group} is ${lag} entries behind`, `Start more: npx arena agents ${group}`)];
    if (oldestMs !== null && oldestMs > 10 * engineLimits.leaseMs) {
      return [
        bad(
          `${group} has ${pending} entries that were not touched for ${oldestMs} ms`,
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

/** A group without a process holds the feed: it is trimmed behind every group. */
const cureForNobody = (group: string): string =>
  (groups as readonly string[]).includes(group)
    ? `Start one: npx arena agents ${group}`
    : `Start it again: npx arena agents <its file>; or let it go: npx arena forget ${group}`;

async function clock({ log }: Operator): Promise<Finding> {
  const sentAt = Date.now();
  const theirs = await log.now(null);
  const skew = Math.round(theirs - (sentAt + Date.now()) / 2);
  const said = `the clock of the store is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} this machine’s`;
  return Math.abs(skew) > skewMsMax
    ? note(said, 'Harmless for games; traces will look odd. Let both follow a time server.')
    : good(said);
}

/** Is the engine's library there? A server that lost it is given it again at the first call. */
async function library(primary: ValkeyNode): Promise<Finding> {
  const told = await orNotTold(() => librariesOf(primary, 'arena'));
  if (told === null) return note('which functions are loaded is not told to its user', 'None is needed.');
  const loaded = told.flat();
  const own = [engineLibrary.name, storesLibrary.name];
  const others = loaded.filter((name) => !own.includes(name));
  if (!own.every((name) => loaded.includes(name))) {
    return note('the functions of this version are not loaded', 'None is needed: the first use loads them.');
  }
  if (others.length === 0) return good('the functions of this version are loaded');
  const said = `functions of ${others.length} other versions are loaded as well`;
  return note(said, `When no process of theirs runs any more: FUNCTION DELETE ${others.join(' ')}`);
}

/** What the processes tell of themselves. */
async function without({ connection, keys }: Operator): Promise<Finding[]> {
  const told = await createFigures(connection, keys.figures).all();
  return shortfallCodes.flatMap((code) => {
    const names = [...told].flatMap(([name, figures]) => (shortfallsIn(figures).has(code) ? [name] : []));
    if (names.length === 0) return [];
    const { what, cure } = shortfalls[code];
    return [bad(`${what} (told by ${names.join(', ')})`, cure)];
  });
}

const roomsNamed = 5;

async function stuck(operator: Operator): Promise<Finding> {
  const rooms = await stuckRooms(operator);
  if (rooms.length === 0) return good('no room is overdue');
  const named = rooms
    .slice(0, roomsNamed)
    .map(({ room, timer, lateMs }) => `${room} (${timer}, ${lateMs} ms)`);
  const more = rooms.length > roomsNamed ? `, and ${rooms.length - roomsNamed} more` : '';
  return bad(
    `${rooms.length} ${rooms.length === 1 ? 'room is' : 'rooms are'} overdue, timers that no process fires: ${named.join(', ')}${more}`,
    'Start a game master: npx arena agents game-master; see npx arena why <room>',
  );
}
