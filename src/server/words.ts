/** What the server says, in the language of the window: the client hands its translations over at the start (NavigatorOptions.words). */

/** Translates a text with numbered gaps. */
export type Translate = (text: string, ...args: (string | number)[]) => string;

/** A translator by a table from English; a text that it lacks stays English. Gaps without a value stay as they are. */
export function translator(words: Readonly<Record<string, unknown>> = {}): Translate {
  return (text, ...args) => {
    const known = Object.hasOwn(words, text) ? words[text] : text;
    return (typeof known === 'string' ? known : text).replace(/\{(\d)\}/g, (gap, i: string) => String(args[Number(i)] ?? gap));
  };
}
