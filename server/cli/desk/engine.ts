// Looking after the engine: groups and their lag, dead letters, and whether everything is as it should be.

import { readOperations } from '../../../streams/operations.ts';
import type { Config } from '../../config.ts';
import {
  type DeadLetter,
  drop,
  kindsOf,
  readLetters,
  requeue,
  type Selection,
  select,
  whyNot,
} from '../../operate/dead-letters.ts';
import { examine, type Finding } from '../../operate/doctor.ts';
import { groupsOf } from '../../operate/groups.ts';
import { withOperator } from '../../operate/operator.ts';
import { confirmed } from '../confirm.ts';
import { CannotStart } from '../explain.ts';
import { print, printJson, table, timeOf } from '../output.ts';

interface Json {
  readonly json?: boolean;
}

export const groups = (config: Config, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const all = await groupsOf(operator);
    if (json) return all.forEach(printJson);
    const columns = [
      { title: 'feed' },
      { title: 'group' },
      { title: 'length', align: 'right' },
      { title: 'lag', align: 'right' },
      { title: 'pending', align: 'right' },
      { title: 'oldest pending', align: 'right' },
      { title: 'consumers' },
    ] as const;
    print(
      table(
        columns,
        all.map((one) => [
          one.feed,
          one.group,
          one.length,
          one.lag ?? '?',
          one.pending,
          one.oldestMs === null ? '' : `${one.oldestMs} ms`,
          one.consumers.join(' '),
        ]),
      ),
    );
  });

export interface DeadOptions extends Json {
  readonly room?: string;
  readonly group?: string;
  readonly fingerprint?: string;
  readonly type?: string;
  /** In seconds. */
  readonly older?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
}

function selectionOf(
  id: string | undefined,
  { room, group, fingerprint, type, older }: DeadOptions,
): Selection {
  if (older !== undefined && !(Number(older) >= 0)) {
    throw new CannotStart(`--older must be a number of seconds, not "${older}"`);
  }
  return {
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(room === undefined ? {} : { room }),
    ...(group === undefined ? {} : { group }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(older === undefined ? {} : { olderThanMs: Number(older) * 1_000 }),
  };
}

export const deadList = (config: Config, options: DeadOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const letters = select(
      await readLetters(operator),
      selectionOf(undefined, options),
      await operator.log.now(),
    );
    if (options.json) return letters.forEach(printJson);
    if (letters.length === 0) return print('There are no dead letters.');
    const columns = [
      { title: 'fingerprint' },
      { title: 'letters', align: 'right' },
      { title: 'rooms', align: 'right' },
      { title: 'group' },
      { title: 'last' },
      { title: 'message' },
    ] as const;
    const rows = kindsOf(letters).map((kind) => [
      kind.fingerprint,
      kind.count,
      kind.rooms,
      kind.group,
      timeOf(kind.lastAt),
      kind.message.slice(0, 80),
    ]);
    print(table(columns, rows));
  });

export const deadShow = (config: Config, id: string, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const [letter] = select(await readLetters(operator), { id }, 0);
    if (letter === undefined) throw new CannotStart(`There is no dead letter ${id}.`);
    if (json) return printJson(letter);
    for (const [name, value] of Object.entries(letter)) print(`${name.padEnd(12)} ${value}`);
  });

type Act = (letter: DeadLetter) => Promise<boolean>;

/** Selects, shows, asks, acts; each letter's outcome on a line. */
async function onLetters(
  config: Config,
  { id, options, verb }: { id: string | undefined; options: DeadOptions; verb: string },
  plan: (operator: Parameters<Parameters<typeof withOperator>[1]>[0]) => {
    refuse: (letter: DeadLetter) => string | null;
    act: Act;
  },
): Promise<void> {
  await withOperator(config, async (operator) => {
    const letters = select(await readLetters(operator), selectionOf(id, options), await operator.log.now());
    const { refuse, act } = plan(operator);
    const planned = letters.map((letter) => ({ letter, why: refuse(letter) }));
    const able = planned.filter(({ why }) => why === null);
    for (const { letter, why } of planned) {
      const about = `${letter.id} ${letter.group} ${letter.room} ${letter.message.slice(0, 60)}`;
      if (!options.json) print(why === null ? about : `${about}: not ${verb}, ${why}`);
    }
    if (options.dryRun === true)
      return print(
        options.json
          ? JSON.stringify({ selected: planned.length, able: able.length })
          : `Nothing was changed: ${able.length} of ${planned.length} would be ${verb}.`,
      );
    if (
      able.length > 0 &&
      options.yes !== true &&
      !(await confirmed(`${able.length} letters would be ${verb}. Type yes: `))
    ) {
      throw new CannotStart('Nothing was changed.');
    }
    let done = 0;
    for (const { letter } of able) if (await act(letter)) done += 1;
    print(options.json ? JSON.stringify({ selected: planned.length, [verb]: done }) : `${done} ${verb}.`);
    if (id !== undefined && planned.length === 0) throw new CannotStart(`There is no dead letter ${id}.`);
  });
}

export const deadRequeue = (config: Config, id: string | undefined, options: DeadOptions): Promise<void> =>
  onLetters(config, { id, options, verb: 'requeued' }, (operator) => ({
    refuse: (letter) => whyNot(letter, options.force === true),
    act: (letter) => requeue(operator, letter),
  }));

export const deadDrop = (config: Config, id: string | undefined, options: DeadOptions): Promise<void> =>
  onLetters(config, { id, options, verb: 'dropped' }, (operator) => ({
    refuse: () => null,
    act: (letter) => drop(operator, letter),
  }));

/** What operators did, the newest first. */
export const operations = (config: Config, { json, last }: Json & { last: string }): Promise<void> =>
  withOperator(config, async ({ connection, keys }) => {
    const count = Number(last);
    if (!Number.isInteger(count) || count < 1) {
      throw new CannotStart(`--last must be a whole number above 0, not "${last}"`);
    }
    const all = await readOperations(connection, keys, count);
    if (json) return all.forEach(printJson);
    if (all.length === 0) return print('No operator has changed anything.');
    const columns = [
      { title: 'when' },
      { title: 'who' },
      { title: 'did' },
      { title: 'room' },
      { title: 'what' },
    ] as const;
    print(
      table(
        columns,
        all.map(({ at, by, verb, room, about }) => [timeOf(at), by, verb, room, about]),
      ),
    );
  });

const marks = { good: '✓', note: '·', bad: '✗' } as const;

/** Says what is not as it should be, each with its cure; fails when something is wrong. */
export const doctor = (config: Config, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const findings: Finding[] = await examine(operator);
    for (const finding of findings) {
      if (json) printJson(finding);
      else
        print(
          `${marks[finding.mood]} ${finding.what}${finding.cure === null ? '' : `\n    ${finding.cure}`}`,
        );
    }
    if (findings.some(({ mood }) => mood === 'bad')) process.exitCode = 1;
  });
