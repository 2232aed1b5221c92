// The limit on tokens that a server names when it refuses a higher one. Each says it in other words; what
// they share is a number below the one that was asked for, behind a word for "at most" or as the end of a
// range. Where none is named but the bound is called too high, half of it is tried.

const number = '[`\'"]?(\\d[\\d,_]*)';
const patterns = [
  // [1, 8192], between 1 and 8192, from 1 to 8192
  new RegExp(`\\[\\s*\\d+\\s*,\\s*${number}\\s*\\]`, 'gi'),
  new RegExp(`(?:between|from) \\d+ (?:and|to) ${number}`, 'gi'),
  new RegExp(
    `(?:at most|no more than|up to|<=|≤|(?:less|lower|smaller) than or equal to|exceed(?:s|ed|ing)?|limit(?:ed)?|` +
      `max(?:imum)?)(?: (?:the|a|allowed|value|number|output|completion|limit|is|of|to|tokens?|for|this|model)){0,6}:? ?${number}`,
    'gi',
  ),
] as const;
const below = new RegExp(`(?:less|lower|smaller) than ${number}`, 'gi');
const context = /maximum context length (?:is|of)? ?(\d[\d,_]*)/i;
const input =
  /(\d[\d,_]*) (?:in the messages|(?:input|prompt) tokens)|(?:input|prompt|messages?)[^.\d]{0,30}?(\d[\d,_]*)/i;
const tooHigh =
  /too (?:large|high|big|many|long)|exceed|above|out of range|greater than|less than|at most|maximum/i;

/** Below `asked`; null where the refusal is about something else than its height. */
export function limitIn(text: string, asked: number): number | null {
  const window = countIn(context.exec(text)?.[1]);
  if (window !== null) {
    const used = input.exec(text);
    const taken = countIn(used?.[1] ?? used?.[2]);
    return taken !== null && window - taken < asked && window > taken ? window - taken : null;
  }
  const most = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => countIn(match[1])));
  const less = [...text.matchAll(below)].map((match) => (countIn(match[1]) ?? 0) - 1);
  const named = [...most, ...less].find((count) => count !== null && count > 0 && count < asked);
  return named ?? (tooHigh.test(text) ? Math.floor(asked / 2) : null);
}

function countIn(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits.replace(/[,_]/g, ''));
}
