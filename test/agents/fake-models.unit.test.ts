// The fakes themselves: enough for a whole game, with truths on which three strangers agree.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Ollama } from 'ollama';
import { describe, expect, it } from 'vitest';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import { researcherQuestion } from '../../agents/prompts/researcher.ts';
import { writerQuestion } from '../../agents/prompts/writer.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { goodAnswer } from '../support/model-brain.ts';

const brief = { topic: 'Numbers', difficulty: 'easy', avoid: new Set<string>(), asked: [] } as const;

describe('the fake mind', () => {
  it('invents for 500 calls without a repeat, and its editor confirms every label', () => {
    const keys: string[] = [];
    for (let serial = 1; serial <= 500; serial++) {
      const research = researcherQuestion(brief);
      const text = goodAnswer({ role: 'researcher', input: research.input }, serial);
      for (const candidate of research.schema.parse(JSON.parse(text))) {
        const writer = writerQuestion(candidate);
        const written = goodAnswer({ role: 'writer', input: writer.input }, serial);
        const editor = editorQuestion(writer.schema.parse(JSON.parse(written)));
        const judged = goodAnswer({ role: 'editor', input: editor.input }, serial);
        const verdict = editor.schema.parse(JSON.parse(judged));
        expect(verdict.truth, candidate.claim).toBe(candidate.truth);
        expect(verdict.confidence).toBeGreaterThan(0.9);
        keys.push(candidate.factKey);
      }
    }
    expect(new Set(keys).size).toBe(2_000);
  });

  it('is not sure of what is no arithmetic', () => {
    const { input, schema } = editorQuestion('Honey never spoils.');
    expect(schema.parse(JSON.parse(goodAnswer({ role: 'editor', input }, 1))).confidence).toBeLessThan(0.5);
  });
});

describe('a fake server', () => {
  it('answers after as long as it is told', async () => {
    const fake = await startFakeOllama({ delayMs: 80 });
    const since = performance.now();
    await new Ollama({ host: fake.url }).chat({ model: 'fake', messages: [], format: {} });
    expect(performance.now() - since).toBeGreaterThan(75);
    await fake.stop();
  });

  it('knows the small questions of its kind, and refuses what is no request', async () => {
    const fake = await startFakeOllama();
    const client = new Ollama({ host: fake.url });
    expect(await client.version()).toEqual({ version: '0.40.12' });
    expect((await client.list()).models).toHaveLength(1);
    const refused = await fetch(`${fake.url}/api/chat`, { method: 'POST', body: '{"model":' });
    expect(refused.status).toBe(400);
    expect(fake.requests).toEqual([]);
    await fake.stop();
  });

  it.each(['fake-ollama.ts', 'fake-openai.ts'])(
    '%s runs as a program, and ends with its parent',
    async (file) => {
      const child = fork(new URL(`../support/${file}`, import.meta.url), ['--mood', 'failing'], {
        ...{ silent: true, execArgv: [] },
      });
      const [line] = await once(child.stdout ?? child, 'data');
      const { url } = JSON.parse(String(line)) as { url: string };
      const model = { model: 'fake', messages: [], format: {} };
      const chat = {
        ...model,
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
      };
      const path = file === 'fake-ollama.ts' ? '/api/chat' : '/v1/chat/completions';
      const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(chat) });
      expect(response.status).toBe(500);
      child.disconnect();
      const [code] = await once(child, 'exit');
      expect(code).toBe(0);
    },
  );
});
