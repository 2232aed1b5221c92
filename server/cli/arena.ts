// The command `arena`: what each verb is called, takes and does in a sentence. The verbs themselves are
// loaded when they are run, so that help is quick.

import { Argument, Command, Option } from 'commander';
import { type Group, groups } from '../../streams/keys.ts';
import { ConfigError, readConfig } from '../config.ts';
import { addDeskVerbs } from './desk/verbs.ts';
import { explain } from './explain.ts';
import type { KnowledgeOptions } from './knowledge.ts';
import type { PlayOptions } from './play.ts';
import type { RetractOptions } from './retract.ts';
import { untilStopped } from './until-stopped.ts';

const program = new Command('arena')
  .description('Agent Arena: Fact or Fake. A live game whose agents cannot lose work.')
  .addHelpText('after', '\nConfiguration is by environment variables; .env.schema lists and explains them.');

program
  .command('up')
  .description('everything on this machine: Valkey unless VALKEY_URL names one, the server, each agent')
  .action(async () => {
    const { up } = await import('./up.ts');
    await up(readConfig(process.env), untilStopped());
  });

program
  .command('serve')
  .description('the server alone: web page, API, WebSocket')
  .action(async () => {
    const config = readConfig(process.env);
    const { serve } = await import('../main.ts');
    await serve(config, untilStopped());
  });

program
  .command('agents')
  .description('agents in this process; any number of processes on any number of machines')
  .addArgument(new Argument('[names...]', 'which ones; all if none is named').choices(groups))
  .action(async (names: Group[]) => {
    const config = readConfig(process.env);
    const { runAgents } = await import('../run-agents.ts');
    await runAgents(config, names.length === 0 ? groups : [...new Set(names)], untilStopped());
  });

program
  .command('play')
  .description('a player in the terminal; without a room it makes one and hosts it')
  .argument('[room]', 'code of the room, six characters')
  .addOption(new Option('--url <url>', 'the server').env('ARENA_URL').default('http://localhost:8000'))
  .option('--name <name>', 'what the others see')
  .option('--rounds <n>', 'rounds of a room that this makes')
  .option('--seconds <n>', 'seconds per question in a room that this makes')
  .option('--topic <topic>', 'topic of a room that this makes')
  .option('--auto', 'answer at random, for trying things out')
  .action(async (room: string | undefined, options: PlayOptions) => {
    const { play } = await import('./play.ts');
    await play(room, options);
  });

program
  .command('knowledge')
  .description('what the embedded provider can ask: counts by source and difficulty, and a sample to read')
  .option('--json', 'for programs')
  .option('--sample <n>', 'claims to print')
  .option('--seed <n>', 'the same seed prints the same sample')
  .option('--topic <topic>', 'of one topic alone')
  .action(async (options: KnowledgeOptions) => {
    const { knowledgeCommand } = await import('./knowledge.ts');
    await knowledgeCommand(options);
  });

program
  .command('retract')
  .description('take a wrong claim back: its round counts for nobody, and its fact is never asked again')
  .argument('<room>', 'code of the room')
  .argument('<round>', 'number of the round in the last game, or its id')
  .option('--reason <text>', 'what players are told', 'this claim was wrong')
  .option('--yes', 'do not ask')
  .option('--json', 'for programs')
  .action(async (room: string, round: string, options: RetractOptions) => {
    const config = readConfig(process.env);
    const { retract } = await import('./retract.ts');
    await retract(config, room, round, options);
  });

addDeskVerbs(program);

try {
  await program.parseAsync();
  // What is still open (a terminal, a keep-alive connection) must not keep a finished verb running.
  process.exitCode ??= 0;
} catch (error) {
  process.stderr.write(`arena: ${explain(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
if (process.connected) process.disconnect();
