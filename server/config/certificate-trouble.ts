// What is wrong with the certificate of a store or a collector that cannot be reached, in a sentence for the
// operator.

/**
 * The rest of a sentence that begins with the server's name. Null where the trouble is no certificate.
 * `why`: the driver's message. `variable`: the setting that holds the address.
 */
export function certificateTrouble(why: string, variable: string): string | null {
  if (/ALTNAME|does not match certificate/i.test(why)) {
    return `has a certificate for another name. Write the name that it is for into ${variable}.`;
  }
  if (/EXPIRED/i.test(why)) return 'has a certificate that is out of date. Renew it there.';
  if (/CERT|self-signed|certificate/i.test(why)) {
    return 'has a certificate that no authority known here has signed. Set NODE_EXTRA_CA_CERTS.';
  }
  return null;
}
