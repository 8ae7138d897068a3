// SPDX-License-Identifier: Apache-2.0
// The door `cloud-toggle` over HTTP, byte for byte as its server was recorded (protocols
// sections 3.1 and 3.5), in the place where they look for it: at `/`.
import { describe, expect, test } from 'vitest';
import {
    accepted,
    askState,
    find,
    kUnknownId,
    list,
    made,
    settled,
    settledList,
} from '../harness/cloud.ts';
import { create, kMissing, kOk } from '../harness/cloud_toggle.ts';
import { rawRequest } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import { briskCloud, originalPlace } from '../harness/settings.ts';
import { type Address, request } from '../harness/verbs.ts';

const server = useServer({
    config: briskCloud + originalPlace('cloud-toggle'),
    listeners: 'config',
});
const place = (): Address => server.listener(1);

describe('over HTTP', () => {
    test('GET lists what there is, without a time', async () => {
        const id = await create(server);
        await accepted(askState(server, await made(server), 'running'));
        const shown = (await settledList(server)).map(({ id, state }) => ({ id, state }));
        const reply = await rawRequest(place(), 'GET /');
        expect(reply.status).toBe(200);
        expect(reply.body).toBe(JSON.stringify({ data: shown }));
        expect(reply.body).toContain(`{"id":"${id}","state":"stopped"}`);
        expect(reply.head).toMatch(/^Content-Type: application\/json; charset=utf-8\r$/m);
        expect(reply.head).toMatch(/^Access-Control-Allow-Origin: \*\r$/m);
    });

    test('GET says 304 to a client that has it, until something changes', async () => {
        const { headers } = await request(place(), 'GET', '/');
        const etag = String(headers['etag']);
        expect(etag).toMatch(/^W\/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$/);
        const again = () => request(place(), 'GET', '/', { headers: { 'if-none-match': etag } });
        const same = await again();
        expect([same.status, same.text, same.headers['etag']]).toEqual([304, '', etag]);
        await create(server);
        expect((await again()).status).toBe(200);
    });

    test('POST is answered at once, and the instance is there after its time', async () => {
        const reply = await rawRequest(place(), 'POST /');
        expect([reply.status, reply.body]).toEqual([201, kOk]);
        expect(reply.head).toMatch(/^HTTP\/1\.1 201 Created\r$/m);
        expect(reply.head).toMatch(/^Content-Type: application\/json; charset=utf-8\r$/m);
        const coming = (await list(server)).instances.at(-1);
        expect(coming?.op).toMatchObject({ kind: 'create', durationMs: 200 });
        expect((await request(place(), 'GET', '/')).text).not.toContain(coming?.id);
        await settled(server, coming?.id ?? '');
        expect((await request(place(), 'GET', '/')).text).toContain(coming?.id);
    });

    test.each([undefined, 'text/plain;charset=UTF-8', 'application/json', 'x/y'])(
        'POST takes JSON as %s',
        async (type) => {
            const headers: Record<string, string> =
                type === undefined ? {} : { 'content-type': type };
            for (const body of ['{}', '[]', '{"name":"ignored"}', '']) {
                const reply = await request(place(), 'POST', '/', { headers, body });
                expect([reply.status, reply.text]).toEqual([201, kOk]);
            }
            const refused = await request(place(), 'POST', '/', { headers, body: '{"name":' });
            expect(refused.status).toBe(400);
        },
    );

    test.each([
        ['DELETE', (id: string) => `/?id=${id}`],
        ['DELETE', (id: string) => `/${id}`],
    ])('%s in either form removes at once', async (method, path) => {
        const id = await create(server);
        const reply = await rawRequest(place(), `${method} ${path(id)}`);
        expect([reply.status, reply.body]).toEqual([200, kOk]);
        expect(await find(server, id)).toBeUndefined();
        const again = await rawRequest(place(), `${method} ${path(id)}`);
        expect([again.status, again.body]).toEqual([404, kMissing]);
        expect(again.head).toMatch(/^Content-Type: application\/json; charset=utf-8\r$/m);
    });

    test.each([`/?id=${kUnknownId}`, `/${kUnknownId}`, '/?id=', '/?id=x'])(
        'DELETE %s finds no instance',
        async (path) => {
            const reply = await request(place(), 'DELETE', path);
            expect([reply.status, reply.text]).toEqual([404, kMissing]);
        },
    );

    test.each([
        ['PATCH /', 404, 'Cannot PATCH /'],
        [`PATCH /${kUnknownId}`, 404, `Cannot PATCH /${kUnknownId}`],
        ['PUT /', 404, 'Cannot PUT /'],
        ['GET /nothing', 404, 'Cannot GET /nothing'],
        ['POST /sse', 404, 'Cannot POST /sse'],
        ['POST /', 400, 'Bad Request', '{'],
        ['POST /', 400, 'Bad Request', '5'],
        ['POST /', 400, 'Bad Request', '"text"'],
        ['POST /', 400, 'Bad Request', 'null'],
        ['POST /', 413, 'Payload Too Large', `{"x":"${'x'.repeat(102_400)}"}`],
    ])('%s is a page that says %d %s', async (line, status, words, body = '') => {
        const before = (await list(server)).instances.length;
        const reply = await rawRequest(place(), line, {}, body);
        expect(reply.status).toBe(status);
        expect(reply.head).toMatch(/^Content-Type: text\/html; charset=utf-8\r$/m);
        expect(reply.head).toMatch(/^Access-Control-Allow-Origin: \*\r$/m);
        expect(reply.body).toContain(`<pre>${words}`);
        expect((await list(server)).instances).toHaveLength(before);
    });

    test('a preflight is answered as recorded', async () => {
        const asks = { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST' };
        for (const path of ['/', `/${kUnknownId}`, '/sse', '/anything']) {
            const { status, head } = await rawRequest(place(), `OPTIONS ${path}`, {
                ...asks,
                'Access-Control-Request-Headers': 'content-type, x-more',
            });
            expect(status).toBe(204);
            expect(head).toMatch(/^Access-Control-Allow-Origin: \*\r$/m);
            expect(head).toMatch(
                /^Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r$/m,
            );
            expect(head).toMatch(/^Access-Control-Allow-Headers: content-type, x-more\r$/m);
            expect(head).toMatch(/^Vary: Access-Control-Request-Headers\r$/m);
        }
    });
});
