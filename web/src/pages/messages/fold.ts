// SPDX-License-Identifier: Apache-2.0

/** A longer text is folded; what is left of it then is shorter, so that folding is worth a click. */
const longest = 800;
const startLength = 600;
const mostLines = 12;
const startLines = 8;
/** So much of a text is read out; the rest is in the list. */
const spokenLength = 200;

const graphemes = new Intl.Segmenter();

/** The start of a text that is too long to be shown whole, cut between two letters as a person sees them; null: it is not. */
export function foldOf(text: string): string | null {
  const lines = text.split("\n", mostLines + 1);
  const start = lines.length > mostLines ? lines.slice(0, startLines).join("\n") : text;
  if (start.length > longest) {
    return cut(start, startLength);
  }
  return start === text ? null : start;
}

/** What is read out of a text. */
export function spokenOf(text: string): string {
  return text.length > spokenLength ? cut(text, spokenLength) : text;
}

function cut(text: string, length: number): string {
  // A letter may be many code units: a family, a flag, an accent.
  const { index } = graphemes.segment(text.slice(0, length + 100)).containing(length) ?? { index: length };
  return text.slice(0, index);
}
