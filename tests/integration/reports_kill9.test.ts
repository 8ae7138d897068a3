// SPDX-License-Identifier: Apache-2.0
// Kill -9 for the reports: kill -9 while reports are made and moved.
import { expect, test } from 'vitest';
import { killAgainAndAgain, kKills, startWriter } from '../harness/acknowledgements.ts';
import { Random } from '../harness/random.ts';
import { fold, kMoves, list, type Report, toldSoFar } from '../harness/reports.ts';
import { useServer } from '../harness/server.ts';

const kLanes = 8;
const server = useServer();

test(
    `every acknowledged move is in its report over ${kKills} times kill -9`,
    async () => {
        const random = new Random();
        const writer = startWriter(server, 'reports_crash_writer.mjs', [String(kLanes)]);
        await killAgainAndAgain(server, random);
        const acknowledged = (await writer.finish()).map((line) => line.split(' '));

        const users = new Set(acknowledged.map(([user = '']) => user));
        console.log(
            `kill -9: ${kKills} kills, ${acknowledged.length} moves acknowledged, ${users.size} users, seed ${random.seed}`,
        );
        expect(acknowledged.length).toBeGreaterThan(kKills * 10);
        const kept = new Map<string, Report>();
        for (const user of users) {
            const { reports } = await list(server, user);
            expect(reports.length, 'one key, one report').toBe(1);
            expect(fold(await toldSoFar(server, user))).toEqual(reports);
            expectLegal(reports[0] as Report);
            kept.set(user, reports[0] as Report);
        }
        const lost = acknowledged.filter(([user = '', id, version, status]) => {
            const report = kept.get(user);
            return report?.id !== id || report?.history[Number(version) - 1]?.status !== status;
        });
        expect(lost).toEqual([]);
    },
    60_000 + kKills * 8_000,
);

/** Each move was made once, from where the one before had led. */
function expectLegal({ history, version }: Report): void {
    expect(history.length).toBe(version);
    history.slice(1).forEach((move, at) => {
        expect(kMoves[history[at]?.status ?? 'completed']).toContain(move.status);
    });
}
