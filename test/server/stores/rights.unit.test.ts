// The ACL line that we give, and how a missing right is named.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { explain } from '../../../server/cli/terminal/explain.ts';
import { createGameKeys } from '../../../server/stores/keys.ts';
import { aclLine, namesOf, type Right, rightsFor } from '../../../server/stores/rights.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const keys = createGameKeys();
const asked = rightsFor(keys, keys.partitions, false);
const lacking = (isMissing: (right: Right) => boolean) => namesOf(asked.filter(isMissing), asked);

test.each(['README.md', '.env.schema'])(
  '%s gives the line that is given where a right is missing',
  (file) => {
    expect(readFileSync(`${root}${file}`, 'utf8')).toContain(aclLine('arena'));
  },
);

test.each([
  "NOPERM User ann has no permissions to run the 'xadd' command",
  "ERR ACL failure in script: User ann has no permissions to run the 'xadd' command script: commit, on @user_function:3.",
])('a person is told in one sentence of %j', (said) => {
  const told = explain(new Error(said));
  expect(told).toBe(
    `Valkey: the user of the store lacks +xadd. Give it all that a game needs: ${aclLine('ann')}`,
  );
});

test('a command is named as an ACL names it', () => {
  expect(lacking(({ words }) => words.join(' ').startsWith('xgroup create '))).toBe('+xgroup|create');
});

test('a key that no command may have is named alone, though all commands are refused there', () => {
  expect(lacking(({ key }) => key === 'game:feed')).toBe('~game:feed');
});

test('a key that may only be read is named so', () => {
  const reads = ({ words, key }: Right) => key === keys.boards.rows && words[0] === 'set';
  expect(lacking(reads)).toBe(`%W~${keys.boards.rows}`);
});

test('without the command that asks for keys nothing is said of keys', () => {
  expect(lacking(({ words }) => words[0] === 'get')).toBe('+get');
});

test('of many rights the first are named', () => {
  expect(lacking(({ key }) => key === null)).toMatch(/^(\+\S+ ){5}and \d+ more$/);
});
