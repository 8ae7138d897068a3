// SPDX-License-Identifier: Apache-2.0

/** A refusal, with the server's stable code (docs/API.md, "Errors"), or `unreachable` where no answer came. */
export class ApiError extends Error {
  constructor(
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

/** How long an answer may take, in ms. */
export const answerTime = 10_000;

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
  const limit = AbortSignal.timeout(answerTime);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: json === undefined ? (text ?? null) : JSON.stringify(json),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new ApiError("unreachable", 0, String(error));
  }
  if (!response.ok) {
    throw await refusalOf(response);
  }
  return response;
}

async function refusalOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; title?: string };
    return new ApiError(problem.code ?? "unknown", response.status, problem.detail ?? problem.title ?? "");
  } catch {
    return new ApiError("unknown", response.status, text.slice(0, 500));
  }
}
