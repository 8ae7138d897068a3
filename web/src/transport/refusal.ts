// SPDX-License-Identifier: Apache-2.0
import { problem } from "#/contract/problem";
import { readText } from "#/contract/readText";

/** A response that is neither an event stream nor an upgrade. */
export interface Refusal {
  /** The server's stable code, or `http_<status>` of an intermediary. */
  code: string;
  /** The same request would get the same answer. */
  forGood: boolean;
  /** ms; 0: not sent. */
  retryAfter: number;
}

// The 4xx that may pass: request timeout, too early, too many requests (RFC 9110, RFC 8470, RFC 6585). And 426, which a
// WebSocket's path answers to a request without an upgrade, where nothing is wrong.
const transient = new Set([408, 425, 426, 429]);

/** Requests the URL once more, for the status and code of the answer. Null: it is a stream now, or there is no answer. */
export async function refusalOf(url: string, signal: AbortSignal): Promise<Refusal | null> {
  const stop = new AbortController();
  try {
    const answer = await fetch(url, {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      signal: AbortSignal.any([signal, stop.signal]),
    });
    return answer.ok ? null : await readRefusal(answer);
  } catch {
    return null; // No network is a loss like any other; the reconnect policy retries.
  } finally {
    stop.abort(); // A stream would never end by itself.
  }
}

/**
 * Why a WebSocket was refused. The handshake checks the page's Origin; a same-origin GET has none, so it would not show a refused
 * one. An OPTIONS request has it, and an allowed Origin is named in the answer (`Access-Control-Allow-Origin`).
 */
export async function socketRefusalOf(url: string, signal: AbortSignal): Promise<Refusal | null> {
  return (await originRefusalOf(url, signal)) ?? refusalOf(url, signal);
}

async function originRefusalOf(url: string, signal: AbortSignal): Promise<Refusal | null> {
  try {
    const answer = await fetch(url, { method: "OPTIONS", cache: "no-store", signal });
    const { headers, ok } = answer;
    // A proxy that answers OPTIONS itself does not show what is allowed here.
    const isRefused = ok && headers.has("Allow") && !headers.has("Access-Control-Allow-Origin");
    return isRefused ? { code: "origin_refused", forGood: true, retryAfter: 0 } : null;
  } catch {
    return null;
  }
}

async function readRefusal(answer: Response): Promise<Refusal> {
  const parsed = readText(problem, await answer.text().catch(() => ""));
  const seconds = Number(answer.headers.get("Retry-After") ?? 0);
  return {
    code: parsed?.code || `http_${answer.status}`,
    forGood: answer.status >= 400 && answer.status < 500 && !transient.has(answer.status),
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : 0,
  };
}
