// SPDX-License-Identifier: Apache-2.0
// A container of 512 MiB: an idle crowd, a fan-out, readers that stop, peers who ask for much and
// read nothing, and requests that never end, all together. Nothing is killed; who asks for too much
// is refused.

import { afterAll, describe, expect, test } from 'vitest';
import { hasLoadClient, load } from '../harness/load_client.ts';
import { MemoryCgroup } from '../harness/memory_cgroup.ts';
import { isInstrumented, kMiB, memoryOf } from '../harness/process_memory.ts';
import type { RawConnection } from '../harness/raw.ts';
import { useServer } from '../harness/server.ts';
import {
    kLargePage,
    publishLarge,
    silentCrowd,
    unfinishedRequest,
} from '../harness/silent_askers.ts';
import { metric, publish, request, sse } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

/** Clients of each kind; the whole crowd is nine times as many, 1900 all that is let in. */
const kCrowd = Number(process.env['HOWL_TEST_CROWD'] ?? 250);
const kSeconds = 15;

const cgroup = hasLoadClient
    ? MemoryCgroup.create(512 * kMiB)
    : { missing: 'howl-bench is not beside the server' };
if ('missing' in cgroup) {
    console.log(`memory cap: skipped (${cgroup.missing})`);
}

describe.skipIf('missing' in cgroup)('in 512 MiB of memory', () => {
    const group = cgroup as MemoryCgroup;
    // Hooks run in reverse order: the server has ended by then.
    afterAll(() => group.remove());
    const server = useServer({
        prefix: 'missing' in cgroup ? [] : cgroup.prefix,
        config: '[limits]\naddress_share = 100\n',
    });

    const sessions = async () =>
        (await metric(server, 'howl_sse_sessions')) +
        (await metric(server, 'howl_websocket_sessions'));

    test('a crowd is served while others ask for much and read nothing', async (context) => {
        if (isInstrumented(server)) {
            context.skip('a sanitizer needs more memory than that for itself');
        }
        const cursor = (await request(server, 'GET', kLargePage)).headers['howl-cursor'];
        await publishLarge(server);
        const before = memoryOf(server);
        const many = 2 * kCrowd;
        const seconds = `--seconds ${2 * kSeconds}`;
        const slow = `--readers ${many} --stalled 100 --size 1024 --rate 100`;
        const crowd = [
            load(server, 'idle', `--transport both --connections ${many} ${seconds}`),
            load(server, 'fanout', `--readers ${3 * kCrowd} --rate 10 --size 200 ${seconds}`),
            load(server, 'slow', `${slow} --seconds ${kSeconds}`),
        ];
        const honest = await sse(server, 'honest');
        await eventually('the crowd is here', async () => (await sessions()) > 9 * kCrowd, 60_000);

        const waves: RawConnection[] = [];
        const delays: number[] = [];
        let over = false;
        const all = Promise.all(crowd).finally(() => (over = true));
        for (let n = 0; !over; n += 1) {
            if (n % 100 === 0 && waves.length < 1_600) {
                const bodies = Array.from({ length: 100 }, () => unfinishedRequest(server));
                waves.push(...(await silentCrowd(server, String(cursor), 100)));
                waves.push(...(await Promise.all(bodies)));
            }
            const since = performance.now();
            await publish(server, 'honest', `${n}`);
            expect((await honest.next('an event in time')).data).toBe(`${n}`);
            delays.push(performance.now() - since);
            expect((await request(server, 'GET', '/healthz')).status).toBe(200);
            expect([200, 503]).toContain((await request(server, 'GET', kLargePage)).status);
        }
        const runs = await all;
        const refused = await metric(server, 'howl_errors_total', { code: 'overloaded' });
        delays.sort((a, b) => a - b);
        console.log(
            `memory cap: ${9 * kCrowd} sessions, ${waves.length} silent askers, ${refused} refusals;`,
            `honest p50 ${delays[Math.floor(delays.length / 2)]?.toFixed()} ms,`,
            `worst ${delays.at(-1)?.toFixed()} ms of ${delays.length};`,
            `resident at most ${(memoryOf(server, 'VmHWM') / kMiB).toFixed()} MiB,`,
            `in the group ${((group.peakBytes ?? 0) / kMiB).toFixed()} MiB`,
        );
        for (const run of runs) {
            console.log(JSON.stringify(run.figures));
        }
        expect(runs.map((run) => [run.status, run.words])).toEqual(
            runs.map((run) => [0, run.words]),
        );
        expect(refused).toBeGreaterThan(0);
        expect(group.kills).toBe(0);

        honest.close();
        waves.forEach((connection) => connection.close());
        await eventually('all have left', async () => (await sessions()) === 0, 30_000);
        await eventually(
            'memory is given back',
            () => memoryOf(server) < before + 64 * kMiB,
            60_000,
        );
    }, 240_000);
});
