// What somebody wants cannot be: a start, or a verb. The message says why, and what to do; there is no bug to
// look for.

export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
