// Checks that the limits of the game, of the engine and of this program do not contradict each other. Both
// programs call it at their start, and so does a test.

import { assertLimits, limits } from '../../core/limits.ts';
import { assertEngineLimits, engineLimits } from '../../streams/parts.ts';

/** Throws when two limits contradict each other. */
export function assertAllLimits(): void {
  assertLimits();
  assertEngineLimits();
  if (engineLimits.drainMs + limits.telemetryEndMs > limits.childEndMs) {
    throw new Error('limits contradict each other: drainMs + telemetryEndMs <= childEndMs');
  }
}
