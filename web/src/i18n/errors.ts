// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { ApiError, type OwnCode } from "#/api/http";
import type { ErrorCode } from "#/contract/errorCodes";

const { hostname, origin } = window.location;
const isAddress = hostname === "localhost" || hostname.startsWith("[") || /^[\d.]+$/.test(hostname);

/** With the setting that lets this page in: a name that is the server's own, or an address at which it is not. */
const originRefused = isAddress
  ? msg`The server lets nobody act from a page of ${origin}. Its operator may add it to allowed_origins in the section [server] of howl.toml.`
  : msg`The server does not know ${hostname} as a name of its own, so nobody may act from here. Its operator has to add it to hosts in the section [server] of howl.toml.`;

const noAnswer = msg`The server did not answer. Check the connection and try again.`;
const tookTooLong = msg`It took too long on its way. Try again.`;
const tooLong = msg`The text is too long. Shorten it and send it again.`;
const noSuchName = msg`This name is not available. Choose another one.`;
const unknownHere = msg`The server does not know you any more. Join again.`;
const serverFault = msg`Something went wrong on the server. Try again later.`;
/** Of what a page of the server's own version never asks for. */
const versionMismatch = msg`This page and the server do not understand each other. Load the page again.`;

/**
 * What people read in place of a code: what happened, and what to do. A row of src/base/errors.def without words here is an
 * error of the type check.
 */
export const words: Record<ErrorCode | OwnCode, MessageDescriptor> = {
  unreachable: noAnswer,
  unreadable: versionMismatch,
  unknown: msg`Something went wrong, and what it was is not known. Try again later.`,

  peer_closed: noAnswer,
  not_found: msg`It is not there any more; somebody may have removed it.`,
  busy: msg`Another operation is still running here. Wait until it has ended.`,
  illegal_state: msg`That is not possible any more. Look at the present state and choose again.`,
  version_conflict: msg`Somebody else was faster. Look at it as it is now, then try again.`,
  limit_reached: msg`The limit is reached: nothing can be added here unless something else goes first.`,
  too_many_subscriptions: msg`This page follows as much as it may. Load the page again.`,
  rate_limited: msg`That was too fast. Wait a moment, then try again.`,
  overloaded: msg`The server is busy. Try again in a moment.`,
  too_many_connections: msg`The server is full. Try again later.`,
  too_many_topics: msg`There is no room for another one on the server; its operator can make some.`,
  storage_full: msg`The server's disk is full; nothing was stored. Its operator has to make room.`,
  storage_failed: msg`The store failed; whether it was stored is unknown. Look whether it is there before you try again.`,
  damaged: msg`It is damaged in the server's store; the server's operator has to mend it.`,
  read_failed: msg`The store could not be read. Try again.`,
  broker_unavailable: msg`Whether it arrived is unknown: the broker did not confirm it. Look before you try again.`,
  message_too_big: tooLong,
  body_too_large: tooLong,
  invalid_utf8: msg`The text holds characters that cannot be sent. Take them out and send it again.`,
  idempotency_conflict: msg`It was sent before, with another content. Look at what has arrived before you send it again.`,
  origin_refused: originRefused,
  misdirected: msg`The server does not answer under this address; its operator may list it in server.hosts.`,
  draining: msg`The server is restarting. Try again in a moment.`,
  slow: msg`This tab could not keep up with the stream and was cut off. Load the page again.`,
  request_timeout: tookTooLong,
  message_timeout: tookTooLong,
  peer_timeout: tookTooLong,
  name_taken: noSuchName,
  name_invalid: noSuchName,
  name_reserved: noSuchName,
  name_confusable: noSuchName,
  unknown_token: unknownHere,
  not_registered: unknownHere,
  internal: serverFault,
  system: serverFault,
  invalid_config: serverFault,
  headers_too_large: msg`The browser sends too much with every request. Delete the cookies of this address and load the page again.`,
  upgrade_required: msg`Something between this page and the server lets no live connection through. Its operator has to pass WebSocket on.`,

  bad_request: versionMismatch,
  ambiguous_framing: versionMismatch,
  target_too_long: versionMismatch,
  expectation_failed: versionMismatch,
  http_version_not_supported: versionMismatch,
  method_not_allowed: versionMismatch,
  invalid_topic: versionMismatch,
  invalid_pattern: versionMismatch,
  too_many_patterns: versionMismatch,
  pattern_too_wide: versionMismatch,
  topic_reserved: versionMismatch,
  topics_not_listed: versionMismatch,
  invalid_event_type: versionMismatch,
  invalid_content_type: versionMismatch,
  invalid_cursor: versionMismatch,
  invalid_query: versionMismatch,
  invalid_idempotency_key: versionMismatch,
  invalid_json: versionMismatch,
  protocol_error: versionMismatch,
  too_many_fragments: versionMismatch,
  unsupported_data: versionMismatch,
};
/** A newer server may have codes that are not there. */
const wordsOf = new Map<string, MessageDescriptor>(Object.entries(words));

/** For a status of somebody between (`http_502`), the end of a socket without a reason (`closed_1008`), a newer server's code. */
function wordsForUnknown(code: string): MessageDescriptor {
  const [, kind, number = ""] = /^(http|closed)_(\d+)$/.exec(code) ?? [];
  switch (kind) {
    case "http":
      return msg`Something between this page and the server refused it (${number}). Try again later.`;
    case "closed":
      return msg`The server ended the connection (${number}). Load the page again.`;
    default:
      return msg`The server refused: ${code}`;
  }
}

/** What went wrong, in the person's language. Components use `useErrorWords`, so that a change of the language reaches them. */
export function describeError(error: unknown, language: Pick<typeof i18n, "_"> = i18n): string {
  const code = error instanceof ApiError ? error.code : typeof error === "string" ? error : "";
  const known = wordsOf.get(code);
  if (known) {
    return language._(known);
  }
  return language._(code ? wordsForUnknown(code) : msg`Something went wrong.`);
}

export function useErrorWords(): (error: unknown) => string {
  const { i18n: shown } = useLingui();
  return (error) => describeError(error, shown);
}
