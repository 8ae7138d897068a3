// SPDX-License-Identifier: Apache-2.0
// Reports in DynamoDB: the table is the original's, its programs can read it, and what they wrote is
// taken over.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killAgainAndAgain } from '../harness/acknowledgements.ts';
import {
    awsEnv,
    DynamoDb,
    expectAllRelayed,
    keptInDynamoDb,
    kEngines,
    storeInit,
} from '../harness/dynamodb.ts';
import { FaultProxy } from '../harness/fault_proxy.ts';
import { Random } from '../harness/random.ts';
import { type Server, withServer } from '../harness/server.ts';
import { expectProblem, type Reply, request, sseAt, wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kTable = 'report_status';

const command = (server: Server, method: string, path: string, body?: unknown, key?: string) =>
    request(server, method, path, {
        headers: {
            'content-type': 'application/json',
            ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
const create = (server: Server, user: string, key?: string) =>
    command(server, 'POST', `/api/reports?user_id=${user}`, undefined, key);
const move = (server: Server, user: string, id: string, status: string) =>
    command(server, 'PATCH', `/api/reports/${id}?user_id=${user}`, { status });
const listed = async (server: Server, user: string) =>
    (await request(server, 'GET', `/api/reports?user_id=${user}`)).json;

describe.each(kEngines)('with %s', (engine) => {
    const dynamo = new DynamoDb(engine);
    const proxy = new FaultProxy(() => dynamo.url);
    const config = () => keptInDynamoDb(proxy.url, 'reports');
    beforeAll(async () => {
        await dynamo.start();
        await proxy.up();
        await storeInit(config());
    });
    afterAll(async () => {
        await proxy.down();
        dynamo.stop();
    });
    const onServer = (use: (server: Server) => Promise<void>) =>
        withServer({ config, env: awsEnv }, async (server) => {
            await use(server);
            proxy.choose = () => undefined;
            await expectAllRelayed(dynamo, kTable);
        });
    const itemOf = async (id: string) =>
        (await dynamo.call('GetItem', { TableName: kTable, Key: { report_id: { S: id } } })).Item;

    test('a report stands where the programs of the original service look for it', () =>
        onServer(async (server) => {
            const user = randomUUID();
            const { id } = (await create(server, user)).json;
            expect((await move(server, user, id, 'queued')).status).toBe(200);
            expect(await itemOf(id)).toMatchObject({
                report_id: { S: id },
                user_id: { S: user },
                status: { S: 'queued' },
                version: { N: '2' },
            });
        }));

    test('what a program of the original service wrote is listed, and taken over by the first move', () =>
        onServer(async (server) => {
            const [user, id] = [randomUUID(), randomUUID()];
            const Item = { report_id: { S: id }, user_id: { S: user }, status: { S: 'queued' } };
            await dynamo.call('PutItem', { TableName: kTable, Item });
            expect(await listed(server, user)).toMatchObject([{ id, status: 'queued', version: 1 }]);
            expectProblem(await move(server, user, id, 'completed'), 409, 'illegal_state');
            expect((await move(server, user, id, 'processing')).json).toMatchObject({
                id,
                status: 'processing',
                version: 2,
            });
            expect((await itemOf(id)).status).toEqual({ S: 'processing' });
        }));

    test('reports and their events are there after a restart', () =>
        onServer(async (server) => {
            const user = randomUUID();
            const { id } = (await create(server, user)).json;
            await move(server, user, id, 'queued');
            const before = await listed(server, user);
            await server.restart('SIGKILL');
            expect(await listed(server, user)).toEqual(before);
            expect((await move(server, user, id, 'processing')).status).toBe(200);
        }));

    test('throttling, errors, lost and late answers lose and double no move', () =>
        onServer(async (server) => {
            const random = new Random();
            const user = randomUUID();
            const stream = await sseAt(server, `/api/reports/events?user_id=${user}`);
            proxy.chooseAtRandom(random, { throttle: 15, error: 10, drop: 10, delay: 2 });
            const lanes = Array.from({ length: 6 }, (_, lane) => life(server, user, `k-${lane}`));
            const ids = await Promise.all(lanes);
            proxy.choose = () => undefined;
            await expectAllRelayed(dynamo, kTable);
            const events = await stream.take(ids.length * 4, 'each event of each report');
            expect(versionsOf(events)).toEqual(versionsUpTo4(ids));
            stream.close();
        }), 90_000);

    test('nothing is lost or doubled over 5 times kill -9', () =>
        onServer(async (server) => {
            // A user for each lane, because a topic keeps a thousand events.
            const users = [1, 2, 3, 4].map(() => randomUUID());
            let ending = false;
            const lane = async (user: string) => {
                const ids: string[] = [];
                while (!ending) {
                    ids.push(await life(server, user, `key-${ids.length}`));
                }
                return ids;
            };
            const lanes = users.map(lane);
            await killAgainAndAgain(server, new Random(), 5);
            ending = true;
            const made = await Promise.all(lanes);
            await expectAllRelayed(dynamo, kTable);
            for (const [at, user] of users.entries()) {
                const ids = made[at] ?? [];
                const told = await wholeHistory(server, `howl:reports/${user}`);
                expect(versionsOf(told)).toEqual(versionsUpTo4(ids));
                expect((await listed(server, user)).length).toBe(ids.length);
            }
            console.log(`kill -9: ${made.flat().length} reports, each move told once`);
        }), 90_000);

    test('a missing table is trouble of the store, and no report is missing for it', () =>
        onServer(async (server) => {
            const user = randomUUID();
            const { id } = (await create(server, user)).json;
            await dynamo.call('DeleteTable', { TableName: kTable });
            // It goes in its own time; then both a move and a list say what the matter is.
            const ask = [
                () => move(server, user, id, 'queued'),
                () => request(server, 'GET', `/api/reports?user_id=${user}`),
            ];
            for (const one of ask) {
                const refused = await eventually('the store is in trouble', async () => {
                    const reply = await one();
                    return reply.status === 503 && reply;
                });
                expectProblem(refused, 503, 'read_failed');
            }
            await storeInit(config());
            expect((await create(server, user)).status).toBe(201);
        }), 30_000);
});

/** `ID VERSION` of each event, sorted. */
const versionsOf = (events: { data: unknown }[]): string[] =>
    events
        .map(({ data }) => JSON.parse(String(data)) as { id: string; version: number })
        .map(({ id, version }) => `${id} ${version}`)
        .sort();

/** Of reports that have come to their end: made, and moved three times. */
const versionsUpTo4 = (ids: string[]): string[] =>
    ids.flatMap((id) => [1, 2, 3, 4].map((version) => `${id} ${version}`)).sort();

/** A report through its whole life; whoever gets no answer looks how far it has come. */
async function life(server: Server, user: string, key: string): Promise<string> {
    const answered = (ask: () => Promise<Reply>, isDone: (reply: Reply) => boolean) =>
        eventually('it is done', async () => {
            const reply = await ask().catch(() => undefined); // The server may be away.
            return reply !== undefined && isDone(reply) && reply;
        }, 60_000);
    const isThere = ({ status }: Reply) => status === 200 || status === 201;
    const { id } = (await answered(() => create(server, user, key), isThere)).json;
    for (const status of ['queued', 'processing', 'completed']) {
        // Refused: the move before was made, and its answer was lost.
        const isDone = (reply: Reply) => reply.status === 200 || reply.status === 409;
        await answered(() => move(server, user, id, status), isDone);
    }
    return id;
}
