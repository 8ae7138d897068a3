// SPDX-License-Identifier: Apache-2.0
// The door `cloud-commands`, byte for byte as its server was recorded.
// Ours differs where such a client cannot see it: an `id:` is a position in our log, a comment is
// followed by an empty line, and what ended the original's process is refused in its own words.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectToldSince } from '../harness/clock.ts';
import {
    accepted,
    askRemove,
    find,
    kUnknownId,
    kUuid,
    list,
    made,
    settled,
    settledList,
} from '../harness/cloud.ts';
import {
    add,
    change,
    changeFrame,
    expectFrames,
    kDone,
    kDoor,
    kFailed,
    listen,
    logFrame,
    remove,
} from '../harness/cloud_commands.ts';
import { rawRequest } from '../harness/raw.ts';
import { RawSse } from '../harness/raw_sse.ts';
import { useServer } from '../harness/server.ts';
import { briskCloud } from '../harness/settings.ts';

const server = useServer({ config: briskCloud });
const kJson = 'application/json';

const ids = { stopped: '', running: '', removed: '' };
beforeAll(async () => {
    ids.stopped = await made(server);
    ids.running = await made(server, 'running');
    ids.removed = await made(server);
    await accepted(askRemove(server, ids.removed));
    await settled(server, ids.removed);
});
// What one test began must not be heard by the next.
beforeEach(() => settledList(server));

const filled = (text: string) =>
    text.replace(/\{(stopped|running|removed)\}/g, (_, name: keyof typeof ids) => ids[name]);

describe('a request', () => {
    const kChange = 'POST /instances/stateChange';
    const kStart = '{"id":"{stopped}","command":"started"}';
    const kStartUnknown = `{"id":"${kUnknownId}","command":"started"}`;
    test.each([
        ['GET /ping', kJson, '', 200, '{"status":"ok"}'],
        ['POST /instances/add', kJson, '{"command":"created"}', 200, kDone],
        ['POST /instances/add', `${kJson}; charset=utf-8`, '{"command":"created"}', 200, kDone],
        ['POST /instances/add', kJson, '{"command":"exploded"}', 501, kFailed],
        ['POST /instances/add', kJson, '{}', 501, kFailed],
        ['POST /instances/add', 'text/plain', '{"command":"created"}', 501, kFailed],
        [kChange, kJson, '{"id":"{stopped}","command":"x"}', 501, kFailed],
        [kChange, kJson, '{"id":"{stopped}"}', 501, kFailed],
        [kChange, kJson, '{"command":"started"}', 501, kFailed],
        [kChange, kJson, '{"id":5,"command":"started"}', 501, kFailed],
        [kChange, 'text/plain;charset=UTF-8', kStart, 501, kFailed],
        [kChange, 'multipart/form-data', kStart, 501, kFailed],
        ['DELETE /instances/delete/{stopped}/exploded', kJson, '', 501, kFailed],
        // Each of these ended the process of the original.
        [kChange, kJson, kStartUnknown, 501, kFailed],
        [kChange, kJson, '{"id":"no-uuid","command":"stopped"}', 501, kFailed],
        [kChange, kJson, '{"id":"{removed}","command":"started"}', 501, kFailed],
        [`DELETE /instances/delete/${kUnknownId}/removed`, kJson, '', 501, kFailed],
        ['DELETE /instances/delete/{removed}/removed', kJson, '', 501, kFailed],
        // Each of these the original took, and said things that were not so.
        [kChange, kJson, '{"id":"{stopped}","command":"stopped"}', 501, kFailed],
        [kChange, kJson, '{"id":"{running}","command":"started"}', 501, kFailed],
    ])('%s as %s with %s is %d %s', async (line, type, body, status, answer) => {
        const reply = await rawRequest(
            server,
            filled(line).replace(' /', ` ${kDoor}/`),
            { 'Content-Type': type },
            filled(body),
        );
        expect([reply.status, reply.body]).toEqual([status, answer]);
        expect(reply.head).toMatch(/^Content-Type: application\/json; charset=utf-8\r$/m);
        expect(reply.head).toMatch(/^Vary: Origin\r$/m);
        expect(reply.head).not.toMatch(/access-control/i);
    });

    test.each(['{', '{"command":"created"', 'created', '{"command":"created"}}'])(
        'with the body %s is a bad one',
        async (body) => {
            for (const path of ['add', 'stateChange']) {
                const line = `POST ${kDoor}/instances/${path}`;
                const reply = await rawRequest(server, line, { 'Content-Type': kJson }, body);
                expect([reply.status, reply.body]).toEqual([400, 'Bad Request']);
                expect(reply.head).toMatch(/^Content-Type: text\/plain(; charset=utf-8)?\r$/m);
            }
        },
    );

    test.each(['', '5', 'null', '[]', '"created"', '\xff', '['.repeat(50_000)])(
        'with a body that nobody recorded is refused too',
        async (body) => {
            const line = `POST ${kDoor}/instances/add`;
            const reply = await rawRequest(server, line, { 'Content-Type': kJson }, body);
            expect([
                [400, 'Bad Request'],
                [501, kFailed],
            ]).toContainEqual([reply.status, reply.body]);
        },
    );

    test.each(['/instances', '/nothing', '/', '/instances/delete/{stopped}', '/instances/add'])(
        'GET %s finds nothing',
        async (path) => {
            const reply = await rawRequest(server, `GET ${kDoor}${filled(path)}`);
            expect([reply.status, reply.body]).toEqual([404, 'Not Found']);
            expect(reply.head).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
        },
    );

    test('is answered at once, and done after its time', async () => {
        const before = (await list(server)).instances.length;
        expect((await add(server)).text).toBe(kDone);
        const { instances } = await list(server);
        expect(instances).toHaveLength(before + 1);
        expect(instances.at(-1)?.op).toMatchObject({ kind: 'create', durationMs: 300 });
        expect((await settled(server, instances.at(-1)?.id ?? ''))?.state).toBe('stopped');
    });

    test('is refused while another one works on the instance', async () => {
        const id = await made(server);
        expect((await change(server, id, 'started')).text).toBe(kDone);
        for (const reply of [
            await change(server, id, 'started'),
            await change(server, id, 'stopped'),
            await remove(server, id),
        ]) {
            expect([reply.status, reply.text]).toEqual([501, kFailed]);
        }
        expect((await settled(server, id))?.state).toBe('running');
    });

    test('with a command of another kind says nothing that is not so', async () => {
        for (const word of ['created', 'removed']) {
            expect([kDone, kFailed]).toContain((await change(server, ids.stopped, word)).text);
            expect([undefined, 'stopped']).toContain((await settled(server, ids.stopped))?.state);
        }
    });
});

describe('the stream', () => {
    test('begins at once, with the head of the original and :ok', async () => {
        for (const headers of [{}, { Accept: 'text/event-stream' }] as Array<
            Record<string, string>
        >) {
            const stream = await RawSse.open(server, `${kDoor}/sse`, headers);
            expect(stream.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
            expect(stream.head).toMatch(/^Content-Type: text\/event-stream\r$/m);
            expect(stream.head).toMatch(/^Cache-Control: no-cache, no-transform\r$/m);
            expect(stream.head).toMatch(/^Vary: Origin\r$/m);
            expect(await stream.anyFrame('a greeting', 1_000)).toBe(':ok\n\n');
            stream.close();
        }
    });

    test('tells a whole life: the log first, then the instance', async () => {
        const stream = await listen(server);
        await add(server);
        const received = await stream.frame('received');
        const id = /"server":"([^"]*)"/.exec(received)?.[1] ?? '';
        expect(id).toMatch(kUuid);
        expectFrames(
            [received, ...(await stream.frames(2))],
            [
                logFrame('Received "Create command"', id),
                logFrame('Created', id),
                changeFrame('created', id, 'Stopped'),
            ],
        );
        for (const [ask, asked, done, action, state] of [
            [() => change(server, id, 'started'), 'Start', 'Started', 'started', 'Running'],
            [() => change(server, id, 'stopped'), 'Stop', 'Stopped', 'stopped', 'Stopped'],
            [() => remove(server, id), 'Remove', 'Removed', 'removed', 'Stopped'],
        ] as const) {
            expect((await ask()).text).toBe(kDone);
            expectFrames(await stream.frames(3, action), [
                logFrame(`Received "${asked} command"`, id),
                logFrame(done, id),
                changeFrame(action, id, state),
            ]);
        }
        stream.close();
    });

    test('removes a running instance with its last state', async () => {
        const id = await made(server, 'running');
        const stream = await listen(server);
        await remove(server, id);
        expect((await stream.frames(3))[2]).toMatch(changeFrame('removed', id, 'Running'));
        stream.close();
    });

    test('has the time of Moscow', async () => {
        const stream = await listen(server);
        const since = Date.now();
        await add(server);
        const frame = await stream.frame();
        const [day, month, year, ...time] =
            (/"date":"([^"]*)"/.exec(frame)?.[1] ?? '').match(/\d+/g) ?? [];
        const told = Date.parse(`${year}-${month}-${day}T${time.join(':')}+03:00`);
        expectToldSince(since, told, 1_000);
        stream.close();
    });

    test('serves every client, not only the last one', async () => {
        const streams = [await listen(server), await listen(server), await listen(server)];
        await add(server);
        const heard = await Promise.all(streams.map((stream) => stream.frames(3)));
        expect(heard[0]?.[2]).toMatch(/"action":"created"/);
        expect(heard[1]).toEqual(heard[0]);
        expect(heard[2]).toEqual(heard[0]);
        streams.forEach((stream) => stream.close());
    });

    test('says keep-alive after 20 s', async () => {
        const stream = await listen(server);
        expect(await stream.frame('a keep-alive', 25_000)).toBe(':keep-alive\n\n');
        stream.close();
    }, 30_000);
});

test('what a refused command was about is as it was', async () => {
    expect((await find(server, ids.running))?.state).toBe('running');
});
