// What a request to a model looks like in a trace: OpenTelemetry's conventions for generative AI, which
// are in development and move, so their names stand here alone. And what is counted of it.

import type { Attributes, SpanStart } from '../streams/parts.ts';
import type { Adapter } from './ask.ts';
import type { ModelTelemetry } from './instruments.ts';
import { ModelFault, type Reply, type Talk, type TalkRequest } from './model.ts';

const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  temperature: 'gen_ai.request.temperature',
  outputType: 'gen_ai.output.type',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  instructions: 'gen_ai.system_instructions',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
} as const;

export interface Observing extends ModelTelemetry {
  /** Whether spans hold what was asked and said. */
  readonly content: boolean;
}

/** The adapter's talk with a span and a count for each request. */
export function observedTalk(adapter: Adapter, { tracer, meter, content }: Observing): Talk {
  const { provider, model, talk } = adapter;
  return (request, signal) => {
    const since = performance.now();
    const told = (outcome: string) => {
      meter.add('arena_model_calls_total', { provider, model, outcome });
      const seconds = (performance.now() - since) / 1_000;
      meter.observe('arena_model_call_duration_seconds', seconds, { provider, model });
    };
    return tracer.span(chatSpan(adapter, request, content), async (span) => {
      try {
        const reply = await talk(request, signal);
        told('replied');
        for (const [direction, tokens] of tokensOf(reply)) {
          meter.add('arena_model_tokens_total', { provider, model, direction }, tokens);
        }
        span.set(replyAttributes(reply, content));
        return reply;
      } catch (error) {
        told(error instanceof ModelFault ? error.code : 'aborted');
        throw error;
      }
    });
  };
}

function chatSpan({ provider, model }: Adapter, request: TalkRequest, content: boolean): SpanStart {
  const { instructions, turns, temperature } = request;
  const said = turns.map(({ role, text }) => ({ role, parts: [{ type: 'text', content: text }] }));
  return {
    name: `chat ${model}`,
    kind: 'client',
    attributes: {
      [genAi.operation]: 'chat',
      [genAi.provider]: provider,
      [genAi.requestModel]: model,
      [genAi.temperature]: temperature,
      [genAi.outputType]: 'json',
      'arena.request': request.name,
      ...(content ? { [genAi.instructions]: instructions, [genAi.inputMessages]: JSON.stringify(said) } : {}),
    },
  };
}

/** What the provider counted; an estimate is for budgets alone. */
function tokensOf({ inputTokens, outputTokens }: Reply): [string, number][] {
  const counts: [string, number | null][] = [
    ['input', inputTokens],
    ['output', outputTokens],
  ];
  return counts.flatMap(([direction, tokens]) => (tokens === null ? [] : [[direction, tokens]]));
}

function replyAttributes(reply: Reply, content: boolean): Attributes {
  const { text, cut, refusal, inputTokens, outputTokens } = reply;
  const said = [{ role: 'assistant', parts: [{ type: 'text', content: text }] }];
  return {
    [genAi.finishReasons]: [cut ? 'length' : refusal === null ? 'stop' : 'content_filter'],
    ...(inputTokens === null ? {} : { [genAi.inputTokens]: inputTokens }),
    ...(outputTokens === null ? {} : { [genAi.outputTokens]: outputTokens }),
    ...(content ? { [genAi.outputMessages]: JSON.stringify(said) } : {}),
  };
}
