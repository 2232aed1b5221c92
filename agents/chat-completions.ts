// Chat completions: the request that every server of OpenAI's kind knows, and replies read as the servers
// give them. They differ in how they can be made to answer with JSON, so the strictest form comes first;
// `wire/ways` learns which one a server takes. Used by the OpenAI adapter.

import { z } from 'zod';
import type { Reply, TalkRequest } from './model.ts';
import { faultInSuccess, noMessage } from './model-fault.ts';
import { anything } from './wire/anything.ts';
import { saidBy } from './wire/message.ts';
import { errorIn } from './wire/server-error.ts';
import { usageOf } from './wire/token-count.ts';
import { tokensName, type Ways } from './wire/ways.ts';

export function chatBody(ways: Ways, { name, instructions, turns, schema }: TalkRequest): object {
  const { form, tokensMax, system } = ways;
  const bound = tokensName(ways);
  const told = form === 'json_schema' ? instructions : `${instructions}\n\n${shapeInWords(schema)}`;
  return {
    messages: messagesOf(told, turns, system),
    ...formatOf(form, name, schema),
    ...(bound === null ? {} : { [bound]: tokensMax }),
  };
}

/** The schema in words, for a server that takes none; some also want the word "JSON" to be there. */
export function shapeInWords(schema: TalkRequest['schema']): string {
  return `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
}

/** Without a role for them, the instructions open the first message: templates want turns that alternate. */
export function messagesOf(instructions: string, turns: TalkRequest['turns'], system: boolean) {
  const said = turns.map(({ role, text }) => ({ role: role as string, content: text }));
  if (system) return [{ role: 'system', content: instructions }, ...said];
  const [first, ...rest] = said;
  return [{ role: 'user', content: `${instructions}\n\n${first?.content ?? ''}` }, ...rest];
}

function formatOf(form: Ways['form'], name: string, schema: TalkRequest['schema']): object {
  if (form === 'text') return {};
  if (form === 'json_object') {
    // llama.cpp and its like have always taken a schema here; others overlook it.
    return { response_format: { type: form, schema } };
  }
  return { response_format: { type: form, json_schema: { name, schema, strict: true } } };
}

const Choice = z.looseObject({ finish_reason: anything, message: anything, text: anything });
const ChatReply = z.looseObject({ choices: z.array(Choice), usage: anything });

/** @throws ModelFault for an error within a success, and for one without a message. */
export function readChat(reply: unknown, secrets: readonly string[]): Reply {
  const error = errorIn(reply);
  if (error !== null) throw faultInSuccess(error, secrets);
  const parsed = ChatReply.safeParse(reply);
  if (!parsed.success) throw noMessage();
  const { choices, usage } = parsed.data;
  if (choices.length === 0) throw noMessage(': its list of choices is empty');
  const read = choices.flatMap(({ message, text, finish_reason: finish }) => {
    const said = saidBy(message ?? { content: text });
    return said === null ? [] : [{ said, finish: String(finish ?? '') }];
  });
  // Some servers put text and calls into choices of their own.
  const found = read.find(({ said }) => said.text.trim() !== '') ?? read[0];
  if (found === undefined) throw noMessage(': its choice has none');
  const { said, finish } = found;
  const filtered = said.text.trim() === '' && /filter|safety/i.test(finish);
  return {
    ...said,
    cut: /^(?:length|max_tokens|max_output_tokens)$/i.test(finish),
    refusal: said.refusal ?? (filtered ? `it was stopped by a content filter (${finish})` : null),
    ...usageOf(usage),
  };
}

/** Groq refuses its model's answer as a bad request, and shows it: a reply like any other. */
export function failedGeneration(error: unknown): Reply | null {
  const Failed = z.looseObject({ failed_generation: z.string() });
  const held = z.looseObject({ error: Failed }).safeParse(error).data?.error;
  if (held === undefined) return null;
  const counts = { inputTokens: null, outputTokens: null };
  const notes = ['the server took the answer for an error'];
  return { text: held.failed_generation, cut: false, refusal: null, notes, ...counts };
}
