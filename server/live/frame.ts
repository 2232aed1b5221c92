// A frame as it came in, made into a request or into the reason why it is none.

import { z } from 'zod';
import { RequestFrame } from '../../core/protocol.ts';
import { firstIssue } from './reply.ts';

export type Frame = z.infer<typeof RequestFrame>;

const FrameId = z.int().positive();

const isFrameId = (id: unknown): id is number => Number.isSafeInteger(id) && Number(id) > 0;
// Shorter than what the schema takes: no request has a longer name.
const frameTypeChars = 20;

/** Null: no JSON object. `problem`: an object, but not a request; with its id if that can be read. */
export function parseFrame(data: Buffer): Frame | { id: number | null; problem: string } | null {
  let raw: unknown;
  try {
    raw = JSON.parse(data.toString());
  } catch {
    return null;
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const { id: sent, t, d } = raw as { readonly id?: unknown; readonly t?: unknown; readonly d?: unknown };
  // The common case by hand: every request comes through here. The schema says what is wrong with the others.
  if (isFrameId(sent) && typeof t === 'string' && t.length <= frameTypeChars) return { id: sent, t, d };
  const frame = RequestFrame.safeParse(raw);
  if (frame.success) return frame.data;
  const id = FrameId.safeParse('id' in raw ? raw.id : null);
  return { id: id.data ?? null, problem: firstIssue(frame.error) };
}
