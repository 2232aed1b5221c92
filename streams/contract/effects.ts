// What a commit looks at and changes beside the log: fields of a stream's meta, and timers.

/**
 * A condition on one field of a stream's meta, looked at inside the commit. Moments are compared with its
 * clock; a field that holds no decimal number is neither less, nor reached, nor not yet passed. `else`: the
 * code of the refusal where it does not hold.
 */
export type Guard<Code extends string = string> = { readonly field: string; readonly else: Code } & (
  | { readonly present: true }
  | { readonly equals: string }
  | { readonly lessThanField: string }
  | { readonly reached: true }
  | { readonly passed: false }
);

/**
 * A change of meta. `inMs` becomes the commit's moment plus so much, `rev` the revision of its last event.
 */
export type MetaChange =
  | { readonly set: string; readonly value: string }
  | { readonly set: string; readonly inMs: number }
  | { readonly set: string; readonly rev: true }
  | { readonly drop: string };

/** A timer, named after its effect within the stream. `at` is a moment, `inMs` counts from the commit. */
export type TimerChange =
  | { readonly set: string; readonly inMs: number }
  | { readonly set: string; readonly at: number }
  | { readonly cancel: string };

/** What a commit changes beside the log: the fields that guards look at, and timers. */
export interface Effects {
  readonly meta: readonly MetaChange[];
  readonly timers: readonly TimerChange[];
}
