// What a person is told when a verb cannot go on: one clear message for trouble that is known, and the whole
// stack for a bug.

import { Fault } from '../../../streams/engine.ts';
import { sentenceOf } from '../../stores/refusals.ts';

const plain: ReadonlySet<string> = new Set([
  'ConfigError',
  'NoValkey',
  'NoValkeyYet',
  'AofTrouble',
  'CannotStart',
  'UnreadableEvent',
]);

export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (plain.has(error.name)) return error.message;
  const known = error instanceof Fault ? error.message : error.stack;
  return sentenceOf(error) ?? known ?? error.message;
}
