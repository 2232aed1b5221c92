// The port by which all streams of a kind are followed without a group: it says that something was written,
// never what.

import type { StreamTypes } from './definition.ts';

/** Something was written to a stream: `quiet` means nothing but quiet events. May come too often, or late. */
export type Wake<S extends StreamTypes = StreamTypes> = {
  readonly stream: S['id'];
  readonly what: 'events' | 'quiet';
};

/**
 * Follows the feeds and hints of all streams until aborted; survives loss of the store by itself and rejects
 * only for a bug, its own or one in `onWake`.
 */
export interface Tail<S extends StreamTypes = StreamTypes> {
  follow(onWake: (wake: Wake<S>) => void, signal: AbortSignal): Promise<void>;
}
