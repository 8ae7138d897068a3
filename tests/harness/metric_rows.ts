// SPDX-License-Identifier: Apache-2.0
// The rows of src/telemetry/metrics.def, and which of them a server has moved.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Address, request } from './verbs.ts';
import { eventually } from './wait.ts';

export const sourceText = (path: string): string =>
    readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

export interface MetricRow {
    kind: 'COUNTER' | 'GAUGE' | 'HISTOGRAM';
    enumerator: string;
    /** On `/metrics`, with its label if it has one. */
    name: string;
}

const kRow = /^HOWL_(COUNTER|GAUGE|HISTOGRAM)\((\w+), "((?:[^"\\]|\\.)+)", /gm;

export const metricRows: readonly MetricRow[] = [
    ...sourceText('src/telemetry/metrics.def').matchAll(kRow),
].map(([, kind, enumerator = '', name = '']) => ({
    kind: kind as MetricRow['kind'],
    enumerator,
    name: name.replaceAll('\\"', '"'),
}));

/** Of a histogram the number of its observations, of all its labels. */
function valueIn(text: string, { kind, name }: MetricRow): number {
    const sample = kind === 'HISTOGRAM' ? `${name}_count` : name;
    return text
        .split('\n')
        .filter((line) => line.startsWith(`${sample} `) || line.startsWith(`${sample}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function valuesAt(server: Address): Promise<Map<string, number>> {
    const { text } = await request(server, 'GET', '/metrics');
    return new Map(metricRows.map((row) => [row.name, valueIn(text, row)]));
}

/** Names of the rows that some `MovedRows` of this process has seen moving. */
export const rowsSeenMoving = new Set<string>();

/** Watches which of a server's metrics change. */
export class MovedRows {
    private constructor(
        private readonly server: Address,
        private readonly before: Map<string, number>,
    ) {}

    /** From what they are now. */
    static async since(server: Address): Promise<MovedRows> {
        return new MovedRows(server, await valuesAt(server));
    }

    /** From the start of the process. */
    static sinceStart(server: Address): MovedRows {
        return new MovedRows(server, new Map());
    }

    async hasMoved(name: string): Promise<boolean> {
        return (await valuesAt(this.server)).get(name) !== (this.before.get(name) ?? 0);
    }

    /** Completes when each of these rows has changed. */
    async untilMoved(...names: string[]): Promise<void> {
        const left = new Set(names);
        await eventually(
            () => `these rows move: ${[...left].join(', ')}`,
            async () => {
                // A full server may close the connection of the request; then it is sent again.
                const seen = await valuesAt(this.server).catch(() => new Map<string, number>());
                for (const [name, value] of seen) {
                    if (value !== (this.before.get(name) ?? 0) && left.delete(name)) {
                        rowsSeenMoving.add(name);
                    }
                }
                return left.size === 0;
            },
        );
    }
}
