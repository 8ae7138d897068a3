// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { arrange, countByStatus, updateRows } from "./arrange";
import { queryFrom } from "./query";
import type { Reports } from "./reduce";
import { idOf, reportThrough, start } from "./samplesForTest";
import type { Status } from "./status";

/** Reports created a minute apart, which went through these states. */
function reportsOf(...lives: readonly (readonly Status[])[]): Reports {
  return new Map(lives.map((states, i) => [idOf(i), reportThrough(states, i, start + i * 60_000)]));
}
const query = (text = "") => queryFrom(new URLSearchParams(text));
const numbers = (ids: readonly string[]) => ids.map((id) => Number.parseInt(id.slice(-4), 16));

const three = reportsOf(["pending"], ["pending", "queued", "processing", "failed"], ["pending", "queued"]);

describe("the order", () => {
  it.each([
    ["", [2, 1, 0]],
    ["sort=oldest", [0, 1, 2]],
    ["sort=changed", [2, 1, 0]],
    ["sort=status", [0, 2, 1]],
  ])("of '%s' is %s", (text, wanted) => {
    expect(numbers(arrange(three, query(text)).ids)).toEqual(wanted);
  });

  it("by the last change brings up an old report that moved", () => {
    const moved = new Map(three).set(idOf(0), {
      ...reportThrough(["pending"], 0),
      updatedAt: "2026-11-22T00:00:00.000Z",
    });
    expect(numbers(arrange(moved, query("sort=changed")).ids)).toEqual([0, 2, 1]);
  });
});

describe("the filter", () => {
  it("shows the wanted states only", () => {
    expect(numbers(arrange(three, query("status=pending,failed")).ids)).toEqual([1, 0]);
  });

  it("finds a part of an id", () => {
    expect(numbers(arrange(three, query(`q=${idOf(1).slice(-5)}`)).ids)).toEqual([1]);
  });

  it("leaves the counts alone: they are of all reports", () => {
    expect(countByStatus(three)).toEqual({
      pending: 1,
      queued: 1,
      processing: 0,
      completed: 0,
      failed: 1,
      canceled: 0,
    });
  });
});

describe("rows", () => {
  const all = query();
  const rows = arrange(three, all);
  const four = new Map(three).set(idOf(3), reportThrough(["pending"], 3, start + 999_000));

  it("come and go at once while nobody holds them", () => {
    expect(numbers(updateRows(rows, four, all, false, null).ids)).toEqual([3, 2, 1, 0]);
  });

  it("that are held let new reports wait, and count them", () => {
    const held = updateRows(rows, four, all, true, null);
    expect(numbers(held.ids)).toEqual([2, 1, 0]);
    expect(held.waiting).toBe(1);
  });

  it("that are held stay where they are when their state does not match any more", () => {
    const pending = query("status=pending");
    const held = updateRows(
      arrange(three, pending),
      new Map(three).set(idOf(0), reportThrough(["pending", "queued"], 0)),
      pending,
      true,
      null,
    );
    expect(numbers(held.ids)).toEqual([0]);
  });

  it("that are held still lose a report that is gone", () => {
    const held = updateRows(rows, new Map([...three].slice(1)), all, true, null);
    expect(numbers(held.ids)).toEqual([2, 1]);
  });

  it("that are held let in the report that was created here", () => {
    expect(numbers(updateRows(rows, four, all, true, idOf(3)).ids)).toEqual([3, 2, 1, 0]);
  });

  it("let nothing wait that does not match", () => {
    const failed = query("status=failed");
    expect(updateRows(arrange(three, failed), four, failed, true, null).waiting).toBe(0);
  });

  it("are arranged again for another query, held or not", () => {
    expect(numbers(updateRows(rows, four, query("sort=oldest"), true, null).ids)).toEqual([0, 1, 2, 3]);
  });

  it("fill an empty list at once", () => {
    expect(numbers(updateRows(arrange(new Map(), all), three, all, true, null).ids)).toEqual([2, 1, 0]);
  });

  it("are the same object while nothing moves", () => {
    expect(updateRows(rows, new Map(three), all, false, null)).toBe(rows);
    expect(updateRows(rows, new Map(three), all, true, null)).toBe(rows);
  });
});
