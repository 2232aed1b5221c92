// The command `arena`: name, arguments and a sentence of help for each verb. The code of a verb is loaded
// when it is run, so that help is quick.

import { Command, Option } from 'commander';
import { type Group, groups } from '../../core/game.ts';
import { Settings } from '../../core/settings.ts';
import { CannotStart } from '../config/cannot-start.ts';
import { ConfigError, readConfig } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { KnowledgeOptions } from './desk/knowledge.ts';
import type { RetractOptions } from './desk/retract.ts';
import { addDeskVerbs } from './desk/verbs.ts';
import type { PlayOptions } from './play/play.ts';
import { explain } from './terminal/explain.ts';
import { endWithPipe, harmless } from './terminal/output.ts';
import { serverOption } from './terminal/server-option.ts';
import { untilStopped } from './terminal/until-stopped.ts';
import { environmentWithOrders } from './up/orders.ts';

const difficulties = Settings.shape.difficulty.options;

const program = new Command('arena')
  .description('Agent Arena: Fact or Fake. A live game whose agents cannot lose work.')
  .version(version)
  .addHelpText(
    'after',
    `
Configuration is by environment variables; .env.schema lists and explains them.
A verb ends with 0 where all is well, with 1 and a sentence where it is not, with 2 for a wrong setting.
arena <verb> --help says what it takes.`,
  )
  .showHelpAfterError('arena <verb> --help says what it takes.');

program
  .commandsGroup('The game:')
  .command('up')
  .description('everything on this machine: Valkey unless VALKEY_URL names one, the server, the agents')
  .action(async () => {
    const { up } = await import('./up/up.ts');
    await up(readConfig(process.env), untilStopped());
  });

program
  .command('serve')
  .description('the server alone: web page, API, WebSocket')
  .action(async () => {
    const signal = untilStopped();
    const ordered = environmentWithOrders(signal);
    const { serve } = await import('../main.ts');
    const environment = await ordered;
    // `arena up` says then where people can come in.
    const listening = () => process.send?.('listening');
    if (environment !== null) await serve(readConfig(environment), signal, listening);
  });

program
  .command('agents')
  .description('agents in this process; any number of processes on any number of machines')
  .argument('[names...]', `of ${groups.join(', ')}, or files with agents of your own; all if none is named`)
  .action(async (names: string[]) => {
    const signal = untilStopped();
    const ordered = environmentWithOrders(signal);
    const { isModule, loadOwnAgent } = await import('../wiring/own-agent.ts');
    const own = await Promise.all(names.filter(isModule).map(loadOwnAgent));
    refuseTwins(own);
    if (own.length > 0) process.on('unhandledRejection', endFloating);
    const known = [...new Set(names.filter((name) => !isModule(name)).map(agentNamed))];
    const { runAgents } = await import('../run-agents.ts');
    const environment = await ordered;
    if (environment === null) return;
    await runAgents(readConfig(environment), names.length === 0 ? groups : known, signal, own);
  });

/** A user's agent may lack an `await`, and the stack alone would not show that. */
function endFloating(error: unknown): void {
  const cure = 'in an agent of your own write "await submit(…)", and await all else that handle begins.';
  end(`${explain(error)}\nNothing awaited this, so the process ends: ${cure}`);
}

/** Two agents of one name would share a consumer group, and each would get only a part of the events. */
function refuseTwins(own: readonly { readonly name: string }[]): void {
  const twin = own.find(({ name }, at) => own.findIndex((other) => other.name === name) !== at);
  if (twin !== undefined) throw new CannotStart(`Two agents are called ${twin.name}.`);
}

function agentNamed(name: string): Group {
  const known = groups.find((group) => group === name);
  if (known !== undefined) return known;
  throw new CannotStart(`There is no agent ${name}; there are ${groups.join(', ')}.`);
}

program
  .command('play')
  .description('a player in the terminal; without a room it makes one and hosts it')
  .argument('[room]', 'code of the room, six characters')
  .addOption(serverOption())
  .option('--name <name>', 'what the others see')
  .option('--rounds <n>', 'rounds of a room that this makes')
  .option('--seconds <n>', 'seconds per question in a room that this makes')
  .option('--topic <topic>', 'topic of a room that this makes')
  .addOption(new Option('--difficulty <difficulty>', 'of a room that this makes').choices(difficulties))
  .option('--auto', 'answer at random, for trying things out; a room that this makes stands on no board')
  .action(async (room: string | undefined, options: PlayOptions) => {
    endWithPipe();
    const { play } = await import('./play/play.ts');
    await play(room, options);
  });

program
  .commandsGroup('Claims:')
  .command('knowledge')
  .description('what the embedded provider can ask: counts by source and difficulty, and a sample to read')
  .option('--json', 'one JSON value on one line, for programs')
  .option('--sample <n>', 'claims to print')
  .option('--seed <n>', 'the same seed prints the same sample')
  .option('--topic <topic>', 'of one topic alone')
  .action(async (options: KnowledgeOptions) => {
    const { knowledgeCommand } = await import('./desk/knowledge.ts');
    await knowledgeCommand(options);
  });

program
  .command('retract')
  .description('take a wrong claim back: its round counts no longer, and its fact is never asked again')
  .argument('<room>', 'code of the room')
  .argument('<round>', 'number of the round in the last game, or its id')
  .option('--reason <text>', 'why, for the log', 'this claim was wrong')
  .option('--yes', 'do not ask')
  .option('--json', 'for programs')
  .action(async (room: string, round: string, options: RetractOptions) => {
    const config = readConfig(process.env);
    const { retract } = await import('./desk/retract.ts');
    await retract(config, room, round, options);
  });

program
  .command('reports')
  .description('claims that players reported, and why; what is wrong can be taken back')
  .option('--json', 'one JSON value per line, for programs')
  .action(async (options: { readonly json?: boolean }) => {
    endWithPipe();
    const config = readConfig(process.env);
    const { reports } = await import('./desk/reports.ts');
    await reports(config, options);
  });

addDeskVerbs(program);

// A bug that was not caught. Node itself would print all fields of the error, and those of a driver's error
// include its command with the arguments.
process.on('uncaughtException', (error) => end(explain(error)));

function end(said: string): void {
  process.stderr.write(`arena: ${harmless(said)}\n`);
  process.exit(1);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`arena: ${harmless(explain(error))}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
// A terminal that is open, or a batch for a collector that hangs, must not keep a finished verb running. What
// was printed is written out first, which may take a while in a pipe.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
