// SPDX-License-Identifier: Apache-2.0
// A full disk refuses what needs the disk, and nothing else; room is enough to recover.
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Server, withServer } from '../harness/server.ts';
import { longHistory, volatileMetrics } from '../harness/settings.ts';
import { mountSmallDisk, unmountSmallDisk } from '../harness/small_disk.ts';
import {
    expectProblem,
    history,
    metric,
    postEvent,
    publish,
    type Receipt,
    request,
    sse,
    wholeHistory,
} from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const disk = mountSmallDisk();
const otherDisk = mountSmallDisk();

/** Leaves `bytes` of the disk free. */
function fillDisk(path: string, bytes: number): void {
    const { bavail, bsize } = statfsSync(path);
    const ballast = openSync(join(path, 'ballast'), 'w');
    for (let left = bavail * bsize - bytes; left > 0; left -= 65_536) {
        writeSync(ballast, Buffer.alloc(Math.min(left, 65_536)));
    }
    closeSync(ballast);
}

/** Publishes until the server refuses; what it had acknowledged, and the refusal. */
async function publishUntilRefused(
    server: Server,
): Promise<{ kept: string[]; code: number; body: any }> {
    const kept: string[] = [];
    for (let n = 0; ; n += 1) {
        const data = `${n} ${'x'.repeat(10_000)}`;
        const reply = await postEvent(server, 'archive/full', data);
        if (reply.status !== 201) {
            expectProblem(reply, 507, 'storage_full');
            return { kept, code: reply.status, body: reply.json };
        }
        kept.push(data);
    }
}

test.skipIf(disk === undefined)(
    'a full disk answers 507, serves the rest, and recovers without a restart',
    async () => {
        const path = disk ?? '';
        try {
            await withServer(
                { dataDir: join(path, 'data'), config: longHistory + volatileMetrics },
                async (server) => {
                    const pid = server.pid;
                    fillDisk(path, 1_000_000);
                    const { kept } = await publishUntilRefused(server);
                    expect(kept.length).toBeGreaterThan(5);

                    await expectVolatileGoesOn(server);
                    await expectReadsGoOn(server, kept);
                    await expectTroubleIsTold(server);
                    expect(
                        await metric(server, 'howl_errors_total', { code: 'storage_full' }),
                    ).toBeGreaterThan(0);

                    rmSync(join(path, 'ballast'));
                    await expectReadyWithoutPublishing(server);
                    const receipt = await expectAcceptedSoon(server);
                    expect(receipt.offset).toBe(kept.length + 1);
                    expect(server.pid).toBe(pid);

                    await server.restart('SIGKILL');
                    const stored = (await wholeHistory(server, 'archive/full')).map(
                        (event) => event.data,
                    );
                    expect(stored).toEqual([...kept, 'room again']);
                    expect((await server.stop()).code).toBe(0);
                },
            );
        } finally {
            unmountSmallDisk(path);
        }
    },
    60_000,
);

test.skipIf(otherDisk === undefined)(
    'a purge works on a full disk, and makes room for publishers',
    async () => {
        const path = otherDisk ?? '';
        try {
            await withServer(
                { dataDir: join(path, 'data'), config: longHistory },
                async (server) => {
                    for (let n = 0; n < 100; n += 1) {
                        await publish(server, 'archive/purged', `${n} ${'x'.repeat(10_000)}`);
                    }
                    fillDisk(path, 200_000);
                    const { kept } = await publishUntilRefused(server);
                    const purge = () =>
                        request(server, 'DELETE', '/api/topics/archive/purged/events');
                    expect((await purge()).status).toBe(204);
                    expect((await history(server, 'archive/purged')).events).toEqual([]);
                    const receipt = await expectAcceptedSoon(server);
                    expect(receipt.offset).toBe(kept.length + 1);
                    await server.restart('SIGKILL');
                    expect((await history(server, 'archive/purged')).events).toEqual([]);
                },
            );
        } finally {
            unmountSmallDisk(path);
        }
    },
    60_000,
);

/** The log line, the metric and `/readyz` say what the matter is. */
async function expectTroubleIsTold(server: Server): Promise<void> {
    const ready = await request(server, 'GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({
        status: 'store refuses writes',
        store: { code: 'storage_full', detail: expect.stringMatching(/howl\.db.*SQLite code/) },
    });
    expect(await metric(server, 'howl_store_refusing_writes')).toBe(1);
    expect(await metric(server, 'howl_store_failures_total')).toBeGreaterThan(0);
    expect(server.log.match(/the disk is full/g)).toHaveLength(1);
    expect(server.log).toMatch(/the disk is full.*operation="?commit.*cause="howl\.db/);
}

/** A balancer that sends nothing while the server is not ready finds out that it is again. */
async function expectReadyWithoutPublishing(server: Server): Promise<void> {
    await eventually('the server is ready again', async () => {
        return (await request(server, 'GET', '/readyz')).status === 200;
    });
    expect(server.log).toContain('the store takes writes again');
    expect(await metric(server, 'howl_store_refusing_writes')).toBe(0);
}

async function expectVolatileGoesOn(server: Server): Promise<void> {
    const stream = await sse(server, ['metrics/full', 'archive/full']);
    await publish(server, 'metrics/full', 'no disk needed');
    expect((await stream.next()).data).toBe('no disk needed');
    expectProblem(await postEvent(server, 'archive/full', 'x'.repeat(50_000)), 507, 'storage_full');
    await publish(server, 'metrics/full', 'still none needed');
    expect((await stream.next()).data).toBe('still none needed');
    stream.close();
}

async function expectReadsGoOn(server: Server, kept: string[]): Promise<void> {
    const page = await history(server, 'archive/full', { after: kept.length - 3 });
    expect(page.events.map((event) => event.data)).toEqual(kept.slice(-3));
}

function expectAcceptedSoon(server: Server): Promise<Receipt> {
    return eventually(
        'a publish is accepted after room was made',
        async () => {
            const reply = await postEvent(server, 'archive/full', 'room again');
            return reply.status === 201 && (reply.json as Receipt);
        },
        5_000,
    );
}
