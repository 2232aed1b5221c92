// Mistakes planted in the models, to see that the checker finds each: a model with a few words changed, and
// the rule that it then breaks. A rule that no mistake breaks would say nothing.

import type { Checking } from './spin.ts';

export interface Mutant {
  readonly model: string;
  readonly mistake: string;
  /** Words that stand in the model once, and what takes their place. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  /** Part of what the checker says, without spaces: the rule as the model has it, `n` for any number. */
  readonly breaks: string;
  readonly checking?: Checking;
}

const oneLife = { bounds: { LIVES: 0 }, cycles: false } as const;

const ofCommit: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'the revision is not compared',
    changes: [['(MY.rev != TARGET.rev || MY.epoch != TARGET.epoch)', 'MY.epoch != TARGET.epoch']],
    breaks: 'process[me].taken==stream',
  },
  {
    mistake: 'no epoch: another life of a stream has the same revisions',
    changes: [['(MY.rev != TARGET.rev || MY.epoch != TARGET.epoch)', 'MY.rev != TARGET.rev']],
    breaks: 'process[me].epoch==stream',
  },
  {
    mistake: 'the key is not looked at',
    changes: [
      ['#define DUP (KEPT != 0)', '#define DUP (false)'],
      ['#define SEATS 1', '#define SEATS 2'],
    ],
    breaks: '(seat[process[me].command]==0)',
  },
  {
    mistake: 'a refusal does not ask whether the command is a repeat',
    changes: [['if :: DUP -> reply(SEATED) :: else -> reply(REJECTED) fi', 'reply(REJECTED)']],
    breaks: 'told[at]!=2',
    checking: oneLife,
  },
  {
    mistake: 'the client is told before the commit',
    changes: [
      ['commit(); reply(SEATED) }', 'told[MY.command] = SEATED; MY.phase = TOLD }'],
      ['#define DOWN 4', '#define DOWN 4\n#define TOLD 5'],
      [
        '  /* What came of it',
        '  :: d_step { MY.phase == TOLD -> commit(); put_down(IDLE) }\n  /* What came of it',
      ],
    ],
    breaks: 'told[at]!=1',
    checking: { bounds: { LIVES: 0, COMMANDS: 1, DOUBLES: 0 }, cycles: false },
  },
];

const ofConsume: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'the acknowledgement is apart from the commit, before it',
    changes: [
      ['       commit(); put_down(IDLE) }', '       acknowledge(); MY.phase = WRITING }'],
      ['#define DOWN 6', '#define DOWN 6\n#define WRITING 7'],
      [
        '  /* What came of the',
        '  :: d_step { MY.phase == WRITING -> look(); commit(); put_down(IDLE) }\n  /* What came of the',
      ],
    ],
    breaks: 'number[entry[at].command]>0',
  },
  {
    mistake: 'the acknowledgement is apart from the commit, after it, and no key stands for it',
    changes: [
      ['commit(); put_down(IDLE) }', 'commit(); MY.phase = FOREIGN }'],
      ['     tell_feed(0)\n  :: else\n  fi;\n  acknowledge()', '     tell_feed(0)\n  :: else\n  fi'],
      ['MY.number = number[HAND.command];', 'MY.number = 0;'],
      ['#define DUP (MY.number == 0 && number[HAND.command] != 0)', '#define DUP (false)'],
    ],
    breaks: 'number[entry[process[me].hand].command]==0',
  },
  {
    mistake: 'the turn is not compared',
    changes: [['(!DUP && MY.turn != OF(HAND.command).turn)', '(false)']],
    breaks: '.effects==stream',
    checking: { bounds: { COMMANDS: 3, CRASHES: 0 }, cycles: false },
  },
  {
    mistake: 'a conflict is tried again without another look',
    changes: [['unsee(AGAIN) }', 'skip }']],
    breaks: 'non-progress cycle',
    checking: { bounds: { COMMANDS: 3, CRASHES: 0 }, cycles: true },
  },
  {
    mistake: 'a start counts although its process did not die of it',
    changes: [['if :: MINE -> HAND.starts-- :: else fi; unsee(TAKEN)', 'unsee(TAKEN)']],
    breaks: '(crashes+stalls)>=2',
    checking: { bounds: { COMMANDS: 1, LOSSES: 2 }, cycles: false },
  },
  {
    mistake: 'a dead letter is made of an entry that is another’s',
    changes: [['       :: MINE ->\n          assert(HAND', '       :: true ->\n          assert(HAND']],
    breaks: 'number[entry[process[me].hand].command]==0',
    checking: { bounds: { COMMANDS: 1, CRASHES: 2, STALLS: 1 }, cycles: false },
  },
  {
    mistake: 'what a lost reply or an earlier life left is taken up by none',
    changes: [
      ['FREE && entry[e].where == PENDING && entry[e].owner != me', 'false'],
      ['MY.phase == IDLE && OWN_LEFT ->', 'false && OWN_LEFT ->'],
    ],
    breaks: 'entry[at].where>=3',
  },
  {
    mistake: 'the counts of an entry stay when it is acknowledged',
    changes: [['  HAND.starts = 0; HAND.exceptions = 0\n', '  skip\n']],
    breaks: 'entry[at].starts==0',
  },
];

const ofLease: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'the renewal of an owner of yesterday takes the entry back',
    changes: [
      [
        '       :: MINE -> HAND.idle = 0\n',
        '       :: HAND.where == PENDING -> HAND.owner = me; HAND.idle = 0\n',
      ],
      ["       :: HAND.where == PENDING && !MINE -> put_down(IDLE) /* told that it is another's */\n", ''],
    ],
    breaks: 'entry[at].owner==who',
  },
  {
    mistake: 'the lease is not renewed',
    changes: [['       :: MINE -> HAND.idle = 0\n', '       :: MINE\n']],
    breaks: 'entry[at].owner==who',
  },
  {
    mistake: 'an entry is claimed before its lease is over',
    changes: [['entry[e].idle >= LEASE ->', 'entry[e].idle >= 1 ->']],
    breaks: 'entry[at].owner==who',
    checking: { bounds: { CRASHES: 0, STALLS: 0, DRAINS: 0, LATE: 0 }, cycles: false },
  },
  {
    mistake: 'a handler that does not come back is waited for',
    changes: [['MY.hung && MY.age >= DEADLINE ->', 'MY.hung && false ->']],
    breaks: 'entry[at].where>=3',
  },
];

const ofTimer: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'a timer is removed before it is handed over',
    changes: [
      [
        '       timer[t].where = UNREAD } \\',
        '       timer[t].where = UNSET; MY.hand = t; MY.phase = FIRING } \\',
      ],
      ['#define DOWN 5', '#define DOWN 5\n#define FIRING 6'],
      [
        '  :: d_step { MY.phase == TAKEN ->',
        '  :: d_step { MY.phase == FIRING -> timer[MY.hand].where = UNREAD; put_down(IDLE) }\n' +
          '  :: d_step { MY.phase == TAKEN ->',
      ],
    ],
    breaks: 'timer[at].where==5',
  },
  {
    mistake: 'the timer is cancelled apart from the commit of the answer',
    changes: [
      ['end_round(ANSWERED); cancel() ::', 'end_round(ANSWERED) ::'],
      [
        'told[MY.hand] = ended[MY.hand]; put_down(IDLE) }',
        'told[MY.hand] = ended[MY.hand]; MY.phase = CANCELLING }',
      ],
      ['#define DOWN 5', '#define DOWN 5\n#define CANCELLING 6'],
      [
        '  :: d_step { MY.phase == TAKEN ->',
        '  :: d_step { MY.phase == CANCELLING -> cancel(); put_down(IDLE) }\n  :: d_step { MY.phase == TAKEN ->',
      ],
    ],
    breaks: 'ended[n]==0',
  },
  {
    mistake: 'the turn is not compared',
    changes: [['#define CONFLICT (MY.turn != TURN)', '#define CONFLICT (false)']],
    breaks: 'ended[process[me].hand]==0',
  },
  {
    mistake: 'a time limit does not look whether the round is still open',
    changes: [['if :: MY.ended == NOT_ENDED -> end_round(TIMED_OUT)', 'if :: true -> end_round(TIMED_OUT)']],
    breaks: 'ended[process[me].hand]==0',
  },
];

const ofClose: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'an answer does not look whether the round is open',
    changes: [['(OF(a).round && !OF(a).late)', '(!OF(a).late)']],
    breaks: '.phase==1',
  },
  {
    mistake: 'the key of an answer is not looked at',
    changes: [['  :: !kept[a] ->\n', '  :: true ->\n']],
    breaks: '!(kept[n])',
  },
  {
    mistake: 'the turn is not compared',
    changes: [['#define CONFLICT (MY.turn != ROOM.turn)', '#define CONFLICT (false)']],
    breaks: '.saw==room',
  },
  {
    mistake: 'the round is scored in the commit that closes it, from what was seen before',
    changes: [
      [
        'ROOM.phase = CLOSED; ROOM.round = false',
        'ROOM.phase = SCORED; ROOM.round = false; ROOM.result = MY.answers',
      ],
    ],
    breaks: 'room[at].result==0',
  },
];

const ofResume: readonly Omit<Mutant, 'model'>[] = [
  {
    mistake: 'the last frame seen is off by one',
    changes: [['(CLIENT.s > HERE.oldest -> CLIENT.s : HERE.oldest) + 1', 'CLIENT.s + 2']],
    breaks: '.next==(client',
  },
  {
    mistake: 'it is off by one the other way, and the client does not look at what it has seen',
    changes: [
      ['(CLIENT.s > HERE.oldest -> CLIENT.s : HERE.oldest) + 1', 'CLIENT.s'],
      ['  :: CLIENT.next <= CLIENT.s ', '  :: false '],
    ],
    breaks: '.next==(client',
  },
  {
    mistake: 'no epoch: a room made anew has the same revisions',
    changes: [['(CLIENT.epoch == HERE.epoch && REACHES)', '(REACHES)']],
    breaks: '.epoch==server',
  },
  {
    mistake: 'the server does not look whether it still has the frames',
    changes: [['(CLIENT.s >= HERE.oldest && CLIENT.s <= HERE.head)', '(CLIENT.s <= HERE.head)']],
    breaks: '.next==(client',
    checking: { bounds: { STREAMS: 1, EVENTS: 4, LIVES: 0 }, cycles: false },
  },
  {
    mistake: 'a server that is behind lets a client in without reading to the head',
    changes: [
      [
        'r = number; pull(); join(); r = 0',
        'r = number; if :: HERE.epoch == 0 -> pull() :: else fi; join(); r = 0',
      ],
    ],
    breaks: '.head>=client',
    checking: { bounds: { STREAMS: 1, LIVES: 0, DROPS: 2 }, cycles: false },
  },
];

const of = (model: string, all: readonly Omit<Mutant, 'model'>[]): Mutant[] =>
  all.map((mutant) => ({ model, ...mutant }));

export const mutants: readonly Mutant[] = [
  ...of('commit', ofCommit),
  ...of('consume', ofConsume),
  ...of('lease', ofLease),
  ...of('timer', ofTimer),
  ...of('close', ofClose),
  ...of('resume', ofResume),
];

/** Whether the checker says of a mistake what it should. */
export function isFound(wrong: string | null, { breaks }: Pick<Mutant, 'breaks'>): boolean {
  const said = (wrong ?? '').replaceAll(/\[\d+\]/g, '[n]');
  return said.replaceAll(' ', '').includes(breaks.replaceAll(' ', ''));
}

/** The text of a model with a mistake. Throws where its words do not stand there once. */
export function plant(text: string, { mistake, changes }: Pick<Mutant, 'mistake' | 'changes'>): string {
  return changes.reduce((before, [from, to]) => {
    const pieces = before.split(from);
    if (pieces.length !== 2) throw new Error(`${mistake}: ${pieces.length - 1} times in the model: ${from}`);
    return pieces.join(to);
  }, text);
}
