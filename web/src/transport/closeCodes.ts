// SPDX-License-Identifier: Apache-2.0
import { transientRefusals } from "#/contract/errorCodes";
import type { RetryHint } from "./reconnectPolicy";

/** What a close code means: reconnect, or why not. */
export type CloseOutcome = { retry: true; hint: RetryHint } | { retry: false; reason: string };

/** RFC 6455 section 7.4.1, and the registry that it founded for 1012 and 1013. */
const policyViolation = 1008;
const serviceRestart = 1012;
const tryAgainLater = 1013;
/** Private use: an application closes with these. */
const applicationCodes = 4000;

/** Delay before reconnecting to a server that is too busy or found this client too slow, in ms. */
const busyDelay = 2000;

const transient = new Set<string>(transientRefusals);

export function outcomeOf(code: number, text: string): CloseOutcome {
  const reason = /^[a-z][a-z_]*(?=:|$)/.exec(text)?.[0] ?? `closed_${code}`;
  if ((code === policyViolation || code >= applicationCodes) && !transient.has(reason)) {
    return { retry: false, reason };
  }
  if (code === serviceRestart) {
    return { retry: true, hint: { restarting: true } };
  }
  return { retry: true, hint: code === tryAgainLater ? { notBefore: busyDelay } : {} };
}
