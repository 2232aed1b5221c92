// What a host chooses, and the pace the operator set. Both are kept in events, so a replay needs no
// configuration.

import { z } from 'zod';
import { Difficulty } from './claim.ts';
import { limits } from './limits.ts';
import { isPlain, notPlain } from './plain-text.ts';

/** `seconds: null` is Relaxed: no clock, flat points. `topic: null` lets topics rotate. */
export const Settings = z.object({
  topic: z.string().trim().min(1).max(limits.topicCharsMax).nullable(),
  difficulty: z.enum([...Difficulty.options, 'adaptive']),
  rounds: z.int().min(limits.roundsMin).max(limits.roundsMax),
  seconds: z.int().min(limits.secondsMin).max(limits.secondsMax).nullable(),
  streaks: z.boolean(),
  speedPoints: z.boolean(),
  autoAdvance: z.boolean(),
  locked: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

/** The part of the settings a request names; what it leaves out stays as it is. */
export const SettingsChange = Settings.partial().extend({
  // Stricter than what is read: events keep what was allowed when they were written.
  topic: Settings.shape.topic.refine((topic) => topic === null || isPlain(topic), notPlain).optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Durations in ms. `stageMs` is how long one agent may take before a new cycle starts. */
export const Pace = z.object({
  leadMs: z.int().nonnegative(),
  intermissionMs: z.int().nonnegative().max(limits.intermissionMsMax),
  stageMs: z.int().positive(),
  claimsAhead: z.int().min(1).max(limits.claimsAheadMax),
});
export type Pace = z.infer<typeof Pace>;

export const defaultSettings: Settings = {
  topic: null,
  difficulty: 'adaptive',
  rounds: 10,
  seconds: 15,
  streaks: true,
  speedPoints: true,
  autoAdvance: true,
  locked: false,
};

/** Applies a change as a host sends it: keys that are absent or undefined keep their value. */
export function changeSettings(settings: Settings, change: SettingsChange): Settings {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return Settings.parse({ ...settings, ...named });
}
