// SPDX-License-Identifier: Apache-2.0
// What the process holds for peers that ask for much and read nothing: bounded, and given back.

import { expect, test } from 'vitest';
import { isInstrumented, kMiB, memoryOf } from '../harness/process_memory.ts';
import { useServer } from '../harness/server.ts';
import { kLargePage, publishLarge, silentAsker, silentCrowd } from '../harness/silent_askers.ts';
import { publish, request, sse } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

/** A quarter of the default, so that few peers fill it. */
const kOutputMiB = 32;
const server = useServer({ config: `[limits]\noutput_bytes = ${kOutputMiB * kMiB}\n` });

const hasRoom = async () => (await request(server, 'GET', '/api/stats')).status === 200;

test('silent peers cost no more than the budget, shed the newest, and hold up nobody', async () => {
    const cursor = (await request(server, 'GET', kLargePage)).headers['howl-cursor'];
    await publishLarge(server);
    const before = memoryOf(server);
    const crowd = await silentCrowd(server, String(cursor), 100);
    const refused = await eventually('it is full', async () => {
        const reply = await request(server, 'GET', kLargePage);
        return reply.status === 503 ? reply : undefined;
    });
    expect(refused.json.code).toBe('overloaded');
    expect(refused.headers['retry-after']).toBe('1');
    await publish(server, 'large', 'small');
    expect((await request(server, 'GET', '/healthz')).status).toBe(200);
    for (const connection of crowd) {
        connection.close();
    }
    await eventually('there is room', hasRoom, 30_000);
    if (!isInstrumented(server)) {
        await eventually(
            'memory is given back',
            () => memoryOf(server) < before + 64 * kMiB,
            60_000,
        );
    }
    await sse(server, 'large').then((stream) => stream.close());
}, 120_000);

test('five hundred who ask at the same moment do not all count on the same room', async () => {
    const before = memoryOf(server);
    const crowd = await Promise.all(
        Array.from({ length: 500 }, () => silentAsker(server, kLargePage)),
    );
    await eventually('it is full', async () => !(await hasRoom()));
    if (!isInstrumented(server)) {
        // Twice the budget: a page is in memory twice while it is handed on.
        expect(memoryOf(server, 'VmHWM')).toBeLessThan(before + 3 * kOutputMiB * kMiB);
    }
    for (const connection of crowd) {
        connection.close();
    }
    await eventually('there is room', hasRoom, 30_000);
}, 60_000);
