import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import { ConfigError, Environment, readConfig } from '../../../server/config/config.ts';
import { saidOfBudget } from '../../../server/config/configured-budget.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
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
    const wrong = { CLAIMS_AHEAD: '99', WRITER_PROVIDER: 'parrot', BUDGET_DAY_USD: 'much' };
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

  test('takes one address of a Valkey or several nodes, and none that would be read otherwise than it is meant', () => {
    for (const good of ['redis://h:1', 'rediss://u:p%25s@h:1/5', 'redis://a:1, redis://b:2'])
      expect(readConfig({ VALKEY_URL: good }).valkey.url).toBe(good);
    for (const wrong of [
      'redis://:pa%ss@h:1',
      'redis://h:1/abc',
      'redis://h:1/1234',
      'http://h:1',
      'redis://a:1,b:2',
    ])
      expect(() => readConfig({ VALKEY_URL: wrong }), wrong).toThrow(ConfigError);
  });

  test('takes headers that a collector can be sent, and quotes none', () => {
    for (const good of ['authorization=Bearer planted', 'a=1,x-b=planted%3D=, c=2'])
      expect(() => readConfig({ OTEL_EXPORTER_OTLP_HEADERS: good })).not.toThrow();
    for (const wrong of [
      'planted',
      'x y=planted',
      'a=planted,b',
      '=planted',
      'a=',
      'a=pl\nanted',
      'a: planted',
    ])
      expect(() => readConfig({ OTEL_EXPORTER_OTLP_HEADERS: wrong }), wrong).toThrow(
        /OTLP_HEADERS: what it is set to is not allowed \(name=value,name=value\)$/,
      );
  });

  test('bounds a day of models that may cost something, until somebody says how much or none', () => {
    const budgetOf = (env: object) => readConfig({ OPENAI_API_KEY: 'planted', ...env }).models.budget;
    const paying = { EDITOR_PROVIDER: 'openai' };
    const none = { tokens: null, usd: null };
    const byDefault = { tokens: limits.dayTokensByDefault, usd: limits.dayUsdByDefault };
    expect(budgetOf({})).toEqual({ game: none, day: none, dayIsDefault: false });
    expect(budgetOf({ WRITER_PROVIDER: 'ollama' }).day).toEqual(none);
    expect(budgetOf(paying)).toEqual({ game: none, day: byDefault, dayIsDefault: true });
    const { models } = readConfig({ OPENAI_API_KEY: 'planted', ...paying, WRITER_PROVIDER: 'openai' });
    expect(saidOfBudget(models, ['researcher', 'writer', 'editor'])).toMatch(/\$5 or 2000000 tokens a day/);
    expect(saidOfBudget(models, ['editor', 'projector'])).toBeNull();
    // Set to nothing is not set, as everywhere; a bound of a game says nothing of a day.
    expect(budgetOf({ ...paying, BUDGET_DAY_USD: '', BUDGET_GAME_USD: '1' }).day).toEqual(byDefault);
    expect(budgetOf({ ...paying, BUDGET_DAY_USD: '20' }).day).toEqual({ tokens: null, usd: 20 });
    expect(budgetOf({ ...paying, BUDGET_DAY_TOKENS: '0' }).day).toEqual({ tokens: 0, usd: null });
    expect(budgetOf({ ...paying, BUDGET_DAY_USD: 'none' })).toEqual({
      ...{ game: none, day: none, dayIsDefault: false },
    });
    for (const wrong of ['-1', 'None of it', 'NaN'])
      expect(() => readConfig({ BUDGET_DAY_USD: wrong }), wrong).toThrow(/BUDGET_DAY_USD.*or none/);
  });

  test('takes no name of a model that is longer than an event may hold', () => {
    const model = 'x'.repeat(limits.modelNameCharsMax);
    expect(readConfig({ WRITER_MODEL: model }).models.writer.model).toBe(model);
    expect(() => readConfig({ WRITER_MODEL: `${model}x` })).toThrow(ConfigError);
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
    // Whoever forgets the scheme, or writes a wrong one, has a password in it all the same.
    for (const url of ['http://arena:s3cret@valkey:6379', 'redis://:s3cret/@@valkey:port']) {
      expect(() => readConfig({ VALKEY_URL: url })).toThrow(/VALKEY_URL: "[a-z]+:\/\/valkey:/);
      expect(() => readConfig({ VALKEY_URL: url })).not.toThrow(/s3cret/);
    }
  });

  test('gives an agent more time than it gives its models', () => {
    expect(() => readConfig({ MODEL_TIMEOUT_MS: '120000' })).toThrow(/HANDLER_TIMEOUT_MS: 120000 is not/);
    const { agents } = readConfig({ MODEL_TIMEOUT_MS: '120000', HANDLER_TIMEOUT_MS: '120001' });
    expect(agents.handlerMsMax).toBe(120_001);
  });

  test.each([
    [{}, false],
    [{ PORT: '8001' }, false],
    [{ PORT: '8001', PUBLIC_URL: 'http://192.168.1.5:8001' }, false],
    [{ PORT: '80', PUBLIC_URL: 'http://quiz.example' }, false],
    [{ PUBLIC_URL: 'https://quiz.example' }, true],
    [{ PUBLIC_URL: 'https://quiz.example:8000' }, true],
    [{ PUBLIC_URL: 'http://quiz.example' }, true],
  ])('knows by the address of %j whether a proxy stands in front: %s', (env, proxied) => {
    expect(readConfig(env).ops.proxied).toBe(proxied);
  });

  test.each([
    [{}, 'http://localhost:8000'],
    [{ HOST: '127.0.0.1' }, 'http://localhost:8000'],
    [{ HOST: '192.168.1.5', PORT: '8001' }, 'http://192.168.1.5:8001'],
    [{ HOST: 'fd00::5' }, 'http://[fd00::5]:8000'],
    [{ HOST: '::1' }, 'http://[::1]:8000'],
  ])('gives people an address that the server of %j listens on: %s', (env, url) => {
    expect(readConfig(env).http).toMatchObject({ publicUrl: url, localUrl: url });
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
