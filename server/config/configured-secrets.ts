// The secrets among what is configured, so that logs and messages can leave them out.

/** Variables whose whole value is secret. */
const isSecret = (name: string): boolean => /(KEY|TOKEN|HEADERS)$/.test(name);

/** A value as a message may quote it: whoever writes an address wrong has its password in it all the same. */
export function quotable(name: string, value: string | undefined): string {
  return isSecret(name) ? 'what it is set to' : JSON.stringify(value && withoutCredentials(value));
}

/** An address without user and password. */
export const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/, '//');

/** Each secret in these variables, as it is written there and as it is meant. */
export function secretsIn(env: Readonly<Record<string, unknown>>): string[] {
  const texts = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const written = texts.flatMap(([name, value]) => {
    if (name.endsWith('HEADERS')) return value.split(',').flatMap(valueOfHeader);
    return isSecret(name) ? [value] : passwordsIn(value);
  });
  return [...new Set(written.flatMap((secret) => [secret, decoded(secret)]))];
}

/** Passwords of an address, or of several separated by commas, as they are written and as they are meant. */
export function passwordsIn(urls: string): string[] {
  return urls.split(',').flatMap((url) => {
    const password = URL.canParse(url.trim()) ? new URL(url.trim()).password : '';
    return password === '' ? [] : [password, decoded(password)];
  });
}

/** Of `name=value`; and without the word before it, as in `Bearer …`. */
function valueOfHeader(pair: string): string[] {
  const value = decoded(pair.slice(pair.indexOf('=') + 1).trim());
  return [value, value.split(' ').at(-1) ?? ''];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded, then: a sign of per cent that stands for itself.
    return text;
  }
}
