import { expect, test } from 'vitest';
import { certificateTrouble } from '../../../server/config/certificate-trouble.ts';

// As the driver of Valkey says it, which gives Node's words and no code.
test.each([
  [
    "Hostname/IP does not match certificate's altnames: IP: ::1 is not in the cert's list",
    /for another name.* VALKEY_URL/,
  ],
  ['certificate has expired', /out of date/],
  ['self-signed certificate in certificate chain', /NODE_EXTRA_CA_CERTS/],
  ['unable to verify the first certificate', /NODE_EXTRA_CA_CERTS/],
])('%s', (why, said) => {
  expect(certificateTrouble(`Error: ${why} Error: Connection is closed.`, 'VALKEY_URL')).toMatch(said);
});

test('what is about no certificate is not taken for one', () => {
  expect(certificateTrouble('Error: connect ECONNREFUSED 127.0.0.1:6379', 'VALKEY_URL')).toBeNull();
});
