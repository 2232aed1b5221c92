// The settings of durability that are compared, and what happens to them.

export interface Setting {
  /** As the table names it. */
  readonly name: string;
  readonly appendfsync: 'always' | 'everysec' | 'no';
  readonly replica: boolean;
  /** ARENA_DURABILITY=replicated, `replicated: true` of the engine. */
  readonly replicated: boolean;
  /** When to choose it. */
  readonly when: string;
}

export const settings: readonly Setting[] = [
  {
    name: '`always`',
    appendfsync: 'always',
    replica: false,
    replicated: false,
    when: 'The default: one server whose disk survives.',
  },
  {
    name: '`always`, a replica, `replicated`',
    appendfsync: 'always',
    replica: true,
    replicated: true,
    when: 'Where another server takes over when one is lost with its disk: nothing is lost by any of these.',
  },
  {
    name: '`always`, a replica',
    appendfsync: 'always',
    replica: true,
    replicated: false,
    when: 'Where a failover may cost the last moments, and an answer must not wait for a second server.',
  },
  {
    name: '`everysec`, a replica, `replicated`',
    appendfsync: 'everysec',
    replica: true,
    replicated: true,
    when: 'Where servers lose power one at a time and one that did never comes back as primary, since all follow it.',
  },
  {
    name: '`everysec`',
    appendfsync: 'everysec',
    replica: false,
    replicated: false,
    when: 'Where some seconds of answers may go with the power, and the disk is slow.',
  },
  {
    name: '`no`',
    appendfsync: 'no',
    replica: false,
    replicated: false,
    when: 'For trying things out.',
  },
];

export const faults = {
  process: 'process killed',
  valkey: 'Valkey killed',
  power: 'power cut',
  failover: 'failover',
  cutLink: 'failover, link cut',
} as const;

export type Fault = keyof typeof faults;

export const faultNames = Object.keys(faults) as Fault[];

/** Without a replica nothing can take over. */
export const applies = (fault: Fault, { replica }: Setting): boolean =>
  replica || (fault !== 'failover' && fault !== 'cutLink');
