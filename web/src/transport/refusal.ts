// SPDX-License-Identifier: Apache-2.0

/** An answer that is neither a stream nor an upgrade. */
export interface Refusal {
  /** The server's stable code, or `http_<status>` of somebody between. */
  code: string;
  /** Asking again would bring the same. */
  forGood: boolean;
  /** ms; 0: nothing said. */
  retryAfter: number;
}

// "Too early" answers among the 4xx: request timeout, too early, too many requests (RFC 9110, RFC 8470, RFC 6585). And the
// one that a WebSocket's path gives to who asks without an upgrade, where all is well.
const passing = new Set([408, 425, 426, 429]);

/** Asks once more, for the answer's status and code. Null: it is a stream now, or there is no answer at all. */
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
    return null; // No network is a loss like any other; the machine tries again.
  } finally {
    stop.abort(); // A stream would never end by itself.
  }
}

async function readRefusal(answer: Response): Promise<Refusal> {
  const problem: unknown = await answer.json().catch(() => null);
  const code = problem && typeof problem === "object" && "code" in problem ? String(problem.code) : "";
  const seconds = Number(answer.headers.get("Retry-After") ?? 0);
  return {
    code: code || `http_${answer.status}`,
    forGood: answer.status >= 400 && answer.status < 500 && !passing.has(answer.status),
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : 0,
  };
}
