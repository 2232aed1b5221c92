// Loaded into a server to plant a mistake that no type shows: a request to extend a round by the longest time
// that there is trips over it.

const parse = JSON.parse;

JSON.parse = (text: string, ...more) => {
  const value = parse(text, ...more);
  if (value?.t !== 'extend' || value.d?.ms !== 60_000) return value;
  return {
    ...value,
    d: {
      get roundId() {
        throw new TypeError('a planted mistake');
      },
    },
  };
};
