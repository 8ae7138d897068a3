// SPDX-License-Identifier: Apache-2.0
// Every row of src/telemetry/metrics.def moves when what it counts happens. A new row needs a test
// here, or one of the unit tests where no client can bring it about.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { upgradeRequest } from '../conformance/handshake_cases.ts';
import { askCreate } from '../harness/cloud.ts';
import { awsEnv, DynamoDb, keptInDynamoDb, storeInit } from '../harness/dynamodb.ts';
import { FaultProxy } from '../harness/fault_proxy.ts';
import { fromKafka, messageTo, moveOf, untilCaughtUp } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { produce } from '../harness/kafka_clients.ts';
import { MovedRows, metricRows, rowsSeenMoving } from '../harness/metric_rows.ts';
import { RawConnection } from '../harness/raw.ts';
import { create, newUser, v4Move } from '../harness/reports.ts';
import { howlBinary, useServer, withServer } from '../harness/server.ts';
import {
    impatience,
    longHistory,
    shortHistory,
    smallServer,
    volatileMetrics,
} from '../harness/settings.ts';
import { mountSmallDisk, unmountSmallDisk } from '../harness/small_disk.ts';
import { publish, request, sse, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

// Its types are newer than those of Node that the tests are checked with.
const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite');

/** What a bug, the machine or a crash at the right moment decides, and no client: unit tests move these. */
const kMovedByUnitTests = [
    'howl_tasks_failed_total',
    'howl_long_turns_total',
    'howl_kafka_repeated_records_total',
    'howl_dynamodb_pending_events',
];

/** A full disk needs the right to mount a small one. */
const kMovedByFullDisk = ['howl_store_failures_total', 'howl_store_refusing_writes'];
const disk = mountSmallDisk();
afterAll(() => disk === undefined || unmountSmallDisk(disk));

/** UBSan opens a pipe for some of its looks, and ends a server that has no descriptor left for it. */
const isUnderUbsan = execFileSync('ldd', [howlBinary], { encoding: 'utf8' }).includes('libubsan');
const kMovedByDescriptors = ['howl_accept_failures_total'];

const unmovable = (name: string): boolean =>
    kMovedByUnitTests.includes(name) ||
    (disk === undefined && kMovedByFullDisk.includes(name)) ||
    (isUnderUbsan && kMovedByDescriptors.includes(name));

/** The texts of all unit tests. */
function unitTests(): string[] {
    const folder = fileURLToPath(new URL('../../src', import.meta.url));
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('_test.cpp'))
        .map((path) => readFileSync(join(folder, path), 'utf8'));
}

describe('of a server that serves', () => {
    const server = useServer({ config: volatileMetrics + shortHistory });

    test('connections, requests, sessions, events and their times', async () => {
        const moved = await MovedRows.since(server);
        const stream = await sse(server, ['archive/row', 'metrics/row']);
        const socket = await wsConnect(server, '/api/topics/metrics/row/ws');
        // A socket that reads a topic is closed when it says something.
        const loud = await wsConnect(server, '/api/topics/metrics/row/ws');
        loud.send({ any: 'thing' });
        await publish(server, 'archive/row', 'durable', { key: 'once' });
        await publish(server, 'archive/row', 'durable', { key: 'once' });
        await publish(server, 'metrics/row', 'volatile');
        await stream.take(2);
        await moved.untilMoved(
            'howl_connections_accepted_total',
            'howl_connections',
            'howl_http_requests_total',
            'howl_received_bytes_total',
            'howl_sent_bytes_total',
            'howl_socket_writes_total',
            'howl_sse_sessions',
            'howl_websocket_sessions',
            'howl_websocket_messages_received_total',
            'howl_readers',
            'howl_subscriptions',
            'howl_topics',
            'howl_window_bytes',
            'howl_events_published_total',
            'howl_publishes_repeated_total',
            'howl_events_delivered_total',
            'howl_frames_encoded_total',
            'howl_commits_total',
            'howl_publish_to_queue_seconds',
            'howl_publish_to_kernel_seconds',
            'howl_commit_seconds',
            'howl_http_request_seconds',
        );
        stream.close();
        socket.close();
    });

    test('replays, resets and forgotten topics', async () => {
        const moved = await MovedRows.since(server);
        const stream = await sse(server, 'short/row');
        await publish(server, 'short/row', 'first');
        const { lastEventId } = await stream.next();
        stream.close();
        for (let n = 0; n < 20; n += 1) {
            await publish(server, 'short/row', `${n}`);
        }
        const again = await sse(server, 'short/row', { lastEventId });
        expect((await again.next()).type).toBe('reset');
        again.close();
        await request(server, 'DELETE', '/api/topics/short/row/events?scope=topic');
        await moved.untilMoved(
            'howl_events_replayed_total',
            'howl_replay_events',
            'howl_resets_total',
            'howl_topics_forgotten_total',
        );
    });

    test('replays from beyond the memory', () =>
        withServer({ config: '[limits]\nwindow_bytes = 0\n' }, async (other) => {
            const stream = await sse(other, 'row');
            await publish(other, 'row', 'first');
            const { lastEventId } = await stream.next();
            stream.close();
            await publish(other, 'row', 'second');
            const moved = await MovedRows.since(other);
            const again = await sse(other, 'row', { lastEventId });
            expect((await again.next()).data).toBe('second');
            again.close();
            await moved.untilMoved('howl_log_reads_total');
        }));
});

describe('of peers that do not keep up', () => {
    const server = useServer({
        config: `${volatileMetrics}[limits]\nqueue_bytes = 65536\nstall_time = "300ms"\n`,
    });

    async function stalledReader(topic: string): Promise<RawConnection> {
        const connection = await RawConnection.open(server);
        connection.send(`GET /api/topics/${topic}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        await connection.untilReceived('\r\n\r\n');
        return connection.stall();
    }

    /** As much as fills the kernel's buffers, and some of the queue, or all of it. */
    async function fill(topic: string, enough: () => Promise<boolean>): Promise<void> {
        await eventually(`${topic} is full`, async () => {
            await publish(server, topic, 'x'.repeat(30_000));
            return enough();
        });
    }

    const isThere = (moved: MovedRows, name: string) => async () => moved.hasMoved(name);

    test('what waits for them, and how they end', async () => {
        const moved = await MovedRows.since(server);
        const cut = await stalledReader('metrics/cut');
        await fill('metrics/cut', isThere(moved, 'howl_output_queue_bytes'));
        await moved.untilMoved('howl_output_queue_bytes', 'howl_output_memory_bytes');
        await moved.untilMoved(
            'howl_slow_readers_total',
            'howl_slow_readers_ended_total{end="cut"}',
        );
        cut.close();

        const told = await stalledReader('metrics/told');
        const later = await MovedRows.since(server);
        await fill('metrics/told', isThere(later, 'howl_slow_readers_total'));
        await told.resume().untilEnded();
        await later.untilMoved('howl_slow_readers_ended_total{end="told"}');
    });

    test('that are dead', () =>
        withServer({ config: impatience }, async (hasty) => {
            const moved = await MovedRows.since(hasty);
            const connection = await RawConnection.open(hasty);
            connection.send(upgradeRequest().replaceAll('{host}', 'localhost'));
            await connection.untilEnded();
            await moved.untilMoved('howl_dead_peers_total');
        }));
});

describe('of a server without room', () => {
    test('idle connections give way', () =>
        withServer({ config: smallServer }, async (small) => {
            const idle = await Promise.all(
                Array.from({ length: 20 }, () => RawConnection.open(small)),
            );
            await MovedRows.sinceStart(small).untilMoved('howl_connections_gave_way_total');
            idle.forEach((connection) => connection.close());
        }));

    test('connections are refused when there is none that could give way', () =>
        withServer({ config: smallServer }, async (small) => {
            const held = await Promise.all(Array.from({ length: 20 }, () => sse(small, 'held')));
            // The reserve for probes: what has a request in work does not give way.
            const head = ['POST /healthz HTTP/1.1', 'Host: h', 'Content-Length: 1'];
            const reserve = await Promise.all(
                Array.from({ length: 16 }, async () => {
                    const connection = await RawConnection.open(small);
                    connection.send([...head, 'Expect: 100-continue', '', ''].join('\r\n'));
                    return connection.untilReceived('100 Continue');
                }),
            );
            const last = await RawConnection.open(small);
            await last.untilReceived('too_many_connections');
            [...held, ...reserve, last].forEach((connection) => connection.close());
            await MovedRows.sinceStart(small).untilMoved('howl_connections_refused_total');
        }));

    test.skipIf(isUnderUbsan)('descriptors run out', () =>
        withServer({}, async (server) => {
            const moved = await MovedRows.since(server);
            const open = readdirSync(`/proc/${server.pid}/fd`).length;
            const limit = (soft: string) =>
                execFileSync('prlimit', [`--pid=${server.pid}`, `--nofile=${soft}:`]);
            const hard = /Max open files +\d+ +(\d+)/.exec(
                readFileSync(`/proc/${server.pid}/limits`, 'utf8'),
            )?.[1];
            limit(`${open}`);
            const refused = await RawConnection.open(server);
            await eventually('an accept fails', () => server.log.includes('accept failed'));
            limit(`${hard}`);
            refused.close();
            await moved.untilMoved(...kMovedByDescriptors);
        }));
});

describe('of a store', () => {
    test('that is damaged', () =>
        withServer({ config: longHistory }, async (server) => {
            const { id } = (await request(server, 'POST', '/api/cloud/instances')).json;
            for (const data of ['event 1', 'event 2']) {
                await publish(server, 'archive/row', data);
            }
            await server.stop();
            const file = join(server.dataDir, 'howl.db');
            const database = new DatabaseSync(file);
            const spoil = 'UPDATE records SET data = ? WHERE id = ?';
            expect(database.prepare(spoil).run(Buffer.from('x'), id).changes).toBe(1);
            database.close();
            const bytes = readFileSync(file);
            writeFileSync(file, bytes.fill('E', bytes.indexOf('event 2'), bytes.indexOf('event 2') + 1));
            await server.start();
            await request(server, 'GET', '/api/topics/archive/row/events?format=json');
            await MovedRows.sinceStart(server).untilMoved(
                'howl_damaged_rows_total',
                'howl_records_unreadable_total',
            );
        }));

    test.skipIf(disk === undefined)('that is full', () =>
        withServer({ dataDir: join(disk ?? '', 'data') }, async (server) => {
            const moved = await MovedRows.since(server);
            await eventually('the disk is full', async () => {
                const body = 'x'.repeat(60_000);
                const reply = await request(server, 'POST', '/api/topics/row/events', { body });
                return reply.status === 507;
            });
            await moved.untilMoved(...kMovedByFullDisk);
        }));

    test('that is older than what was acknowledged', () =>
        withServer({}, async (server) => {
            await publish(server, 'row', 'before');
            await server.stop();
            const file = join(server.dataDir, 'howl.db');
            const older = readFileSync(file);
            await server.start();
            await publish(server, 'row', 'after');
            await server.stop();
            writeFileSync(file, older);
            await server.start();
            await MovedRows.sinceStart(server).untilMoved('howl_histories_lost_total');
        }));
});

describe('of Kafka', () => {
    const kafka = useKafka();

    test('what comes, waits, goes and fails', async () => {
        await kafka.createTopics({ v3_messages: 4, v4_messages: 4 });
        const config = () => fromKafka(kafka, 'records_in_work = 1');
        await withServer({ config }, async (server) => {
            await untilCaughtUp(server, 8);
            const moved = MovedRows.sinceStart(server);
            const user = newUser();
            const { id } = await create(server, user);
            await produce(kafka, 'v4_messages', { ...moveOf(id, 'completed'), partition: 0 });
            await produce(kafka, 'v3_messages', { value: 'no colon', partition: 0 });
            await v4Move(server, user, id, 'queued');
            const many = Array.from({ length: 1_000 }, (_, n) => messageTo('row', `${n}`));
            await produce(kafka, 'v3_messages', ...many);
            await moved.untilMoved(
                'howl_kafka_records_total',
                'howl_kafka_poison_records_total',
                'howl_kafka_refused_moves_total',
                'howl_kafka_writes_total',
                'howl_kafka_partitions',
                'howl_kafka_in_work_records',
                'howl_kafka_lag_records',
            );
            await (kafka.kind === 'real' ? kafka.kill9() : kafka.discard());
            await moved.untilMoved('howl_kafka_failures_total');
        });
    }, 120_000);
});

test('of DynamoDB: requests, and those that are tried again', async () => {
    const dynamo = new DynamoDb();
    const proxy = new FaultProxy(() => dynamo.url);
    await dynamo.start();
    await proxy.up();
    try {
        const config = keptInDynamoDb(proxy.url, 'cloud');
        await storeInit(config);
        await withServer({ config, env: awsEnv }, async (server) => {
            const moved = MovedRows.sinceStart(server);
            proxy.choose = (operation) => (operation === 'UpdateItem' ? 'throttle' : undefined);
            const created = askCreate(server);
            await moved.untilMoved('howl_dynamodb_requests_total', 'howl_dynamodb_retries_total');
            proxy.choose = () => undefined;
            await created;
        });
    } finally {
        await proxy.down();
        dynamo.stop();
    }
}, 60_000);

test('every row is moved here, or by a unit test', () => {
    const names = metricRows.map(({ name }) => name);
    const unmoved = names.filter((name) => !rowsSeenMoving.has(name) && !unmovable(name));
    expect(unmoved).toEqual([]);
    expect(kMovedByUnitTests.filter((name) => !names.includes(name))).toEqual([]);
});

test.each(kMovedByUnitTests)('%s is looked at by a unit test', (name) => {
    const row = metricRows.find((one) => one.name === name);
    expect(unitTests().some((text) => text.includes(`::${row?.enumerator})`))).toBe(true);
});
