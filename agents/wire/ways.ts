// How a server wants to be asked, learned from what it refuses: which form of structured output, which name
// for the bound on tokens and how high, and whether it takes instructions in a role of their own. A refusal
// is read by the parts of our request that it names, since the words and the status differ from server to
// server (400, 404, 422, 500, or an error within a success).

import { limits } from '../../core/limits.ts';
import { limitIn } from './token-limit.ts';

export const forms = ['json_schema', 'json_object', 'text'] as const;
const tokensNames = ['max_completion_tokens', 'max_tokens'] as const;
type TokensName = (typeof tokensNames)[number];

export interface Ways {
  readonly form: (typeof forms)[number];
  /** Names of the bound that were refused. */
  readonly refusedNames: readonly TokensName[];
  readonly tokensMax: number;
  /** Whether instructions may stand in a role of their own. */
  readonly system: boolean;
  /** What was learned and why, a line each, for the event. */
  readonly notes: readonly string[];
}

export const untaught: Ways = {
  form: 'json_schema',
  refusedNames: [],
  tokensMax: limits.modelTokensMax,
  system: true,
  notes: [],
};

/** A refusal as it was said: the status, or the one that an error within a success names. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** The name to send the bound under; null where the server takes none. Servers without schemas are older. */
export function tokensName({ form, refusedNames }: Ways): TokensName | null {
  const inTurn = form === 'json_schema' ? tokensNames : tokensNames.toReversed();
  return inTurn.find((name) => !refusedNames.includes(name)) ?? null;
}

// Keys, quotas and overload say nothing of how to ask, whatever they name.
const silent = new Set([401, 402, 403, 407, 408, 409, 429, 502, 503, 504, 529]);

const named = {
  tokens: /max[_\s-]?(?:(?:completion|new|output)[_\s-]?)?tokens|maximum context length/i,
  system:
    /\bsystem\b[^.]{0,40}\b(?:role|message|prompt|instruction)|\b(?:role|instruction)s?\b[^.]{0,60}\b(?:system|alternate)|developer (?:instruction|message|role)|only user and assistant/i,
  form: /response[_\s.-]?format|text\.format|\bformat of type\b|invalid format|json[_\s-]?(?:schema|object|mode)|structured[_\s-]?output|grammar|guided|requested parameters/i,
} as const;

/** Whether the refusal names a part of our request, so that another way of asking may help. */
export function namesOurs({ status, text }: Refusal): boolean {
  return !silent.has(status) && Object.values(named).some((pattern) => pattern.test(text));
}

/** Other ways than these, by what was refused; null where there is nothing to learn from it. */
export function learn(ways: Ways, refusal: Refusal, why: string): Ways | null {
  if (silent.has(refusal.status)) return null;
  const lessons = [boundLearned, systemLearned, formLearned].flatMap((lesson) => lesson(ways, refusal) ?? []);
  if (lessons.length === 0) return null;
  const notes = lessons.map(({ note }) => `${note}: ${why}`.slice(0, limits.originNoteCharsMax));
  return Object.assign({}, ways, ...lessons.map(({ change }) => change), {
    notes: [...ways.notes, ...notes],
  });
}

interface Lesson {
  readonly change: Partial<Ways>;
  readonly note: string;
}

function boundLearned(ways: Ways, { status, text }: Refusal): Lesson | null {
  const sent = tokensName(ways);
  const aboutTokens = named.tokens.test(text);
  if ((!aboutTokens && status !== 413) || sent === null) return null;
  const limit = limitIn(text, ways.tokensMax) ?? (status === 413 ? Math.floor(ways.tokensMax / 2) : null);
  if (limit !== null) {
    if (limit < limits.modelTokensMin) return null;
    return { change: { tokensMax: limit }, note: `asked for at most ${limit} tokens` };
  }
  if (/maximum context length/i.test(text)) return null;
  const refusedNames = [...ways.refusedNames, sent];
  const next = tokensName({ ...ways, refusedNames });
  const note = next === null ? 'asked without a bound on tokens' : `asked with ${next}`;
  return { change: { refusedNames }, note };
}

function systemLearned({ system }: Ways, { text }: Refusal): Lesson | null {
  if (!system || !named.system.test(text)) return null;
  return { change: { system: false }, note: 'asked with the instructions in the first message' };
}

function formLearned({ form }: Ways, { text }: Refusal): Lesson | null {
  const next = forms[forms.indexOf(form) + 1];
  if (next === undefined || !named.form.test(text)) return null;
  return {
    change: { form: next },
    note: next === 'text' ? 'asked in words alone' : 'asked without a schema',
  };
}
