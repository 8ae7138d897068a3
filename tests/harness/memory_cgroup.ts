// SPDX-License-Identifier: Apache-2.0
// A memory cgroup for the server under test, as a container engine makes one.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kernel's two versions of the controller call the same things. */
interface Version {
    /** Where groups are made. */
    root: string;
    limit: string;
    /** The file that counts processes killed for memory, as `oom_kill N`. */
    kills: string;
    /** Peak, in bytes. */
    peak: string;
}

const versions: Version[] = [
    {
        root: '/sys/fs/cgroup',
        limit: 'memory.max',
        kills: 'memory.events',
        peak: 'memory.peak',
    },
    {
        root: '/sys/fs/cgroup/memory',
        limit: 'memory.limit_in_bytes',
        kills: 'memory.oom_control',
        peak: 'memory.max_usage_in_bytes',
    },
];

/** A group whose processes have `bytes` together; the kernel kills one of them that needs more. */
export class MemoryCgroup {
    private constructor(
        private readonly path: string,
        private readonly version: Version,
    ) {}

    /** Or why there is none: that needs root and the controller. */
    static create(bytes: number): MemoryCgroup | { missing: string } {
        const reasons = versions.map((version) => {
            const path = join(version.root, `howl-test-${process.pid}`);
            try {
                mkdirSync(path);
            } catch (error) {
                return String(error);
            }
            if (existsSync(join(path, version.limit))) {
                writeFileSync(join(path, version.limit), String(bytes));
                return new MemoryCgroup(path, version);
            }
            rmdirSync(path);
            return `${version.root} has no memory controller`;
        });
        const made = reasons.find((outcome) => outcome instanceof MemoryCgroup);
        return made ?? { missing: reasons.join('; ') };
    }

    /** The start of a command line; the rest of it runs in the group, as the same process. */
    get prefix(): string[] {
        return ['sh', '-c', 'echo $$ >"$0" && exec "$@"', join(this.path, 'cgroup.procs')];
    }

    get kills(): number {
        const text = readFileSync(join(this.path, this.version.kills), 'latin1');
        return Number(/^oom_kill (\d+)$/m.exec(text)?.[1]);
    }

    /** Undefined where the kernel doesn't say. */
    get peakBytes(): number | undefined {
        const file = join(this.path, this.version.peak);
        return existsSync(file) ? Number(readFileSync(file, 'latin1')) : undefined;
    }

    /** Requires: no process is in it any more. */
    remove(): void {
        rmdirSync(this.path);
    }
}
