// Numbers that somebody typed after an option.

import { CannotStart } from '../../config/cannot-start.ts';
import { numberOf } from './output.ts';

/** @throws CannotStart unless the number is `what`, as `isSo` sees it. */
export function numberOption(
  name: string,
  text: string,
  { what, isSo }: { what: string; isSo: (value: number) => boolean },
): number {
  const value = numberOf(text);
  if (isSo(value)) return value;
  throw new CannotStart(`--${name} must be ${what}, not "${text}"`);
}
