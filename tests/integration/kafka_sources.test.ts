// SPDX-License-Identifier: Apache-2.0
// `[[kafka.source]]`: any Kafka topic becomes events of Howl topics, and what can't be read goes to
// the dead letters.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromKafka, poisonCount, source, untilCaughtUp } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { produce, TopicReader } from '../harness/kafka_clients.ts';
import { useServer } from '../harness/server.ts';
import { history, sse, wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kafka = useKafka();
beforeAll(() => kafka.createTopics({ orders: 2, audit: 1, anything: 1, orders_dead: 1 }));
const server = useServer({
    config: () =>
        fromKafka(kafka) +
        source({
            topic: 'orders',
            target: 'orders/{key}',
            type: 'order',
            dead_letters: 'orders_dead',
        }) +
        source({ topic: 'audit', flow: 'topic', target: 'audit' }) +
        source({ topic: 'anything', target: '{key}' }),
});
beforeAll(() => untilCaughtUp(server, 4), 40_000);

let dead: TopicReader;
beforeAll(async () => (dead = await TopicReader.open(kafka, 'orders_dead')), 20_000);
afterAll(() => dead.close());

const dataOf = async (topic: string) => (await wholeHistory(server, topic)).map(({ data }) => data);

test("the key names the topic, the source the events' type", async () => {
    const stream = await sse(server, 'orders/42');
    await produce(kafka, 'orders', { key: '42', value: '{"paid":true}' });
    expect(await stream.next()).toMatchObject({ type: 'order', data: '{"paid":true}' });
    stream.close();
});

test('a source without a type makes messages, all of them in one topic', async () => {
    await produce(kafka, 'audit', { key: 'ignored', value: 'one' }, { value: 'two: 🐺' });
    const { events } = await eventually('both', async () => {
        const kept = await history(server, 'audit');
        return kept.events.length === 2 && kept;
    });
    expect(events).toMatchObject([
        { type: 'message', data: 'one' },
        { type: 'message', data: 'two: 🐺' },
    ]);
});

test('the order of a partition is the order of the topic', async () => {
    const numbers = Array.from({ length: 200 }, (_, n) => String(n));
    await produce(kafka, 'orders', ...numbers.map((value) => ({ key: 'orderly', value })));
    await eventually('all', async () => (await dataOf('orders/orderly')).length >= 200);
    expect(await dataOf('orders/orderly')).toEqual(numbers);
});

test('a topic of the built-in flows is not read when there are sources', async () => {
    await kafka.createTopics({ v3_messages: 1 });
    await produce(kafka, 'v3_messages', { value: 'demo:unheard' });
    await produce(kafka, 'audit', { value: 'fence' });
    await eventually('the fence', async () => (await dataOf('audit')).includes('fence'));
    expect(await dataOf('howl:inbox/v3/demo')).toEqual([]);
});

/** Behind 'orders/' it is no name of a topic any more. */
const tooLong = Buffer.alloc(255, 'a');

test.each([
    ['without a key', null, Buffer.from('no key')],
    ['with a key that makes no name of a topic', tooLong, Buffer.from('bad name')],
    ['that is not UTF-8', Buffer.from('42'), Buffer.from([0xc3, 0x28])],
    ['larger than an event may be', Buffer.from('42'), Buffer.alloc(65_537, 'x')],
])(
    'a record %s goes to the dead letters as it was, and says where it came from',
    async (_, key, value) => {
        const before = await poisonCount(server);
        const bad = key === null ? { value } : { key, value };
        await produce(kafka, 'orders', { ...bad, partition: 1 });
        const letter = await dead.next('the dead letter');
        expect(letter.value.equals(value)).toBe(true);
        expect(letter.key).toEqual(key);
        expect(letter.headers).toMatchObject({
            'howl-source-topic': 'orders',
            'howl-source-partition': '1',
        });
        await eventually('the count', async () => (await poisonCount(server)) === before + 1);
    },
);

test('a tombstone is told as one, and an empty value is not', async () => {
    await produce(kafka, 'orders', { key: 'gone', value: '' }, { key: 'gone', value: null });
    const kept = await eventually('both', async () => {
        const { events } = await history(server, 'orders/gone');
        return events.length === 2 && events;
    });
    expect(kept).toMatchObject([
        { type: 'order', data: '' },
        { type: 'tombstone', data: '' },
    ]);
});

test('a dead letter keeps what is null', async () => {
    await produce(kafka, 'orders', { key: tooLong, value: null, partition: 1 });
    const letter = await dead.next('the dead letter');
    expect(letter.isTombstone).toBe(true);
    expect(letter.key).toEqual(tooLong);
});

test("a key can't write into the topics of Howl's own apps", async () => {
    const before = await poisonCount(server);
    await produce(kafka, 'anything', { key: 'howl:cloud', value: 'forged' });
    await produce(kafka, 'anything', { key: 'mine', value: 'fine' });
    await eventually('the good one', async () => (await dataOf('mine')).includes('fine'));
    expect(await dataOf('howl:cloud')).toEqual([]);
    expect((await poisonCount(server)) - before).toBe(1);
});
