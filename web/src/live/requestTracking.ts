// SPDX-License-Identifier: Apache-2.0
import { environment } from "#/transport/browser";
import { setUnanswered } from "./connections";
import { type PendingRequest, PendingRequests } from "./pendingRequests";

/** The timeout of a request, in ms. */
export const requestTimeout = 10_000;

const pendingRequests = new PendingRequests({
  environment,
  probe: () => void checkHealth().catch(() => undefined),
  onUnansweredSince: (since) => setUnanswered("requests", since),
});

/** Every request is tracked from start to end: the indicator shows since when one is unanswered. */
export function trackRequest(): PendingRequest {
  return pendingRequests.begin();
}

/** A small request: its duration is the round-trip time, and its answer proves that the server answers. */
export async function checkHealth(): Promise<void> {
  const pending = pendingRequests.begin();
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(requestTimeout) });
    pending.answered();
  } catch (error) {
    pending.failed();
    throw error;
  }
}
