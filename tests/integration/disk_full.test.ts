// SPDX-License-Identifier: Apache-2.0
// Row B4: a full disk refuses what needs the disk, and nothing else; room is enough to recover.
// The data directory is a small tmpfs, so the test needs the right to mount one.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Server, withServer } from '../harness/server.ts';
import { longHistory, volatileMetrics } from '../harness/settings.ts';
import {
    expectProblem,
    history,
    metric,
    postEvent,
    publish,
    type Receipt,
    sse,
    wholeHistory,
} from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const disk = mountSmallDisk();

/** A directory on a file system of 8 MiB, or why there is none. */
function mountSmallDisk(): { path: string } | { missing: string } {
    const path = mkdtempSync(join(tmpdir(), 'howl-disk-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', path], { stdio: 'pipe' });
        return { path };
    } catch (error) {
        rmSync(path, { recursive: true });
        const missing =
            error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : '';
        console.log(`disk full: skipped, cannot mount a tmpfs here (${missing})`);
        return { missing };
    }
}

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
): Promise<{ kept: string[]; code: number; body: any; ms: number }> {
    const kept: string[] = [];
    for (let n = 0; ; n += 1) {
        const data = `${n} ${'x'.repeat(10_000)}`;
        const since = performance.now();
        const reply = await postEvent(server, 'archive/full', data);
        if (reply.status !== 201) {
            expectProblem(reply, 507, 'storage_full');
            return { kept, code: reply.status, body: reply.json, ms: performance.now() - since };
        }
        kept.push(data);
    }
}

test.skipIf('missing' in disk)(
    'a full disk answers 507, serves the rest, and recovers without a restart',
    async () => {
        const path = 'path' in disk ? disk.path : '';
        try {
            await withServer(
                { dataDir: join(path, 'data'), config: longHistory + volatileMetrics },
                async (server) => {
                    const pid = server.pid;
                    fillDisk(path, 1_000_000);
                    const { kept, ms } = await publishUntilRefused(server);
                    expect(kept.length).toBeGreaterThan(5);
                    expect(ms).toBeLessThan(1_000);

                    await expectVolatileGoesOn(server);
                    await expectReadsGoOn(server, kept);
                    expect(
                        await metric(server, 'howl_errors_total', { code: 'storage_full' }),
                    ).toBeGreaterThan(0);

                    rmSync(join(path, 'ballast'));
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
            execFileSync('umount', [path]);
            rmSync(path, { recursive: true });
        }
    },
    60_000,
);

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
