// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { follow } from "#/live/live";
import type { LiveEvent } from "#/live/types";

/** What the server says of itself once a second: the data of topic `howl:stats`. */
export interface Sample {
  /** ms since 1970 on the server's clock. */
  time: number;
  uptimeSeconds: number;
  connections: number;
  streams: number;
  topics: number;
  /** Totals since its start. */
  published: number;
  delivered: number;
}

/** A minute of samples. */
const samplesMax = 60;

interface Store {
  samples: readonly Sample[];
}

export const useStats = create<Store>()(() => ({ samples: [] }));

export function sampleOf(event: Pick<LiveEvent, "data" | "time">): Sample {
  return { ...(JSON.parse(event.data) as Sample), time: event.time };
}

/** A restart begins a new history: totals that fall are not a rate. */
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
      useStats.setState(({ samples }) => ({ samples: events.map(sampleOf).reduce(withSample, samples) })),
  });
}
