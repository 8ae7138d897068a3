// SPDX-License-Identifier: Apache-2.0
// The demo's script for its users, with the demo's very request; what it does with the real server
// is in demo_readme.test.ts.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateReportStatus } from '../harness/status_script.ts';

/** What came, and what the next one is answered with. */
let requests: { line: string; type: string | undefined; body: string }[] = [];
let answer: { status: number; headers?: Record<string, string>; body?: string };
let server: Server;
let url: string;

async function bodyOf(request: IncomingMessage): Promise<string> {
    let body = '';
    for await (const chunk of request) {
        body += chunk;
    }
    return body;
}

beforeAll(async () => {
    server = createServer(async (request, reply) => {
        const line = `${request.method} ${request.url}`;
        const body = await bodyOf(request);
        requests.push({ line, type: request.headers['content-type'], body });
        reply.writeHead(answer.status, answer.headers).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('update_report_status.sh', () => {
    test("sends the demo's request, says so, and nothing more when it is taken", async () => {
        requests = [];
        answer = { status: 202 };
        expect(await updateReportStatus(url, 'user-1', 'report-1', 'queued')).toEqual({
            code: 0,
            out: 'sending: {"id":"report-1", "status":"queued"}\n',
            err: '',
        });
        expect(requests).toEqual([
            {
                line: 'PUT /v4/report?user_id=user-1',
                type: 'application/json',
                body: '{"id":"report-1", "status":"queued"}',
            },
        ]);
    });

    test.each([['applied'], ['queued']])('is content with a move that is %s', async (fate) => {
        answer = { status: 202, headers: { 'howl-move': fate } };
        expect(await updateReportStatus(url, 'u', 'r', 'queued')).toMatchObject({
            code: 0,
            err: '',
        });
    });

    test('shows that a move was refused', async () => {
        answer = { status: 202, headers: { 'howl-move': 'refused; reason=illegal_state' } };
        expect(await updateReportStatus(url, 'u', 'r', 'completed')).toMatchObject({
            code: 1,
            err: 'Howl-Move: refused; reason=illegal_state\n',
        });
    });

    test('shows any other answer', async () => {
        answer = { status: 503, body: 'Later.' };
        expect(await updateReportStatus(url, 'u', 'r', 'queued')).toMatchObject({
            code: 1,
            err: 'update_report_status.sh: 503 Later.\n',
        });
    });

    test('says who would answer where nobody does', async () => {
        const { code, err } = await updateReportStatus('http://127.0.0.1:1', 'u', 'r', 'queued');
        expect(code).toBe(1);
        expect(err).toContain('nobody answers at http://127.0.0.1:1');
        expect(err).toContain('howl serve --compat');
        expect(err).toContain('HOWL_URL');
    });

    test.each([[[]], [['u']], [['u', 'r']], [['u', 'r', 'queued', 'now']]])(
        'with the words %j explains itself',
        async (words) => {
            const { code, out, err } = await updateReportStatus(url, ...words);
            expect([code, out]).toEqual([2, '']);
            expect(err).toContain('usage: update_report_status.sh USER_ID REPORT_ID NEW_STATUS');
        },
    );
});
