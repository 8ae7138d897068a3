// SPDX-License-Identifier: Apache-2.0
// `begin` of a source as a time that has passed: what is older stays where it is, in every partition.
import { beforeAll, describe, expect, test } from 'vitest';
import { fromKafka, source, untilCaughtUp } from '../harness/from_kafka.ts';
import { kafkaKind, useKafka } from '../harness/kafka.ts';
import { produce } from '../harness/kafka_clients.ts';
import { type Server, withServer } from '../harness/server.ts';
import { wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

if (kafkaKind === 'mock') {
    console.log('begin at a time: skipped, the mock cluster keeps no times: this needs the real broker');
}

describe.skipIf(kafkaKind === 'mock')('a source that begins at a time in the past', () => {
    const kafka = useKafka();
    const kHour = 3_600_000;
    const noon = Math.floor(Date.now() / kHour) * kHour - 6 * kHour;
    /** A record of so many milliseconds after that noon. */
    const at = (after: number, partition: number, value: string) => ({
        partition,
        value,
        timestamp: String(noon + after),
    });

    beforeAll(async () => {
        await kafka.createTopics({ orders: 4 });
        await produce(
            kafka,
            'orders',
            at(-2 * kHour, 0, 'older'),
            at(-1, 0, 'a millisecond older'),
            at(0, 0, 'of that moment'),
            at(1, 0, 'newer'),
            at(-kHour, 1, 'all of them older'),
            at(kHour, 2, 'all of them newer'),
            at(2 * kHour, 2, 'much newer'),
        );
    }, 90_000);

    const config = (begin: string) =>
        fromKafka(kafka) + source({ topic: 'orders', flow: 'topic', target: 'orders', begin });
    const heard = async (server: Server) =>
        (await wholeHistory(server, 'orders')).map(({ data }) => data).sort();

    const kNotOlder = ['all of them newer', 'much newer', 'newer', 'of that moment'];

    test('reads what is not older, and of the rest only what comes', () =>
        withServer({ config: () => config(new Date(noon).toISOString()) }, async (server) => {
            await eventually('they are read', async () => (await heard(server)).length >= 4);
            await untilCaughtUp(server, 4);
            expect(await heard(server)).toEqual(kNotOlder);

            // The stored places count from then on, whatever times later records have.
            await server.restart('SIGKILL');
            await untilCaughtUp(server, 4);
            await produce(kafka, 'orders', at(-3 * kHour, 1, 'late, of a clock that is wrong'));
            await eventually('the late one', async () => (await heard(server)).length > 4);
            expect(await heard(server)).toEqual([...kNotOlder, 'late, of a clock that is wrong'].sort());
        }));
});
