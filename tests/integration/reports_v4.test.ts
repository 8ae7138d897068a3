// SPDX-License-Identifier: Apache-2.0
// The door /v4: what the clients of the demo are used to, byte for byte, and what goes beyond it.
import { describe, expect, test } from 'vitest';
import { kUnknownId } from '../harness/cloud.ts';
import { RawSse } from '../harness/raw_sse.ts';
import {
    createdAs,
    find,
    kMatrix,
    list,
    newUser,
    toldSoFar,
    v4Create,
    v4List,
    v4Move,
    v4StreamPath,
} from '../harness/reports.ts';
import { useServer } from '../harness/server.ts';
import { eventSource, request, sseAt } from '../harness/verbs.ts';

/** As the original let everyone in. */
const server = useServer({ config: '[reports]\nallowed_origins = ["*"]\n' });

/** A frame without its `id:` line, which no client of the original sees. */
const seen = (frame: string) => frame.replace(/^id: [A-Za-z0-9.]{1,72}\n/, '');
const v4Stream = (user: string) => RawSse.open(server, v4StreamPath(user));

describe('a move', () => {
    test.each(kMatrix)('from $from to $to: $legal', async ({ from, to, legal }) => {
        const user = newUser();
        const { id, version } = await createdAs(server, user, from);
        expect(await v4Move(server, user, id, to)).toBe(
            legal ? 'applied' : 'refused; reason=illegal_state',
        );
        expect(await v4List(server, user)).toEqual([
            { userId: user, reportId: id, reportStatus: legal ? to : from },
        ]);
        expect((await toldSoFar(server, user)).length).toBe(legal ? version + 1 : version);
    });

    test('is in the history as the user’s, through this door', async () => {
        const user = newUser();
        const { reportId } = await v4Create(server, user);
        await v4Move(server, user, reportId, 'queued');
        const report = await find(server, user, reportId);
        expect(report?.history).toMatchObject([
            { status: 'pending', by: user, via: 'v4', attempt: 1 },
            { status: 'queued', by: user, via: 'v4', attempt: 1 },
        ]);
    });

    test('of what is not there, or another user’s, is refused behind the same 202', async () => {
        const user = newUser();
        const { reportId } = await v4Create(server, newUser());
        const refused = 'refused; reason=not_found';
        expect(await v4Move(server, user, reportId, 'queued')).toBe(refused);
        expect(await v4Move(server, user, kUnknownId, 'queued')).toBe(refused);
    });

    test('that would begin the 101st attempt is refused behind the same 202', async () => {
        const user = newUser();
        const { reportId } = await v4Create(server, user);
        for (let attempt = 1; attempt < 100; attempt += 1) {
            await v4Move(server, user, reportId, 'canceled');
            await v4Move(server, user, reportId, 'pending');
        }
        await v4Move(server, user, reportId, 'canceled');
        expect(await v4Move(server, user, reportId, 'pending')).toBe(
            'refused; reason=limit_reached',
        );
    });
});

describe('the stream', () => {
    test('has the bytes of the original, behind ids', async () => {
        const user = newUser();
        const tab = await v4Stream(user);
        expect(tab.head).toMatch(/^content-type: *text\/event-stream\r$/im);
        expect(tab.head).toMatch(/^cache-control: *no-cache\r$/im);
        const { reportId } = await v4Create(server, user);
        await v4Move(server, user, reportId, 'queued');
        expect((await tab.frames(2)).map(seen)).toEqual([
            `event: report_created\ndata: {"userId":"${user}","reportId":"${reportId}","reportStatus":"pending"}\n\n`,
            `event: report_status_update\ndata: {"id":"${reportId}","status":"queued"}\n\n`,
        ]);
        tab.close();
    });

    test('reaches every tab of the user, whatever door it came through, and nobody else', async () => {
        const [anna, bob] = [newUser(), newUser()];
        const tabs = [await v4Stream(anna), await v4Stream(anna)];
        const other = await v4Stream(bob);
        const { id } = await createdAs(server, anna, 'queued');
        for (const tab of tabs) {
            const frames = await tab.frames(2);
            frames.forEach((frame) => expect(frame).toContain(id));
            tab.close();
        }
        const { reportId } = await v4Create(server, bob);
        expect(await other.frame()).toContain(reportId);
        other.close();
    });

    test('shows the page of the original what it listens to, and no more', async () => {
        const user = newUser();
        const page = await eventSource(server, v4StreamPath(user), ['report_status_update']);
        const { reportId } = await v4Create(server, user);
        await v4Move(server, user, reportId, 'canceled');
        const { type, data } = await page.next();
        expect([type, data]).toEqual([
            'report_status_update',
            `{"id":"${reportId}","status":"canceled"}`,
        ]);
        page.close();
    });

    test('goes on after a restart where the client was', async () => {
        const user = newUser();
        const first = await sseAt(server, v4StreamPath(user));
        const { reportId } = await v4Create(server, user);
        const { lastEventId } = await first.next();
        first.close();
        await v4Move(server, user, reportId, 'queued');
        await server.restart('SIGKILL');
        await v4Move(server, user, reportId, 'processing');
        const again = await sseAt(server, v4StreamPath(user), { lastEventId });
        const statuses = (await again.take(2)).map((event) => JSON.parse(event.data).status);
        expect(statuses).toEqual(['queued', 'processing']);
        again.close();
    }, 40_000);

    test("does not refuse a client that comes with another server's id", async () => {
        const user = newUser();
        const tab = await sseAt(server, v4StreamPath(user), { lastEventId: 'foreign' });
        const { reportId } = await v4Create(server, user);
        expect((await tab.next()).data).toContain(reportId);
        tab.close();
    });
});

test('the list shows what the other door made, and the other way round', async () => {
    const user = newUser();
    expect(await v4List(server, user)).toEqual([]);
    const { id } = await createdAs(server, user, 'processing');
    const made = await v4Create(server, user.toUpperCase());
    expect(made.userId).toBe(user);
    const both = [{ userId: user, reportId: id, reportStatus: 'processing' }, made];
    both.sort((one, other) => one.reportId.localeCompare(other.reportId));
    expect(await v4List(server, user)).toEqual(both);
    expect((await list(server, user)).reports.length).toBe(2);
});

describe('what the original refuses', () => {
    const user = newUser();
    const kPut = `/v4/report?user_id=${user}`;
    const json = { 'content-type': 'application/json' };
    const right = `{"id":"${kUnknownId}","status":"queued"}`;
    const put = (body: string, headers = json, path = kPut) =>
        request(server, 'PUT', path, { body, headers });
    const missing = 'Failed to deserialize query string: missing field `user_id`';
    const noJson = /^Failed to parse the request body as JSON: /;
    const otherJson = /^Failed to deserialize the JSON body into the target type: /;

    test.each([
        ['GET', '/v4/sse'],
        ['GET', '/v4/reports'],
        ['POST', '/v4/new/report'],
        ['PUT', '/v4/report'],
    ])('%s %s without a user is 400', async (method, path) => {
        const reply = await request(server, method, path);
        expect([reply.status, reply.text]).toEqual([400, missing]);
        expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    });

    test('a user that is no UUID is 400', async () => {
        const reply = await request(server, 'GET', '/v4/reports?user_id=anna');
        expect(reply.status).toBe(400);
        expect(reply.text).toMatch(/^Failed to deserialize query string: UUID parsing failed/);
    });

    test.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/x' }])(
        'a body under %j is 415',
        async (headers) => {
            const reply = await put(right, headers as typeof json);
            expect([reply.status, reply.text]).toEqual([
                415,
                'Expected request with `Content-Type: application/json`',
            ]);
        },
    );

    test.each([
        ['', 400, noJson],
        ['{"id":', 400, noJson],
        ["{'id':1}", 400, noJson],
        ['['.repeat(100_000), 400, noJson],
        ['[]', 422, otherJson],
        ['null', 422, otherJson],
        ['{}', 422, otherJson],
        ['{"id":7,"status":"queued"}', 422, otherJson],
        ['{"id":"7","status":"queued"}', 422, otherJson],
        [`{"id":"${kUnknownId}"}`, 422, otherJson],
        [`{"id":"${kUnknownId}","status":"done"}`, 422, otherJson],
        [`{"id":"${kUnknownId}","status":{"queued":true}}`, 422, otherJson],
    ])('%.40s is %d', async (body, status, words) => {
        const reply = await put(body);
        expect(reply.status, reply.text).toBe(status);
        expect(reply.text).toMatch(words);
    });

    test.each([
        [`{"x":[1],"status":"queued","id":"${kUnknownId}"}`, 'application/json'],
        [`{"id":"{${kUnknownId}}","status":"queued"}`, 'application/json; charset=utf-8'],
        [`{"id":"urn:uuid:${kUnknownId}","status":"queued"}`, 'application/problem+json'],
    ])('but not %s as %s', async (body, type) => {
        expect((await put(body, { 'content-type': type })).status).toBe(202);
    });

    test('a path or a method that there is not has no body', async () => {
        const unknown = await request(server, 'GET', '/v4/nothing');
        expect([unknown.status, unknown.text]).toEqual([404, '']);
        const wrong = await request(server, 'GET', kPut);
        expect([wrong.status, wrong.text]).toEqual([405, '']);
        expect(wrong.headers['allow']).toMatch(/PUT/);
    });
});

describe('a page of any origin', () => {
    const headers = { origin: 'http://any.example' };

    test.each([
        ['GET', '/v4/nothing', 404],
        ['GET', '/v4/reports', 400],
        ['GET', `/v4/reports?user_id=${newUser()}`, 200],
        ['POST', `/v4/new/report?user_id=${newUser()}`, 201],
        ['PUT', `/v4/report?user_id=${newUser()}`, 415],
    ])('may read the reply to %s %s', async (method, path, status) => {
        const reply = await request(server, method, path, { headers });
        expect(reply.status).toBe(status);
        expect(reply.headers['access-control-allow-origin']).toBe('*');
        expect(reply.headers['access-control-expose-headers']).toBe('*');
    });

    test('may ask for everything', async () => {
        for (const path of ['/v4/sse', '/v4/report', '/v4/anything']) {
            const reply = await request(server, 'OPTIONS', path, { headers });
            expect([reply.status, reply.text]).toEqual([200, '']);
            expect(reply.headers['access-control-allow-methods']).toBe('*');
            expect(reply.headers['access-control-allow-headers']).toBe('*');
        }
    });
});
