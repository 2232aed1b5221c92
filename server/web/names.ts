// Names for people who would rather not think of one, and the name this person used last.

const manners = ['Curious', 'Brave', 'Quick', 'Calm', 'Bold', 'Clever', 'Merry', 'Lucky', 'Wise', 'Sunny'];
const animals = [
  'Otter',
  'Finch',
  'Badger',
  'Hare',
  'Heron',
  'Lynx',
  'Newt',
  'Robin',
  'Seal',
  'Vole',
  'Wren',
  'Yak',
];
const key = 'arena:name';

const oneOf = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? '';

/** Two words and a number: seldom taken in a room. */
export const suggestName = (): string =>
  `${oneOf(manners)} ${oneOf(animals)} ${2 + Math.floor(Math.random() * 98)}`;

export const lastName = (): string => localStorage.getItem(key) ?? '';
export const keepName = (name: string): void => localStorage.setItem(key, name);
