// Options whose value is a number.

import { CannotStart } from '../../config/cannot-start.ts';
import { numberOf } from './output.ts';

/**
 * The number behind `--name`.
 * @throws CannotStart when `isSo` is false for it. The message says that it must be `what`.
 */
export function numberOption(
  name: string,
  text: string,
  { what, isSo }: { what: string; isSo: (value: number) => boolean },
): number {
  const value = numberOf(text);
  if (isSo(value)) return value;
  throw new CannotStart(`--${name} must be ${what}, not "${text}"`);
}
