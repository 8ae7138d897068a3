// SPDX-License-Identifier: Apache-2.0

const utf8 = new TextEncoder();

const isDots = (segment: string | undefined) => segment === "." || segment === "..";

function encode(text: string): string {
  let out = "";
  for (const byte of utf8.encode(text)) {
    out += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/**
 * A topic's name as it stands in a path, in the one way that the server takes (docs/API.md, Topics): a slash stands plainly
 * between two segments that no URL library touches, and is encoded anywhere else.
 */
export function spellTopic(name: string): string {
  const segments = name.split("/");
  let out = "";
  segments.forEach((segment, at) => {
    if (at > 0) {
      const before = segments[at - 1];
      const divides =
        before !== "" && (segment !== "" || at + 1 < segments.length) && !isDots(before) && !isDots(segment);
      out += divides ? "/" : "%2F";
    }
    out += segment.replace(/[^A-Za-z0-9._~:-]+/g, encode);
  });
  return out;
}
