// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { isLargeEmoji } from "./emoji";
import { linkify } from "./linkify";

/** The text of a message: plain text, links, and a few emoji in large. */
export function RichText({ text }: { text: string }) {
  let at = 0;
  const pieces = linkify(text).map((piece) => {
    const key = at;
    at += piece.text.length;
    return { ...piece, key };
  });
  return (
    <p
      dir="auto"
      className={clsx(
        "wrap-anywhere whitespace-pre-wrap",
        isLargeEmoji(text) ? "py-0.5 text-[2rem]/tight" : "text-sm/5.5 pointer-coarse:text-base/6",
      )}
    >
      {pieces.map((piece) =>
        "href" in piece ? (
          <a
            key={piece.key}
            href={piece.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
          >
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
