// SPDX-License-Identifier: Apache-2.0
import type { Farewell } from "./machine";

/** What a closed WebSocket means: to come back, or why not. */
export type Closing = { again: true; farewell: Farewell } | { again: false; reason: string };

/** RFC 6455 section 7.4.1, and the registry that it founded for 1012 and 1013. */
const policyViolation = 1008;
const serviceRestart = 1012;
const tryAgainLater = 1013;
/** Private use: an application closes with these. */
const applicationCodes = 4000;

/** A server that is too busy, or found us too slow, is left alone for this, in ms. */
const busyTime = 2000;

// Refusals of a moment, which the server (src/base/errors.def) closes with 1008 all the same.
const passing = new Set(["rate_limited", "busy", "version_conflict", "message_timeout"]);

export function meaningOf(code: number, text: string): Closing {
  const reason = /^[a-z][a-z_]*(?=:|$)/.exec(text)?.[0] ?? `closed_${code}`;
  if ((code === policyViolation || code >= applicationCodes) && !passing.has(reason)) {
    return { again: false, reason };
  }
  if (code === serviceRestart) {
    return { again: true, farewell: { restarting: true } };
  }
  return { again: true, farewell: code === tryAgainLater ? { notBefore: busyTime } : {} };
}
