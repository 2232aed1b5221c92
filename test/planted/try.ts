// Runs tests under planted bugs, each bug in a project of its own, so that many share one start of the
// runner.

import { fileURLToPath } from 'node:url';
import { createVitest, type TestCase, type TestModule } from 'vitest/node';
import { type Bug, bugVariable, laidOver } from './bug.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const plant = new URL('plant.ts', import.meta.url).href;
// Vite servers are not small, and each bug has one.
const bugsAtOnce = 6;

/** Tests of one file. `bug`: null for the source as it is. `tests`: full names; null for all of the file. */
export interface Trial {
  readonly bug: Bug | null;
  readonly file: string;
  readonly tests: readonly string[] | null;
}

export interface Tried {
  readonly test: string;
  /** `red`: by an assertion. `broken`: by something that says nothing about the bug, or not run at all. */
  readonly came: 'green' | 'red' | 'broken';
  readonly said: string;
}

/** What each trial came to, in their order. `told`: of each as it ends. */
export async function tryAll(
  trials: readonly Trial[],
  told: (trial: Trial, tried: readonly Tried[]) => void = () => undefined,
): Promise<readonly (readonly Tried[])[]> {
  const ofBug = [...Map.groupBy(trials, ({ bug }) => bug).values()];
  const came = new Map<Trial, readonly Tried[]>();
  while (ofBug.length > 0) {
    const some = ofBug.splice(0, bugsAtOnce).flat();
    for (const [trial, tried] of await tryTogether(some)) {
      came.set(trial, tried);
      told(trial, tried);
    }
  }
  return trials.map((trial) => came.get(trial) ?? []);
}

async function tryTogether(trials: readonly Trial[]): Promise<Map<Trial, readonly Tried[]>> {
  const vitest = await createVitest('test', {
    config: false,
    root,
    watch: false,
    maxWorkers: 2,
    reporters: [{}],
    projects: [...new Set(trials.map(({ bug }) => bug))].map(projectOf),
  });
  try {
    await vitest.standalone();
    const specifications = trials.map(({ bug, file, tests }) => {
      const project = vitest.projects.find(({ name }) => name === nameOf(bug));
      if (project === undefined) throw new Error(`no project for ${nameOf(bug)}`);
      const only = tests === null ? {} : { testNamePattern: patternOf(tests) };
      return project.createSpecification(`${root}${file}`, only);
    });
    const { testModules } = await vitest.runTestSpecifications(specifications, true);
    const moduleOf = ({ bug, file }: Trial) =>
      testModules.find(
        ({ project, moduleId }) => project.name === nameOf(bug) && moduleId === `${root}${file}`,
      );
    return new Map(trials.map((trial) => [trial, cameTo(trial, moduleOf(trial))]));
  } finally {
    await vitest.close();
  }
}

const nameOf = (bug: Bug | null): string => bug?.name ?? 'none';

const patternOf = (tests: readonly string[]): RegExp => {
  const names = tests.map((test) => test.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(' > ', '( >)? '));
  return new RegExp(`^(${names.join('|')})$`);
};

function cameTo({ tests }: Trial, module: TestModule | undefined): Tried[] {
  const all = [...(module?.children.allTests() ?? [])].filter((one) => one.result().state !== 'skipped');
  const errors = module?.errors().map(({ message }) => message) ?? [];
  return (tests ?? all.map(({ fullName }) => fullName)).map((test) => {
    const found = all.find(({ fullName }) => fullName === test);
    const said = errors.length === 0 ? 'there is no such test' : errors.join('; ');
    return found === undefined ? { test, came: 'broken', said } : triedOf(found);
  });
}

/** How tests say that what they waited for did not come, and how judges speak that throw by themselves. */
const judged = /^not so within|crashe?s? changes? the outcome|^Property failed/;

function triedOf(one: TestCase): Tried {
  const { state, errors } = one.result();
  const test = one.fullName;
  if (state !== 'failed') return { test, came: state === 'passed' ? 'green' : 'broken', said: state };
  const [first] = errors;
  const said = String(first?.message ?? '').split('\n')[0] ?? '';
  const asserts = first?.name === 'AssertionError' || judged.test(said);
  return { test, came: asserts ? 'red' : 'broken', said: `${first?.name}: ${said}` };
}

function projectOf(bug: Bug | null) {
  return {
    root,
    plugins: bug === null ? [] : [planting(bug)],
    test: {
      name: nameOf(bug),
      include: ['test/**/*.{unit,int}.test.ts'],
      environment: 'node',
      retry: 0,
      testTimeout: 40_000,
      hookTimeout: 30_000,
      expect: { poll: { timeout: 9_000, interval: 50 } },
      env: bug === null ? {} : { [bugVariable]: bug.name, NODE_OPTIONS: `--import ${plant}` },
    },
  };
}

/** What the runner itself loads of the source is patched on its way; the preload does the rest. */
function planting(bug: Bug) {
  const files = new Set(bug.patches.map(({ file }) => file));
  return {
    name: `planted ${bug.name}`,
    enforce: 'pre',
    transform(code: string, id: string) {
      const [path = ''] = id.split('?');
      const file = path.startsWith(root) ? path.slice(root.length) : '';
      return files.has(file) ? laidOver(bug, file, code) : null;
    },
  } as const;
}
