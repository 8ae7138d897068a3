// SPDX-License-Identifier: Apache-2.0
// The cloud dashboard's own API, row by row of docs/API.md.
import { beforeEach, describe, expect, test } from 'vitest';
import {
    accepted,
    askCreate,
    askRemove,
    askState,
    cloudEvents,
    find,
    fold,
    kEvents,
    kInstances,
    kIsoTime,
    kOutcomes,
    kTopic,
    list,
    made,
    nextNotice,
    noticeOf,
    settled,
    settledList,
    type State,
    toldSoFar,
} from '../harness/cloud.ts';
import { expectToldSince } from '../harness/clock.ts';
import { Random } from '../harness/random.ts';
import { useServer, withServer } from '../harness/server.ts';
import { briskCloud, failingCloud, slowCloud } from '../harness/settings.ts';
import { eventSource, expectProblem, history, postEvent, request, sse } from '../harness/verbs.ts';

const server = useServer({ config: briskCloud });
// What one test began must not be heard by the next.
beforeEach(() => settledList(server));
const iso = expect.stringMatching(kIsoTime);
const kNames = ['received', ...kOutcomes];

describe('an instance', () => {
    test('is made at once and ready after its time', async () => {
        const { opId, id } = await accepted(askCreate(server, { name: 'web-1' }));
        const op = { id: opId, kind: 'create', startedAt: iso, durationMs: 300 };
        const shown = { id, name: 'web-1', state: 'stopped', timestamp: iso };
        expect(await find(server, id)).toEqual({ ...shown, op });
        expect((await list(server)).instances).toContainEqual({ ...shown, op });
        expect(await settled(server, id)).toEqual(shown);
    });

    test.each([
        ['started', 'stopped', 'start', 'running'],
        ['stopped', 'running', 'stop', 'stopped'],
    ] as const)('is %s after its time', async (_, before, kind, after) => {
        const id = await made(server, before);
        const { opId, id: same } = await accepted(askState(server, id, after));
        const op = { id: opId, kind, startedAt: iso, durationMs: 300 };
        const shown = { id, timestamp: iso };
        expect(same).toBe(id);
        expect(await find(server, id)).toEqual({ ...shown, state: before, op });
        expect(await settled(server, id)).toEqual({ ...shown, state: after });
    });

    test.each<State>(['stopped', 'running'])('that is %s is removed', async (state) => {
        const id = await made(server, state);
        const { opId } = await accepted(askRemove(server, id));
        expect(await find(server, id)).toMatchObject({ state, op: { id: opId, kind: 'remove' } });
        expect(await settled(server, id)).toBeUndefined();
        expect((await list(server)).instances.map((instance) => instance.id)).not.toContain(id);
    });

    test('says when its state changed last', async () => {
        const id = await made(server);
        const before = (await find(server, id))?.timestamp ?? '';
        const since = Date.now();
        await accepted(askState(server, id, 'running'));
        const after = (await settled(server, id))?.timestamp ?? '';
        expect(Date.parse(after) - Date.parse(before)).toBeGreaterThanOrEqual(300);
        expectToldSince(since, Date.parse(after));
    });

    test('keeps its place in the list, oldest first, whatever is done to it', async () => {
        const ids = [await made(server), await made(server), await made(server)];
        await accepted(askState(server, ids[0] as string, 'running'));
        await settled(server, ids[0] as string);
        const { instances } = await list(server);
        expect(instances.slice(-3).map((instance) => instance.id)).toEqual(ids);
    });

    test.each([undefined, '', {}, { name: 'n'.repeat(64) }, { name: 'ж'.repeat(32) }])(
        'is made of %j',
        async (body) => {
            const { id } = await accepted(askCreate(server, body));
            const { name } = (body || {}) as { name?: string };
            expect((await find(server, id))?.name).toBe(name);
        },
    );

    test('is answered for in the very words of the contract', async () => {
        const reply = await askCreate(server);
        expect(reply.text).toMatch(
            /^\{"status":"ok","opId":"[0-9a-f-]{36}","id":"[0-9a-f-]{36}"\}$/,
        );
        expect(reply.headers['content-type']).toMatch(/^application\/json/);
        const { text } = await request(server, 'GET', kInstances);
        expect(text).toMatch(/^\[\{"id":"[0-9a-f-]{36}","state":"(running|stopped)","timestamp":"/);
    });
});

describe('events', () => {
    test('tell of a whole life: received and the outcome, each with the instance', async () => {
        const stream = await cloudEvents(server);
        const id = await made(server, 'running');
        await accepted(askState(server, id, 'stopped'));
        await settled(server, id);
        await accepted(askRemove(server, id));
        // Instances of the tests before may still be in the making.
        const heard: Awaited<ReturnType<typeof nextNotice>>[] = [];
        while (heard.length < 8) {
            const notice = await nextNotice(stream);
            if (notice.instance.id === id) {
                heard.push(notice);
            }
        }
        expect(heard.map(({ type, kind, instance }) => [type, kind, instance.state])).toEqual([
            ['received', 'create', 'stopped'],
            ['created', 'create', 'stopped'],
            ['received', 'start', 'stopped'],
            ['started', 'start', 'running'],
            ['received', 'stop', 'running'],
            ['stopped', 'stop', 'stopped'],
            ['received', 'remove', 'stopped'],
            ['removed', 'remove', 'stopped'],
        ]);
        stream.close();
    });

    test('have the shape of the contract', async () => {
        const id = await made(server);
        const stream = await cloudEvents(server);
        const { opId } = await accepted(askState(server, id, 'running'));
        const common = { opId, kind: 'start', durationMs: 300, door: 'api' };
        const op = { id: opId, kind: 'start', startedAt: iso, durationMs: 300 };
        expect(await nextNotice(stream)).toEqual({
            type: 'received',
            ...common,
            instance: { id, state: 'stopped', timestamp: iso, op },
        });
        expect(await nextNotice(stream)).toEqual({
            type: 'started',
            ...common,
            instance: { id, state: 'running', timestamp: iso },
        });
        stream.close();
    });

    test('come not before the operation has had its time', async () => {
        const stream = await cloudEvents(server);
        const { opId } = await accepted(askCreate(server));
        await stream.take(2);
        // By the server's clock; the first event comes a commit later than the operation begins.
        expect(await timeOf(server, opId)).toBeGreaterThan(100);
        stream.close();
    });

    test('are those of the topic howl:cloud, with the same ids', async () => {
        const streams = [await cloudEvents(server), await sse(server, kTopic)] as const;
        await made(server);
        const [own, topic] = await Promise.all(streams.map((stream) => stream.take(2)));
        expect(own).toEqual(topic);
        expect((await history(server, kTopic)).events.at(-1)).toMatchObject({ type: 'created' });
        streams.forEach((stream) => stream.close());
        expectProblem(await postEvent(server, kTopic, '{}'), 403, 'topic_reserved');
    });

    test('reach the EventSource of a browser under their names', async () => {
        const browser = await eventSource(server, kEvents, kNames);
        await made(server, 'running');
        const types = (await browser.take(4)).map((event) => event.type);
        expect(types).toEqual(['received', 'created', 'received', 'started']);
        browser.close();
    });

    test('from Howl-Cursor on, with the list, are the whole truth, whenever one comes', async () => {
        // Observers come at random moments of a busy time. What each heard must be the very end of
        // the topic's history, and its list what the history before that amounts to.
        const random = new Random();
        const pause = () => new Promise((resolve) => setTimeout(resolve, random.between(0, 300)));
        const work = Promise.all(
            Array.from({ length: 4 }, async () => {
                for (let life = 0; life < 3; life += 1) {
                    await accepted(askRemove(server, await made(server, 'running')));
                }
            }),
        );
        const observers = await Promise.all(
            Array.from({ length: 12 }, async (_, at) => {
                for (let n = 0; n < at; n += 1) {
                    await pause();
                }
                const { instances, cursor } = await list(server);
                await pause();
                return { before: instances, stream: await cloudEvents(server, cursor) };
            }),
        );
        await work;
        await settledList(server);
        const { opId: last } = await accepted(askCreate(server));
        for (const { before, stream } of observers) {
            const heard = [await nextNotice(stream)];
            while (heard.at(-1)?.opId !== last || heard.at(-1)?.type !== 'created') {
                heard.push(await nextNotice(stream));
            }
            stream.close();
            const told = (await toldSoFar(server)).map(({ time: _, ...notice }) => notice);
            expect(heard, `seed ${random.seed}`).toEqual(told.slice(-heard.length));
            expect(fold([], before)).toEqual(fold(told.slice(0, -heard.length)));
        }
    }, 40_000);
});

describe('a restart', () => {
    test.each(['SIGTERM', 'SIGKILL'] as const)(
        'by %s costs a browser no event, and each operation ends once',
        async (how) => {
            const browser = await eventSource(server, kEvents, kNames);
            const asked = [await accepted(askCreate(server)), await accepted(askCreate(server))];
            await browser.take(2);
            await server.restart(how);
            asked.push(await accepted(askCreate(server)));
            const ends = (await browser.take(4, 'the rest', 15_000)).map(noticeOf);
            const ended = ends.filter(({ type }) => type === 'created').map(({ opId }) => opId);
            expect(ended.sort()).toEqual(asked.map(({ opId }) => opId).sort());
            expect(ends.filter(({ type }) => type === 'received')).toHaveLength(1);
            browser.close();
        },
        40_000,
    );

    // That a restart prolongs nothing, src/products/cloud/cloud_restart_test.cpp shows on a clock of its own.
    test('ends no operation early and changes nothing of what a list shows', async () => {
        await withServer({ config: slowCloud }, async (slow) => {
            const { id, opId } = await accepted(askCreate(slow, { name: 'patient' }));
            const before = await find(slow, id);
            await slow.restart('SIGKILL');
            expect(await find(slow, id)).toEqual(before);
            await settled(slow, id);
            expect(await timeOf(slow, opId)).toBeGreaterThan(1_000);
        });
    });
});

/** Milliseconds from the first to the last event of an operation. */
async function timeOf(of: typeof server, opId: string): Promise<number> {
    const told = (await toldSoFar(of)).filter((notice) => notice.opId === opId);
    const times = told.map((notice) => Date.parse(notice.time));
    expect(told.map((notice) => notice.type)).toEqual(['received', 'created']);
    return (times[1] ?? 0) - (times[0] ?? 0);
}

describe('an Idempotency-Key', () => {
    test('makes one instance, however often and through whatever crash it is sent', async () => {
        const stream = await cloudEvents(server);
        const race = Array.from({ length: 20 }, () => askCreate(server, { name: 'one' }, 'key-1'));
        const replies = (await Promise.all(race)).map((reply) => reply.json);
        await server.restart('SIGKILL');
        replies.push((await askCreate(server, { name: 'one' }, 'key-1')).json);
        const { opId, id } = replies[0];
        expect(replies).toEqual(Array(21).fill({ status: 'ok', opId, id }));
        stream.close();
        await settled(server, id);
        const told = (await toldSoFar(server)).filter((notice) => notice.instance.id === id);
        expect(told.map((notice) => notice.type)).toEqual(['received', 'created']);
    });

    test('says nothing about another key or none', async () => {
        const made = await Promise.all(
            ['a', 'b', undefined, undefined].map((key) => accepted(askCreate(server, {}, key))),
        );
        expect(new Set(made.map(({ id }) => id)).size).toBe(4);
    });
});

describe('a provider that fails', () => {
    test('leaves every instance as it was, and says why', async () => {
        await withServer({ config: failingCloud }, async (failing) => {
            const stream = await cloudEvents(failing);
            const { opId, id } = await accepted(askCreate(failing));
            expect(await nextNotice(stream)).toMatchObject({ type: 'received', opId });
            expect(await nextNotice(stream)).toMatchObject({
                type: 'failed',
                opId,
                kind: 'create',
                error: expect.stringMatching(/^[a-z_]+$/),
            });
            expect(await find(failing, id)).toBeUndefined();
            stream.close();
        });
    });

    test.each(['start', 'remove'])('lets a %s be tried again', async (kind) => {
        const id = await made(server);
        const before = await find(server, id);
        await server.stop();
        const { dataDir } = server;
        await withServer({ config: failingCloud, dataDir }, async (failing) => {
            const ask = kind === 'remove' ? askRemove : askState;
            for (let tries = 0; tries < 2; tries += 1) {
                expect((await accepted(ask(failing, id, 'running'))).id).toBe(id);
                expect(await settled(failing, id)).toEqual(before);
            }
        }).finally(() => server.start());
    });
});
