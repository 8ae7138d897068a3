// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { ratesOf, type Sample, sampleOf, withSample } from "./stats";

function sample(second: number, published: number): Sample {
  return { time: second * 1000, uptimeSeconds: second, connections: 1, streams: 1, topics: 1, published, delivered: 0 };
}

describe("the server's figures", () => {
  it("are read from an event, with its time", () => {
    const data =
      '{"time":"2026-11-21T22:00:00.000Z","uptimeSeconds":5,"connections":2,"streams":1,"topics":3,"published":4,"delivered":9}';
    expect(sampleOf({ data, time: 1000 })).toEqual({
      time: 1000,
      uptimeSeconds: 5,
      connections: 2,
      streams: 1,
      topics: 3,
      published: 4,
      delivered: 9,
    });
  });

  it("are left out where they cannot be read", () => {
    expect(["{", "{}", '{"uptimeSeconds":"5"}'].map((data) => sampleOf({ data, time: 1000 }))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("give the growth per second between samples, also where one is missing", () => {
    const samples = [sample(1, 10), sample(2, 30), sample(4, 50)];
    expect(ratesOf(samples, "published")).toEqual([20, 10]);
  });

  it("start over after a restart, whose totals start at zero", () => {
    expect(
      [sample(100, 900), sample(101, 950), { ...sample(103, 2), uptimeSeconds: 1 }].reduce(
        withSample,
        [] as readonly Sample[],
      ),
    ).toHaveLength(1);
  });

  it("keep a minute, and nothing twice", () => {
    let samples: readonly Sample[] = [];
    for (let second = 1; second <= 100; second++) {
      samples = withSample(withSample(samples, sample(second, second)), sample(second, second));
    }
    expect(samples).toHaveLength(60);
    expect(samples[0]?.time).toBe(41_000);
  });
});
