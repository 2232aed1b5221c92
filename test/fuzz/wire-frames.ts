// WebSocket frames as bytes (RFC 6455, 5.2): made by hand, so that every bit of a head can be wrong, and read
// by hand, so that nothing of a reply is passed over.

/** The head of one frame. */
export interface FrameShape {
  readonly op: number;
  readonly fin: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly rsv: number;
  readonly masked: boolean;
  /** The form of the length: the shortest, or one that is longer than it needs to be. */
  readonly form: 'short' | '16' | '64';
  /** The length that the head says, where it is not that of the payload. */
  readonly claims: number | null;
}

export const plainText: FrameShape = {
  op: 1,
  fin: true,
  rsv: 0,
  masked: true,
  form: 'short',
  claims: null,
};

const maskKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export function encodeFrame(payload: Buffer, { op, fin, rsv, masked, form, claims }: FrameShape): Buffer {
  const length = claims ?? payload.length;
  const wide = form === '64' || length > 0xffff ? 8 : form === '16' || length > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + wide);
  head[0] = (fin ? 0x80 : 0) | ((rsv & 7) << 4) | (op & 0x0f);
  head[1] = (masked ? 0x80 : 0) | (wide === 8 ? 127 : wide === 2 ? 126 : length);
  if (wide === 2) head.writeUInt16BE(length, 2);
  if (wide === 8) head.writeBigUInt64BE(BigInt(Math.max(0, Math.trunc(length))), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const body = Buffer.from(payload);
  for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (maskKey[at & 3] ?? 0);
  return Buffer.concat([head, maskKey, body]);
}

export interface ServerFrame {
  readonly op: number;
  readonly payload: Buffer;
}

/** Whole frames of a server, and the rest, which is not yet whole. Throws at a frame that is none. */
export function readFrames(bytes: Buffer): { readonly frames: ServerFrame[]; readonly rest: Buffer } {
  const frames: ServerFrame[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new Error('a frame of the server that is none');
    const short = second & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    const end = at + head + length;
    if (end > bytes.length) break;
    frames.push({ op: first & 0x0f, payload: bytes.subarray(at + head, end) });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}
