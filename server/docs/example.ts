// One frame as it really is, for the description of the protocol.

export interface Example {
  /** As the message is called in the description. */
  readonly message: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
