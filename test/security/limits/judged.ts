// How a limit is judged: tried at its edge, or by a test that is named, or no limit of what comes from
// others, with the reason. The tables beside this file judge every limit that there is.

import type { NamedTest } from '../../support/named-tests.ts';

/** What the last size that is allowed comes to, and what the first that is not. */
export interface Try {
  readonly within: number;
  readonly beyond: number;
  readonly of: (size: number) => unknown;
  readonly taken: unknown;
  readonly refused: unknown;
}

export type Judged =
  | { readonly tries: readonly Try[] }
  | { readonly by: NamedTest }
  | { readonly reason: string };

type Of = Try['of'];

/** `refused`: what one more comes to. `taken`: what the most that is allowed comes to. */
export const most = (max: number, of: Of, refused: unknown, taken: unknown = 'taken'): Judged => ({
  tries: [{ within: max, beyond: max + 1, of, refused, taken }],
});

/** `refused`: what one less comes to. */
export const least = (min: number, of: Of, refused: unknown, taken: unknown = 'taken'): Judged => ({
  tries: [{ within: min, beyond: min - 1, of, refused, taken }],
});

/** A limit that holds at several places, or in both directions. */
export const each = (...judged: readonly Judged[]): Judged => ({
  tries: judged.flatMap((one) => ('tries' in one ? one.tries : [])),
});

/** A test that tries it at its edge: its file, and its title to the letter. */
export const by = (file: string, title: string): Judged => ({ by: { file, title } });

/** Nothing that comes from others can be too much for it, or what is beyond it is left out, not refused. */
export const noLimit = (reason: string): Judged => ({ reason });

export const text = (chars: number): string => 'x'.repeat(chars);
