// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { create } from "zustand";
import { reads } from "#/contract/reads";
import { readText } from "#/contract/readText";
import type { Stats } from "#/contract/shapes";
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";

/** The server's statistics, published once a second: the data of topic `howl:stats`. */
const stats = reads<Stats>()(
  v.object({
    uptimeSeconds: v.number(),
    connections: v.number(),
    streams: v.number(),
    topics: v.number(),
    // Totals since its start.
    published: v.number(),
    delivered: v.number(),
  }),
);

export interface Sample extends v.InferOutput<typeof stats> {
  /** ms since 1970 on the server's clock. */
  time: number;
}

/** A minute of samples. */
const samplesMax = 60;

interface Store {
  samples: readonly Sample[];
}

export const useStats = create<Store>()(() => ({ samples: [] }));

/** Null for what cannot be read. */
export function sampleOf({ data, time }: Pick<LiveEvent, "data" | "time">): Sample | null {
  const parsed = readText(stats, data);
  return parsed && { ...parsed, time };
}

/** A restart of the server starts a new series: falling totals have no rate. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last && next.time <= last.time) {
    return samples;
  }
  return last && next.uptimeSeconds < last.uptimeSeconds ? [next] : [...samples.slice(1 - samplesMax), next];
}

/** Growth of a total per second, one value between each two samples. */
export function ratesOf(samples: readonly Sample[], total: "published" | "delivered"): number[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] as Sample;
    return ((sample[total] - before[total]) * 1000) / (sample.time - before.time);
  });
}

export function followStats(): () => void {
  return follow({
    topic: "howl:stats",
    onEvents: (events) =>
      useStats.setState(({ samples }) => ({
        samples: events.flatMap((event) => sampleOf(event) ?? []).reduce(withSample, samples),
      })),
  });
}
