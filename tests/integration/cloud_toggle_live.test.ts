// SPDX-License-Identifier: Apache-2.0
// The door `cloud-toggle` over SSE and WebSocket, byte for byte as its server was recorded.
// Ours differs where such a client cannot see it: `id:` lines, and
// both spellings of the time in every event. Nothing that a client says ends the process.
import { beforeEach, describe, expect, test } from 'vitest';
import { expectToldSince } from '../harness/clock.ts';
import {
    accepted,
    askState,
    command,
    find,
    kUnknownId,
    made,
    settled,
    settledList,
} from '../harness/cloud.ts';
import { create, dial, expectEvent, kDoor, listen, timeOf } from '../harness/cloud_toggle.ts';
import { RawSse } from '../harness/raw_sse.ts';
import { useServer } from '../harness/server.ts';
import { briskCloud, originalPlace } from '../harness/settings.ts';
import {
    type Address,
    eventSource,
    HandshakeRefused,
    request,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer({
    config: briskCloud + originalPlace('cloud-toggle'),
    listeners: 'config',
});
/** Where a client of the original looks for the door: at `/`. */
const place = (): Address => server.listener(1);
// What one test began must not be heard by the next.
beforeEach(() => settledList(server));

describe('over SSE', () => {
    test('the head comes at once, and nothing with it', async () => {
        const stream = await RawSse.open(place(), '/sse', { Origin: 'https://page.example' });
        expect(stream.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
        expect(stream.head).toMatch(/^Content-Type: text\/event-stream\r$/m);
        expect(stream.head).toMatch(/^Cache-Control: no-cache\r$/m);
        expect(stream.head).toMatch(/^Access-Control-Allow-Origin: \*\r$/m);
        const id = await create(server);
        expectEvent(await stream.frame(), id, 'Create command');
        stream.close();
    });

    test('a whole life is told, byte for byte', async () => {
        const stream = await listen(server);
        const socket = await dial(server);
        const id = await create(server);
        socket.send({ id });
        await socket.next();
        socket.send({ id });
        await socket.next();
        await request(server, 'DELETE', `${kDoor}/?id=${id}`);
        const told = ['Create command', 'Created', 'Started', 'Stopped', 'Removed'];
        const frames = await stream.frames(told.length);
        frames.forEach((frame, at) => expectEvent(frame, id, told[at] as string));
        stream.close();
        socket.close();
    });

    test('a create has been told when it is answered', async () => {
        const stream = await listen(server);
        await request(server, 'POST', `${kDoor}/`);
        expect(await stream.frame('the news', 150)).toContain('"info":"Create command"');
        stream.close();
    });

    test('the time is now', async () => {
        // The server says it in its own zone: they all differ by quarters of an hour.
        const kQuarter = 15 * 60_000;
        const stream = await listen(server);
        const since = Date.now();
        await create(server);
        const [, clock, day] = /^(.*M) (.*)$/.exec(timeOf(await stream.frame())) ?? [];
        const told = Date.parse(`${day} ${clock} UTC`);
        const zone = Math.round((told - since) / kQuarter) * kQuarter;
        expectToldSince(since, told - zone, 1_000);
        stream.close();
    });

    test('a browser hears every event, and open at once', async () => {
        const browser = await eventSource(server, `${kDoor}/sse`);
        const id = await create(server);
        const heard = (await browser.take(2)).map((event) => JSON.parse(event.data));
        expect(heard).toMatchObject([
            { id, info: 'Create command' },
            { id, info: 'Created' },
        ]);
        browser.close();
    });

    test('a reader that comes back gets what it missed', async () => {
        const first = await listen(server);
        await create(server);
        const lastEventId = /^id: (.*)$/m.exec((await first.frames(2))[1] ?? '')?.[1] ?? '';
        first.close();
        const id = await create(server);
        const again = await RawSse.open(server, `${kDoor}/sse`, { 'Last-Event-ID': lastEventId });
        expectEvent(await again.frame(), id, 'Create command');
        expectEvent(await again.frame(), id, 'Created');
        again.close();
    });
});

describe('over WebSocket', () => {
    test.each(['/', '/ws', '/any/path/at/all', '/sse', '/?q=1'])('%s is greeted', async (path) => {
        (await dial(place(), path)).close();
    });

    test.each(['/', '/ws', '/a/b'])('so is %s below its usual place', async (path) => {
        (await dial(server, kDoor + path)).close();
    });

    test('a toggle is done at once and told to every client', async () => {
        const sockets = [
            await dial(server),
            await dial(server),
            await dial(server, `${kDoor}/other`),
        ];
        const id = await create(server);
        for (const state of ['running', 'stopped', 'running']) {
            sockets[1]?.send({ id });
            const heard = await Promise.all(sockets.map((socket) => socket.nextText()));
            expect(heard).toEqual(Array(3).fill(`[{"id":"${id}","state":"${state}"}]`));
            expect(await find(server, id)).toMatchObject({ id, state });
            expect((await find(server, id))?.op).toBeUndefined();
        }
        sockets.forEach((socket) => socket.close());
    });

    test('an action is what it says, not a toggle', async () => {
        const socket = await dial(server);
        const id = await create(server);
        for (const [action, state] of [
            ['start', 'running'],
            ['start', 'running'],
            ['stop', 'stopped'],
            ['stop', 'stopped'],
        ]) {
            socket.send({ id, action });
            await socket.next('an array');
            expect((await find(server, id))?.state, action).toBe(state);
        }
        socket.close();
    });

    test('an unknown id is answered with an empty array, and told to nobody over SSE', async () => {
        const stream = await listen(server);
        const socket = await dial(server);
        socket.send({ id: kUnknownId });
        expect(await socket.nextText()).toBe('[]');
        const id = await create(server);
        expectEvent(await stream.frame(), id, 'Create command');
        stream.close();
        socket.close();
    });

    test.each([
        'howl',
        '',
        '{',
        '5',
        'null',
        '[]',
        '"id"',
        '{}',
        '{"id":5}',
        '{"id":null}',
        '['.repeat(30_000),
    ])('what is no command is survived', async (message) => {
        const socket = await dial(server);
        const id = await create(server);
        socket.send(message);
        socket.send({ id });
        const answers = await socket.next();
        const last = answers.length === 0 ? await socket.next() : answers;
        expect(last).toEqual([{ id, state: 'running' }]);
        socket.close();
    });

    test('a binary message is read as a text one', async () => {
        const socket = await dial(server);
        const id = await create(server);
        socket.send(Buffer.from(JSON.stringify({ id })));
        expect(await socket.next()).toEqual([{ id, state: 'running' }]);
        socket.close();
    });

    test('a page from elsewhere is refused where the door was not opened to it', async () => {
        const origin = 'https://page.example';
        const refused = await wsConnect(server, `${kDoor}/ws`, { origin }).catch((error) => error);
        expect(refused).toBeInstanceOf(HandshakeRefused);
        expect(refused.status).toBe(403);
        for (const method of ['POST', 'DELETE']) {
            const reply = await command(server, method, `${kDoor}/`, {}, { origin });
            expect(reply.status).toBe(403);
        }
        (await wsConnect(place(), '/', { origin })).close();
    });
});

test('an instance that somebody else works on is not touched, and nobody falls over it', async () => {
    const socket = await dial(server);
    const id = await made(server);
    await accepted(askState(server, id, 'running'));
    socket.send({ id });
    const reply = await request(server, 'DELETE', `${kDoor}/?id=${id}`);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect((await settled(server, id))?.state).toBe('running');
    socket.close();
});
