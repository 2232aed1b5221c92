// The wire protocol `arena.v1.json`: what clients may ask, as the schemas that validate it. What the server
// says is in `messages.ts`. Ids from clients are strings here; whether they exist is the rules' business.

import { z } from 'zod';
import { Truth } from './claim.ts';
import { limits } from './limits.ts';
import { isPlain, notPlain } from './plain-text.ts';
import { SettingsChange } from './settings.ts';

export const subprotocol = 'arena.v1.json';

const id = z.string().min(1).max(limits.idCharsMax);
const secret = z.string().min(1).max(limits.tokenCharsMax);
const none = z.object({}).default({});
const keyed = {
  key: z
    .string()
    .min(limits.intentKeyCharsMin)
    .max(limits.idCharsMax)
    .optional()
    .describe('made by the client, a new one each time: sent again with it, on any connection, it acts once'),
};
const round = z.object({ roundId: id, ...keyed });

export const Role = z.enum(['player', 'host', 'screen']);
export type Role = z.infer<typeof Role>;

/** By name (with a nonce), again (with a token), or as a screen (with neither). */
export const JoinRequest = z
  .object({
    room: id,
    role: Role.default('player'),
    name: z
      .string()
      .max(limits.nameCharsMax * 8)
      .optional(),
    nonce: z.string().min(limits.nonceCharsMin).max(limits.nonceCharsMax).optional(),
    token: secret.optional(),
    epoch: id.optional(),
    s: z.int().nonnegative().optional(),
  })
  .superRefine((join, context) => {
    const missing = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (join.role === 'host' && join.token === undefined) missing('token', 'a host joins with a token');
    if (join.role === 'player' && join.token === undefined) {
      if (join.name === undefined) missing('name', 'a player joins with a name or a token');
      else if (join.nonce === undefined) missing('nonce', 'joining by name needs a nonce');
    }
  });
export type JoinRequest = z.infer<typeof JoinRequest>;

/** The data of each request. */
export const requestData = {
  join: JoinRequest,
  answer: z.object({ roundId: id, answer: Truth }),
  start: z.object({ after: id.nullable().default(null), ...keyed }),
  end: z.object({ game: id, ...keyed }),
  pause: z.object(keyed).default({}),
  resume: z.object(keyed).default({}),
  settings: SettingsChange.extend(keyed),
  kick: z.object({ playerId: id, ...keyed }),
  ban: z.object({ playerId: id, ...keyed }),
  skip: round,
  close: round,
  next: z.object({ roundId: id.nullable().default(null), ...keyed }),
  extend: z.object({ roundId: id, ms: z.int().positive().max(limits.extendMsMax), ...keyed }),
  leave: none,
  report: z.object({
    roundId: id,
    reason: z.string().trim().min(1).max(limits.reportReasonCharsMax).refine(isPlain, notPlain),
  }),
  ping: none,
} as const;

export type RequestType = keyof typeof requestData;
export type RequestData<T extends RequestType> = z.infer<(typeof requestData)[T]>;
/** As a client sends it. */
export type RequestInput<T extends RequestType> = z.input<(typeof requestData)[T]>;

/** What each role may ask for beyond `join`; what is not named is forbidden. */
export const allowed: Readonly<Record<Role, ReadonlySet<RequestType>>> = {
  player: new Set(['answer', 'leave', 'report', 'ping']),
  host: new Set([
    'start',
    'end',
    'pause',
    'resume',
    'settings',
    'kick',
    'ban',
    'skip',
    'close',
    'next',
    'extend',
    'answer',
    'leave',
    'report',
    'ping',
  ]),
  screen: new Set(['ping']),
};

/** The frame around every request. `id` counts from 1 and comes back in exactly one reply. */
export const RequestFrame = z.object({
  id: z.int().positive(),
  t: z.string().max(40),
  d: z.unknown().optional(),
});

/** Close codes. 4000-4499: come back with full jitter, 0.5-8 s. 4500-4999: stay away. */
export const closes = {
  restarting: 4001,
  behind: 4002,
  noHeartbeat: 4003,
  noJoin: 4004,
  tooManySockets: 4005,
  tooManyErrors: 4500,
  replaced: 4501,
  kicked: 4502,
  roomGone: 4503,
  wrongProtocol: 4504,
} as const;
export type CloseReason = keyof typeof closes;
