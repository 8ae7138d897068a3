// SPDX-License-Identifier: Apache-2.0
// Records in DynamoDB: faults, restarts and kill -9, shown on the cloud's instances.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
    accepted,
    askCreate,
    askState,
    byId,
    cloudEvents,
    fold,
    list,
    made,
    settled,
    settledList,
    toldSoFar,
} from '../harness/cloud.ts';
import { expectOperationsSurvive } from '../harness/cloud_oracle.ts';
import {
    awsEnv,
    DynamoDb,
    expectAllRelayed,
    keptInDynamoDb,
    kEngines,
    runHowl,
    storeInit,
} from '../harness/dynamodb.ts';
import { FaultProxy } from '../harness/fault_proxy.ts';
import { Random } from '../harness/random.ts';
import { expectServesNewcomer, type Server, withServer } from '../harness/server.ts';
import { expectProblem, metric, sse } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kTable = 'howl_cloud.instance';

describe.each(kEngines)('with %s', (engine) => {
    const dynamo = new DynamoDb(engine);
    const proxy = new FaultProxy(() => dynamo.url);
    beforeAll(async () => {
        await dynamo.start();
        await proxy.up();
    });
    afterAll(async () => {
        await proxy.down();
        dynamo.stop();
    });

    const config = (operationTime: string) =>
        keptInDynamoDb(proxy.url, 'cloud', `operation_time = "${operationTime}"`);

    /** A server of its own history, over tables without items. */
    async function onEmptyTables(
        operationTime: string,
        use: (server: Server) => Promise<void>,
    ): Promise<void> {
        proxy.choose = () => undefined;
        await storeInit(config(operationTime));
        for (const { id } of await dynamo.items(kTable)) {
            await dynamo.call('DeleteItem', { TableName: kTable, Key: { id } });
        }
        const options = { config: () => config(operationTime), env: awsEnv };
        await withServer(options, async (server) => {
            await use(server);
            proxy.choose = () => undefined;
            await expectServesNewcomer(server);
            await expectAllRelayed(dynamo, kTable);
            expect(server.log).not.toContain(awsEnv.AWS_SECRET_ACCESS_KEY);
            expect(await server.stop()).toEqual({ code: 0, signal: null });
        });
    }

    test('a server without its tables says how to make them', async () => {
        const { code, err } = await runHowl(config('1s'), ['serve', '--listen', '127.0.0.1:0']);
        expect(err).toContain(`there is no table ${kTable}; make it with: howl store init`);
        expect(code).toBe(1);
    });

    test('store init makes the tables once', async () => {
        expect(await storeInit(config('1s'))).toBe(`${kTable}: made\n`);
        expect(await storeInit(config('1s'))).toBe(`${kTable}: there already, and as it should be\n`);
        expect(await storeInit(config('1s'), ['--all'])).toMatch(/^report_status: made$/m);
    });

    test('a record and its events are there after a restart', () =>
        onEmptyTables('100ms', async (server) => {
            const id = await made(server, 'running');
            const [item] = await dynamo.items(kTable);
            expect(item).toMatchObject({ id: { S: id }, version: { N: '4' } });
            const before = await settledList(server);
            const told = await toldSoFar(server);
            expect(told.map(({ type }) => type)).toEqual([
                'received',
                'created',
                'received',
                'started',
            ]);
            await server.restart();
            expect((await list(server)).instances).toEqual(before);
            expect(await toldSoFar(server)).toEqual(told);
            await accepted(askState(server, id, 'stopped'));
            expect((await settled(server, id))?.state).toBe('stopped');
        }));

    test('every acknowledged operation ends once over 5 times kill -9', () =>
        onEmptyTables('150ms', (server) => expectOperationsSurvive(server, 5)), 90_000);

    test('throttling, errors, lost and late answers lose and double nothing', () =>
        onEmptyTables('20ms', async (server) => {
            const random = new Random();
            proxy.chooseAtRandom(random, { throttle: 15, error: 10, drop: 10, delay: 2 });
            const lanes = Array.from({ length: 8 }, (_, lane) => someLives(server, lane, 6));
            await Promise.all(lanes);
            console.log(`faults: ${JSON.stringify(proxy.done)}, seed ${random.seed}`);
            expect(Math.min(...Object.values(proxy.done))).toBeGreaterThan(0);
            proxy.choose = () => undefined;
            const instances = await settledList(server);
            await expectAllRelayed(dynamo, kTable);
            const told = await toldSoFar(server);
            const seen = told.map(({ opId, type }) => `${opId} ${type}`);
            expect(new Set(seen).size, 'no event twice').toBe(seen.length);
            expect(byId(instances)).toEqual(fold(told));
            expect(await metric(server, 'howl_dynamodb_pending_events')).toBe(0);
            expect(await metric(server, 'howl_dynamodb_retries_total')).toBeGreaterThan(0);
        }), 90_000);

    test('while DynamoDB is away commands fail, streams stay, and it works again after', () =>
        onEmptyTables('50ms', async (server) => {
            const stream = await cloudEvents(server);
            const other = await sse(server, 'other');
            await proxy.down();
            for (let n = 0; n < 2; n += 1) {
                expectProblem(await askCreate(server), 503, 'storage_failed');
            }
            expect((await list(server)).instances).toEqual([]);
            await expectServesNewcomer(server);
            await proxy.up();
            await eventually(
                'it works again',
                async () => (await askCreate(server)).status === 202,
                20_000,
            );
            expect((await stream.next('the first event')).type).toBe('received');
            other.close();
        }), 30_000);
});

/** Instances that come, run and stay; whoever gets no answer asks again, as a careful client. */
async function someLives(server: Server, lane: number, lives: number): Promise<void> {
    for (let life = 0; life < lives; life += 1) {
        const key = `${lane}-${life}`;
        const { id } = await eventually('it is created', async () => {
            const reply = await askCreate(server, {}, key);
            return reply.status === 202 && (reply.json as { id: string });
        });
        await eventually('it is started', async () => {
            const reply = await askState(server, id, 'running');
            return reply.status === 202 || reply.json.code === 'illegal_state';
        });
    }
}
