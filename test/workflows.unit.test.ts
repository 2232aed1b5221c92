import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}.github/workflows/`;
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const Scripts = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Scripts.parse(JSON.parse(read('package.json')));

const Rights = z.record(z.string(), z.enum(['read', 'write', 'none']));
const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const Job = z.object({
  uses: z.string().optional(),
  'runs-on': z.string().optional(),
  'timeout-minutes': z.number().max(120).optional(),
  permissions: Rights.optional(),
  container: z.object({ image: z.string(), options: z.string() }).optional(),
  services: z.record(z.string(), z.object({ image: z.string() })).default({}),
  strategy: z.object({ matrix: z.record(z.string(), z.array(z.union([z.string(), z.number()]))) }).optional(),
  env: z.record(z.string(), z.string()).default({}),
  steps: z.array(Step).default([]),
});
const Workflow = z.object({
  permissions: Rights,
  concurrency: z.object({ group: z.string() }),
  jobs: z.record(z.string(), Job),
});

const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(folder + name, 'utf8'),
  workflow: Workflow.parse(parse(readFileSync(folder + name, 'utf8'))),
}));
const jobs = files.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ at: `${name}: ${id}`, file: name, id, job })),
);
const steps = jobs.flatMap(({ at, job }) => job.steps.map((step) => ({ at, step })));
const matrixOf = (file: string, id: string) =>
  jobs.find((each) => each.file === file && each.id === id)?.job.strategy?.matrix ?? {};

describe('the workflows', () => {
  test('name nothing that is not there', () => {
    for (const { at, step } of steps) {
      const run = step.run ?? '';
      for (const [, script = ''] of run.matchAll(/npm run ([\w:-]+)/g))
        expect(scripts, at).toHaveProperty(script);
      for (const [path] of run.matchAll(/\btest\/[\w./-]+/g))
        expect(existsSync(root + path), path).toBe(true);
    }
    for (const { at, job } of jobs) {
      const { uses } = job;
      if (uses !== undefined) expect(existsSync(root + uses), at).toBe(true);
    }
    expect(steps.some(({ step }) => step.run === 'npm test')).toBe(true);
  });

  test('set no variable that nobody reads', () => {
    const sources = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'workflows.unit.test.ts')
      .map((path) => read(`test/${path}`))
      .join();
    const ours = jobs
      .flatMap(({ job }) => Object.keys(job.env))
      .filter((name) => !name.startsWith('COMPOSE_'));
    expect(ours).toContain('CHAOS_GAMES');
    for (const name of ours) expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('test on Node 24 and 26, with a plain Valkey 8 and one with modules', () => {
    const { node, valkey } = matrixOf('test.yml', 'whole');
    expect(node).toEqual([24, 26]);
    expect(valkey).toEqual([
      expect.stringMatching(/^valkey\/valkey:8\./),
      expect.stringMatching(/^valkey\/valkey-bundle:9\./),
    ]);
    expect(matrixOf('test.yml', 'contracts')['valkey']).toEqual(valkey);
    expect(matrixOf('reliability.yml', 'kills')['valkey']).toEqual(valkey);
    // What players have is what was tested.
    const beside = jobs.flatMap(({ job }) => Object.values(job.services).map(({ image }) => image));
    for (const image of [valkey?.[1], ...beside]) expect(read('compose.yaml')).toContain(image);
  });

  test('run what stays the same: actions by their commit, images and machines by their version', () => {
    for (const { at, step } of steps) {
      if (step.uses !== undefined) expect(step.uses, at).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    }
    const exact = /^[\w./-]+:\d+\.\d+\.\d+(-[a-z]+)?$/;
    for (const { at, job } of jobs) {
      const images = [job.container?.image, ...Object.values(job.services).map(({ image }) => image)];
      const matrix = (job.strategy?.matrix['valkey'] ?? []).map(String);
      for (const image of [...images, ...matrix]) {
        if (image !== undefined && !image.startsWith('$')) expect(image, at).toMatch(exact);
      }
      if (job.uses === undefined) expect(job['runs-on'], at).toMatch(/^ubuntu-\d+\.\d+$/);
    }
  });

  test('may read and nothing more, but for what a release writes; keep no credentials; end in time', () => {
    for (const { name, workflow } of files) expect(workflow.permissions, name).toEqual({ contents: 'read' });
    const writing = jobs.filter(({ job }) => Object.values(job.permissions ?? {}).includes('write'));
    expect(writing.map(({ at, job }) => [at, job.permissions])).toEqual([
      ['release.yml: image', { contents: 'read', packages: 'write' }],
      ['release.yml: release', { contents: 'write' }],
    ]);
    for (const { at, job } of jobs) {
      if (job.uses === undefined) expect(job['timeout-minutes'], at).toBeDefined();
    }
    for (const { at, step } of steps) {
      if (step.uses?.startsWith('actions/checkout')) expect(step.with['persist-credentials'], at).toBe(false);
    }
  });

  test('put nothing that a stranger wrote into a command', () => {
    for (const { at, step } of steps) expect(step.run ?? '', at).not.toContain('${{');
  });
});
