import { describe, expect, it } from 'vitest';
import { type KnowledgeOptions, knowledgeCommand } from '../../../server/cli/desk/knowledge.ts';

const printed = async (options: KnowledgeOptions) => {
  let text = '';
  await knowledgeCommand(options, (more) => {
    text += more;
  });
  return text;
};

// Each run goes through all that there is to know: seconds, on a busy machine.
describe('arena knowledge', { timeout: 60_000 }, () => {
  it('prints how many claims there are, by source and difficulty', async () => {
    const text = await printed({});
    expect(text).toMatch(/^topic +source +facts +FACT easy/);
    expect(text).toMatch(/Geography +capitals +\d+/);
    expect(text).toMatch(/\d+ claims that are facts, \d+ that are fakes\n$/);
  });

  it('prints as many claims as asked for, the same for the same seed', async () => {
    const first = JSON.parse(await printed({ json: true, sample: '50', seed: '1' }));
    const again = JSON.parse(await printed({ json: true, sample: '50', seed: '1' }));
    const other = JSON.parse(await printed({ json: true, sample: '50', seed: '2' }));
    expect(first.sample).toHaveLength(50);
    expect(again).toEqual(first);
    expect(other.sample).not.toEqual(first.sample);
    expect(new Set(first.sample.map((claim: { factKey: string }) => claim.factKey)).size).toBe(50);
  });

  it('counts what a game can be played with', async () => {
    const text = await printed({ json: true });
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    const { total } = JSON.parse(text);
    expect(total.FACT).toBeGreaterThanOrEqual(5_000);
    expect(total.FAKE).toBeGreaterThanOrEqual(5_000);
  });

  it('prints only the topic asked for', async () => {
    const { sample } = JSON.parse(await printed({ json: true, sample: '12', topic: 'Chemistry' }));
    expect(new Set(sample.map((claim: { topic: string }) => claim.topic))).toEqual(new Set(['Chemistry']));
  });

  it('names an option that is no number', async () => {
    await expect(printed({ sample: 'many' })).rejects.toThrow('--sample must be a whole number, not "many"');
    await expect(printed({ seed: '-1' })).rejects.toThrow('--seed');
  });
});
