// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { useServer } from '../harness/server.ts';
import { volatileMetrics } from '../harness/settings.ts';
import { metric, publish, request, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: volatileMetrics });

/** What `name` grows by while `act` runs. */
async function growth(name: string, act: () => Promise<void>): Promise<number> {
    const before = await metric(server, name);
    await act();
    return (await metric(server, name)) - before;
}

test('are in the Prometheus text format', async () => {
    const reply = await request(server, 'GET', '/metrics');
    expect(reply.headers['content-type']).toMatch(/^text\/plain; *version=0\.0\.4/);
    const known = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[^"\\\n]*",?)+\})? -?[0-9.e+]+)$/;
    expect(
        reply.text
            .trimEnd()
            .split('\n')
            .filter((line) => !known.test(line)),
    ).toEqual([]);
    expect(reply.text.endsWith('\n')).toBe(true);
});

test('each has a help and a type', async () => {
    const { text } = await request(server, 'GET', '/metrics');
    const names = [...text.matchAll(/^([a-z_]+)[ {]/gm)].map((found) => found[1]);
    for (const name of new Set(names)) {
        expect(text).toContain(`# HELP ${name} `);
        expect(text).toContain(`# TYPE ${name} `);
    }
});

test('count published events', async () => {
    const grown = await growth('howl_events_published_total', async () => {
        await publish(server, 'counted', 'a');
        await publish(server, 'counted', 'b');
        await publish(server, 'metrics/counted', 'c');
    });
    expect(grown).toBe(3);
});

test('count repeated publishes apart', async () => {
    const repeat = async () => {
        await publish(server, 'repeated', 'a', { key: 'k' });
        await publish(server, 'repeated', 'a', { key: 'k' });
    };
    expect(await growth('howl_publishes_repeated_total', repeat)).toBe(1);
    expect(await growth('howl_events_published_total', repeat)).toBe(0);
});

test('count deliveries, one for each reader', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => sse(server, 'delivered')));
    const grown = await growth('howl_events_delivered_total', async () => {
        await publish(server, 'delivered', 'x');
        for (const stream of streams) {
            await stream.next();
        }
    });
    expect(grown).toBe(5);
    streams.forEach((stream) => stream.close());
});

test('count what is replayed', async () => {
    const stream = await sse(server, 'replayed');
    for (const data of ['a', 'b', 'c']) {
        await publish(server, 'replayed', data);
    }
    const { lastEventId } = await stream.next();
    stream.close();
    const grown = await growth('howl_events_replayed_total', async () => {
        const again = await sse(server, 'replayed', { lastEventId });
        await again.take(2);
        again.close();
    });
    expect(grown).toBe(2);
});

test('count commits: many events share one', async () => {
    const events = 200;
    const grown = await growth('howl_commits_total', async () => {
        await Promise.all(
            Array.from({ length: events }, (_, n) => publish(server, 'group', `${n}`)),
        );
    });
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan(events);
});

test('gauges follow who is connected', async () => {
    const stream = await sse(server, ['g/a', 'g/b']);
    const socket = await wsConnect(server, '/api/topics/g/a/ws');
    expect(await metric(server, 'howl_sse_sessions')).toBe(1);
    expect(await metric(server, 'howl_websocket_sessions')).toBe(1);
    expect(await metric(server, 'howl_readers')).toBe(2);
    expect(await metric(server, 'howl_subscriptions')).toBe(3);
    stream.close();
    socket.close();
    for (const gauge of ['howl_sse_sessions', 'howl_websocket_sessions', 'howl_subscriptions']) {
        await eventually(`${gauge} is 0`, async () => (await metric(server, gauge)) === 0);
    }
});

test('health and readiness answer quickly and without a body worth caching', async () => {
    for (const path of ['/healthz', '/readyz']) {
        const reply = await request(server, 'GET', path);
        expect(reply.status).toBe(200);
        expect(reply.text.length).toBeLessThan(200);
    }
});
