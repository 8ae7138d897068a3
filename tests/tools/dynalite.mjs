// SPDX-License-Identifier: Apache-2.0
// A DynamoDB to test against, in memory: node tools/dynalite.mjs [PORT]. Prints its port in a line
// of its own, and ends when its input does, so that it never outlives who started it.

import dynalite from 'dynalite';

// Tables come and go at once: what takes its time is tested with answers of our own.
const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
    console.log(server.address().port);
});
process.stdin.on('end', () => process.exit(0)).resume();
