// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { expectToldSince } from '../harness/clock.ts';
import { useServer } from '../harness/server.ts';
import { shortHistory, volatileMetrics } from '../harness/settings.ts';
import {
    expectProblem,
    history,
    publish,
    request,
    sse,
    wholeHistory,
    wsConnect,
} from '../harness/verbs.ts';

const server = useServer({ config: shortHistory + volatileMetrics });

async function fill(topic: string, count: number): Promise<void> {
    for (let n = 1; n <= count; n += 1) {
        await publish(server, topic, `event ${n}`);
    }
}

const offsets = (page: { events: Array<{ offset: number }> }) =>
    page.events.map((event) => event.offset);

test('shows every event with offset, type, time and data', async () => {
    const since = Date.now();
    const { epoch } = await publish(server, 'whole', 'Волк 🐺', { type: 'howl' });
    const page = await history(server, 'whole');
    expect(page).toMatchObject({ topic: 'whole', epoch });
    expect(page.events).toMatchObject([{ offset: 1, type: 'howl', data: 'Волк 🐺' }]);
    expectToldSince(since, Date.parse(page.events[0]?.time ?? ''));
});

test('starts behind `after` and stops at `limit`', async () => {
    await fill('paged', 9);
    expect(offsets(await history(server, 'paged', { after: 3, limit: 4 }))).toEqual([4, 5, 6, 7]);
    expect(offsets(await history(server, 'paged', { after: 7 }))).toEqual([8, 9]);
    expect(offsets(await history(server, 'paged', { limit: 2 }))).toEqual([1, 2]);
    expect(offsets(await history(server, 'paged', { after: 9 }))).toEqual([]);
    expect(offsets(await history(server, 'paged', { after: 1000 }))).toEqual([]);
});

test('pages add up to the whole', async () => {
    await fill('pages', 25);
    const found: number[] = [];
    for (let after = 0; after < 25; after = found.at(-1) ?? 25) {
        found.push(...offsets(await history(server, 'pages', { after, limit: 7 })));
    }
    expect(found).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
});

test.each(['handed/over', 'metrics/handed'])(
    'of %s: its last page says where the stream goes on',
    async (topic) => {
        await fill(topic, 3);
        const page = await request(server, 'GET', `/api/topics/${topic}/events?format=json`);
        await publish(server, topic, 'event 4');
        const lastEventId = String(page.headers['howl-cursor']);
        const stream = await sse(server, topic, { lastEventId });
        expect((await stream.next()).data).toBe('event 4');
        stream.close();
    },
);

test('of a topic nobody published to is empty', async () => {
    expect((await history(server, 'nobody/yet')).events).toEqual([]);
});

test("keeps as many events as the topic's pattern says", async () => {
    for (const topic of ['short/durable', 'metrics/volatile']) {
        await fill(topic, 25);
        const kept = offsets({ events: await wholeHistory(server, topic) });
        expect(kept, topic).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    }
});

test('keeps 1,000 events of a topic that no pattern names', async () => {
    await Promise.all(Array.from({ length: 1_050 }, (_, n) => publish(server, 'default', `${n}`)));
    const kept = offsets({ events: await wholeHistory(server, 'default') });
    expect(kept).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 51));
});

test('DELETE empties it, and offsets go on', async () => {
    await fill('deleted', 3);
    expect((await request(server, 'DELETE', '/api/topics/deleted/events')).status).toBe(204);
    expect((await history(server, 'deleted')).events).toEqual([]);
    expect((await publish(server, 'deleted', 'after')).offset).toBe(4);
    expect(offsets(await history(server, 'deleted'))).toEqual([4]);
});

test('DELETE is 204 also for a topic nobody published to', async () => {
    expect((await request(server, 'DELETE', '/api/topics/never/events')).status).toBe(204);
});

test('DELETE leaves live readers connected', async () => {
    const stream = await sse(server, 'kept');
    await publish(server, 'kept', 'before');
    await request(server, 'DELETE', '/api/topics/kept/events');
    await publish(server, 'kept', 'after');
    expect((await stream.take(2)).map((event) => event.data)).toEqual(['before', 'after']);
    stream.close();
});

test('survives a restart, and so does a deletion', async () => {
    await fill('lasting', 5);
    await fill('gone', 5);
    await request(server, 'DELETE', '/api/topics/gone/events');
    const before = await history(server, 'lasting');
    await server.restart();
    expect(await history(server, 'lasting')).toEqual(before);
    expect((await history(server, 'gone')).events).toEqual([]);
    expect((await publish(server, 'gone', 'x')).offset).toBe(6);
});

test('of a volatile topic does not survive a restart, and the epoch says so', async () => {
    const before = await publish(server, 'metrics/lost', 'x');
    await server.restart();
    expect((await history(server, 'metrics/lost')).events).toEqual([]);
    const after = await publish(server, 'metrics/lost', 'x');
    expect(after.offset).toBe(1);
    expect(after.epoch).not.toBe(before.epoch);
});

test('JSON data arrives the same in history and over WebSocket', async () => {
    const data = '{"a": [1, 2.50, "ж", null], "b":"</script>"}';
    const socket = await wsConnect(server, '/api/topics/json/ws');
    await publish(server, 'json', data, { contentType: 'application/json' });
    const live = await socket.next();
    const kept = (await history(server, 'json')).events[0];
    expect(kept?.data).toEqual(live.data);
    const value = typeof live.data === 'string' ? JSON.parse(live.data) : live.data;
    expect(value).toEqual(JSON.parse(data));
    socket.close();
});

test.each([
    'after=-1',
    'after=x',
    'after=',
    'after=99999999999999999999',
    'limit=0',
    'limit=-5',
    'limit=x',
    'limit=1e3',
])('refuses %s', async (query) => {
    const reply = await request(server, 'GET', `/api/topics/paged/events?format=json&${query}`);
    expectProblem(reply, 400, 'invalid_query');
});

test('refuses a format it does not know', async () => {
    const reply = await request(server, 'GET', '/api/topics/paged/events?format=xml');
    expectProblem(reply, 400, 'invalid_query');
});
