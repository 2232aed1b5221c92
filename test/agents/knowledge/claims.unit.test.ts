// Reads every claim of every source: its shape, its English, and whether the second source says the same of
// it.

import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../agents/knowledge/catalogue.ts';
import { asks } from '../../../agents/knowledge/reading.ts';
import { readAssertion } from '../../../agents/knowledge/source.ts';
import { Candidate, type Truth } from '../../../core/claim.ts';
import { slipsIn } from './english.ts';

const loaded = await Promise.all(
  catalogue.map(async (source) => ({ source, name: source.name, ...(await source.load()) })),
);

describe.each(loaded)('the claims of $name', ({ source, statements, judge }) => {
  it('fit the limits and shapes of a candidate', () => {
    const wrong = statements.flatMap((statement) => {
      const { factKey, assertion, truth, difficulty } = statement;
      const parsed = Candidate.safeParse({
        ...statement.write(),
        ...{ factKey, assertion, truth, difficulty, topic: source.topic },
      });
      return parsed.success ? [] : [`${assertion}: ${parsed.error.message}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are told in sound English, and so are their explanations', () => {
    const wrong = statements.flatMap((statement) => {
      const { claim, explanation } = statement.write();
      return [claim, explanation].flatMap((text) => slipsIn(text).map((slip) => `${slip}: ${text}`));
    });
    expect(wrong).toEqual([]);
  });

  it('are judged as labelled by the second source, which understands the wording', () => {
    const wrong = statements.flatMap((statement) => {
      const asserted = readAssertion(statement.assertion);
      const ruling = asserted && judge(asserted);
      if (!ruling) return [`no ruling: ${statement.assertion}`];
      if (ruling.truth !== statement.truth) return [`judged ${ruling.truth}: ${statement.assertion}`];
      return asks(statement.write().claim, ruling) ? [] : [`not understood: ${statement.write().claim}`];
    });
    expect(wrong).toEqual([]);
  });

  it('name two different sources, one for the claim and one for the verdict', () => {
    const same = statements.filter((statement) => {
      const asserted = readAssertion(statement.assertion);
      const verdict = asserted && judge(asserted);
      return !verdict || verdict.source.url === statement.write().source.url;
    });
    expect(same.map((statement) => statement.assertion)).toEqual([]);
  });

  it('have predicates of their own source', () => {
    const predicates = new Set(statements.map((statement) => readAssertion(statement.assertion)?.predicate));
    expect([...predicates].sort()).toEqual([...source.predicates].sort());
  });

  it('come as facts and as fakes', () => {
    const truths = new Set(statements.map((statement) => statement.truth));
    expect(truths).toEqual(new Set(['FACT', 'FAKE']));
  });
});

describe('the misconceptions', () => {
  const myths = loaded
    .filter(({ source }) => source.topic === 'Myths')
    .flatMap(({ statements }) => statements);

  it('are at least a hundred', () => {
    expect(new Set(myths.map(({ factKey }) => factKey)).size).toBeGreaterThanOrEqual(100);
  });

  it('do not betray the answer by a "not" or by their length', () => {
    const claims = (truth: Truth) => myths.filter((s) => s.truth === truth).map((s) => s.write().claim);
    const negated = (list: string[]) =>
      list.filter((claim) => /\b(not|no|never|none|nobody)\b/i.test(claim)).length;
    const mean = (list: string[]) => list.reduce((sum, claim) => sum + claim.length, 0) / list.length;
    const [facts, fakes] = [claims('FACT'), claims('FAKE')];
    expect(Math.abs(negated(facts) - negated(fakes)) / facts.length).toBeLessThan(0.15);
    expect(mean(facts) / mean(fakes)).toBeLessThan(1.2);
    expect(mean(facts) / mean(fakes)).toBeGreaterThan(0.8);
  });
});

describe('all claims together', () => {
  const all = loaded.flatMap(({ statements }) => statements);

  it('never assert the same thing once as a fact and once as a fake', () => {
    const facts = new Set(all.filter(({ truth }) => truth === 'FACT').map(({ assertion }) => assertion));
    const fakes = all.filter(({ truth }) => truth === 'FAKE').map(({ assertion }) => assertion);
    expect(fakes.filter((assertion) => facts.has(assertion))).toEqual([]);
  });

  it('assert each thing once', () => {
    const seen = new Set<string>();
    const twice = all.filter(({ assertion }) => seen.size === seen.add(assertion).size);
    expect(twice.map(({ assertion }) => assertion)).toEqual([]);
  });

  it('never tell two assertions in the same words', () => {
    const claims = all.map((statement) => statement.write().claim);
    expect(claims.length - new Set(claims).size).toBe(0);
  });

  it('share no predicate between two sources', () => {
    const predicates = catalogue.flatMap((source) => source.predicates);
    expect(new Set(predicates).size).toBe(predicates.length);
  });
});
