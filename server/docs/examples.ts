// Frames as they really are, for the description of the protocol: at least one of each message. A test holds
// each against its schema.

import type { Example } from './example.ts';
import { eventExamples } from './example-events.ts';
import { requestExamples } from './example-requests.ts';

export const examples: readonly Example[] = [...requestExamples, ...eventExamples];
