// SPDX-License-Identifier: Apache-2.0
// What the cloud dashboard's API refuses: each reason with its status and code, and none of it
// leaves a trace.
import { beforeAll, describe, expect, test } from 'vitest';
import {
    accepted,
    askCreate,
    askRemove,
    askState,
    command,
    kEvents,
    kInstances,
    kUnknownId,
    list,
    made,
    settled,
    toldSoFar,
} from '../harness/cloud.ts';
import { rawRequest } from '../harness/raw.ts';
import { useServer, withServer } from '../harness/server.ts';
import { briskCloud, slowCloud, smallCloud } from '../harness/settings.ts';
import { expectProblem, type Reply, request } from '../harness/verbs.ts';

const server = useServer({ config: briskCloud });
const ids = { stopped: '', running: '' };
beforeAll(async () => {
    ids.stopped = await made(server);
    ids.running = await made(server, 'running');
});

/** {stopped} and {running} stand for instances that are there. */
const filled = (path: string) =>
    path.replace('{stopped}', ids.stopped).replace('{running}', ids.running);

const unknown = `${kInstances}/${kUnknownId}`;

/** Everything that a command could have changed. */
const trace = async () => [(await list(server)).instances, (await toldSoFar(server)).length];

const refusals: Array<[string, string, unknown, number, string]> = [
    ['GET', unknown, undefined, 404, 'not_found'],
    ['GET', `${kInstances}/no-uuid`, undefined, 404, 'not_found'],
    ['GET', `${kInstances}/{stopped}/more`, undefined, 404, 'not_found'],
    ['GET', `${kInstances}/${'x'.repeat(4_000)}`, undefined, 404, 'not_found'],
    ['GET', '/api/cloud', undefined, 404, 'not_found'],
    ['GET', '/api/cloud/nothing', undefined, 404, 'not_found'],
    ['PATCH', unknown, { state: 'running' }, 404, 'not_found'],
    ['DELETE', unknown, undefined, 404, 'not_found'],
    ['DELETE', `${kInstances}/%F0%9F%90%BA`, undefined, 404, 'not_found'],
    ['PUT', kInstances, {}, 405, 'method_not_allowed'],
    ['DELETE', kInstances, undefined, 405, 'method_not_allowed'],
    ['POST', `${kInstances}/{stopped}`, {}, 405, 'method_not_allowed'],
    ['POST', kEvents, {}, 405, 'method_not_allowed'],
    ['PATCH', `${kInstances}/{running}`, { state: 'running' }, 409, 'illegal_state'],
    ['PATCH', `${kInstances}/{stopped}`, { state: 'stopped' }, 409, 'illegal_state'],
    ['POST', kInstances, '{', 400, 'invalid_json'],
    ['POST', kInstances, '{"name":"web-1"', 400, 'invalid_json'],
    ['POST', kInstances, '{"name":"web-1"}x', 400, 'invalid_json'],
    ['POST', kInstances, "{'name':'web-1'}", 400, 'invalid_json'],
    ['POST', kInstances, 'name=web-1', 400, 'invalid_json'],
    ['POST', kInstances, '['.repeat(100_000), 400, 'invalid_json'],
    ['POST', kInstances, [], 400, 'bad_request'],
    ['POST', kInstances, 'null', 400, 'bad_request'],
    ['POST', kInstances, '5', 400, 'bad_request'],
    ['POST', kInstances, '"web-1"', 400, 'bad_request'],
    ['POST', kInstances, { name: 5 }, 400, 'bad_request'],
    ['POST', kInstances, { name: ['web-1'] }, 400, 'bad_request'],
    ['POST', kInstances, { name: 'n'.repeat(65) }, 400, 'bad_request'],
    ['POST', kInstances, { name: 'ж'.repeat(33) }, 400, 'bad_request'],
    ['POST', kInstances, { name: 'a\nb' }, 400, 'bad_request'],
    ['POST', kInstances, { name: 'a\u0000b' }, 400, 'bad_request'],
    ['POST', kInstances, { name: 'a\u007fb' }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, '{"state":', 400, 'invalid_json'],
    ['PATCH', `${kInstances}/{stopped}`, {}, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, [], 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { state: 'paused' }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { state: 'Running' }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { state: '' }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { state: true }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { state: null }, 400, 'bad_request'],
    ['PATCH', `${kInstances}/{stopped}`, { State: 'running' }, 400, 'bad_request'],
    ['GET', `${kEvents}?lastEventId=garbage`, undefined, 400, 'invalid_cursor'],
];

describe('a request', () => {
    for (const [method, path, body, status, code] of refusals) {
        const words = JSON.stringify(body)?.slice(0, 40) ?? 'nothing';
        test(`${method} ${path.slice(0, 60)} with ${words} is ${status} ${code}`, async () => {
            const before = await trace();
            expectProblem(await command(server, method, filled(path), body), status, code);
            expect(await trace()).toEqual(before);
        });
    }

    test('with a body that is not UTF-8 is refused', async () => {
        const body = Buffer.from('{"name":"\xff"}', 'latin1');
        const reply = await request(server, 'POST', kInstances, { body });
        expect([reply.status, ['invalid_json', 'invalid_utf8'].includes(reply.json.code)]).toEqual([
            400,
            true,
        ]);
    });

    test('with a body over 1 MiB is refused before it is sent', async () => {
        const length = { 'Content-Length': '1048577' };
        const { status, body } = await rawRequest(server, `POST ${kInstances}`, length);
        expect([status, JSON.parse(body).code]).toEqual([413, 'body_too_large']);
    });

    test('to change without a body is refused', async () => {
        const reply = await command(server, 'PATCH', `${kInstances}/${ids.stopped}`, '');
        expect(reply.status).toBe(400);
    });

    test.each(['', 'k'.repeat(65), 'a\tb', '\u00e9'])('with the key %j is refused', async (key) => {
        expectProblem(await askCreate(server, {}, key), 400, 'invalid_idempotency_key');
    });

    test.each([
        ['POST', kInstances],
        ['PATCH', `${kInstances}/{stopped}`],
        ['DELETE', `${kInstances}/{stopped}`],
    ])('%s %s of a page from elsewhere is refused', async (method, path) => {
        const before = await trace();
        const reply = await command(
            server,
            method,
            filled(path),
            { state: 'running' },
            {
                origin: 'http://evil.example',
            },
        );
        expectProblem(reply, 403, 'origin_refused');
        expect(reply.headers['access-control-allow-origin']).toBeUndefined();
        expect(await trace()).toEqual(before);
    });

    test('that is none of the methods names those that are', async () => {
        const { headers } = await command(server, 'PUT', `${kInstances}/${ids.stopped}`, {});
        expect(String(headers['allow'])).toMatch(/GET/);
        expect(String(headers['allow'])).toMatch(/PATCH/);
        expect(String(headers['allow'])).toMatch(/DELETE/);
    });
});

const expectBusy = (reply: Reply) => expectProblem(reply, 409, 'busy');

describe('while an operation runs', () => {
    test.each(['create', 'start', 'remove'])('(%s) every other one is busy', async (kind) => {
        await withServer({ config: slowCloud }, async (slow) => {
            const { id } = await accepted(askCreate(slow));
            if (kind !== 'create') {
                await settled(slow, id);
                await accepted(
                    kind === 'start' ? askState(slow, id, 'running') : askRemove(slow, id),
                );
            }
            const told = (await toldSoFar(slow)).length;
            expectBusy(await askState(slow, id, 'running'));
            expectBusy(await askState(slow, id, 'stopped'));
            expectBusy(await askRemove(slow, id));
            expect(await toldSoFar(slow)).toHaveLength(told);
        });
    });
});

describe('of many at once', () => {
    test('one starts it, the others are told why not', async () => {
        const id = await made(server);
        const asked = Array.from({ length: 20 }, () => askState(server, id, 'running'));
        const replies = await Promise.all(asked);
        const refused = replies.filter((reply) => reply.status !== 202);
        expect(refused).toHaveLength(19);
        for (const { status, json } of refused) {
            expect(status).toBe(409);
            expect(['busy', 'version_conflict']).toContain(json.code);
        }
        expect((await settled(server, id))?.state).toBe('running');
        const told = (await toldSoFar(server)).filter((notice) => notice.instance.id === id);
        expect(told.map((notice) => notice.type)).toEqual([
            'received',
            'created',
            'received',
            'started',
        ]);
    });

    test('one wins, whatever they want', async () => {
        const id = await made(server, 'running');
        const replies = await Promise.all(
            Array.from({ length: 20 }, (_, at) =>
                at % 2 === 0 ? askRemove(server, id) : askState(server, id, 'stopped'),
            ),
        );
        expect(replies.filter((reply) => reply.status === 202)).toHaveLength(1);
        expect([undefined, 'stopped']).toContain((await settled(server, id))?.state);
    });
});

describe('a cloud with room for three', () => {
    test('takes no fourth, those in the making included, until one has gone', async () => {
        await withServer({ config: smallCloud }, async (small) => {
            const first = await made(small);
            const others = await Promise.all(Array.from({ length: 9 }, () => askCreate(small)));
            const refused = others.filter((reply) => reply.status !== 202);
            expect(refused).toHaveLength(7);
            refused.forEach((reply) => expectProblem(reply, 409, 'limit_reached'));
            await accepted(askRemove(small, first));
            await settled(small, first);
            await made(small);
            expectProblem(await askCreate(small), 409, 'limit_reached');
        });
    });
});
