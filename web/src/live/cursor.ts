// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./types";

/** One lane's half of a cursor. */
interface Place {
  epoch: string;
  sequence: number;
}

/** An epoch that no server ever has: a lane of it is answered with `reset`. */
const unknownEpoch = "0";

export function parseCursor(text: string): Cursor | null {
  const [durableEpoch, durable, volatileEpoch, ephemeral, ...rest] = text.split(".");
  if (!durableEpoch || !durable || !volatileEpoch || !ephemeral || rest.length > 0) {
    return null;
  }
  const cursor = { durableEpoch, durable: Number(durable), volatileEpoch, volatile: Number(ephemeral) };
  return Number.isSafeInteger(cursor.durable) && Number.isSafeInteger(cursor.volatile) ? cursor : null;
}

export function cursorText({ durableEpoch, durable, volatileEpoch, volatile }: Cursor): string {
  return `${durableEpoch}.${durable}.${volatileEpoch}.${volatile}`;
}

/** Where the lane of `epoch` stands; null: the cursor is of another history. */
export function sequenceIn(cursor: Cursor, epoch: string): number | null {
  if (cursor.durableEpoch === epoch) {
    return cursor.durable;
  }
  return cursor.volatileEpoch === epoch ? cursor.volatile : null;
}

/** Where somebody stands who stood at `known` and then learned `learned`. Of two histories the later learned one counts. */
export function further(known: Cursor, learned: Cursor): Cursor {
  return perLane([known, learned], ([a, b]) => {
    if (!a || !b || b.epoch === unknownEpoch) {
      return a ?? b;
    }
    return a.epoch === b.epoch && a.sequence > b.sequence ? a : b;
  });
}

/**
 * Where a stream has to begin that serves them all. Where they are of several histories nobody here knows which one still
 * holds: then the server is made to say `reset` in that lane, and what is told twice is dropped by each.
 */
export function least(cursors: readonly Cursor[]): Cursor | null {
  if (cursors.length === 0) {
    return null;
  }
  return perLane(cursors, (places) =>
    places.reduce((least, place) => {
      if (place.epoch !== least.epoch) {
        return { epoch: unknownEpoch, sequence: 0 };
      }
      return place.sequence < least.sequence ? place : least;
    }),
  );
}

/** Everything behind `here` comes behind `there` as well, so that who has heard from `there` on lacks nothing. */
export function reaches(there: Cursor, here: Cursor): boolean {
  return (
    there.durableEpoch === here.durableEpoch &&
    there.volatileEpoch === here.volatileEpoch &&
    there.durable <= here.durable &&
    there.volatile <= here.volatile
  );
}

function perLane(cursors: readonly Cursor[], join: (places: Place[]) => Place | undefined): Cursor {
  const none = { epoch: unknownEpoch, sequence: 0 };
  const durable = join(cursors.map((one) => ({ epoch: one.durableEpoch, sequence: one.durable }))) ?? none;
  const ephemeral = join(cursors.map((one) => ({ epoch: one.volatileEpoch, sequence: one.volatile }))) ?? none;
  return {
    durableEpoch: durable.epoch,
    durable: durable.sequence,
    volatileEpoch: ephemeral.epoch,
    volatile: ephemeral.sequence,
  };
}
