// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type PendingMoves, stillPending, withFailure, withPending } from "./pendingMoves";
import type { Reports } from "./reduce";
import { idOf, reportThrough } from "./samplesForTest";

const pending: Reports = new Map([[idOf(1), reportThrough(["pending"])]]);
const none: PendingMoves = new Map();
const asked = withPending(none, idOf(1), { to: "canceled", version: 1, failure: null });
const failure = { code: "unreachable", detail: "" };

describe("a move that was asked for", () => {
  it("stays pending while the version of the report is unchanged", () => {
    expect(stillPending(asked, pending)).toBe(asked);
  });

  it("is settled by any later move, also another than the one asked for", () => {
    expect(stillPending(asked, new Map([[idOf(1), reportThrough(["pending", "queued"])]])).size).toBe(0);
  });

  it("is settled when the report is gone", () => {
    expect(stillPending(asked, new Map()).size).toBe(0);
  });

  it("keeps its failure until the report moves", () => {
    expect(withFailure(asked, idOf(1), failure).get(idOf(1))?.failure).toEqual(failure);
  });

  it("that is settled already has no failure any more", () => {
    expect(withFailure(none, idOf(1), failure)).toBe(none);
  });
});
