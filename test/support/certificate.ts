// A certificate for 127.0.0.1 that vouches for itself, made for one test: X.509 (RFC 5280), written in DER by
// hand, since Node can read certificates and sign, but makes none.

import { generateKeyPairSync, sign } from 'node:crypto';

/** Both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export function makeCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const withSha256 = sequence(objectId('2a8648ce3d040302'));
  const commonName = sequence(objectId('550403'), element(0x0c, Buffer.from('a test')));
  const name = sequence(element(0x31, commonName));
  const lasting = ['200101000000Z', '491231235959Z'].map((time) => element(0x17, Buffer.from(time)));
  const address = element(0x87, Buffer.from([127, 0, 0, 1]));
  const otherNames = sequence(objectId('551d11'), element(0x04, sequence(address)));
  const said = sequence(
    element(0xa0, whole(2)),
    whole(1),
    withSha256,
    name,
    sequence(...lasting),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(otherNames)),
  );
  // No bit of the last byte is unused.
  const signature = element(0x03, Buffer.from([0]), sign('sha256', said, privateKey));
  return {
    cert: pem(sequence(said, withSha256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Tag, length and content; a length of 128 or more says first how many bytes it takes. */
function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const { length } = Buffer.concat(content);
  const said =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...said]), ...content]);
}

const sequence = (...content: readonly Buffer[]): Buffer => element(0x30, ...content);
const whole = (value: number): Buffer => element(0x02, Buffer.from([value]));
const objectId = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
