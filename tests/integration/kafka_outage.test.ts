// SPDX-License-Identifier: Apache-2.0
// For Kafka: while the broker is away the rest goes on, and who needs it is told soon. When
// it is back, so is what depends on it.
import { beforeAll, describe, expect, test } from 'vitest';
import { fromKafka, messageTo, moveOf, untilCaughtUp } from '../harness/from_kafka.ts';
import { kafkaKind, kNeedsRealKafka, useKafka } from '../harness/kafka.ts';
import { produce } from '../harness/kafka_clients.ts';
import { create, find, move, newUser, v4Move, v4Put } from '../harness/reports.ts';
import { useServer } from '../harness/server.ts';
import { publish, request, sse, sseAt } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

/** The figure is 5 s on a quiet machine; what it came to is printed. */
const kBackMs = 30_000;
/** A server that went while the broker was away is still in the broker's books for so long. */
const kSessionMs = 10_000;

if (kafkaKind === 'mock') {
    console.log(`Kafka outage: skipped, ${kNeedsRealKafka}`);
}

describe.skipIf(kafkaKind === 'mock')('while the broker is away', () => {
    const kafka = useKafka();
    beforeAll(() => kafka.createTopics({ v3_messages: 4, v4_messages: 4 }));
    const server = useServer({ config: () => fromKafka(kafka) });
    beforeAll(() => untilCaughtUp(server, 8), 40_000);

    test('streams, REST and a PATCH go on, a PUT is refused; then all is as before', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        const [inbox, news] = [
            await sseAt(server, '/v3/sse?username=demo'),
            await sse(server, 'news'),
        ];
        await kafka.kill9();

        expect((await v4Put(server, user, id, 'queued')).status).toBe(503);
        await publish(server, 'news', 'still here');
        expect((await news.next()).data).toBe('still here');
        await request(server, 'POST', '/v3/message?username=demo', { body: 'posted' });
        expect((await inbox.next()).data).toBe('posted');
        await move(server, user, id, 'queued');
        expect((await request(server, 'GET', '/readyz')).status).toBe(200);

        await kafka.start();
        const back = performance.now();
        await produce(kafka, 'v3_messages', messageTo('demo', 'back'));
        expect((await inbox.next('a record after the return', kBackMs)).data).toBe('back');
        console.log(`Kafka outage: a record ${Math.round(performance.now() - back)} ms after the return`);
        expect(await v4Move(server, user, id, 'processing')).toBe('applied');
        [inbox, news].forEach((stream) => stream.close());
    }, 120_000);

    test('a server starts all the same, and reads when the broker comes', async () => {
        const user = newUser();
        const { id } = await create(server, user);
        await kafka.kill9();
        await server.restart('SIGKILL');
        await publish(server, 'news', 'up without Kafka');
        await kafka.start();
        await produce(kafka, 'v4_messages', moveOf(id, 'canceled'));
        await eventually(
            'the record moves its report',
            async () => (await find(server, user, id))?.status === 'canceled',
            kBackMs + kSessionMs,
        );
    }, 120_000);
});
