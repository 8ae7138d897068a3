// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { problem } from "#/contract/problem";
import { readText } from "#/contract/readText";
import { requestTimeout, trackRequest } from "#/live/requestTracking";

/**
 * What only this side can say: no answer came; one came that is none of this server's version; it refused without a code.
 */
export type OwnCode = "unreachable" | "unreadable" | "unknown";

/** A refusal, with the server's stable code (docs/API.md, "Errors"), or with one of our own. */
export class ApiError extends Error {
  constructor(
    /** An `ErrorCode`, an `OwnCode`, or what a newer server says. */
    readonly code: string,
    readonly status: number,
    /** The server's own words, for "Details"; what a person reads is made from the code. */
    readonly detail: string,
  ) {
    super(`${code} (${status}): ${detail}`);
  }
}

/** No answer, or one that says "try again": the same request may be sent once more with the same key. */
export function isUnsettled(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export interface ApiRequest {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  json?: unknown;
  text?: string;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

export async function request(path: string, { method = "GET", json, text, idempotencyKey, signal }: ApiRequest = {}) {
  const headers = new Headers();
  if (json !== undefined) {
    headers.set("Content-Type", "application/json");
  } else if (text !== undefined) {
    headers.set("Content-Type", "text/plain; charset=utf-8");
  }
  if (idempotencyKey) {
    headers.set("Idempotency-Key", idempotencyKey);
  }
  const limit = AbortSignal.timeout(requestTimeout);
  const question = trackRequest();
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: json === undefined ? (text ?? null) : JSON.stringify(json),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    question.answered();
  } catch (error) {
    if (signal?.aborted) {
      question.aborted();
      throw signal.reason;
    }
    question.failed();
    throw new ApiError("unreachable", 0, String(error));
  }
  if (!response.ok) {
    throw await refusalOf(response);
  }
  return response;
}

async function refusalOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const parsed = readText(problem, text);
  return parsed
    ? new ApiError(parsed.code, response.status, parsed.detail ?? parsed.title)
    : new ApiError("unknown", response.status, text.slice(0, 500));
}

/** The JSON of an answer, as `schema` reads it. Where it is something else, nobody knows what the server did. */
export async function readAnswer<Schema extends v.GenericSchema>(
  response: Response,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  try {
    return v.parse(schema, await response.json());
  } catch (error) {
    throw new ApiError("unreadable", 0, String(error));
  }
}
