// SPDX-License-Identifier: Apache-2.0
// Kill -9 for the cloud, whatever keeps its records: kill -9 while many operations begin and end.

import { expect } from 'vitest';
import { killAgainAndAgain, startWriter } from './acknowledgements.ts';
import { byId, fold, kOutcomes, kTopic, made, type Notice, settledList, toldSoFar } from './cloud.ts';
import { Random } from './random.ts';
import type { Server } from './server.ts';
import { history, wholeHistory } from './verbs.ts';

const kLanes = 8;
/** Of `hastyCloud`. */
const kOperationMs = 150;

type Told = Notice & { time: string };

/** Kills the server again and again under load; every acknowledged operation must end once. */
export async function expectOperationsSurvive(server: Server, kills: number): Promise<void> {
    const random = new Random();
    await made(server);
    const { epoch } = await history(server, kTopic);
    const writer = startWriter(server, 'cloud_crash_writer.mjs', [String(kLanes)]);
    await killAgainAndAgain(server, random, kills);
    const acknowledged = await writer.finish();

    const instances = await settledList(server);
    const told = await toldSoFar(server);
    console.log(
        `kill -9: ${kills} kills, ${acknowledged.length} operations acknowledged, ${told.length} events, ${instances.length} instances, seed ${random.seed}`,
    );
    expect(acknowledged.length).toBeGreaterThan(kills * 10);
    expect(new Set(acknowledged).size, 'an id for each operation').toBe(acknowledged.length);
    expectEachEndedOnce(acknowledged, told);
    expectCreatedOncePerKey(acknowledged, told);
    expect(byId(instances)).toEqual(fold(told));
    await expectOneLog(server, epoch);
}

/**
 * Each operation, acknowledged or not, was received once and ended once, in that order, not before
 * its time, in the way that its kind asks for; and none that was acknowledged is missing.
 */
function expectEachEndedOnce(acknowledged: string[], told: Told[]): void {
    const operations = new Map<string, Told[]>();
    for (const notice of told) {
        operations.set(notice.opId, [...(operations.get(notice.opId) ?? []), notice]);
    }
    expect(acknowledged.filter((opId) => !operations.has(opId))).toEqual([]);
    const wrong = [...operations.values()].filter(([received, outcome, ...more]) => {
        const startedAt = Date.parse(received?.instance.op?.startedAt ?? '');
        const took = Date.parse(outcome?.time ?? '') - startedAt;
        return (
            received?.type !== 'received' ||
            outcome?.type !== outcomeOf[received.kind] ||
            more.length > 0 ||
            !(took >= kOperationMs)
        );
    });
    expect(wrong).toEqual([]);
}

const outcomeOf = {
    create: kOutcomes[0],
    start: kOutcomes[1],
    stop: kOutcomes[2],
    remove: kOutcomes[3],
};

/** A create was asked for again until it was acknowledged, with one key: that makes one. */
function expectCreatedOncePerKey(acknowledged: string[], told: Told[]): void {
    const known = new Set(acknowledged);
    const others = told.filter(({ type, opId }) => type === 'created' && !known.has(opId));
    // The first is the one of the test itself; a lane may have lost the answer to its last one.
    expect(others.length).toBeLessThanOrEqual(1 + kLanes);
}

/** Offsets without a hole, in the epoch in which it began. */
async function expectOneLog(server: Server, epoch: string): Promise<void> {
    const offsets = (await wholeHistory(server, kTopic)).map((event) => event.offset);
    expect(offsets.findIndex((offset, at) => offset !== at + 1)).toBe(-1);
    expect((await history(server, kTopic)).epoch).toBe(epoch);
}
