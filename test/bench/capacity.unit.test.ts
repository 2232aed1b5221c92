import { describe, expect, test } from 'vitest';
import { machineBusyUs, ownCpuUs } from './capacity/calibrate.ts';
import { carry, type Site } from './capacity/model.ts';
import { percentile } from './support/figures.ts';

const free = { loadUs: 0.001, gatewayUs: 0.001, valkeyUs: 0.001, diskUs: 0, readAtOnce: 20 };
const apart: Site = { costs: free, gateways: 1, primaries: 1, cores: null, networkUs: 0 };
const atOnce = (count: number) => Array.from({ length: count }, () => 0);
const evenly = (count: number, perSecond: number) =>
  Array.from({ length: count }, (_, at) => (at * 1e6) / perSecond);

describe('the model of what is carried', () => {
  test('a process alone carries what its CPU allows, whichever it is', () => {
    for (const costs of [
      { ...free, gatewayUs: 100 },
      { ...free, valkeyUs: 100 },
      { ...free, loadUs: 100 },
    ])
      expect(carry({ ...apart, costs }, atOnce(2_000)).perSecond / 10_000).toBeCloseTo(1, 1);
  });

  test('processes that share cores carry what the cores allow together', () => {
    const costs = { loadUs: 100, gatewayUs: 100, valkeyUs: 100, diskUs: 0, readAtOnce: 20 };
    const on = (cores: number) => carry({ ...apart, costs, cores }, atOnce(2_000)).perSecond;
    expect(on(1) / (1e6 / 300)).toBeCloseTo(1, 1);
    expect(on(2) / (2e6 / 300)).toBeGreaterThan(0.8);
    expect(on(2) / (2e6 / 300)).toBeLessThanOrEqual(1);
    expect(on(3)).toBeLessThanOrEqual(10_000);
  });

  test('one answer waits for each of its steps once, and for the disk', () => {
    const costs = { loadUs: 20, gatewayUs: 100, valkeyUs: 50, diskUs: 1_000, readAtOnce: 20 };
    const { waitsMs } = carry({ ...apart, costs, networkUs: 100 }, [0]);
    expect(waitsMs[0]).toBeCloseTo(0.02 + 0.1 + 0.05 + 1 + 4 * 0.1, 5);
  });

  test('answers that are read together wait for the disk together', () => {
    const carried = (readAtOnce: number) =>
      carry({ ...apart, costs: { ...free, valkeyUs: 10, diskUs: 1_000, readAtOnce } }, atOnce(4_000));
    expect(carried(1).perSecond / (1e6 / 1_010)).toBeCloseTo(1, 1);
    expect(carried(20).perSecond / (20e6 / 1_200)).toBeCloseTo(1, 1);
  });

  test('primaries carry side by side, and the busiest kind is told', () => {
    const costs = { ...free, gatewayUs: 50, valkeyUs: 100 };
    const { perSecond, busy } = carry({ ...apart, costs, gateways: 10, primaries: 3 }, atOnce(6_000));
    expect(perSecond / 30_000).toBeCloseTo(1, 1);
    expect(busy.primary).toBeGreaterThan(0.9);
    expect(busy.gateway).toBeLessThan(0.3);
  });

  test('below what it carries nothing queues, above it the wait grows', () => {
    const site = { ...apart, costs: { ...free, gatewayUs: 100 } };
    const p99 = (rate: number) => percentile(carry(site, evenly(5_000, rate)).waitsMs, 0.99);
    expect(p99(5_000)).toBeLessThan(0.2);
    expect(p99(12_000)).toBeGreaterThan(50);
  });

  test('every answer comes back', () => {
    const { waitsMs } = carry({ ...apart, cores: 2, costs: { ...free, diskUs: 500 } }, evenly(1_000, 3_000));
    expect(waitsMs.filter((ms) => !(ms > 0))).toEqual([]);
  });
});

test('what the machine does is all that its cores do but wait', () => {
  expect(machineBusyUs('cpu  100 20 30 5000 600 7 8 9 0 0\ncpu0 1 1 1 1\n')).toBe(1_650_000);
});

test('what is ours is of this process and of the children that ended', () => {
  expect(ownCpuUs('1 (a b) S 1 1 1 0 -1 0 1 1 1 1 10 20 30 40 20 0 1')).toBe(1_000_000);
});
