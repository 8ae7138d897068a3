// SPDX-License-Identifier: Apache-2.0
// What a page of the portal lives on: its one stream with `hb`, the node's numbers, its messages.
import { describe, expect, test } from 'vitest';
import { expectToldSince } from '../harness/clock.ts';
import { RawSse } from '../harness/raw_sse.ts';
import { useServer } from '../harness/server.ts';
import { eventSource, history, metric, publish, request, sseAt } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({
    config: '[sse]\nheartbeat = "100ms"\npage_heartbeat = "300ms"\n[stats]\ntick = "100ms"\n',
});

const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the stream of a page', () => {
    test('says hb once it has caught up, and again after silence, without an id', async () => {
        const stream = await RawSse.open(server, '/api/events?topic=quiet&envelope=json');
        expect(await stream.anyFrame()).toMatch(/^id: \S+\n\n$/);
        for (let n = 0; n < 3; n += 1) {
            const [, data] = /^event: hb\ndata: (\{.*\})\n\n$/.exec(await stream.anyFrame()) ?? [];
            expect(JSON.parse(data!)).toEqual({
                time: expect.stringMatching(kTime),
                everyMs: 300,
            });
        }
        stream.close();
    });

    test('says hb behind what the page had missed', async () => {
        const before = await sseAt(server, '/api/topics/missed/events');
        await publish(server, 'missed', 'seen');
        const { lastEventId } = await before.next();
        before.close();
        await publish(server, 'missed', 'one');
        await publish(server, 'missed', 'two');
        const page = await sseAt(
            server,
            `/api/events?topic=missed&envelope=json&lastEventId=${lastEventId}`,
        );
        const heard = await page.take(3);
        expect(heard.map(({ type }) => type)).toEqual(['', '', 'hb']);
        expect(heard.slice(0, 2).map(({ data }) => JSON.parse(data).data)).toEqual(['one', 'two']);
        page.close();
    });

    test('is heard by an EventSource, whose clock may be told from it', async () => {
        const since = Date.now();
        const page = await eventSource(server, '/api/events?topic=quiet&envelope=json', ['hb']);
        const first = await page.next();
        expect(first.type).toBe('hb');
        expectToldSince(since, Date.parse(JSON.parse(first.data).time));
        const second = await page.next();
        expect(second.lastEventId).toBe(first.lastEventId);
        page.close();
    });

    test('is not what other streams say', async () => {
        for (const path of ['/api/events?topic=quiet', '/api/topics/quiet/events?envelope=json']) {
            const stream = await RawSse.open(server, path);
            expect(await stream.frame()).toBe(': hb\n\n');
            stream.close();
        }
    });
});

describe('howl:stats', () => {
    test('goes out while somebody reads it, and then no more', async () => {
        await eventually('the streams of earlier tests are gone', async () => {
            return (await request(server, 'GET', '/api/stats')).json.streams === 0;
        });
        const page = await sseAt(server, '/api/events?topic=howl:stats');
        const ticks = (await page.take(3)).map(({ data }) => JSON.parse(data));
        page.close();
        expect(ticks[0].time < ticks[2].time).toBe(true);
        expect(ticks[2].streams).toBe(1);
        expect(ticks[2].connections).toBeGreaterThanOrEqual(1);
        expect(ticks[2].published).toBe(ticks[0].published + 2);
        expect(ticks[2].delivered).toBe(ticks[0].delivered + 2);
        await eventually('the page has left', async () => {
            return (await metric(server, 'howl_readers')) === 0;
        });
        const last = (await history(server, 'howl:stats')).events.at(-1)!.offset;
        const after = await sseAt(server, '/api/events?topic=quiet&envelope=json');
        await after.take(3);
        after.close();
        expect((await history(server, 'howl:stats')).events.at(-1)!.offset).toBe(last);
    });

    test('can be asked for once, and grows by what is published', async () => {
        const stats = async () => {
            const reply = await request(server, 'GET', '/api/stats');
            expect(reply.status).toBe(200);
            expect(reply.headers['cache-control']).toBe('no-store');
            return reply.json;
        };
        const before = await stats();
        await publish(server, 'a-new-topic', '1');
        await publish(server, 'a-new-topic', '2');
        const after = await stats();
        expect(after.published - before.published).toBe(2);
        expect(after.topics - before.topics).toBe(1);
        expect(after.uptimeSeconds).toBeGreaterThanOrEqual(0);
    });

    test('can be published by nobody else', async () => {
        const reply = await request(server, 'POST', '/api/topics/howl:stats/events', { body: 'x' });
        expect(reply.status).toBe(403);
    });
});

describe('a message to a user', () => {
    const send = (user: string, body: string, headers = {}) =>
        request(server, 'POST', `/api/inbox/${encodeURIComponent(user)}/messages`, {
            body,
            headers,
        });

    test('reaches old clients and pages, which are counted', async () => {
        const old = await sseAt(server, '/v3/sse?username=anna');
        const page = await sseAt(server, '/api/events?topic=howl:inbox/v3/anna&envelope=json');
        const { status, json } = await send('anna', 'hello 🐺');
        expect(status).toBe(201);
        expect(json).toEqual({
            topic: 'howl:inbox/v3/anna',
            epoch: expect.any(String),
            offset: 1,
            sessions: 2,
        });
        expect((await old.next()).data).toBe('hello 🐺');
        const heard = (await page.take(2)).find(({ type }) => type !== 'hb')!;
        expect(JSON.parse(heard.data)).toMatchObject({ type: 'message', data: 'hello 🐺' });
        old.close();
        page.close();
    });

    test('to nobody says so and is kept', async () => {
        expect((await send('nobody here', 'x')).json.sessions).toBe(0);
        expect((await history(server, 'howl:inbox/v3/nobody~20here')).events).toHaveLength(1);
    });

    test('is stored once, however often it is sent with its key', async () => {
        const key = { 'idempotency-key': 'k-1' };
        expect((await send('once', 'x', key)).status).toBe(201);
        const again = await send('once', 'x', key);
        expect([again.status, again.json.offset]).toEqual([200, 1]);
        expect((await send('once', 'y', key)).status).toBe(409);
    });

    test('of 16 kB in any script comes back byte for byte, on every way', async () => {
        const right = ['שלום', 'مرحبا', '\u202Ertl\u202C'];
        const pieces = ['🐺', '👩🏽‍🚀', '👨‍👩‍👧‍👦', ...right, 'e\u0301', '語', '\n', ' '];
        let text = '';
        for (let n = 0; Buffer.byteLength(text) < 16_000; n += 1) {
            text += pieces[n % pieces.length];
        }
        const old = await sseAt(server, '/v3/sse?username=scripts');
        const topic = 'howl:inbox/v3/scripts';
        const page = await eventSource(server, `/api/events?topic=${topic}&envelope=json`);
        expect((await send('scripts', text)).status).toBe(201);
        expect((await old.next()).data).toBe(text);
        expect(JSON.parse((await page.next()).data).data).toBe(text);
        expect((await history(server, topic)).events[0]?.data).toBe(text);
        old.close();
        page.close();
    });
});
