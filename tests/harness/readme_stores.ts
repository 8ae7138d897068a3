// SPDX-License-Identifier: Apache-2.0
// The stores that the demo's README is followed on: SQLite, which needs nothing, and DynamoDB.

import { awsEnv, DynamoDb, type Engine, kEngines, keptInDynamoDb, storeInit } from './dynamodb.ts';
import { noteEngine } from './engines.ts';

export interface ReadmeStore {
    readonly name: string;
    /** Its part of the configuration, once it is prepared. */
    readonly settings: string;
    readonly env: Record<string, string>;
    /** The README's "Run the Required Docker Containers" and "Create the necessary Tables". */
    prepare(): Promise<void>;
    discard(): void;
}

const sqlite: ReadmeStore = {
    name: 'SQLite',
    settings: '',
    env: {},
    prepare: async () => {},
    discard: () => {},
};

class OnDynamoDb implements ReadmeStore {
    readonly name: string;
    readonly env = awsEnv;
    settings = '';
    private readonly dynamo: DynamoDb;

    constructor(engine: Engine) {
        this.name = engine;
        this.dynamo = new DynamoDb(engine);
    }

    async prepare(): Promise<void> {
        await this.dynamo.start();
        this.settings = keptInDynamoDb(this.dynamo.url, 'reports');
        await storeInit(this.settings);
        noteEngine(`DynamoDB: ${this.name}`);
    }

    discard(): void {
        this.dynamo.stop();
    }
}

export const readmeStores: ReadmeStore[] = [
    sqlite,
    ...kEngines.map((engine) => new OnDynamoDb(engine)),
];
