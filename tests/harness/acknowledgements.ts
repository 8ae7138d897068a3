// SPDX-License-Identifier: Apache-2.0
// A writer in a process of its own, and the acknowledgements it has on disk.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Random } from './random.ts';
import type { Server } from './server.ts';
import { within } from './wait.ts';

/** HOWL_KILLS=15 is the tier of every submission. */
export const kKills = Number(process.env['HOWL_KILLS'] ?? 15);

export interface Acknowledged {
    epoch: string;
    offset: number;
    data: string;
}

export interface Writer {
    /** Ends the writer, and completes with everything that was acknowledged to it, a line for each. */
    finish(): Promise<string[]>;
}

/** Starts `harness/SCRIPT PORT ...WORDS FILE`. */
export function startWriter(server: Server, script: string, words: string[]): Writer {
    const file = join(mkdtempSync(join(tmpdir(), 'howl-kill9-')), 'acknowledged');
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = spawn(process.execPath, [path, String(server.port), ...words, file], {
        stdio: ['pipe', 'inherit', 'inherit'],
    });
    const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    return {
        finish: async () => {
            child.stdin.end();
            await within(exited, 'the writer ends');
            return readFileSync(file, 'utf8').split('\n').slice(0, -1);
        },
    };
}

/** The lines of a writer of events. */
export function acknowledgedEvents(lines: string[]): Acknowledged[] {
    return lines.map((line) => {
        const [epoch, offset, data] = line.split(' ') as [string, string, string];
        return { epoch, offset: Number(offset), data };
    });
}

/** kill -9 at random moments, each followed by a start. */
export async function killAgainAndAgain(
    server: Server,
    random: Random,
    kills = kKills,
): Promise<void> {
    for (let kill = 0; kill < kills; kill += 1) {
        await new Promise((resolve) => setTimeout(resolve, random.between(50, 1_500)));
        await server.kill9();
        await server.start();
    }
}

/** Every acknowledged text stands at its offset. */
export function expectNothingLost(
    acknowledged: Acknowledged[],
    kept: { offset: number; data: unknown }[],
): void {
    const at = new Map(kept.map((event) => [event.offset, event.data]));
    expect(acknowledged.filter((ack) => at.get(ack.offset) !== ack.data)).toEqual([]);
}

/** Offsets have no hole; every lane's numbers rise by one, so none is doubled or out of order. */
export function expectInOrder(kept: { offset: number; data: unknown }[], lanes: number): void {
    expect(kept.findIndex((event, at) => event.offset !== at + 1)).toBe(-1);
    for (let lane = 0; lane < lanes; lane += 1) {
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
