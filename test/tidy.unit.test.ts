import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { errorKinds } from '../core/errors.ts';
import { assertLimits, limits } from '../core/limits.ts';
import { assertAllLimits } from '../server/config/assert-limits.ts';
import { faultKinds } from '../server/operate/faults.ts';
import { assertEngineLimits, engineLimits } from '../streams/parts.ts';
import { benchmarks } from './bench/names.ts';
import * as tidy from './support/tidy.ts';
import { engineSaysItsWords, linksLeadSomewhere } from './support/tidy-papers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
const files = String(listed)
  .split('\n')
  .filter((path) => /\.(ts|tsx|mjs|lua|css|md)$/.test(path))
  .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));

// Programs that somebody runs, or that a program runs by path.
const roots = [
  'test/bench/bench.ts',
  ...Object.keys(benchmarks).map((name) => `test/bench/${name}.ts`),
  'test/bench/screens.ts',
  'test/spec/spec.ts',
  'test/bench/wire/crowd-server.ts',
  'test/bench/wire/floor-server.ts',
  'test/bench/wire/usage-on-signal.ts',
  'test/faults/faults.ts',
  'test/faults/loss/loss.ts',
  'test/faults/loss/writer.ts',
  'test/faults/soak/heap-on-signal.mjs',
  'test/faults/soak/soak.ts',
  'test/faults/worlds/game.ts',
  'test/faults/worlds/orders.ts',
  'test/faults/worlds/research.ts',
  'test/fuzz/beside.ts',
  'test/fuzz/gauge.ts',
  'test/fuzz/planted.ts',
  'test/planted/plant.ts',
  'test/planted/run.ts',
  'test/points/abort.ts',
  'test/recorded/record.ts',
  'streams/examples/orders/shop.ts',
  'streams/examples/research/research.ts',
  'server/cli/arena.ts',
  'server/cli/up/start.ts',
  'server/setup/keep-program.ts',
  'test/run.ts',
  'test/check.ts',
  'test/model/histories/worker.ts',
  'test/model/simulate.ts',
  'test/agents/knowledge/extracts/write.ts',
  'test/vitest.config.ts',
  'test/runner/programs.ts',
  'test/runner/progress.ts',
  'server/web/main.tsx',
];
const codes = Object.keys(errorKinds);

const rules: readonly (readonly [title: string, rule: tidy.Rule, broken: tidy.SourceFile])[] = [
  [
    'imports form a star with two hearts',
    tidy.starOfImports,
    { path: 'agents/writer.ts', text: "import { x } from '../projections/rounds.ts';" },
  ],
  [
    'imports run in no circle, not even for a type',
    tidy.noCircles,
    { path: 'core/ids.ts', text: "import type { GameEvent } from './events.ts';" },
  ],
  [
    'the programs of the server are started, and lend nothing',
    tidy.rootsAreStarted,
    { path: 'server/ops/borrow.ts', text: "import { runAgents } from '../run-agents.ts';" },
  ],
  [
    'every other file of the server stands in a folder',
    tidy.rootsAreStarted,
    { path: 'server/lost.ts', text: '// lost' },
  ],
  [
    'outside of the engine its public files are known, and no driver',
    tidy.engineIsClosed,
    { path: 'server/peek.ts', text: "import { x } from '../streams/valkey/keys.ts';" },
  ],
  [
    'the engine imports nothing of ours',
    tidy.engineIsApart,
    { path: 'streams/log/peek.ts', text: "import { x } from '../../core/events.ts';" },
  ],
  [
    'the engine says no word of the game',
    tidy.engineKnowsNoGame,
    { path: 'streams/log/word.ts', text: '// Waits for a player.' },
  ],
  [
    'the core touches no clock, chance, network or environment',
    tidy.coreIsPure,
    { path: 'core/round.ts', text: '// now\nconst at = Date.now();' },
  ],
  [
    'files and lines are short',
    tidy.shortFiles,
    { path: 'core/long.ts', text: `// long\n${'const a = 1;\n'.repeat(301)}` },
  ],
  [
    'functions are short',
    tidy.shortFunctions,
    {
      path: 'core/long.ts',
      text: `// long\nexport async function long(\n  a: number,\n): Promise<void> {\n${'  a();\n'.repeat(67)}}\n`,
    },
  ],
  ['names of files say something', tidy.namesOfFiles, { path: 'core/utils.ts', text: '// tools' }],
  ['nothing is left behind', tidy.nothingLeftBehind, { path: 'core/a.ts', text: '// TODO later' }],
  ['every file says what it is', tidy.headersSayWhat, { path: 'core/a.ts', text: 'export const a = 1;' }],
  [
    'what is exported is used',
    tidy.exportsAreUsed,
    { path: 'core/a.ts', text: `// Alone.\nexport const nobody${'Uses'} = 1;` },
  ],
  [
    'the README of a folder names its files',
    tidy.readmesNameFiles,
    { path: 'core/README.md', text: '`gone.ts`' },
  ],
  [
    'the engine says the words of the glossary',
    engineSaysItsWords,
    { path: 'streams/log/old.ts', text: '// Rings the bell for whoever listens.' },
  ],
  [
    'links of documents lead to files',
    linksLeadSomewhere,
    { path: 'core/README.md', text: 'See [evolve](../core/evolved.ts).' },
  ],
  ['no file is an orphan', tidy.noOrphans(roots), { path: 'core/orphan.ts', text: '// alone' }],
];

describe('the project', () => {
  test.each(rules)('%s', (_title, rule) => {
    expect(rule(files)).toEqual([]);
  });

  test.each(rules)('and the rule can object: %s', (_title, rule, broken) => {
    expect(rule([...files, broken]).join()).toContain(broken.path);
  });

  test('documents every error code for whoever writes a client', () => {
    expect(tidy.errorsAreDocumented(codes)(files)).toEqual([]);
    expect(tidy.errorsAreDocumented(['no_such_code'])(files)).toHaveLength(1);
  });

  test('throws every fault of its catalogue', () => {
    expect(tidy.faultsAreThrown(Object.keys(faultKinds))(files)).toEqual([]);
    expect(tidy.faultsAreThrown(['no_such_fault'])(files)).toHaveLength(1);
  });

  test('has limits that do not contradict each other', () => {
    expect(() => assertAllLimits()).not.toThrow();
    const broken = { ...limits, lastContactMs: limits.idlePauseMs } as unknown as typeof limits;
    expect(() => assertLimits(broken)).toThrow('lastContactMs < idlePauseMs');
    const late = { ...engineLimits, drainMs: 9_000 } as unknown as typeof engineLimits;
    expect(() => assertEngineLimits(late)).toThrow('drainMs < leaseMs');
  });
});
