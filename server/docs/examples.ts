// Frames as they really are, for the description of the protocol: at least one of each message. A test holds
// each against its schema.

import { eventExamples } from './example-events.ts';
import { requestExamples } from './example-requests.ts';

export interface Example {
  /** As the message is called in the description. */
  readonly message: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export const examples: readonly Example[] = [...requestExamples, ...eventExamples];
