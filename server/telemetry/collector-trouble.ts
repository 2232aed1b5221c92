// What a person is told when a collector does not take what it is sent: what is wrong, and what to do about
// it, in one sentence each.

import { certificateTrouble } from '../config/certificate-trouble.ts';
import { withoutCredentials } from '../config/configured-secrets.ts';

export interface Sent {
  readonly what: 'Traces' | 'Measurements';
  readonly url: string;
}

/** `why`: `HTTP <status>`, the code of a connection that failed, or a few words of our own. */
export function troubleWith(sent: Sent, why: string): string {
  return `${sent.what} are lost: ${withoutCredentials(sent.url)} ${cureFor(sent, why)} The game goes on.`;
}

function cureFor({ what, url }: Sent, why: string): string {
  const variable = `OTEL_EXPORTER_OTLP_${what === 'Traces' ? '' : 'METRICS_'}ENDPOINT`;
  const ports = 'OTLP over HTTP has port 4318; 4317 is for gRPC.';
  if (/ECONNREFUSED/.test(why)) {
    const port = new URL(url).port === '4317' ? ` ${ports}` : '';
    return `is not listening. Start a collector there or correct ${variable}.${port}`;
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(why)) return `is on no host that is known here. Correct ${variable}.`;
  if (/HPE_|ECONNRESET|EPIPE/.test(why)) return `does not speak HTTP. ${ports} Correct ${variable}.`;
  if (/SSL|EPROTO/.test(why)) return `does not speak TLS. Write http:// in ${variable}.`;
  const certificate = certificateTrouble(why, variable);
  if (certificate !== null) return certificate;
  if (/HTTP 40[13]/.test(why)) return 'wants to know who asks. Set OTEL_EXPORTER_OTLP_HEADERS.';
  if (/HTTP 40[45]/.test(why)) {
    return what === 'Traces'
      ? `takes no traces. ${variable} is the address without /v1/traces, usually port 4318.`
      : `takes no measurements; Jaeger does not. Leave ${variable} out: /metrics has them.`;
  }
  return `did not take them (${why}). Look at the collector there.`;
}
