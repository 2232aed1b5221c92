// Finds the secrets among the settings, so that logs and messages can leave them out.

/** True for a variable whose whole value is a secret. */
const isSecret = (name: string): boolean => /(KEY|TOKEN|HEADERS)$/.test(name);

/** A value as a message may quote it. An address with a mistake in it still has its password in it, too. */
export function quotable(name: string, value: string | undefined): string {
  return isSecret(name) ? 'what it is set to' : JSON.stringify(value && withoutCredentials(value));
}

/** An address without user and password. */
export const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/, '//');

/** Every secret in these variables, as it is written there and decoded. */
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

/** The passwords of one address, or of several separated by commas, as they are written and decoded. */
export function passwordsIn(urls: string): string[] {
  return urls.split(',').flatMap((url) => {
    const password = URL.canParse(url.trim()) ? new URL(url.trim()).password : '';
    return password === '' ? [] : [password, decoded(password)];
  });
}

/** The value of `name=value`, whole and without a word before it, such as `Bearer`. */
function valueOfHeader(pair: string): string[] {
  const value = decoded(pair.slice(pair.indexOf('=') + 1).trim());
  return [value, value.split(' ').at(-1) ?? ''];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A % that stands for itself: the text is not encoded.
    return text;
  }
}
