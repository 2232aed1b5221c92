// The verbs of the operator's desk: name, arguments and a sentence of help for each. The code of a verb is
// loaded when it is run.

import { type Command, Option } from 'commander';
import { limits } from '../../../core/limits.ts';
import { readConfig } from '../../config/config.ts';
import { endWithPipe } from '../terminal/output.ts';
import { serverOption } from '../terminal/server-option.ts';
import { untilStopped } from '../terminal/until-stopped.ts';

const look = () => import('./look.ts');
const engine = () => import('./engine.ts');
const files = () => import('./files.ts');
const meant = '17, or 2026-11-24T14:00:00Z; without a zone a time is UTC, as it is printed';
const json = new Option('--json', 'one JSON value per line, for programs');

/** Every verb reads the configuration first, and ends quietly when the reader of its pipe has left. */
const begin = () => {
  endWithPipe();
  return readConfig(process.env);
};

export function addDeskVerbs(program: Command): void {
  addLookVerbs(program.commandsGroup('Rooms:'));
  addFileVerbs(program.commandsGroup('Documents and files:'));
  addEngineVerbs(program.commandsGroup('The engine:'));
  addDeadVerbs(
    program.command('dead').description('dead letters, what could not be handled: list, show, requeue, drop'),
  );
}

function addLookVerbs(program: Command): void {
  program
    .command('rooms')
    .description('every room: phase, round, players, last event')
    .addOption(json)
    .action(async (options) => (await look()).rooms(begin(), options));
  program
    .command('state')
    .description('a room as it is, or as it was at a revision or a time')
    .argument('<room>')
    .option('--at <revision|time>', meant)
    .addOption(json)
    .action(async (room: string, options) => (await look()).state(begin(), room, options));
  program
    .command('diff')
    .description('what changed in a room between two revisions or times')
    .argument('<room>')
    .argument('<from>', meant)
    .argument('<to>', meant)
    .addOption(json)
    .action(async (room: string, from: string, to: string, options) =>
      (await look()).diff(begin(), room, from, to, options),
    );
  program
    .command('step')
    .description('one event of a room, the room before and after it, and what it changed')
    .argument('<room>')
    .argument('[revision]', 'the last one if none is named; in a terminal the arrow keys go on from there')
    .addOption(json)
    .action(async (room: string, rev: string | undefined, options) =>
      (await import('./step.ts')).step(begin(), room, rev, options, untilStopped()),
    );
  program
    .command('replay')
    .description('a room’s log again, event by event; it calls no model and writes nothing')
    .argument('<room>')
    .option('--from <revision|time>', 'the first event to show')
    .option('--to <revision|time>', 'the last one')
    .option('--speed <n>', '1 is as it happened; without it, at once')
    .option('--verify', 'judge the log by the rules, and documents by a fresh fold unless there is a --to')
    .addOption(json)
    .action(async (room: string, options) => (await look()).replay(begin(), room, options, untilStopped()));
  program
    .command('tail')
    .description('what happens, as it happens; of one room its last ten events before that')
    .argument('[room]', 'all rooms if none is named')
    .addOption(json)
    .action(async (room: string | undefined, options) =>
      (await look()).tail(begin(), room, options, untilStopped()),
    );
  program
    .command('why')
    .description('what a room waits for, and who should do it')
    .argument('<room>')
    .addOption(json)
    .action(async (room: string, options) => (await look()).why(begin(), room, options));
}

function addFileVerbs(program: Command): void {
  program
    .command('export')
    .description('a room as a file that proves itself: a line per event, chained by hashes')
    .argument('<room>')
    .option('--out <file>', 'instead of printing it')
    .addOption(json)
    .action(async (room: string, options) => (await files()).exported(begin(), room, options));
  program
    .command('import')
    .description('a room from such a file, into any store that has no room of that code')
    .argument('<file>')
    .addOption(json)
    .action(async (file: string, options) => (await files()).imported(begin(), file, options));
  program
    .command('rebuild')
    .description('documents anew from the log: state, rounds, leaderboard, agents, or all')
    .argument('<projection>')
    .option('--room <room>', 'of one room alone')
    .option('--dry-run', 'say what differs')
    .option('--yes', 'do not ask')
    .addOption(json)
    .action(async (what: string, options) => (await files()).rebuild(begin(), what, options));
  program
    .command('archive')
    .description('write a room whose game is over to a file and take it out of the store')
    .argument('<room>')
    .option('--to <folder>', 'where its archive goes; ARCHIVE_DIR if none is named')
    .option('--yes', 'do not ask')
    .addOption(json)
    .action(async (room: string, options) => (await files()).archive(begin(), room, options));
  program
    .command('retain')
    .description('archive all rooms where nothing has happened for long, and take them out of the store')
    .option('--days <n>', 'rooms without a game that have rested for so long; else RETAIN_DAYS, or 30')
    .option('--to <folder>', 'where their archives go; ARCHIVE_DIR if none is named')
    .option('--dry-run', 'say what would leave')
    .option('--yes', 'do not ask')
    .addOption(json)
    .action(async (options) => (await files()).retain(begin(), options));
}

function addEngineVerbs(program: Command): void {
  program
    .command('groups')
    .description('consumer groups: lag, pending, consumers')
    .option('--each', 'in each feed of a cluster by itself')
    .addOption(json)
    .action(async (options) => (await engine()).groups(begin(), options));
  program
    .command('working')
    .description('whether agents of this machine are at work, for health checks; 0 when all of them are')
    .argument('[groups...]', 'every group that this machine has worked for, if none is named')
    .addOption(json)
    .action(async (names: string[], options) => (await engine()).working(begin(), names, options));
  program
    .command('doctor')
    .description('what is not as it should be, each with its cure')
    .addOption(json)
    .action(async (options) => (await engine()).doctor(begin(), options));
  program
    .command('forget')
    .description('let a group of agents of your own go that will not come back: the feed waits for it')
    .argument('<group>')
    .option('--yes', 'do not ask')
    .addOption(json)
    .action(async (group: string, options) => (await engine()).forget(begin(), group, options));
  program
    .command('pause')
    .description('let a group take nothing new, until resume; what it has in hand comes to its end')
    .argument('<group>')
    .action(async (group: string) => (await engine()).pausing(begin(), group, { resume: false }));
  program
    .command('resume')
    .description('let a group that was paused go on')
    .argument('<group>')
    .action(async (group: string) => (await engine()).pausing(begin(), group, { resume: true }));
  program
    .command('operations')
    .description('what operators have changed: who, when, what')
    .option('--last <n>', 'how many', '20')
    .addOption(json)
    .action(async (options) => (await engine()).operations(begin(), options));
  program
    .command('bots')
    .description('players made by a program, to see what a server bears; in rooms that stand on no board')
    .addOption(serverOption())
    .option('--rooms <n>', 'games at once', '1')
    .option('--players <n>', 'in each room', '10')
    .option('--rounds <n>', 'of each game', '3')
    .option('--seconds <n>', 'per question', '10')
    .option('--skill <share>', 'of claims from the data that a bot judges rightly, 0.5 to 1', '0.7')
    .option('--latency <ms>', 'how long a bot thinks', '1500')
    .option('--answering <share>', 'of the questions that a bot answers, 0 to 1', '1')
    .addOption(json)
    .action(async (options) => {
      endWithPipe();
      const { bots } = await import('../play/bots.ts');
      await bots(options, untilStopped());
    });
}

function selecting(command: Command): Command {
  return command
    .option('--room <room>')
    .option('--group <group>')
    .option('--fingerprint <fingerprint>', 'failures of one kind')
    .option('--type <type>', 'of the event, as RESEARCH_DONE, or of the alarm, as stage')
    .option('--older <seconds>', 'than so many seconds')
    .addOption(json);
}

function addDeadVerbs(dead: Command): void {
  selecting(dead.command('list').description('by kind of failure, the most frequent first')).action(
    async (options) => (await engine()).deadList(begin(), options),
  );
  dead
    .command('show')
    .description('one letter, with its stack')
    .argument('<id>', 'or a fingerprint, for the last of its kind')
    .addOption(json)
    .action(async (id: string, options) => (await engine()).deadShow(begin(), id, options));
  selecting(
    dead
      .command('requeue')
      .description('put letters back; what was done before is not done again')
      .argument('[id]', 'without one, say which by an option'),
  )
    .option('--all', 'every letter there is')
    .option('--dry-run', 'say what would be done')
    .option('--force', `also what was put back ${limits.requeuesMax} times`)
    .option('--yes', 'do not ask')
    .action(async (id: string | undefined, options) => (await engine()).deadRequeue(begin(), id, options));
  selecting(
    dead
      .command('drop')
      .description('throw letters away')
      .argument('[id]', 'without one, say which by an option'),
  )
    .option('--all', 'every letter there is')
    .option('--dry-run', 'say what would be done')
    .option('--yes', 'do not ask')
    .action(async (id: string | undefined, options) => (await engine()).deadDrop(begin(), id, options));
}
