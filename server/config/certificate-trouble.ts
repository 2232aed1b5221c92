// What is wrong with a certificate, for whoever is told that a store or a collector cannot be reached.

/** `why`: what the driver said. Null where it is about no certificate; else how the sentence goes on. */
export function certificateTrouble(why: string, variable: string): string | null {
  if (/ALTNAME|does not match certificate/i.test(why)) {
    return `has a certificate for another name. Write the name that it is for into ${variable}.`;
  }
  if (/EXPIRED/i.test(why)) return 'has a certificate that is out of date. Renew it there.';
  if (/CERT|self-signed|certificate/i.test(why)) {
    return 'has a certificate that nobody here vouches for. Set NODE_EXTRA_CA_CERTS.';
  }
  return null;
}
