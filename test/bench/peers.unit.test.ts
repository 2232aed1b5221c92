import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadPeer } from './support/peers.ts';

const read = (name: string) => readFileSync(new URL(`./peers/${name}`, import.meta.url), 'utf8');

test('the peers are pinned to one version each, and the lock names no host to fetch them from', () => {
  const { dependencies } = JSON.parse(read('package.json'));
  const { packages } = JSON.parse(read('package-lock.json'));
  for (const [name, version] of Object.entries(dependencies)) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(packages[`node_modules/${name}`]).toMatchObject({ version, integrity: expect.any(String) });
  }
  expect(packages[''].dependencies).toEqual(dependencies);
  expect(read('package-lock.json')).not.toContain('"resolved"');
});

test('the benchmarks alone pay for the peers: none of them is a package of the project', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const ours = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const peers = Object.keys(JSON.parse(read('package.json')).dependencies);
  // The bare ws is measured in the version that the server uses.
  expect(peers.filter((name) => Object.hasOwn(ours, name))).toEqual(['ws']);
  expect(JSON.parse(read('package.json')).dependencies.ws).toBe(ours.ws);
});

test('what is none of the peers is not loaded, and nothing is installed for it', async () => {
  await expect(loadPeer('iovalkey')).rejects.toThrow('iovalkey is none of the peers');
});
