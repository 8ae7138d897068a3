// SPDX-License-Identifier: Apache-2.0
// The framing corpus against the running server, one connection per payload. Whatever is
// ambiguous or broken gets its status, one reply only, and the end of the connection.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { anyHost } from '../harness/settings.ts';
import { request } from '../harness/verbs.ts';

interface Payload {
    name: string;
    /** One character is one byte. */
    request: string;
    expect:
        | { accepts: true; bodies: string[]; target?: string }
        | { accepts?: false; status: number; code: string; closes: boolean };
}

const corpus = JSON.parse(
    readFileSync(new URL('framing_corpus.json', import.meta.url), 'utf8'),
) as Payload[];
const server = useServer({ config: anyHost });

/** Codes that say "I could not read this", as opposed to "I do not serve this". */
const kUnreadable = [
    'ambiguous_framing',
    'bad_request',
    'http_version_not_supported',
    'expectation_failed',
];

let pid = 0;
beforeAll(() => {
    pid = server.pid;
});
afterAll(async () => {
    console.log(`HTTP framing: ${corpus.length} payloads`);
    expect(server.pid).toBe(pid);
    expect((await request(server, 'GET', '/healthz')).status).toBe(200);
});

test('the corpus has at least 150 payloads', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(150);
});

describe.concurrent('payloads', () => {
    for (const payload of corpus) {
        test(payload.name, async () => {
            const connection = (await RawConnection.open(server)).send(payload.request);
            await ('status' in payload.expect
                ? expectRefused(connection, payload.expect)
                : expectAccepted(connection, payload.expect.bodies.length, payload.request));
            connection.close();
        });
    }
});

async function expectRefused(
    connection: RawConnection,
    wanted: { status: number; code: string; closes: boolean },
): Promise<void> {
    const reply = await lastReply(connection);
    expect({ status: reply.status, code: codeOf(reply.body) }).toEqual({
        status: wanted.status,
        code: wanted.code,
    });
    if (wanted.closes) {
        await connection.untilEnded('the server closes after a refusal');
        expect(connection.received).toBe('');
    }
}

/** The refusal is the last reply: a sound request may have stood before the broken one. */
async function lastReply(connection: RawConnection): Promise<{ status: number; body: string }> {
    let reply = await connection.reply();
    while (reply.status < 400 || !kRefusals.includes(codeOf(reply.body) ?? '')) {
        reply = await connection.reply();
    }
    return reply;
}

const kRefusals = [...kUnreadable, 'body_too_large', 'headers_too_large', 'target_too_long'];

async function expectAccepted(
    connection: RawConnection,
    requests: number,
    sent: string,
): Promise<void> {
    for (let at = 0; at < requests; at += 1) {
        const reply = await (sent.startsWith('HEAD') ? headReply(connection) : connection.reply());
        expect(kUnreadable, reply.body).not.toContain(codeOf(reply.body));
        expect(reply.status).toBeGreaterThanOrEqual(200);
    }
}

async function headReply(connection: RawConnection): Promise<{ status: number; body: string }> {
    await connection.untilReceived('\r\n\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(connection.received)?.[1]);
    return { status, body: '' };
}

function codeOf(body: string): string | undefined {
    try {
        return JSON.parse(body).code;
    } catch {
        return undefined;
    }
}
