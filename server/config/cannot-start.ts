// A start or a verb that cannot succeed, and why: the message says what is wrong and what to do. It is no
// bug, so the stack is not shown.

export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
