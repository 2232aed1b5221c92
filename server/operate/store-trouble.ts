// What a person is told when the store cannot be reached or used: what is wrong, and what to do about it, in
// one sentence each.

import { Fault } from '../../streams/engine.ts';
import { connectOnce, greetingOf, orNotTold, slotCount } from '../../streams/parts.ts';
import { certificateTrouble } from '../config/certificate-trouble.ts';
import { withoutCredentials } from '../config/configured-secrets.ts';
import { refusalIn } from '../stores/refusals.ts';

export interface Trouble {
  readonly said: string;
  /** It will not pass by waiting. */
  readonly final: boolean;
}

const probeMs = 3_000;

/** What is wrong at an address, or null when it answers and takes commands. */
export async function troubleAt(url: string): Promise<Trouble | null> {
  const probe = connectOnce(url, 'arena-probe', probeMs);
  // What the connection itself says comes first; the command then only says that it is closed.
  let first: Error | null = null;
  probe.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await probe.connect();
    const { cluster } = await greetingOf(probe);
    if (!cluster) return null;
    // What the client itself asks first.
    await probe.cluster('SLOTS');
    const info = await orNotTold(() => probe.cluster('INFO'));
    return info === null ? null : slotsTrouble(url, String(info));
  } catch (error) {
    const said = error instanceof Fault ? error.cause : error;
    return troubleWith(url, `${first ?? ''} ${said}`);
  } finally {
    probe.disconnect();
  }
}

function slotsTrouble(url: string, info: string): Trouble | null {
  const served = Number(/cluster_slots_ok:(\d+)/.exec(info)?.[1] ?? 0);
  if (/cluster_state:ok/.test(info) && served === slotCount) return null;
  const { host } = new URL(url);
  const cure = `valkey-cli --cluster fix ${host}`;
  return {
    said: `${slotCount - served} slots of the cluster have no primary. Try: ${cure}`,
    final: false,
  };
}

/** `why`: what the driver said. */
function troubleWith(url: string, why: string): Trouble {
  const place = withoutCredentials(url);
  const [said, final] = cureFor(url, why);
  return { said: `${place} ${said}`, final };
}

function cureFor(url: string, why: string): readonly [said: string, final: boolean] {
  const { protocol } = new URL(url);
  const secure = protocol === 'rediss:' || protocol === 'valkeys:';
  if (/ENOTFOUND|EAI_AGAIN/.test(why))
    return ['is on no host that is known here. Correct VALKEY_URL.', false];
  if (/ECONNREFUSED/.test(why)) return ['is not listening. Start Valkey there or correct VALKEY_URL.', false];
  if (/WRONGPASS|invalid password|without any password configured/i.test(why)) {
    return ['does not take the user or the password in VALKEY_URL. Correct them.', true];
  }
  if (/NOAUTH/.test(why)) {
    return ['wants a password. Write it into VALKEY_URL: redis://user:password@host:port', true];
  }
  const refused = refusalIn(why);
  if (refused?.code === 'store_rights') return [`answers, but ${refused.what}. ${refused.cure}`, true];
  if (secure && /EPROTO|SSL|wrong version/i.test(why)) {
    return ['does not speak TLS. Write redis:// in VALKEY_URL.', true];
  }
  // So does a server that ends just then.
  if (secure && /ECONNRESET|disconnected before/.test(why)) {
    return ['hangs up before TLS begins. If it speaks plain text, write redis:// in VALKEY_URL.', false];
  }
  // Plain Valkey waits for the rest of what it takes for a command.
  if (secure && /ETIMEDOUT/.test(why)) {
    return ['does not answer in TLS. If it speaks plain text, write redis:// in VALKEY_URL.', false];
  }
  const certificate = certificateTrouble(why, 'VALKEY_URL');
  if (certificate !== null) return [certificate, true];
  if (/Protocol error, got "H"/.test(why)) {
    return ['speaks HTTP and is no Valkey. Correct VALKEY_URL; the usual port is 6379.', true];
  }
  // What a TLS server says to plain text: an alert.
  if (/Protocol error, got "\\u0015"/.test(why) || why.includes('got "\u0015"')) {
    return ['speaks TLS. Write rediss:// in VALKEY_URL.', true];
  }
  if (/Protocol error/.test(why)) return ['does not speak the protocol of Valkey. Correct VALKEY_URL.', true];
  if (/LOADING/.test(why)) return ['is still loading what it had on disk.', false];
  if (!secure && /ECONNRESET|Connection is closed|EPIPE/.test(why)) {
    return ['hangs up at once. If it speaks TLS, write rediss:// in VALKEY_URL.', false];
  }
  return [`does not answer (${why.trim()}). Look at it, and at firewalls on the way.`, false];
}
