// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { applyAnswer, applyEvents, applySnapshot, type Reports } from "./reduce";
import { hasGap, type ReportEvent } from "./report";
import { chance, eventsOf, idOf, randomLife, reportThrough, shuffled } from "./samplesForTest";

const none: Reports = new Map();

describe("events", () => {
  it("make a report with its whole history", () => {
    const states = ["pending", "queued", "processing", "failed", "pending"] as const;
    expect(applyEvents(none, eventsOf(states)).get(idOf(1))).toEqual(reportThrough(states));
  });

  it("that say nothing new change nothing", () => {
    const events = eventsOf(["pending", "queued", "canceled"]);
    const reports = applyEvents(none, events);
    expect(applyEvents(reports, events)).toBe(reports);
  });

  it("of a lower version do not take a report back", () => {
    const [created, queued] = eventsOf(["pending", "queued"]) as [ReportEvent, ReportEvent];
    const reports = applyEvents(none, [queued, created]);
    expect(reports.get(idOf(1))?.status).toBe("queued");
  });

  it("leave a gap where one between them is missing, which shows and is filled later", () => {
    const [created, queued, processing] = eventsOf(["pending", "queued", "processing"]) as ReportEvent[];
    const gappy = applyEvents(none, [created, processing] as ReportEvent[]);
    expect(gappy.get(idOf(1))).toMatchObject({ status: "processing", version: 3 });
    expect(gappy.get(idOf(1))?.history.map((move) => move?.status ?? null)).toEqual(["pending", null, "processing"]);
    expect(gappy.get(idOf(1)) && hasGap(gappy.get(idOf(1)) ?? reportThrough(["pending"]))).toBe(true);
    const full = applyEvents(gappy, [queued as ReportEvent]);
    expect(full.get(idOf(1))).toEqual(reportThrough(["pending", "queued", "processing"]));
  });

  it("in the middle of a life leave a gap before them", () => {
    const report = applyEvents(none, eventsOf(["pending", "queued", "processing"]).slice(2)).get(idOf(1));
    expect(report?.history.map((move) => move?.status ?? null)).toEqual([null, null, "processing"]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("end in the same list in any order, however often each comes (seed %i)", (seed) => {
    const random = chance(seed);
    const lives = Array.from({ length: 20 }, () => randomLife(random));
    const events = lives.flatMap((states, n) => eventsOf(states, n));
    const repeated = [...events, ...events.filter(() => random(3) === 0)];
    let reports = none;
    const mixed = shuffled(repeated, random);
    while (mixed.length > 0) {
      reports = applyEvents(reports, mixed.splice(0, 1 + random(6)));
    }
    const wanted = new Map(lives.map((states, n) => [idOf(n), reportThrough(states, n)]));
    expect(new Map([...reports].sort(([a], [b]) => a.localeCompare(b)))).toEqual(wanted);
  });

  it.each([11, 12, 13, 14])(
    "end in the same list with snapshots and answers of any age between them (seed %i)",
    (seed) => {
      const random = chance(seed);
      const lives = Array.from({ length: 12 }, () => randomLife(random));
      const log = interleaved(
        lives.map((states, n) => eventsOf(states, n)),
        random,
      );
      const listAt = (position: number) => [...applyEvents(none, log.slice(0, position)).values()];
      let reports = none;
      let position = 0;
      while (position < log.length) {
        const next = Math.min(log.length, position + random(8));
        if (random(4) === 0) {
          // A reset: events in between were lost, and a new list says how things stand.
          reports = applySnapshot(reports, listAt(next).map(withoutNulls), reports);
        } else {
          reports = applyEvents(reports, log.slice(Math.max(0, position - random(3)), next));
        }
        for (const whole of listAt(random(log.length)).filter(() => random(10) === 0)) {
          reports = applyAnswer(reports, withoutNulls(whole));
        }
        position = next;
      }
      reports = applyEvents(reports, log);
      expect(reports.size).toBe(lives.length);
      for (const [n, states] of lives.entries()) {
        expect(reports.get(idOf(n))).toEqual(reportThrough(states, n));
      }
    },
  );
});

describe("an answer", () => {
  it("overtakes the event of the same move, which is then no news", () => {
    const [, queued] = eventsOf(["pending", "queued"]) as [ReportEvent, ReportEvent];
    const reports = applyAnswer(new Map([[idOf(1), reportThrough(["pending"])]]), reportThrough(["pending", "queued"]));
    expect(reports.get(idOf(1))?.status).toBe("queued");
    expect(applyEvents(reports, [queued])).toBe(reports);
  });

  it("that is older than the summary fills its gap and changes nothing else", () => {
    const events = eventsOf(["pending", "queued", "processing", "completed"]);
    const gappy = applyEvents(none, [events[0], events[3]] as ReportEvent[]);
    const filled = applyAnswer(gappy, reportThrough(["pending", "queued", "processing"]));
    expect(filled.get(idOf(1))).toEqual(reportThrough(["pending", "queued", "processing", "completed"]));
  });

  it("about a report whose first moves nobody kept leaves no gap", () => {
    const whole = { ...reportThrough(["queued"]), version: 7, attempt: 2 };
    const reports = applyAnswer(none, whole);
    const event = { ...whole, version: 8, status: "processing", move: { ...whole.history[0], status: "processing" } };
    const report = applyEvents(reports, [event as ReportEvent]).get(idOf(1));
    expect(report?.history.map((move) => move?.status)).toEqual(["queued", "processing"]);
  });
});

describe("a snapshot", () => {
  const before: Reports = new Map([
    [idOf(1), reportThrough(["pending"], 1)],
    [idOf(2), reportThrough(["pending"], 2)],
  ]);

  it("takes away what the server has forgotten", () => {
    expect([...applySnapshot(before, [reportThrough(["pending"], 2)], before).keys()]).toEqual([idOf(2)]);
  });

  it("takes a report back where the server lost moves", () => {
    const ahead: Reports = new Map([[idOf(1), reportThrough(["pending", "queued"], 1)]]);
    expect(applySnapshot(ahead, [reportThrough(["pending"], 1)], ahead).get(idOf(1))?.status).toBe("pending");
  });

  it("leaves what was created or moved here while it was on its way", () => {
    const moved = applyAnswer(before, reportThrough(["pending", "canceled"], 1));
    const created = applyAnswer(moved, reportThrough(["pending"], 3));
    const list = [reportThrough(["pending"], 1), reportThrough(["pending"], 2)];
    const reports = applySnapshot(created, list, before);
    expect(reports.get(idOf(1))?.status).toBe("canceled");
    expect([...reports.keys()].sort()).toEqual([idOf(1), idOf(2), idOf(3)]);
  });
});

/** One log, in which each report's events stand in order, as on the server. */
function interleaved(lives: ReportEvent[][], random: (below: number) => number): ReportEvent[] {
  const left = lives.map((events) => [...events]);
  return shuffled(
    lives.flatMap((events, n) => events.map(() => n)),
    random,
  ).flatMap((n) => left[n]?.shift() ?? []);
}

function withoutNulls(report: ReturnType<Reports["get"]> & object) {
  return { ...report, history: report.history.filter((move) => move !== null) };
}
