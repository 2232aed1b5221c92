// Verbs for the engine: consumer groups and their lag, dead letters, and `doctor`, which says what is wrong.

import { hostname } from 'node:os';
import { engineLimits } from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import {
  type DeadLetter,
  drop,
  kindsOf,
  type Refusal,
  readLetters,
  requeue,
  type Selection,
  select,
  whyNot,
} from '../../operate/dead-letters.ts';
import { examine } from '../../operate/doctor.ts';
import type { Finding } from '../../operate/finding.ts';
import { groupsOf, ofMachine, overall, silenceOf } from '../../operate/groups.ts';
import { roomOperations } from '../../operate/operations.ts';
import { paused, resumed } from '../../operate/pausing.ts';
import { lookAtRemoved, removeGroup } from '../../operate/remove-group.ts';
import { confirm } from '../terminal/confirm.ts';
import { numberOption } from '../terminal/number-option.ts';
import { counted, print, printJson, table, timeOf } from '../terminal/output.ts';
import { diskOf } from './disk-finding.ts';
import { withOperator } from './with-operator.ts';

interface Json {
  readonly json?: boolean;
}

export const groups = (config: Config, { json, each }: Json & { each?: boolean }): Promise<void> =>
  withOperator(config, async (operator) => {
    const looks = await groupsOf(operator);
    const all = each ? looks : overall(looks);
    if (json) return all.forEach(printJson);
    const columns = [
      { title: 'feed' },
      { title: 'group' },
      { title: 'length', align: 'right' },
      { title: 'lag', align: 'right' },
      { title: 'pending', align: 'right' },
      { title: 'oldest pending', align: 'right' },
      { title: 'heard of', align: 'right' },
      { title: 'paused' },
      { title: 'consumers' },
    ] as const;
    print(
      table(
        columns,
        all.map((one) => [
          one.feed,
          one.group,
          one.length,
          one.lag,
          one.pending,
          one.oldestMs === null ? '' : `${one.oldestMs} ms`,
          one.heardMs === null ? '' : `${one.heardMs} ms ago`,
          one.paused === null ? '' : `by ${one.paused.by}, ${timeOf(one.paused.at)}`,
          one.consumers.join(' '),
        ]),
      ),
    );
  });

/** For health checks: whether the agents of this machine work. In a container that is one agent. */
export const working = (config: Config, names: readonly string[], { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const here = ofMachine(hostname());
    const looks = overall(await groupsOf(operator, (consumer) => consumer.startsWith(here)));
    const found = looks.filter(({ group, heardMs }) =>
      names.length === 0 ? heardMs !== null : names.includes(group),
    );
    const missing = names.filter((name) => !found.some(({ group }) => group === name));
    const asked = [...found, ...missing.map((group) => ({ group, heardMs: null }))];
    if (asked.length === 0) throw new CannotStart('No agent of this machine works for any group.');
    for (const { group, heardMs } of asked) if (json) printJson({ group, heardMs });
    const silences = asked.flatMap((one) => silenceOf(one) ?? []);
    if (silences.length > 0) throw new CannotStart(`On this machine ${silences.join(', ')}.`);
    if (!json) print(`At work on this machine: ${asked.map(({ group }) => group).join(', ')}.`);
  });

export interface DeadOptions extends Json {
  readonly room?: string;
  readonly group?: string;
  readonly fingerprint?: string;
  readonly type?: string;
  /** In seconds. */
  readonly older?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
}

function selectionOf(
  id: string | undefined,
  { room, group, fingerprint, type, older }: DeadOptions,
): Selection {
  const seconds = { what: 'a number of seconds', isSo: (value: number) => value >= 0 };
  return {
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(room === undefined ? {} : { room }),
    ...(group === undefined ? {} : { group }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(older === undefined ? {} : { olderThanMs: numberOption('older', older, seconds) * 1_000 }),
  };
}

export const deadList = (config: Config, options: DeadOptions): Promise<void> =>
  withOperator(config, async (operator) => {
    const letters = select(
      await readLetters(operator),
      selectionOf(undefined, options),
      await operator.log.now(null),
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
    const letters = await readLetters(operator);
    const letter = select(letters, { id }, 0)[0] ?? select(letters, { fingerprint: id }, 0).at(-1);
    if (letter === undefined) throw new CannotStart(`There is no dead letter ${id}.`);
    if (json) return printJson(letter);
    for (const [name, value] of Object.entries(letter)) print(`${name.padEnd(12)} ${value}`);
  });

/** Refuses when no letters are selected: a forgotten option must not mean every letter. */
function meantBy(id: string | undefined, options: DeadOptions): Selection {
  const selection = selectionOf(id, options);
  const named = Object.keys(selection).length > 0;
  if (named !== (options.all === true)) return selection;
  const choices = 'an id, --room, --group, --fingerprint, --type or --older, or --all for every letter';
  throw new CannotStart(`Nothing was changed: say which letters, by ${choices}${named ? ', not both' : ''}.`);
}

/** Null where it was done, `gone` where another operator was first. */
type Act = (letter: DeadLetter) => Promise<'gone' | Refusal | null>;

/** Selects letters, shows them, asks, acts, and prints the outcome of each on a line. */
async function onLetters(
  config: Config,
  { id, options, verb }: { id: string | undefined; options: DeadOptions; verb: string },
  plan: (operator: Parameters<Parameters<typeof withOperator>[1]>[0]) => {
    refuse: (letter: DeadLetter) => string | null;
    act: Act;
  },
): Promise<void> {
  const selection = meantBy(id, options);
  await withOperator(config, async (operator) => {
    const letters = select(await readLetters(operator), selection, await operator.log.now(null));
    if (id !== undefined && letters.length === 0) throw new CannotStart(`There is no dead letter ${id}.`);
    const { refuse, act } = plan(operator);
    const planned = letters.map((letter) => ({ letter, why: refuse(letter) }));
    const able = planned.filter(({ why }) => why === null);
    const tell = ({ id, group, room, message }: DeadLetter, why: string | null) => {
      const about = `${id} ${group} ${room} ${message.slice(0, 60)}`;
      if (!options.json) print(why === null ? about : `${about}: not ${verb}, ${why}`);
    };
    for (const { letter, why } of planned) tell(letter, why);
    if (options.dryRun === true)
      return print(
        options.json
          ? JSON.stringify({ selected: planned.length, able: able.length })
          : `Nothing was changed: ${able.length} of ${planned.length} would be ${verb}.`,
      );
    if (able.length > 0)
      await confirm(`${counted(able.length, 'letter')} would be ${verb}. Type yes: `, options);
    let done = 0;
    for (const { letter } of able) {
      const outcome = await act(letter);
      if (outcome === null) done += 1;
      else if (outcome !== 'gone') tell(letter, outcome.why);
    }
    print(options.json ? JSON.stringify({ selected: planned.length, [verb]: done }) : `${done} ${verb}.`);
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

export const forget = (
  config: Config,
  group: string,
  { yes, json }: Json & { yes?: boolean },
): Promise<void> =>
  withOperator(config, async (operator) => {
    const { lag, pending } = await lookAtRemoved(operator, group);
    const left = `${lag} entries that ${group} has not read and ${pending} that it holds`;
    await confirm(`${left} would never be done. Type yes: `, yes === undefined ? {} : { yes });
    await removeGroup(operator, group);
    if (json) printJson({ group, lag, pending });
    else print(`${group} is forgotten, with ${left}.`);
  });

/** Pauses a group or lets it go on. May run twice. */
export const pausing = (config: Config, group: string, { resume }: { resume: boolean }): Promise<void> =>
  withOperator(config, async (operator) => {
    if (resume) {
      const was = await resumed(operator, group);
      return print(was ? `${group} goes on within a second.` : `${group} was not paused.`);
    }
    await paused(operator, group);
    print(`${group} takes nothing new, in a second at the latest. Let it go on: npx arena resume ${group}`);
  });

/** What operators did, the newest first. */
export const operations = (config: Config, { json, last }: Json & { last: string }): Promise<void> =>
  withOperator(config, async (operator) => {
    const count = numberOption('last', last, {
      what: `a whole number from 1 to ${engineLimits.operationsKept}`,
      isSo: (value) => Number.isInteger(value) && value >= 1 && value <= engineLimits.operationsKept,
    });
    const all = await roomOperations(operator, count);
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

/** Prints what is not as it should be, each with its cure. Fails when something is wrong. */
export const doctor = (config: Config, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const { url, dataDir } = config.valkey;
    const findings: Finding[] = [
      ...(url === null ? await diskOf(dataDir) : []),
      ...(await examine(operator)),
    ];
    for (const finding of findings) {
      if (json) printJson(finding);
      else
        print(
          `${marks[finding.mood]} ${finding.what}${finding.cure === null ? '' : `\n    ${finding.cure}`}`,
        );
    }
    if (findings.some(({ mood }) => mood === 'bad')) process.exitCode = 1;
  });
