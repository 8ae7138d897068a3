// SPDX-License-Identifier: Apache-2.0
// Taking over from the "Server Sent Events" demo: its table of reports and its topics as it leaves them, and
// Howl with a data directory that is new (docs/OPERATIONS.md, "Taking over").
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsEnv, DynamoDb, keptInDynamoDb, storeInit } from '../harness/dynamodb.ts';
import { fromKafka, messageTo, moveOf, untilCaughtUp } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { produce } from '../harness/kafka_clients.ts';
import { find, list, v4Move } from '../harness/reports.ts';
import { type Server, withServer } from '../harness/server.ts';
import { wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kafka = useKafka();
const dynamo = new DynamoDb('dynalite');
const user = randomUUID();
/** What became of each report, move by move; the first one is where it began. */
const lives = {
    processing: ['queued', 'processing'],
    completed: ['queued', 'processing', 'completed'],
    again: ['queued', 'processing', 'failed', 'pending', 'queued'],
    refused: ['completed', 'queued', 'canceled', 'completed'],
};
const ids = Object.fromEntries(Object.keys(lives).map((name) => [name, randomUUID()]));
const states: Record<string, string> = {
    processing: 'processing',
    completed: 'completed',
    again: 'queued',
    refused: 'canceled',
};

beforeAll(async () => {
    await dynamo.start();
    await storeInit(keptInDynamoDb(dynamo.url, 'reports'));
    await kafka.createTopics({ v3_messages: 1, v4_messages: 2 });
    for (const [name, moves] of Object.entries(lives)) {
        await produce(kafka, 'v4_messages', ...moves.map((status) => moveOf(ids[name]!, status)));
        await dynamo.call('PutItem', {
            TableName: 'report_status',
            Item: {
                report_id: { S: ids[name] },
                user_id: { S: user },
                status: { S: states[name] },
            },
        });
    }
    await produce(kafka, 'v3_messages', messageTo('demo', 'of yesterday'));
}, 90_000);
afterAll(() => dynamo.stop());

const config = () => fromKafka(kafka) + keptInDynamoDb(dynamo.url, 'reports');

async function expectUntouched(server: Server): Promise<void> {
    for (const report of (await list(server, user)).reports) {
        const name = Object.keys(ids).find((key) => ids[key] === report.id)!;
        expect(report, name).toMatchObject({ status: states[name], version: 1, attempt: 1 });
        expect(report.history, name).toHaveLength(1);
    }
}

test('what the demo has judged stays as it was, and what comes then is done', () =>
    withServer({ config, env: awsEnv }, async (server) => {
        await untilCaughtUp(server, 3);
        expect((await list(server, user)).reports).toHaveLength(4);
        await expectUntouched(server);
        expect(await wholeHistory(server, 'howl:inbox/v3/demo')).toEqual([]);

        await produce(kafka, 'v3_messages', messageTo('demo', 'of today'));
        await eventually('the message', async () => {
            const heard = await wholeHistory(server, 'howl:inbox/v3/demo');
            return heard.length === 1 && heard[0]!.data === 'of today';
        });

        await server.restart('SIGKILL');
        await untilCaughtUp(server, 3);
        await expectUntouched(server);
        expect(await v4Move(server, user, ids['processing']!, 'failed')).toBe('applied');
        expect((await find(server, user, ids['processing']!))?.history).toHaveLength(2);
    }));
