// Finding the answer in what a model wrote, however it is dressed, over the wire of both providers.

import { describe, expect, it } from 'vitest';
import { jsonIn, withoutThoughts } from '../../agents/json-in.ts';
import { limits } from '../../core/limits.ts';
import { askQuirky, completion, goodText, judged, ollamaReply, verdict } from '../support/quirky-server.ts';

const other = JSON.stringify({ ...judged, truth: 'FACT' });
const pretty = JSON.stringify(judged, null, 2);

/** How it is dressed, the text, and what is noted of it. */
const dressed: readonly (readonly [string, string, RegExp | null])[] = [
  ['as it should be', goodText, null],
  ['in white space and a mark', `\uFEFF \n${goodText}\n `, null],
  ['in a fence', `\`\`\`json\n${pretty}\n\`\`\``, /stood around/],
  ['in a fence that does not end', `\`\`\`\n${goodText}`, /stood around/],
  ['between sentences', `Sure! ${goodText} I hope it helps.`, /stood around/],
  [
    'before a remark with braces',
    `${goodText}\nNote: {it is easy} and {"so": 1} are remarks.`,
    /stood around/,
  ],
  ['behind a sentence with a brace', `In {curly: braces}, or with { alone: ${goodText}`, /stood around/],
  ['behind a first guess', `Perhaps ${other}? No: ${goodText}`, /stood around/],
  ['in a list', `[${goodText}]`, /wrapped/],
  ['in a list of guesses', `[${other}, ${goodText}]`, /wrapped/],
  ['in a field', JSON.stringify({ verdict: judged }), /wrapped/],
  ['in a call that is text', JSON.stringify({ name: 'verdict', arguments: judged }), /wrapped/],
  ['as text in JSON', JSON.stringify(goodText), /wrapped/],
  ['as text in a fence in JSON', JSON.stringify(`\`\`\`${goodText}\`\`\``), /wrapped/],
  ['after thoughts with braces', `<think>Is it {"truth": "FACT"}? {No}.</think>${goodText}`, /aloud/],
  ['after thoughts that hold an answer', `<think>${other}</think>\n\n${goodText}`, /aloud/],
  ['after thoughts that only end', `It may be ${other}, or not.</think>${goodText}`, /aloud/],
  ['between thoughts', `<think>a</think>${goodText}<think>${other}</think>`, /aloud/],
  ['after thoughts in thoughts', `<think>a<think>b</think>${other}</think>${goodText}`, /aloud/],
  ['before thoughts that never end', `${goodText}<think>Or ${other}?`, /aloud/],
  ['in thoughts that never end', `<think>So it is ${goodText}`, /among its thoughts/],
  ['after thoughts of Magistral', `[THINK]{"a": 1}[/THINK]${goodText}`, /aloud/],
  ['after thoughts of Kimi', `◁think▷${other}◁/think▷${goodText}`, /aloud/],
  [
    'in the channels of gpt-oss',
    `<|channel|>analysis<|message|>${other}<|end|><|start|>assistant<|channel|>final<|message|>${goodText}`,
    /aloud/,
  ],
  ['with a comma too many', goodText.replace('}', ',}'), /slips/],
  ['with line breaks in its text', goodText.replace('The sum of', 'The sum\n\tof'), /slips/],
  ['with more than was asked for', JSON.stringify({ ...judged, mood: 'gay' }), null],
  [
    'with braces in its own text',
    JSON.stringify({ ...judged, explanation: 'The set {2, 2} sums to 4, not {5' }),
    null,
  ],
  [
    'with thoughts in its own text',
    JSON.stringify({ ...judged, explanation: 'Four is [THINK] no [/THINK] five.' }),
    null,
  ],
];

describe.concurrent('an answer', () => {
  it.each(dressed)('%s is found at the first try (OpenAI)', async (_, content, note) => {
    const { answer, requests } = await askQuirky({ behave: completion({ content }) });
    expect(requests).toHaveLength(1);
    expect(answer().value).toMatchObject(verdict);
    expect(answer().origin.notes ?? []).toEqual(
      note === null ? [] : expect.arrayContaining([expect.stringMatching(note)]),
    );
  });

  it.each(dressed)('%s is found at the first try (Ollama)', async (_, content) => {
    const { answer, requests } = await askQuirky({ api: 'ollama', behave: ollamaReply({ content }) });
    expect(requests).toHaveLength(1);
    expect(answer().value).toMatchObject(verdict);
  });
});

const useless: readonly (readonly [string, string, object, RegExp])[] = [
  ['a part of what was cut off', `{"verdict": ${goodText.slice(0, -3)}`, {}, /not JSON/],
  [
    'thoughts that were cut off',
    `<think>So it is ${goodText}`,
    { finish_reason: 'length' },
    /it only thought, until it was cut off/,
  ],
  ['prose with braces', 'I would say {FAKE}, since {2 + 2} is 4.', {}, /not JSON/],
  [
    'the schema instead of the answer',
    JSON.stringify({ type: 'object', properties: judged, required: [] }).replace('0.97', '"number"'),
    {},
    /Invalid input/,
  ],
  ['not a number', goodText.replace('0.97', 'NaN'), {}, /confidence/],
];

describe.concurrent('no answer', () => {
  it.each(useless)('is taken from %s', async (_, content, choice, told) => {
    const { outcome, requests } = await askQuirky({ behave: completion({ content }, {}, choice) });
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
    expect(requests).toHaveLength(2);
  });

  it('is looked for without end', () => {
    const since = performance.now();
    for (const text of ['{', '[', '{"', '{]', '}', '"{'])
      jsonIn(text.repeat(limits.replyCharsMax / text.length));
    jsonIn(`${'{a'.repeat(5_000)}${'}'.repeat(5_000)}`);
    withoutThoughts('<think>'.repeat(3_000));
    withoutThoughts('</think>'.repeat(2_500));
    expect(performance.now() - since).toBeLessThan(4_000);
  });
});
