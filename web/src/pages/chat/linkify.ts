// SPDX-License-Identifier: Apache-2.0

export type Piece = { text: string } | { text: string; href: string };

// Bidirectional control characters end a link: they could make it look like another one.
const candidate = /\b(?:https?:\/\/|mailto:)[^\s<>"\u202a-\u202e\u2066-\u2069]+/giu;
const schemes = new Set(["http:", "https:", "mailto:"]);
const opening: Record<string, string> = { ")": "(", "]": "[", "}": "{", "»": "«" };
const sentenceEnd = /[.,;:!?'*_~…“”’]/u;

/** Splits a text into plain pieces and links: http, https and mailto, and nothing else. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(candidate)) {
    const link = withoutTail(match[0]);
    if (isLink(link)) {
      pieces.push({ text: text.slice(done, match.index) }, { text: link, href: link });
      done = match.index + link.length;
    }
  }
  pieces.push({ text: text.slice(done) });
  return pieces.filter((piece) => piece.text !== "");
}

/** Without trailing punctuation, and without a closing bracket that was opened before the link. */
function withoutTail(link: string): string {
  const strays = new Map(
    Object.entries(opening).map(([close, open]) => [close, count(link, close) - count(link, open)]),
  );
  let end = link.length;
  for (; end > 0; --end) {
    const last = link.charAt(end - 1);
    const stray = strays.get(last) ?? 0;
    if (stray > 0) {
      strays.set(last, stray - 1);
    } else if (!sentenceEnd.test(last)) {
      break;
    }
  }
  return link.slice(0, end);
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function isLink(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && schemes.has(url.protocol) && (url.host !== "" || url.pathname.includes("@"));
}
