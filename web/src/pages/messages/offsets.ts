// SPDX-License-Identifier: Apache-2.0

/** A set of offsets that only grows: all up to one, and some above it. */
export interface Offsets {
  readonly upTo: number;
  readonly also: ReadonlySet<number>;
}

export const noOffsets: Offsets = { upTo: 0, also: new Set() };

export function has(offsets: Offsets, offset: number): boolean {
  return offset <= offsets.upTo || offsets.also.has(offset);
}

export function add(offsets: Offsets, offset: number): Offsets {
  return has(offsets, offset) ? offsets : closed(offsets.upTo, new Set([...offsets.also, offset]));
}

export function addUpTo(offsets: Offsets, offset: number): Offsets {
  return offset <= offsets.upTo ? offsets : closed(offset, offsets.also);
}

/** The union; commutative and idempotent, so that tabs that exchange their sets converge. */
export function union(one: Offsets, other: Offsets): Offsets {
  return closed(Math.max(one.upTo, other.upTo), new Set([...one.also, ...other.also]));
}

/** The canonical form, so that equal sets are written equally. */
function closed(upTo: number, also: ReadonlySet<number>): Offsets {
  let end = upTo;
  while (also.has(end + 1)) {
    end++;
  }
  return { upTo: end, also: new Set([...also].filter((offset) => offset > end).sort((a, b) => a - b)) };
}
