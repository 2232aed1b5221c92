// What a judge finds: something lost, something there twice, or something out of order.

export interface Problem {
  readonly kind: 'lost' | 'doubled' | 'disorder';
  readonly text: string;
}

export const lost = (text: string): Problem => ({ kind: 'lost', text });
export const doubled = (text: string): Problem => ({ kind: 'doubled', text });
export const disorder = (text: string): Problem => ({ kind: 'disorder', text });
