// SPDX-License-Identifier: Apache-2.0
import type { Reports } from "./reduce";
import type { Status } from "./status";

/** A move that was asked for here, laid over what the server has confirmed. */
export interface Asked {
  to: Status;
  /** The report's version when it was asked: a higher one is the answer, whoever made it. */
  version: number;
  /** Why it did not come about; null while we wait. */
  failure: Failure | null;
}

export interface Failure {
  code: string;
  /** The server's own words. */
  detail: string;
}

/** By report. Kept apart from the reports: a new picture never erases it, and taking it back is dropping it. */
export type AllAsked = ReadonlyMap<string, Asked>;

/** What is still open once the reports are as they are now. */
export function stillAsked(asked: AllAsked, reports: Reports): AllAsked {
  const open = [...asked].filter(([id, { version }]) => reports.get(id)?.version === version);
  return open.length === asked.size ? asked : new Map(open);
}

export function withAsked(asked: AllAsked, id: string, one: Asked): AllAsked {
  return new Map(asked).set(id, one);
}

export function withFailure(asked: AllAsked, id: string, failure: Failure): AllAsked {
  const one = asked.get(id);
  // Where it is gone, the report has moved on meanwhile: there is nothing left to explain.
  return one ? withAsked(asked, id, { ...one, failure }) : asked;
}
