// Does a statement say what it thinks of itself? Then the answer stands in the question.

// Words by which a sentence says whether it is true.
export const giveaway =
  /\b(?:facts?|fakes?|true|false(?:ly)?|untrue|myths?|misconceptions?|debunked|actually|in reality|allegedly|supposedly|contrary to|incorrect(?:ly)?|wrongly|hoax)\b/gi;

/** "Fact 2: …" and "… (fake)" are labels that a model put beside the statement: it is whole without them. */
export function withoutLabel(text: string): string {
  return (
    text
      .replace(
        /^\W{0,3}(?:fact|fake|true|truth|false|myth|statement|claim)(?: ?#?\d+)? ?(?::|[—–-] )\s*/i,
        '',
      )
      // From the first blank alone: from each, thousands of them would take a second.
      .replace(/(?<!\s)\s*[[(](?:fact|fake|true|false|myth)[\])]\s*([.!]?)$/i, '$1')
      .trim()
  );
}

const judgesItself =
  /\b(?:it is|it's|it was) (?:a |an )?(?:(?:common|popular|well-known|widespread|proven) )?(?:myth|fact|misconception|hoax|lie|true|false|untrue|not true|fake) that\b|\bcontrary to (?:popular|common) (?:belief|opinion)|\b(?:is|are|was) (?:just |only |merely )?an? (?:(?:common|popular) )?(?:myth|hoax|misconception)\b|\bthis (?:statement|claim) is\b|\b(?:answer|verdict) ?(?::|is) (?:fact|fake|true|false)\b/i;

/** Whether the statement itself says that it is true or not. */
export function tellsItsTruth(text: string): boolean {
  return judgesItself.test(text) || /\b(?:FACT|FAKE)\b/.test(text);
}
