// SPDX-License-Identifier: Apache-2.0
// A DynamoDB to test against, in a process of its own, and the requests of a test to it.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { howlBinary } from './server.ts';
import { eventually, within } from './wait.ts';

/** What every local DynamoDB takes; a key id is of letters and digits. */
export const awsEnv = {
    AWS_ACCESS_KEY_ID: 'testkey',
    AWS_SECRET_ACCESS_KEY: 'test-secret-that-no-log-shows',
    AWS_SESSION_TOKEN: '',
};

/** Which program acts as DynamoDB: the npm package, or Amazon's own, where its jars are. */
export type Engine = 'dynalite' | 'DynamoDB Local';

const localJars = fileURLToPath(new URL('../../build/dynamodb/libs', import.meta.url));
const hasJava = (): boolean => {
    try {
        execFileSync('java', ['-version'], { stdio: 'ignore' });
        return true;
    } catch {
        return false;
    }
};

/** Those that can be run here. */
export const kEngines: Engine[] =
    existsSync(localJars) && hasJava() ? ['dynalite', 'DynamoDB Local'] : ['dynalite'];
if (kEngines.length < 2) {
    console.log(`DynamoDB Local: skipped, there are no jars in build/dynamodb/libs, or no java`);
}

export type Attributes = Record<string, Record<string, unknown>>;

/** One DynamoDB, whose tables live as long as its process. */
export class DynamoDb {
    url = '';
    private child: ChildProcess | undefined;

    constructor(private readonly engine: Engine = 'dynalite') {}

    async start(): Promise<void> {
        const port = this.engine === 'dynalite' ? await this.runDynalite() : await this.runLocal();
        this.url = `http://127.0.0.1:${port}`;
        await eventually(`${this.engine} answers`, async () => {
            try {
                return (await this.call('ListTables', {})).TableNames !== undefined;
            } catch {
                return false;
            }
        });
    }

    stop(): void {
        this.child?.kill('SIGKILL');
    }

    /** One operation of the API, whose answer is what it returns; errors throw. */
    async call(operation: string, body: object): Promise<any> {
        const reply = await fetch(this.url, {
            method: 'POST',
            headers: {
                'content-type': 'application/x-amz-json-1.0',
                'x-amz-target': `DynamoDB_20120810.${operation}`,
                'x-amz-date': '20261121T000000Z',
                authorization:
                    'AWS4-HMAC-SHA256 ' +
                    `Credential=${awsEnv.AWS_ACCESS_KEY_ID}/20261121/us-east-1/dynamodb/aws4_request, ` +
                    'SignedHeaders=host;x-amz-date;x-amz-target, Signature=0',
            },
            body: JSON.stringify(body),
        });
        const text = await reply.text();
        if (!reply.ok) {
            throw new Error(`${operation}: ${reply.status} ${text}`);
        }
        return JSON.parse(text);
    }

    async items(table: string): Promise<Attributes[]> {
        return (await this.call('Scan', { TableName: table, ConsistentRead: true })).Items;
    }

    private async runDynalite(): Promise<number> {
        const script = fileURLToPath(new URL('../tools/dynalite.mjs', import.meta.url));
        const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
        this.child = child;
        const printed = new Promise<number>((resolve) => {
            child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
        });
        return within(printed, 'dynalite prints its port');
    }

    private async runLocal(): Promise<number> {
        const port = await freePort();
        const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
        const words = [`-Djava.library.path=${localJars}`, '-cp', join(localJars, '*'), main];
        this.child = spawn('java', [...words, '-inMemory', '-disableTelemetry', '-port', String(port)], {
            stdio: 'ignore',
        });
        return port;
    }
}

/** It takes no port 0; nobody else is likely to take this one in between. */
function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
        });
    });
}

/** What a program that ended has left behind. */
export interface Ended {
    code: number | null;
    out: string;
    err: string;
}

/** `howl WORDS --config FILE`, for commands that end by themselves. */
export async function runHowl(config: string, words: string[]): Promise<Ended> {
    const home = mkdtempSync(join(tmpdir(), 'howl-run-'));
    const file = join(home, 'howl.toml');
    writeFileSync(file, config);
    const child = spawn(howlBinary, [...words, '--config', file], {
        cwd: home,
        env: { ...process.env, ...awsEnv },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended: Ended = { code: null, out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()));
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    try {
        ended.code = await within(closed, `howl ${words.join(' ')} ends`);
    } finally {
        child.kill('SIGKILL');
        rmSync(home, { recursive: true });
    }
    return ended;
}

/** `howl store init`, which has to succeed; what it printed. */
export async function storeInit(config: string, words: string[] = []): Promise<string> {
    const { code, out, err } = await runHowl(config, ['store', 'init', ...words]);
    expect(code, err).toBe(0);
    return out;
}

/** An app's section that keeps its records there, and where there is. */
export const keptInDynamoDb = (endpoint: string, app: string, more = '') => `
[${app}]
store = "dynamodb"
${more}
[dynamodb]
endpoint = "${endpoint}"
`;

/** Completes when every item's events are in the log, and no tombstone is left. */
export async function expectAllRelayed(dynamo: DynamoDb, table: string): Promise<void> {
    const left = await eventually('every event is relayed', async () => {
        const items = await dynamo.items(table);
        return items.every(({ pending, removed }) => !pending && !removed) && items;
    });
    expect(left.filter((item) => item['pending'] !== undefined)).toEqual([]);
}
