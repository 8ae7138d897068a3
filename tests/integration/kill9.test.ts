// SPDX-License-Identifier: Apache-2.0
// Row B1: kill -9 while many publish. HOWL_KILLS=15 is the tier of every submission.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Random } from '../harness/random.ts';
import { useServer } from '../harness/server.ts';
import { longHistory } from '../harness/settings.ts';
import { type HistoryEvent, publish, wholeHistory } from '../harness/verbs.ts';
import { within } from '../harness/wait.ts';

const kKills = Number(process.env['HOWL_KILLS'] ?? 5);
const kLanes = 8;
const kTopic = 'archive/crash';
const server = useServer({ config: longHistory });

interface Acknowledged {
    epoch: string;
    offset: number;
    data: string;
}

test(
    `nothing acknowledged is lost, doubled or reordered over ${kKills} times kill -9`,
    async () => {
        const random = new Random();
        const home = mkdtempSync(join(tmpdir(), 'howl-kill9-'));
        const file = join(home, 'acknowledged');
        const first = await publish(server, kTopic, 'first');
        const writer = startWriter(file);
        for (let kill = 0; kill < kKills; kill += 1) {
            await new Promise((resolve) => setTimeout(resolve, random.between(50, 1_500)));
            await server.kill9();
            const since = performance.now();
            await server.start();
            expect(performance.now() - since, 'time until it serves again').toBeLessThan(5_000);
        }
        await writer.finish();

        const acknowledged = readAcknowledged(file);
        const kept = await wholeHistory(server, kTopic);
        console.log(
            `kill -9: ${kKills} kills, ${acknowledged.length} acknowledged, ${kept.length} stored, seed ${random.seed}`,
        );
        expect(acknowledged.length).toBeGreaterThan(kKills * 10);
        expect(new Set(acknowledged.map((ack) => ack.epoch))).toEqual(new Set([first.epoch]));
        expectNothingLost(acknowledged, kept);
        expectInOrder(kept);
        rmSync(home, { recursive: true });
    },
    30_000 + kKills * 8_000,
);

function startWriter(file: string): { finish(): Promise<void> } {
    const script = fileURLToPath(new URL('../harness/crash_writer.mjs', import.meta.url));
    const words = [script, String(server.port), kTopic, String(kLanes), file];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'inherit', 'inherit'] });
    const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    return {
        finish: async () => {
            child.stdin.end();
            await within(exited, 'the writer ends');
        },
    };
}

function readAcknowledged(file: string): Acknowledged[] {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
        const [epoch, offset, data] = line.split(' ') as [string, string, string];
        return { epoch, offset: Number(offset), data };
    });
}

function expectNothingLost(acknowledged: Acknowledged[], kept: HistoryEvent[]): void {
    const at = new Map(kept.map((event) => [event.offset, event.data]));
    expect(acknowledged.filter((ack) => at.get(ack.offset) !== ack.data)).toEqual([]);
}

/** Offsets have no hole; every lane's numbers rise by one, so none is doubled or out of order. */
function expectInOrder(kept: HistoryEvent[]): void {
    expect(kept.findIndex((event, at) => event.offset !== at + 1)).toBe(-1);
    for (let lane = 0; lane < kLanes; lane += 1) {
        const numbers = kept
            .map((event) => String(event.data).split('-'))
            .filter(([owner]) => owner === String(lane))
            .map(([, n]) => Number(n));
        expect(
            numbers.findIndex((n, at) => n !== at + 1),
            `lane ${lane}`,
        ).toBe(-1);
    }
}
