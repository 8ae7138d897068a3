// SPDX-License-Identifier: Apache-2.0
// The README of the "Server Sent Events" demo, line by line: the commands that it tells people to type, at the server's
// original place, and what the page then sees; on SQLite, and on DynamoDB, as the demo had it.
// What each version does beyond its README is in inbox.test.ts and the tests of the reports.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Curl } from '../harness/curl.ts';
import { fromKafka } from '../harness/from_kafka.ts';
import { useKafka } from '../harness/kafka.ts';
import { kcatLine } from '../harness/kafka_clients.ts';
import { readmeStores } from '../harness/readme_stores.ts';
import { kMoves, kStatuses, type Status, v4Create, v4List } from '../harness/reports.ts';
import { originalPlaceOf } from '../harness/settings.ts';
import { useServer } from '../harness/server.ts';
import { updateReportStatus } from '../harness/status_script.ts';
import { type Address, type BrowserStream, eventSource, metric } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kafka = useKafka();

describe.each(readmeStores)('the README on $name', (store) => {
    beforeAll(() => store.prepare(), 30_000);
    afterAll(() => store.discard());
    const server = useServer({
        listeners: 'config',
        env: store.env,
        config: () =>
            originalPlaceOf('inbox', 'reports') +
            fromKafka(kafka, `group = "${store.name}"`) +
            store.settings,
    });
    /** http://localhost:3000 of the README. */
    const place = (): Address => server.listener(1);

    const running: Curl[] = [];
    afterEach(async () => {
        const left = running.splice(0);
        left.forEach(({ process }) => process.kill());
        if (left.length > 0) {
            await eventually('all have left', async () => (await openStreams()) === 0);
        }
    });

    const openStreams = (): Promise<number> => metric(server, 'howl_sse_sessions');

    function curl(...words: string[]): Curl {
        const started = new Curl(words);
        running.push(started);
        return started;
    }

    /** `curl "http://localhost:3000/v2/sse?username=demo"`, and the server serves it. */
    async function listen(version: string): Promise<Curl> {
        const listening = curl(`${place().url}/${version}/sse?username=demo`);
        await eventually('the stream is open', async () => (await openStreams()) === 1);
        return listening;
    }

    const heard = (listening: Curl, text: string, ms?: number): Promise<true> =>
        eventually(text, () => listening.seen === text, ms);

    test('v1: "Receive a stream of messags"', async () => {
        const stream = curl(`${place().url}/v1/sse?username=demo`);
        await eventually('hi! and a comment', () => stream.seen.includes(': keep-alive-text\n\n'));
        expect(stream.seen).toBe('data: hi!\n\n: keep-alive-text\n\n');
    });

    test.each([
        ['v2', 'Howdy 🤠 from version 2️⃣'],
        ['v3', 'Howdy 🤠 from version 3️⃣'],
    ])('%s: "Sending custom messages"', async (version, howdy) => {
        const listening = await listen(version);
        const message = `${place().url}/${version}/message?username=demo`;
        expect(await curl('-X', 'POST', message, '-d', howdy).exited).toBe(0);
        await heard(listening, `data: ${howdy}\n\n`);
    });

    // The first record makes the topic, and the server looks for new ones every few seconds.
    test('v3: "Send messages via kafka"', async () => {
        const listening = await listen('v3');
        await kcatLine(kafka, 'v3_messages', 'demo:🦋 howdy from kafka!');
        await heard(listening, 'data: 🦋 howdy from kafka!\n\n', 15_000);
    });

    describe('v4', () => {
        const user = randomUUID(); // "Generate a UUID to login": uuidgen.
        let page: BrowserStream;
        beforeAll(async () => {
            const path = `/v4/sse?user_id=${user}`;
            page = await eventSource(place(), path, ['report_status_update']);
        });
        afterAll(() => page.close());

        /** The script, and the page that shows what it did. */
        async function seenToMove(report: string, status: Status): Promise<void> {
            const sending = `sending: {"id":"${report}", "status":"${status}"}\n`;
            const sent = await updateReportStatus(place().url, user, report, status);
            expect(sent).toEqual({ code: 0, out: sending, err: '' });
            const { type, data } = await page.next(`the page hears ${status}`);
            expect([type, data]).toEqual([
                'report_status_update',
                `{"id":"${report}","status":"${status}"}`,
            ]);
        }

        const statusesNow = async () =>
            (await v4List(place(), user)).map(({ reportStatus }) => reportStatus).sort();

        test('"Create New Reports": as many as you like, pending', async () => {
            const made = [await v4Create(place(), user), await v4Create(place(), user)];
            for (const report of made) {
                expect(report).toMatchObject({ userId: user, reportStatus: 'pending' });
            }
            expect(await statusesNow()).toEqual(['pending', 'pending']);
        });

        test('"Start sending events": all eight valid transitions', async () => {
            const [retried, canceled] = await v4List(place(), user);
            const ways: [string, Status[]][] = [
                [
                    retried?.reportId ?? '',
                    [
                        'queued',
                        'processing',
                        'failed',
                        'pending',
                        'queued',
                        'processing',
                        'completed',
                    ],
                ],
                [canceled?.reportId ?? '', ['canceled', 'pending', 'queued', 'canceled']],
            ];
            const walked = new Set<string>();
            for (const [report, statuses] of ways) {
                let from: Status = 'pending';
                for (const to of statuses) {
                    await seenToMove(report, to);
                    walked.add(`${from} -> ${to}`);
                    from = to;
                }
            }
            const valid = kStatuses.flatMap((from) => kMoves[from].map((to) => `${from} -> ${to}`));
            expect([...walked].sort()).toEqual(valid.sort());
        }, 60_000);

        test('"only accepts valid state transitions", and the script says so', async () => {
            const { reportId } = await v4Create(place(), user);
            const sent = await updateReportStatus(place().url, user, reportId, 'completed');
            expect(sent).toMatchObject({
                code: 1,
                err: 'Howl-Move: refused; reason=illegal_state\n',
            });
        });

        test.each(['SIGTERM', 'SIGKILL'] as const)(
            '"persist reports between session": they are there after %s',
            async (signal) => {
                await server.restart(signal);
                expect(await statusesNow()).toEqual(['canceled', 'completed', 'pending']);
            },
            40_000,
        );
    });
});
