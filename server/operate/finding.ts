// What a look at the store finds; what is not simply good comes with its cure.

export interface Finding {
  /** `note`: worth knowing, nothing is wrong. */
  readonly mood: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly cure: string | null;
  /** What was acknowledged could be lost, or nothing could work: no program starts on it. */
  readonly fatal?: true;
}

export const good = (what: string): Finding => ({ mood: 'good', what, cure: null });
/** `cure`: or that none is needed, and why: readers of a note ask what to do about it. */
export const note = (what: string, cure: string): Finding => ({ mood: 'note', what, cure });
export const bad = (what: string, cure: string): Finding => ({ mood: 'bad', what, cure });
export const fatal = (what: string, cure: string): Finding => ({ ...bad(what, cure), fatal: true });
