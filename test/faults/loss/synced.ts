// Reads what strace tells of a server: how much of a file was on the disk for certain when the server ended.

interface Opened {
  written: number;
  synced: number;
}

/**
 * Bytes of the file whose path ends so that were written when the last sync of it that came back was begun.
 * The file was empty when it was opened.
 */
export function syncedBytes(trace: string, path: string): number {
  const opened = new Map<string, Opened>();
  // By thread: a call that another thread's line came into.
  const begun = new Map<string, { readonly call: string; readonly written: number }>();
  let last: Opened | null = null;
  for (const line of trace.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const cut = / <unfinished \.\.\.>$/.exec(rest);
    const descriptor = /^(?:write|fdatasync|fsync)\((\d+)/.exec(rest)?.[1] ?? '';
    if (cut !== null) {
      begun.set(thread, { call: rest.slice(0, cut.index), written: opened.get(descriptor)?.written ?? 0 });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const before = resumed === undefined ? undefined : begun.get(thread);
    const call = before === undefined ? rest : before.call + resumed;
    const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
    const file = /^(\d+)/.exec(args)?.[1] ?? '';
    if (name === 'openat' && args.includes(`${path}"`) && Number(result) >= 0) {
      last = { written: 0, synced: 0 };
      opened.set(result, last);
    } else if (name === 'openat') opened.delete(result);
    const of = opened.get(file);
    if (of === undefined || Number(result) < 0) continue;
    if (name === 'write') of.written += Number(result);
    else if (name === 'fdatasync' || name === 'fsync') {
      of.synced = Math.max(of.synced, before?.written ?? of.written);
    }
  }
  return last?.synced ?? 0;
}
