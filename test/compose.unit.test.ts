import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { groups } from '../core/game.ts';
import { Environment } from '../server/config/config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(`${root}compose.yaml`, 'utf8');
const dockerfile = readFileSync(`${root}Dockerfile`, 'utf8');

const Words = z.union([z.string().transform((words) => words.split(/\s+/)), z.array(z.string())]);
const Service = z.object({
  image: z.string(),
  profiles: z.array(z.string()),
  command: Words.optional(),
  entrypoint: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  networks: z.object({ default: z.object({ aliases: z.array(z.string()) }) }).optional(),
  restart: z.string(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

const { services, volumes } = Compose.parse(parse(text, { merge: true }));
const profiles = ['default', 'models', 'cluster'] as const;
const names = Object.keys(services);
const inProfile = (profile: string) => names.filter((name) => services[name]?.profiles.includes(profile));
const isOurs = (name: string) => services[name]?.image.startsWith('agent-arena') ?? false;
const isValkey = (name: string) => services[name]?.command?.[0] === 'valkey-server';
const settings = new Set(Object.keys(Environment.shape));
const defaults: Readonly<Record<string, unknown>> = Environment.parse({});
const service = (name: string) => services[name] ?? expect.fail(`no service ${name}`);

// Their defaults in a container are right: every address of it, and no folder of its own.
const leftAlone = new Set(['HOST', 'ARENA_DATA_DIR', 'ARENA_SLOT']);
// Elsewhere than on a machine of one's own: in a container its neighbours have names.
const otherwise = new Set(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OLLAMA_URL', 'JAEGER_URL', 'PUBLIC_URL']);

describe('the containers', () => {
  test('take exactly the settings that there are', () => {
    const given = new Set(names.filter(isOurs).flatMap((name) => Object.keys(service(name).environment)));
    expect([...given].filter((name) => !settings.has(name))).toEqual([]);
    expect([...settings].filter((name) => !given.has(name) && !leftAlone.has(name))).toEqual([]);
  });

  test('know no variable that is not a setting, and no other default', () => {
    const asked = [...text.matchAll(/(?<!\$)\$\{(\w+)(?::?-((?:[^{}]|\$\{[^}]*\})*))?\}/g)];
    expect(asked.length).toBeGreaterThan(otherwise.size);
    for (const [, name = '', fallback] of asked) {
      expect(settings, name).toContain(name);
      if (otherwise.has(name)) continue;
      expect(fallback, name).toBe(String(defaults[name]));
    }
  });

  test('are a server and one for each agent, whatever the profile', () => {
    expect(service('server').command).toEqual(['serve']);
    for (const group of groups) expect(service(group).command, group).toEqual(['agents', group]);
    const ours = ['server', ...groups].sort();
    for (const profile of profiles) {
      expect(inProfile(profile).filter(isOurs).sort(), profile).toEqual(ours);
      expect(inProfile(profile)).toContain('jaeger');
    }
    expect([...new Set(names.flatMap((name) => service(name).profiles))].sort()).toEqual(
      [...profiles].sort(),
    );
  });

  test('have a server that knows whether any topic will do', () => {
    expect(service('server').environment).toHaveProperty('RESEARCHER_PROVIDER');
  });

  test.each([
    ['nobody', {}, ['llama3.2', 'llama3.2']],
    ['another model', { WRITER_MODEL: 'qwen3', RESEARCHER_MODEL: '' }, ['llama3.2', 'qwen3']],
    [
      'a researcher elsewhere',
      { RESEARCHER_PROVIDER: 'openai', RESEARCHER_MODEL: 'gpt-5', WRITER_PROVIDER: 'ollama' },
      ['llama3.2'],
    ],
    [
      'an editor and an embedder here',
      {
        ...{ RESEARCHER_PROVIDER: 'embedded', WRITER_PROVIDER: 'embedded' },
        ...{ EDITOR_PROVIDER: 'ollama', EDITOR_MODEL: 'qwen3', EMBEDDER_PROVIDER: 'ollama' },
      },
      ['qwen3', 'nomic-embed-text'],
    ],
  ])('fetch the models that Ollama is asked for, with %s named', (_who, env, pulled) => {
    const { entrypoint, environment } = service('ollama-models');
    for (const name of Object.keys(env)) expect(Object.keys(environment)).toContain(name);
    const [shell = '', flags = '', script = ''] = entrypoint;
    const ollama = 'ollama() { echo "$2"; }\n';
    const ran = spawnSync(shell, [flags, ollama + script.replaceAll('$$', '$')], { env });
    expect([ran.status, String(ran.stdout).trim().split('\n')]).toEqual([0, pulled]);
  });

  test('have one Valkey, or six that are made a cluster, under the name that all of them ask for', () => {
    const { hostname, port } = new URL(String(service('server').environment['VALKEY_URL']));
    expect([hostname, port]).toEqual(['valkey', '6379']);
    expect(inProfile('default').filter(isValkey)).toEqual(['valkey']);
    expect(inProfile('models').filter(isValkey)).toEqual(['valkey']);
    const nodes = inProfile('cluster').filter(isValkey);
    expect(nodes).toHaveLength(6);
    for (const node of nodes) {
      expect(service(node).networks?.default.aliases, node).toEqual(['valkey']);
      expect(service(node).command?.join(' '), node).toContain('--cluster-enabled yes');
    }
    const { command = [], depends_on } = service('cluster');
    expect(Object.keys(depends_on)).toEqual(nodes);
    expect(command.join(' ')).toContain(`nodes="${nodes.join(' ')}"`);
    expect(command.join(' ')).toContain('--cluster-replicas 1');
  });

  test('lose nothing that was acknowledged: each Valkey is on disk, and its disk is its own', () => {
    const valkeys = names.filter(isValkey);
    for (const name of valkeys) {
      const flags = service(name).command?.join(' ');
      for (const flag of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction']) {
        expect(flags, name).toContain(flag);
      }
    }
    const disks = valkeys.flatMap((name) => service(name).volumes);
    expect(disks).toHaveLength(valkeys.length);
    expect(new Set(disks).size).toBe(valkeys.length);
    const used = names.flatMap((name) => service(name).volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(Object.keys(volumes).sort()).toEqual([...new Set(used)].sort());
  });

  test('start in order: nobody waits for the health of what has none, or for what never ends', () => {
    for (const name of names) {
      for (const [on, { condition }] of Object.entries(service(name).depends_on)) {
        const { healthcheck, restart } = service(on);
        if (condition === 'service_healthy') expect(healthcheck, on).toBeDefined();
        else expect([condition, restart], on).toEqual(['service_completed_successfully', 'on-failure']);
      }
    }
    for (const name of names.filter(isOurs)) {
      expect(Object.keys(service(name).depends_on), name).toEqual(['valkey', 'cluster']);
    }
  });

  test('agree on the port', () => {
    const { environment, ports, healthcheck } = service('server');
    const port = String(environment['PORT']);
    expect(ports).toEqual([`\${PORT:-${defaults['PORT']}}:${port}`]);
    expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/ready`);
    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${port}$`, 'm'));
  });

  test('say whether they are well, each for itself', () => {
    for (const name of names.filter(isOurs)) expect(service(name).healthcheck, name).toBeDefined();
    const [entry = ''] = /(?<=^ENTRYPOINT ).*/m.exec(dockerfile) ?? [];
    for (const group of groups) {
      // Not through the entry point, so its words come first.
      expect(service(group).healthcheck?.test, group).toEqual(['CMD', ...JSON.parse(entry), 'working']);
    }
  });

  test('come from images that stay the same', () => {
    const bases = [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)].map((match) => match[1] ?? '');
    const foreign = names.filter((name) => !isOurs(name)).map((name) => service(name).image);
    for (const image of [...bases, ...foreign]) expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+(-[a-z]+)?$/);
    expect(new Set(names.filter(isOurs).map((name) => service(name).image))).toEqual(
      new Set(['agent-arena:local']),
    );
  });
});

/** Docker's own opinion, where its client can compose; no engine is needed. */
const composes = spawnSync('docker', ['compose', 'version'], { cwd: root }).status === 0;
if (!composes) console.log('compose.yaml was not shown to docker compose: there is none here');

describe.skipIf(!composes)('docker compose', () => {
  test.each(profiles)('has nothing to say against the profile %s', (profile) => {
    const asked = spawnSync('docker', ['compose', '--profile', profile, 'config', '-q'], { cwd: root });
    expect(String(asked.stderr)).toBe('');
    expect(asked.status).toBe(0);
  });
});
