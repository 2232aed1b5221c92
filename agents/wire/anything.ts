// A field of a reply that may hold anything, or be left out: what it holds is looked at by the reader, so
// that one odd field does not make a good reply useless.

import { z } from 'zod';

export const anything = z.unknown().optional();
