// SPDX-License-Identifier: Apache-2.0

/** A longer text is folded to a shorter start, so that unfolding is worth a click. */
const longest = 800;
const startLength = 600;
const mostLines = 12;
const startLines = 8;
/** The length of a text that is announced; the rest is in the list. */
const spokenLength = 200;

const graphemes = new Intl.Segmenter();

/** The start of a long text, cut between two graphemes; null: the text is short. */
export function foldedStart(text: string): string | null {
  const lines = text.split("\n", mostLines + 1);
  const start = lines.length > mostLines ? lines.slice(0, startLines).join("\n") : text;
  if (start.length > longest) {
    return cut(start, startLength);
  }
  return start === text ? null : start;
}

/** The part of a text that is announced. */
export function announcedText(text: string): string {
  return text.length > spokenLength ? cut(text, spokenLength) : text;
}

function cut(text: string, length: number): string {
  // A grapheme may be many code units: a family, a flag, an accent.
  const { index } = graphemes.segment(text.slice(0, length + 100)).containing(length) ?? { index: length };
  return text.slice(0, index);
}
