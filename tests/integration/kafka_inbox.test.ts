// SPDX-License-Identifier: Apache-2.0
// The demo, v3: what is written to the topic `v3_messages` arrives in the inbox of a user.
import { beforeAll, describe, expect, test } from 'vitest';
import { fromKafka, messageTo, poisonCount, untilCaughtUp } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { kcatLine, type NewRecord, produce } from '../harness/kafka_clients.ts';
import { useServer } from '../harness/server.ts';
import { metric, request, sseAt, type SseStream, wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kafka = useKafka();
beforeAll(() => kafka.createTopics({ v3_messages: 4, v4_messages: 4 }));
const server = useServer({ config: () => fromKafka(kafka) });
beforeAll(() => untilCaughtUp(server, 8), 40_000);

const inboxOf = (user: string, lastEventId?: string): Promise<SseStream> =>
    sseAt(
        server,
        `/v3/sse?username=${encodeURIComponent(user)}`,
        lastEventId === undefined ? {} : { lastEventId },
    );
const send = (...records: NewRecord[]) => produce(kafka, 'v3_messages', ...records);
const messagesOf = async (user: string) =>
    (await wholeHistory(server, `howl:inbox/v3/${user}`)).map(({ data }) => data);

describe('a record of v3_messages', () => {
    test("that the README's console producer writes arrives at once", async () => {
        const inbox = await inboxOf('demo');
        await kcatLine(kafka, 'v3_messages', 'demo:🦋 howdy from kafka!');
        expect((await inbox.next('the butterfly')).data).toBe('🦋 howdy from kafka!');
        inbox.close();
    });

    test.each([
        ['several colons', 'colons', 'a:b::c', 'a:b::c'],
        ['spaces around the colon', 'spaces', ' hello ', ' hello '],
        ['several lines', 'lines', 'one\ntwo\n\nfour', 'one\ntwo\n\nfour'],
        ['every kind of letter', 'letters', 'ß ж 語 🐺', 'ß ж 語 🐺'],
    ])(
        'with %s is split at the first colon and otherwise left alone',
        async (_, user, sent, heard) => {
            const inbox = await inboxOf(user);
            await send(messageTo(user, sent));
            expect((await inbox.next()).data).toBe(heard);
            inbox.close();
        },
    );

    test('arrives at every tab of its user, and at nobody else', async () => {
        const tabs = await Promise.all([inboxOf('anna'), inboxOf('anna')]);
        const other = await inboxOf('bert');
        await send(messageTo('anna', 'for anna'));
        await send(messageTo('bert', 'for bert'));
        for (const tab of tabs) {
            expect((await tab.next()).data).toBe('for anna');
        }
        expect((await other.next()).data).toBe('for bert');
        [...tabs, other].forEach((stream) => stream.close());
    });

    test('and a POST of the same user stand in one inbox', async () => {
        await send(messageTo('both', 'through kafka'));
        await eventually('the record', async () => (await messagesOf('both')).length === 1);
        const path = '/v3/message?username=both';
        expect((await request(server, 'POST', path, { body: 'posted' })).status).toBe(204);
        expect(await messagesOf('both')).toEqual(['through kafka', 'posted']);
        const types = (await wholeHistory(server, 'howl:inbox/v3/both')).map(({ type }) => type);
        expect(types).toEqual(['kafka', 'message']);
    });

    test('stays in its place among those of its user', async () => {
        const numbers = Array.from({ length: 300 }, (_, n) => String(n + 1));
        await send(...numbers.map((n) => messageTo('orderly', n)));
        await eventually('all of them', async () => (await messagesOf('orderly')).length >= 300);
        expect(await messagesOf('orderly')).toEqual(numbers);
    });

    test('is kept for a user who is away and comes back', async () => {
        const inbox = await inboxOf('away');
        await send(messageTo('away', 'while here'));
        const { lastEventId } = await inbox.next();
        inbox.close();
        await send(messageTo('away', 'while away 1'), messageTo('away', 'while away 2'));
        const again = await inboxOf('away', lastEventId);
        const missed = (await again.take(2)).map((event) => event.data);
        expect(missed).toEqual(['while away 1', 'while away 2']);
        again.close();
    });

    test('is read when the server comes back, and none of the earlier ones again', async () => {
        await send(messageTo('patient', 'before'));
        await eventually('the record', async () => (await messagesOf('patient')).length === 1);
        await server.stop();
        await send(messageTo('patient', 'between'));
        await server.start();
        await send(messageTo('patient', 'after'));
        await eventually('the last record', async () => (await messagesOf('patient')).length >= 3);
        expect(await messagesOf('patient')).toEqual(['before', 'between', 'after']);
    }, 40_000);

    test('is counted', async () => {
        const before = await metric(server, 'howl_kafka_records_total');
        await send(messageTo('counted', 'x'), messageTo('counted', 'y'));
        await eventually('both records', async () => (await messagesOf('counted')).length === 2);
        expect((await metric(server, 'howl_kafka_records_total')) - before).toBe(2);
    });
});

describe('a record that is none', () => {
    test.each([
        ['without a colon', Buffer.from('no colon here')],
        ['that is not UTF-8', Buffer.from([...Buffer.from('poisoned:'), 0xff, 0xfe])],
        ['with a user that is not UTF-8', Buffer.from([0xff, ...Buffer.from(':hello')])],
        ['without anything in it', Buffer.alloc(0)],
        ['larger than an event may be', Buffer.from(`poisoned:${'x'.repeat(70_000)}`)],
    ])('%s is counted and skipped, and the next one arrives', async (_, value) => {
        const before = await poisonCount(server);
        const inbox = await inboxOf('poisoned');
        // One partition, so that the good record stands behind the bad one.
        await send({ value, partition: 0 }, { value: 'poisoned:good', partition: 0 });
        expect((await inbox.next('the record behind the poison')).data).toBe('good');
        expect((await poisonCount(server)) - before).toBe(1);
        inbox.close();
    });
});
