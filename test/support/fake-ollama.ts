// A fake Ollama that speaks the wire of version 0.40: chat without streaming, embed, tags, version. For
// tests, and for playing with models' ways on a machine that has none.

import { z } from 'zod';
import { runFake } from './fake-cli.ts';
import {
  type FakeOptions,
  type FakeServer,
  schemaInWords,
  startFake,
  type Wire,
} from './fake-model-server.ts';
import { fakeVectors } from './fake-vectors.ts';

const Chat = z.object({
  model: z.string(),
  format: z.unknown().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

const model = { name: 'fake:latest', model: 'fake:latest', size: 1, digest: 'fake' };

const wire: Wire = {
  asked(path, body) {
    if (path !== '/api/chat') return undefined;
    const { format, messages } = Chat.parse(body);
    const userTurns = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
    const inWords = typeof format !== 'object' || format === null;
    const schema = inWords ? schemaInWords(messages.map(({ content }) => content)) : format;
    return { schema, userTurns };
  },
  answer(_path, body, { text, cut, refusal }) {
    const chat = Chat.parse(body);
    const content = refusal ?? text;
    return {
      model: chat.model,
      created_at: new Date().toISOString(),
      message: { role: 'assistant', content },
      done: true,
      done_reason: cut ? 'length' : 'stop',
      total_duration: 500_000_000,
      load_duration: 10_000_000,
      prompt_eval_count: wordsIn(chat.messages.map((message) => message.content).join(' ')),
      prompt_eval_duration: 100_000_000,
      eval_count: wordsIn(content),
      eval_duration: 300_000_000,
    };
  },
  other(path, body) {
    if (path === '/api/embed') return embedded(body);
    if (path === '/api/version') return { version: '0.40.12' };
    return path === '/api/tags' || path === '/api/ps' ? { models: [model] } : undefined;
  },
  error: (_status, message) => ({ error: message }),
};

/** The length of this fake's vectors, which a client cannot choose. */
export const fakeDimensions = 64;

async function embedded(body: unknown) {
  const { model: name, input } = z.object({ model: z.string(), input: z.array(z.string()) }).parse(body);
  return { model: name, embeddings: await fakeVectors(input, fakeDimensions), prompt_eval_count: 1 };
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

export function startFakeOllama(options: FakeOptions = {}): Promise<FakeServer> {
  return startFake(wire, options);
}

if (import.meta.main) await runFake(startFakeOllama);
