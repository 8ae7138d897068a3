// SPDX-License-Identifier: Apache-2.0
// A Kafka for tests: the real one where its jars could be fetched, else librdkafka's mock cluster.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { besideHowl, freePort, jarsOf, kJavaOptions, noteEngine } from './engines.ts';
import { clientOf } from './kafka_clients.ts';
import { eventually, Mailbox, within } from './wait.ts';

const jars = jarsOf('kafka');

/** The mock keeps its records in memory, so tests that kill a broker need the real one. */
export const kafkaKind: 'real' | 'mock' = jars === undefined ? 'mock' : 'real';
export const kNeedsRealKafka = 'the mock cluster forgets its records: this needs the real broker';

const kDeployment = fileURLToPath(new URL('../../deploy/kafka/', import.meta.url));
/** A JVM on two busy cores. */
const kBrokerStartMs = 60_000;

/** One broker, which keeps its address and, if it is a real one, its records over restarts. */
export interface Kafka {
    readonly kind: typeof kafkaKind;
    /** HOST:PORT, once it has started. */
    readonly address: string;
    /** Completes when it answers. */
    start(): Promise<void>;
    kill9(): Promise<void>;
    /** Makes topics with so many partitions each. */
    createTopics(partitions: Record<string, number>): Promise<void>;
    /** Deletes everything. */
    discard(): Promise<void>;
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.on('exit', resolve));

/** True when something answers as a broker does. */
const answers = async (address: string): Promise<boolean> =>
    (await exitOf(spawn('kcat', ['-L', '-b', address, '-m', '1'], { stdio: 'ignore' }))) === 0;

class RealKafka implements Kafka {
    readonly kind = 'real';
    address = '';
    private readonly home = mkdtempSync(join(tmpdir(), 'howl-kafka-'));
    private readonly properties = join(this.home, 'server.properties');
    private child: ChildProcess | undefined;
    private exited: Promise<unknown> = Promise.resolve();
    private output = '';

    async start(): Promise<void> {
        if (this.address === '') {
            await this.format();
        }
        const log4j = `-Dlog4j.configuration=file:${join(kDeployment, 'log4j.properties')}`;
        const child = spawn('java', this.java(log4j, 'kafka.Kafka', this.properties), {
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        for (const stream of [child.stdout, child.stderr]) {
            stream.on('data', (chunk) => (this.output = (this.output + chunk).slice(-20_000)));
        }
        this.child = child;
        this.exited = exitOf(child);
        await eventually(
            'the broker answers',
            () => {
                if (child.exitCode !== null) {
                    throw new Error(`the broker ended early:\n${this.output}`);
                }
                return answers(this.address);
            },
            kBrokerStartMs,
        );
    }

    async kill9(): Promise<void> {
        this.child?.kill('SIGKILL');
        await this.exited;
    }

    async createTopics(partitions: Record<string, number>): Promise<void> {
        const admin = clientOf(this.address).admin();
        await admin.connect();
        await admin.createTopics({
            topics: Object.entries(partitions).map(([topic, numPartitions]) => ({
                topic,
                numPartitions,
            })),
            waitForLeaders: true,
        });
        await admin.disconnect();
    }

    async discard(): Promise<void> {
        await this.kill9();
        rmSync(this.home, { recursive: true, force: true });
    }

    private java(...words: string[]): string[] {
        return [...kJavaOptions, '-cp', `${jars}/*`, ...words];
    }

    /** Chooses the ports and makes the data directory. */
    private async format(): Promise<void> {
        const [port, controller] = [await freePort(), await freePort()];
        const lines = [
            readFileSync(join(kDeployment, 'server.properties'), 'utf8'),
            `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
            `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
            `controller.quorum.voters=1@127.0.0.1:${controller}`,
            `log.dirs=${join(this.home, 'data')}`,
        ];
        writeFileSync(this.properties, lines.join('\n'));
        const id = randomBytes(16).toString('base64url');
        const format = ['format', `--cluster-id=${id}`, `--config=${this.properties}`];
        const done = spawnSync('java', this.java('kafka.tools.StorageTool', ...format));
        if (done.status !== 0) {
            throw new Error(`the broker's storage can't be formatted: ${done.stderr}`);
        }
        this.address = `127.0.0.1:${port}`;
    }
}

class MockKafka implements Kafka {
    readonly kind = 'mock';
    address = '';
    private readonly lines = new Mailbox<string>();
    private child: ChildProcess | undefined;
    private exited: Promise<unknown> = Promise.resolve();

    async start(): Promise<void> {
        const program = besideHowl('mock_kafka');
        if (!existsSync(program)) {
            throw new Error(`no Kafka: neither jars (./dev kafka start) nor ${program}`);
        }
        this.child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
        this.exited = exitOf(this.child);
        this.child.stdout?.on('data', (chunk: Buffer) => {
            chunk
                .toString()
                .trim()
                .split('\n')
                .forEach((line) => this.lines.put(line));
        });
        this.address = await this.lines.next('the mock cluster prints its address');
    }

    async kill9(): Promise<void> {
        throw new Error(kNeedsRealKafka);
    }

    async createTopics(partitions: Record<string, number>): Promise<void> {
        for (const [topic, count] of Object.entries(partitions)) {
            this.child?.stdin?.write(`create ${topic} ${count}\n`);
            const answer = await this.lines.next(`the mock cluster makes ${topic}`);
            if (answer !== 'ok') {
                throw new Error(`the mock cluster can't make ${topic}: ${answer}`);
            }
        }
    }

    async discard(): Promise<void> {
        this.child?.stdin?.end();
        await within(this.exited, 'the mock cluster ends');
    }
}

function version(): string {
    const broker = /^kafka_[\d.]+-([\d.]+)\.jar$/;
    const found = jars === undefined ? [] : readdirSync(jars).map((name) => broker.exec(name)?.[1]);
    return kafkaKind === 'mock' ? "librdkafka's mock cluster" : `real ${found.find(Boolean)}`;
}

/** A broker for one test file. */
export function useKafka(): Kafka {
    const kafka = kafkaKind === 'real' ? new RealKafka() : new MockKafka();
    beforeAll(async () => {
        await kafka.start();
        noteEngine(`Kafka: ${version()}`);
    }, kBrokerStartMs * 2);
    afterAll(() => kafka.discard());
    return kafka;
}
