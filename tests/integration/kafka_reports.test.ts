// SPDX-License-Identifier: Apache-2.0
// The demo, v4: moves of reports that come from the topic `v4_messages`, and PUTs that travel
// through it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, fromKafka, moveOf, poisonCount, untilCaughtUp } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { type NewRecord, produce, TopicReader } from '../harness/kafka_clients.ts';
import {
    create,
    createdAs,
    find,
    kMatrix,
    list,
    move,
    newUser,
    nextNotice,
    type Report,
    stream,
    v4Move,
    v4StreamPath,
} from '../harness/reports.ts';
import { useServer, withServer } from '../harness/server.ts';
import { metric, sseAt } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kafka = useKafka();
beforeAll(() => kafka.createTopics({ v3_messages: 4, v4_messages: 4 }));
const server = useServer({ config: () => fromKafka(kafka) });
beforeAll(() => untilCaughtUp(server, 8), 40_000);

const send = (...records: NewRecord[]) => produce(kafka, 'v4_messages', ...records);

async function untilStatus(user: string, id: string, status: string): Promise<Report> {
    return eventually(`the report is ${status}`, async () => {
        const report = await find(server, user, id);
        return report?.status === status && report;
    });
}

describe('a record of v4_messages', () => {
    test("moves the report, tells its owner on /v4 and nobody else's page", async () => {
        const [anna, bert] = [newUser(), newUser()];
        const [ofAnna, ofBert] = [await create(server, anna), await create(server, bert)];
        const [atAnna, atBert] = await Promise.all([
            sseAt(server, v4StreamPath(anna)),
            sseAt(server, v4StreamPath(bert)),
        ]);
        await send(moveOf(ofAnna.id, 'queued'));
        await untilStatus(anna, ofAnna.id, 'queued');
        await send(moveOf(ofBert.id, 'canceled'));
        expect(await atAnna.next()).toMatchObject({
            type: 'report_status_update',
            data: `{"id":"${ofAnna.id}","status":"queued"}`,
        });
        expect((await atBert.next()).data).toBe(`{"id":"${ofBert.id}","status":"canceled"}`);
        [atAnna, atBert].forEach((page) => page.close());
    });

    test('stands in the history as a move by Kafka', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        await send(moveOf(id, 'queued'), moveOf(id, 'processing'), moveOf(id, 'failed'));
        const { history, attempt } = await untilStatus(user, id, 'failed');
        expect(history.map(({ status, by, via }) => [status, by, via])).toEqual([
            ['pending', user, 'api'],
            ['queued', 'kafka', 'kafka'],
            ['processing', 'kafka', 'kafka'],
            ['failed', 'kafka', 'kafka'],
        ]);
        expect(attempt).toBe(1);
    });

    test('may have spaces in it and no key at all', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        await send({ value: `{"id": "${id}", "status": "queued"}` });
        await untilStatus(user, id, 'queued');
    });

    test('that asks for an illegal move, or of no report, is counted and tells nobody', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        const events = await stream(server, user);
        const before = await metric(server, 'howl_kafka_refused_moves_total');
        await send(
            { ...moveOf(id, 'completed'), partition: 0 },
            { ...moveOf(randomUUID(), 'queued'), partition: 0 },
            { ...moveOf(id, 'queued'), partition: 0 },
        );
        expect(await nextNotice(events)).toMatchObject({ id, status: 'queued', version: 2 });
        expect((await metric(server, 'howl_kafka_refused_moves_total')) - before).toBe(2);
        events.close();
    });

    test.each([
        ['is no JSON', '{"id":'],
        ['is JSON of another kind', '[]'],
        ['names no report', '{"status":"queued"}'],
        ['names a report that is no UUID', '{"id":"7","status":"queued"}'],
        ['names a status that there is not', `{"id":"${randomUUID()}","status":"lost"}`],
        ['is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ])('that %s is counted and skipped, and the next one moves', async (_, value) => {
        const user = newUser();
        const { id } = await create(server, user);
        const before = await poisonCount(server);
        await send({ value, partition: 0 }, { ...moveOf(id, 'queued'), partition: 0 });
        await untilStatus(user, id, 'queued');
        expect((await poisonCount(server)) - before).toBe(1);
    });
});

describe('a PUT', () => {
    let topic: TopicReader;
    beforeAll(async () => (topic = await TopicReader.open(kafka, 'v4_messages')));
    afterAll(() => topic.close());

    /** The record about this report; those of other tests pass by. */
    async function recordAbout(id: string) {
        for (;;) {
            const record = await topic.next(`the record about ${id}`);
            if (record.value.includes(id)) {
                return record;
            }
        }
    }

    test('travels through the topic, in the bytes of the original', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        expect(await v4Move(server, user, id, 'queued')).toBe('applied');
        const { key, value } = await recordAbout(id);
        expect(value.toString()).toBe(`{"id":"${id}","status":"queued"}`);
        expect(key).toEqual(bytesOf(id));
    });

    test('is answered when its report has moved', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        expect(await v4Move(server, user, id, 'queued')).toBe('applied');
        const report = await find(server, user, id);
        expect(report?.status).toBe('queued');
        expect(report?.history.at(-1)).toMatchObject({ by: user });
    });

    test("says so when the move is refused: illegal, unknown, another user's", async () => {
        const [user, thief] = [newUser(), newUser()];
        const { id } = await create(server, user);
        const illegal = 'refused; reason=illegal_state';
        expect(await v4Move(server, user, id, 'completed')).toBe(illegal);
        expect(await v4Move(server, user, randomUUID(), 'queued')).toBe(
            'refused; reason=not_found',
        );
        expect(await v4Move(server, thief, id, 'queued')).toBe('refused; reason=not_found');
        expect((await find(server, user, id))?.version).toBe(1);
    });

    test('does the same as a PATCH for each of the 36 pairs', async () => {
        const user = newUser();
        await Promise.all(
            kMatrix.map(async ({ from, to, legal }) => {
                const { id } = await createdAs(server, user, from);
                const fate = await v4Move(server, user, id, to);
                const now = (await find(server, user, id))?.status;
                expect([fate, now], `${from} to ${to}`).toEqual(
                    legal ? ['applied', to] : ['refused; reason=illegal_state', from],
                );
            }),
        );
    }, 60_000);

    test('of many at once is answered each in its own right', async () => {
        const user = newUser();
        const reports = await Promise.all(Array.from({ length: 30 }, () => create(server, user)));
        const fates = reports.map(({ id }, n) =>
            v4Move(server, user, id, n % 3 === 0 ? 'completed' : 'queued'),
        );
        (await Promise.all(fates)).forEach((fate, n) => {
            expect(fate).toBe(n % 3 === 0 ? 'refused; reason=illegal_state' : 'applied');
        });
        const statuses = (await list(server, user)).reports.map(({ status }) => status);
        expect(statuses.filter((status) => status === 'queued')).toHaveLength(20);
    });

    test('is "queued" when nobody answers in time, as where another reads its partition', async () => {
        const config = () => fromKafka(kafka, 'group = "shared"\nreply_time = "300ms"');
        await withServer({ config }, async (one) => {
            await withServer({ config }, async (other) => {
                await Promise.all([untilCaughtUp(one, 4), untilCaughtUp(other, 4)]);
                const user = newUser();
                const reports = await Promise.all(
                    Array.from({ length: 40 }, () => create(one, user)),
                );
                const fates = await Promise.all(
                    reports.map(({ id }) => v4Move(one, user, id, 'queued')),
                );
                expect(new Set(fates)).toEqual(new Set(['applied', 'queued']));
                const moved = (await list(one, user)).reports.filter(({ version }) => version > 1);
                expect(moved).toHaveLength(fates.filter((fate) => fate === 'applied').length);
            });
        });
    }, 60_000);

    test('travels, but a PATCH goes straight to its report', async () => {
        const user = newUser();
        const [direct, travelling] = [await create(server, user), await create(server, user)];
        await move(server, user, direct.id, 'queued');
        expect(await v4Move(server, user, travelling.id, 'queued')).toBe('applied');
        for (;;) {
            const { value } = await topic.next('the record of the PUT');
            expect(value.toString()).not.toContain(direct.id);
            if (value.includes(travelling.id)) {
                break;
            }
        }
    });
});
