// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { ApiError } from "#/api/http";

/** The server says codes (src/base/errors.def), people read these. */
const words: Record<string, MessageDescriptor> = {
  unreachable: msg`The server did not answer. Check the connection and try again.`,
  not_found: msg`It is not there any more.`,
  busy: msg`Another operation is still running here. Wait until it has ended.`,
  illegal_state: msg`That is not possible in the present state.`,
  version_conflict: msg`Somebody else was faster. Look at it as it is now, then try again.`,
  limit_reached: msg`The limit is reached; nothing more can be added.`,
  rate_limited: msg`That was too fast. Wait a moment.`,
  overloaded: msg`The server is busy. Try again in a moment.`,
  storage_full: msg`The server's disk is full; nothing was stored.`,
  storage_failed: msg`The store failed; whether it was stored is unknown.`,
  broker_unavailable: msg`The broker did not confirm it; whether it arrived is unknown.`,
  message_too_big: msg`The text is too long.`,
  body_too_large: msg`The text is too long.`,
  invalid_utf8: msg`The text holds characters that cannot be sent.`,
  origin_refused: msg`The server does not take this from a page of this address.`,
  draining: msg`The server is restarting.`,
  slow: msg`This tab was too slow for the stream and was cut off.`,
};

/** What went wrong, in the person's language. Components use `useErrorWords`, so that a change of the language reaches them. */
export function describeError(error: unknown, language: Pick<typeof i18n, "_"> = i18n): string {
  const code = error instanceof ApiError ? error.code : typeof error === "string" ? error : "";
  const known = words[code];
  if (known) {
    return language._(known);
  }
  return language._(code ? msg`The server refused: ${code}` : msg`Something went wrong.`);
}

export function useErrorWords(): (error: unknown) => string {
  const { i18n: shown } = useLingui();
  return (error) => describeError(error, shown);
}
