// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { useServer } from '../harness/server.ts';
import { volatileMetrics } from '../harness/settings.ts';
import { metric, publish, request, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

// On one shard, what is observed once for each shard is observed once.
const server = useServer({ config: `${volatileMetrics}\n[server]\nshards = 1\n` });

/** What `name` grows by while `act` runs. */
async function growth(name: string, act: () => Promise<void>): Promise<number> {
    const before = await metric(server, name);
    await act();
    return (await metric(server, name)) - before;
}

test('are in the Prometheus text format', async () => {
    const reply = await request(server, 'GET', '/metrics');
    expect(reply.headers['content-type']).toMatch(/^text\/plain; *version=0\.0\.4/);
    const known = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[^"\\\n]*",?)+\})? -?[0-9.e+-]+)$/;
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
    const types = text.matchAll(/^# TYPE (\S+) histogram$/gm);
    const histograms = new Set([...types].map((found) => found[1]));
    const familyOf = (name = '') => {
        const family = name.replace(/_(bucket|sum|count)$/, '');
        return histograms.has(family) ? family : name;
    };
    const names = [...text.matchAll(/^([a-z_]+)[ {]/gm)].map((found) => familyOf(found[1]));
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

test('the latency of an event is observed once, however many read it', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => sse(server, 'observed')));
    const toQueue = () => growth('howl_publish_to_queue_seconds_count', publishOne);
    const publishOne = async () => {
        await publish(server, 'observed', 'x');
        await Promise.all(streams.map((stream) => stream.next()));
    };
    expect(await toQueue()).toBe(1);
    streams.forEach((stream) => stream.close());
});

test('the size of a replay is observed', async () => {
    const stream = await sse(server, 'sized');
    for (const data of ['a', 'b', 'c']) {
        await publish(server, 'sized', data);
    }
    const { lastEventId } = await stream.next();
    stream.close();
    const replay = async () => {
        const again = await sse(server, 'sized', { lastEventId });
        await again.take(2);
        await publish(server, 'sized', 'live');
        await again.next('what comes behind the replay');
        again.close();
    };
    expect(await growth('howl_replay_events_count', replay)).toBe(1);
    expect(await growth('howl_replay_events_sum', replay)).toBe(3);
});

test('the time of a request is observed by its route, never by its path', async () => {
    await publish(server, 'secret/path', 'x');
    await request(server, 'GET', '/nowhere/at/all');
    await request(server, 'GET', '/');
    const { text } = await request(server, 'GET', '/metrics');
    const count = (method: string, route: string) =>
        `howl_http_request_seconds_count{method="${method}",route="${route}"} `;
    expect(text).toContain(count('POST', '/api/topics/*/events'));
    expect(text).toContain(count('GET', 'files'));
    expect(text).toContain(count('other', 'other'));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('nowhere');
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
