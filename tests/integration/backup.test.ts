// SPDX-License-Identifier: Apache-2.0
// An epoch and an offset never name two events: after an older copy was put back, after a restore,
// and after the newest bytes of the WAL were damaged, readers are told to start over.
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { howl } from '../harness/cli.ts';
import { Random } from '../harness/random.ts';
import { Server, withServer } from '../harness/server.ts';
import { history, metric, publish, type Receipt, sse } from '../harness/verbs.ts';

const kTopic = 'kept/1';

/** Publishes `count` events; the last receipt. */
async function publishMany(server: Server, count: number, words: string): Promise<Receipt> {
    let last: Receipt | undefined;
    for (let n = 1; n <= count; n += 1) {
        last = await publish(server, kTopic, `${words} ${n}`);
    }
    return last as Receipt;
}

/** The resume id behind the newest event. */
async function newestId(server: Server): Promise<string> {
    const stream = await sse(server, kTopic);
    await publish(server, kTopic, 'the newest');
    const { lastEventId } = await stream.next();
    stream.close();
    return lastEventId;
}

/** A reader that comes back with `id` hears `reset` before anything else. */
async function expectReset(server: Server, id: string): Promise<void> {
    const stream = await sse(server, kTopic, { lastEventId: id });
    expect((await stream.next('the reset')).type).toBe('reset');
    stream.close();
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
    'an older copy of the directory, put back after %s, is a new epoch',
    async (how) => {
        await withServer({}, async (server) => {
            const first = await publishMany(server, 12, 'before');
            await server.stop();
            const copy = `${server.dataDir}-copy`;
            cpSync(server.dataDir, copy, { recursive: true });
            await server.start();
            expect((await publishMany(server, 4, 'after')).epoch).toBe(first.epoch);
            const id = await newestId(server);
            await (how === 'SIGTERM' ? server.stop() : server.kill9());
            rmSync(server.dataDir, { recursive: true });
            cpSync(copy, server.dataDir, { recursive: true });
            await server.start();
            const other = await publishMany(server, 5, 'other');
            expect(other.offset).toBe(17);
            expect(other.epoch).not.toBe(first.epoch);
            expect(server.log).toContain('a new epoch begins');
            expect(await metric(server, 'howl_histories_lost_total')).toBe(1);
            await expectReset(server, id);
        });
    },
    60_000,
);

test('a backup of a running server comes back with a new epoch', async () => {
    await withServer({}, async (server) => {
        const first = await publishMany(server, 12, 'before');
        const file = `${server.dataDir}-backup.db`;
        const made = await howl(['backup', file, '--data-dir', server.dataDir]);
        expect(made).toMatchObject({ code: 0, err: '' });
        expect(made.out).toContain(`12 events of 1 topics`);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        const id = await newestId(server);
        const refused = await howl(['restore', file, '--data-dir', server.dataDir]);
        expect(refused.code).toBe(1);
        expect(refused.err).toContain('in use by another process');
        await server.stop();
        const back = await howl(['restore', file, '--data-dir', server.dataDir]);
        expect(back).toMatchObject({ code: 0, err: '' });
        await server.start();
        const { epoch, events } = await history(server, kTopic);
        expect(epoch).not.toBe(first.epoch);
        expect(events.map((event) => event.offset)).toEqual([...Array(12).keys()].map((n) => n + 1));
        await expectReset(server, id);
        await server.restart('SIGKILL');
        expect((await history(server, kTopic)).epoch).toBe(epoch);
    });
}, 60_000);

test('backup and restore say what is wrong', async () => {
    const nothing = await howl(['backup', '/tmp/x.db', '--data-dir', '/no/such/directory']);
    expect(nothing.code).toBe(1);
    expect(nothing.err).toContain('/no/such/directory/howl.db');
    const missing = await howl(['restore', '/no/such/file', '--data-dir', '/tmp/nowhere']);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('/no/such/file');
    expect((await howl(['backup', 'x', '--data-dir', ':memory:'])).code).toBe(2);
});

test('bytes of the WAL that are damaged never cost events without a word', async () => {
    await withServer({}, async (server) => {
        const random = new Random();
        for (let round = 0; round < 8; round += 1) {
            const last = await publishMany(server, 10, `round ${round}`);
            await server.kill9();
            const file = join(server.dataDir, 'howl.db-wal');
            const wal = readFileSync(file);
            const at = random.between(0, wal.length - 1);
            writeFileSync(file, round % 2 === 0 ? wal.subarray(0, at) : wal.fill(0, at, at + 64));
            await server.start();
            const now = await publish(server, kTopic, 'next');
            const isWhole = now.offset === last.offset + 1;
            expect(isWhole || now.epoch !== last.epoch, `seed ${random.seed}`).toBe(true);
        }
    });
}, 60_000);

test('no file can be removed to get a second server onto the directory', async () => {
    await withServer({}, async (server) => {
        await publish(server, kTopic, 'x');
        for (const name of readdirSync(server.dataDir)) {
            expect(statSync(join(server.dataDir, name)).mode & 0o077, name).toBe(0);
            if (!name.startsWith('howl.db')) {
                rmSync(join(server.dataDir, name));
            }
        }
        const second = await howl(['serve', '--listen', '127.0.0.1:0', '--data-dir', server.dataDir]);
        expect(second.code).toBe(1);
        expect(second.err).toContain('in use by another process');
    });
});
