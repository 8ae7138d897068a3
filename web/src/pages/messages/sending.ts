// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { request } from "#/api/http";
import { newKey } from "#/transport/newKey";

const receipt = v.object({ offset: v.number(), sessions: v.number() });

export type Receipt = v.InferOutput<typeof receipt>;

/** The server's limit of a message, in bytes. */
export const longestText = 65_536;

/** One thing to send; tried again it is the same one, so nothing is stored twice. */
export interface Letter {
  readonly user: string;
  readonly text: string;
  readonly key: string;
}

/** The letter for what the form holds now: the one that failed, where it says the same. */
export function letterFor(user: string, text: string, failed: Letter | null): Letter {
  return failed?.user === user && failed.text === text ? failed : { user, text, key: newKey() };
}

export async function send({ user, text, key }: Letter): Promise<Receipt> {
  const path = `/api/inbox/${encodeURIComponent(user)}/messages`;
  const response = await request(path, { method: "POST", text, idempotencyKey: key });
  return v.parse(receipt, await response.json());
}
