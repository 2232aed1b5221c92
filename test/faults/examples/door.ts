// The door of a gate: takes commands of clients from its channel, and gives back what came of each. Bundled
// into the process under test.

interface Streams {
  handle(id: string, command: never, options: { readonly idempotencyKey: string }): Promise<object>;
  load(id: string): Promise<{ readonly rev: number; readonly state: object }>;
}

/** Null for `command` asks for the state. */
export interface Asked {
  readonly n: number;
  readonly stream: string;
  readonly command: object | null;
  readonly key: string;
}

export interface Replied {
  readonly n: number;
  readonly status: 'done' | 'dup' | 'nothing' | 'stale' | 'rejected' | 'state' | 'failed';
  /** Of the events that were written; empty for all but `done`. */
  readonly events: readonly { readonly rev: number; readonly type: string; readonly data: object }[];
  /** Of the stream as it was read; 0 where that is not told. */
  readonly rev: number;
  /** Where the state was asked for, as the example keeps it. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Why it was rejected, or failed. */
  readonly why: string;
  readonly retryable: boolean;
}

export function openDoor(streams: Streams): void {
  const send = (reply: Replied | 'open') => process.connected && process.send?.(reply);
  process.on('message', (asked: Asked) => {
    void reply(streams, asked).then(send);
  });
  process.on('disconnect', () => process.exit());
  send('open');
}

async function reply(streams: Streams, { n, stream, command, key }: Asked): Promise<Replied> {
  const empty = { n, events: [], rev: 0, state: {}, why: '', retryable: false };
  try {
    if (command === null) {
      const { rev, state } = await streams.load(stream);
      return { ...empty, status: 'state', rev, state: { ...state } };
    }
    const handled = (await streams.handle(stream, command as never, { idempotencyKey: key })) as {
      readonly status: Exclude<Replied['status'], 'state' | 'failed'>;
      readonly events?: Replied['events'];
      readonly folded?: { readonly rev: number };
      readonly code?: string;
    };
    const events = (handled.events ?? []).map(({ rev, type, data }) => ({ rev, type, data }));
    const { status, folded, code = '' } = handled;
    return { ...empty, status, events, rev: folded?.rev ?? 0, why: code };
  } catch (error) {
    const retryable = (error as { readonly retryable?: unknown }).retryable === true;
    return { ...empty, status: 'failed', why: String(error), retryable };
  }
}
