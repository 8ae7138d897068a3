// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { readAnswer, request } from "#/api/http";
import { reads } from "#/contract/reads";
import type { Answers } from "#/contract/shapes";
import { newKey } from "#/transport/newKey";

const receipt = reads<Answers["sendMessage"]>()(v.object({ offset: v.number(), sessions: v.number() }));

export type Receipt = v.InferOutput<typeof receipt>;

/** The server's limit of a message, in bytes. */
export const longestText = 65_536;

/** A message to send; a retry has the same key, so that it is not stored twice. */
export interface Submission {
  readonly user: string;
  readonly text: string;
  readonly key: string;
}

/** The submission for the form's content: the failed one again, where the content is the same. */
export function submissionFor(user: string, text: string, failed: Submission | null): Submission {
  return failed?.user === user && failed.text === text ? failed : { user, text, key: newKey() };
}

export async function send({ user, text, key }: Submission): Promise<Receipt> {
  const path = `/api/inbox/${encodeURIComponent(user)}/messages`;
  const response = await request(path, { method: "POST", text, idempotencyKey: key });
  return readAnswer(response, receipt);
}
