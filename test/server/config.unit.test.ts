import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ConfigError, Environment, readConfig } from '../../server/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const varlock = (...args: string[]): string =>
  execFileSync(process.execPath, [`${root}node_modules/.bin/varlock`, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DO_NOT_TRACK: '1', VARLOCK_TELEMETRY_DISABLED: '1' },
  });

/** Names in the schema file, in order. */
const declared = [...readFileSync(`${root}.env.schema`, 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(
  (match) => match[1],
);

describe('the configuration', () => {
  test('is the same with Varlock and without it: every name, every default', () => {
    expect([...declared].sort()).toEqual(Object.keys(Environment.shape).sort());
    const byVarlock = JSON.parse(varlock('load', '--format', 'json')) as Record<string, unknown>;
    const given = Object.fromEntries(Object.entries(byVarlock).map(([name, value]) => [name, String(value)]));
    expect(readConfig(given)).toEqual(readConfig({}));
    // A default that only one of the two knows would show here.
    const defaults = Object.entries(Environment.parse({})).filter(([, value]) => value !== undefined);
    expect(byVarlock).toEqual(Object.fromEntries(defaults));
  });

  test('refuses in Varlock what it refuses without it', () => {
    const wrong = { CLAIMS_AHEAD: '99', WRITER_PROVIDER: 'parrot', EDITOR_CONFIDENCE_MIN: '2' };
    for (const [name, value] of Object.entries(wrong)) {
      expect(() => readConfig({ [name]: value }), name).toThrow(ConfigError);
      const load = () =>
        execFileSync(process.execPath, [`${root}node_modules/.bin/varlock`, 'load'], {
          cwd: root,
          stdio: 'pipe',
          env: { PATH: process.env['PATH'], DO_NOT_TRACK: '1', [name]: value },
        });
      expect(load, name).toThrow();
    }
  });

  test('names every wrong value at once, and never a key', () => {
    const env = { PORT: '70000', OLLAMA_URL: 'nowhere', LEAD_MS: '-1', WRITER_PROVIDER: 'openai' };
    const message = (() => {
      try {
        readConfig(env);
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    for (const name of ['PORT', 'OLLAMA_URL', 'LEAD_MS', 'OPENAI_API_KEY'])
      expect(message).toContain(`${name}:`);
    const secret = { OPENAI_BASE_URL: 'no url', OPENAI_API_KEY: 'sk-secret' };
    expect(() => readConfig(secret)).toThrow(/OPENAI_BASE_URL/);
    expect(() => readConfig(secret)).not.toThrow(/sk-secret/);
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readConfig({ VALKEY_URL: '', PORT: '' })).toEqual(readConfig({}));
  });

  test('asks for a key only where OpenAI itself is asked', () => {
    expect(() => readConfig({ EDITOR_PROVIDER: 'openai' })).toThrow(/OPENAI_API_KEY.*editor/);
    const own = { EDITOR_PROVIDER: 'openai', OPENAI_BASE_URL: 'http://localhost:1/v1' };
    expect(readConfig(own).models.editor).toEqual({ provider: 'openai', model: 'gpt-5-mini' });
  });

  test('cannot be changed once it is read', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });
});
