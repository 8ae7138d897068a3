// SPDX-License-Identifier: Apache-2.0
// A retry with the same key is the same event, whatever happened in between.
import { expect, test } from 'vitest';
import { Random } from '../harness/random.ts';
import { useServer } from '../harness/server.ts';
import { longHistory } from '../harness/settings.ts';
import {
    expectProblem,
    history,
    postEvent,
    publish,
    publishWhateverHappens,
    sse,
    wholeHistory,
} from '../harness/verbs.ts';

const server = useServer({ config: longHistory });

test('a repeated key gets the first receipt and makes no second event', async () => {
    const first = await publish(server, 'repeat', 'once', { key: 'key-1' });
    const second = await publish(server, 'repeat', 'once', { key: 'key-1' });
    expect(second).toEqual(first);
    expect((await history(server, 'repeat')).events).toHaveLength(1);
});

test('readers hear a repeated event once', async () => {
    const stream = await sse(server, 'heard-once');
    await publish(server, 'heard-once', 'a', { key: 'a' });
    await publish(server, 'heard-once', 'a', { key: 'a' });
    await publish(server, 'heard-once', 'b', { key: 'b' });
    expect((await stream.take(2)).map((event) => event.data)).toEqual(['a', 'b']);
    stream.close();
});

test('the same key with another body is a conflict, and nothing is stored', async () => {
    await publish(server, 'conflict', 'one', { key: 'k' });
    const reply = await postEvent(server, 'conflict', 'two', { key: 'k' });
    expectProblem(reply, 409, 'idempotency_conflict');
    expect((await history(server, 'conflict')).events).toHaveLength(1);
});

test('the same key with another type is a conflict', async () => {
    await publish(server, 'conflict/type', 'one', { key: 'k', type: 'a' });
    const reply = await postEvent(server, 'conflict/type', 'one', { key: 'k', type: 'b' });
    expectProblem(reply, 409, 'idempotency_conflict');
});

test('a key counts in its topic only', async () => {
    await publish(server, 'scope/a', 'one', { key: 'k' });
    expect((await publish(server, 'scope/b', 'two', { key: 'k' })).offset).toBe(1);
    expect((await history(server, 'scope/b')).events).toMatchObject([{ data: 'two' }]);
});

test('many at once with one key make one event', async () => {
    const receipts = await Promise.all(
        Array.from({ length: 40 }, () => publish(server, 'race', 'one', { key: 'k' })),
    );
    expect(new Set(receipts.map((receipt) => receipt.offset))).toEqual(new Set([1]));
    expect((await history(server, 'race')).events).toHaveLength(1);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('a key is remembered over %s', async (how) => {
    const topic = `remembered/${how}`;
    const first = await publish(server, topic, 'one', { key: 'k' });
    await server.restart(how);
    expect(await publish(server, topic, 'one', { key: 'k' })).toEqual(first);
    expectProblem(await postEvent(server, topic, 'two', { key: 'k' }), 409, 'idempotency_conflict');
});

test('thousands of retries in random order make no duplicate and no loss', async () => {
    const random = new Random();
    const keys = Array.from({ length: 500 }, (_, n) => `key-${n}`);
    const tries = keys.flatMap((key) => Array.from({ length: random.between(1, 8) }, () => key));
    for (let at = tries.length - 1; at > 0; at -= 1) {
        const other = random.between(0, at);
        [tries[at], tries[other]] = [tries[other] as string, tries[at] as string];
    }
    const lanes = Array.from({ length: 16 }, (_, lane) => tries.filter((_, n) => n % 16 === lane));
    const send = async (lane: string[]) => {
        for (const key of lane) {
            await publishWhateverHappens(server, 'archive/retries', `body of ${key}`, key);
        }
    };
    await Promise.all(lanes.map(send));
    const kept = (await wholeHistory(server, 'archive/retries')).map((event) => event.data);
    expect(kept.sort(), `seed ${random.seed}`).toEqual(keys.map((key) => `body of ${key}`).sort());
});

test.each([
    ['empty', ''],
    ['65 bytes long', 'k'.repeat(65)],
    ['with a tab', 'a\tb'],
    ['not ASCII', 'kл'.replace('л', '\u00e9')],
])('refuses a key that is %s', async (_, key) => {
    const reply = await postEvent(server, 'bad-key', 'x', { key });
    expectProblem(reply, 400, 'invalid_idempotency_key');
});

test('takes a key of 64 bytes', async () => {
    expect((await publish(server, 'long-key', 'x', { key: 'k'.repeat(64) })).offset).toBe(1);
});
