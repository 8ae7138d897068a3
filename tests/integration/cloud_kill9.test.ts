// SPDX-License-Identifier: Apache-2.0
// Kill -9 for the cloud: kill -9 while many operations begin and end.
import { test } from 'vitest';
import { kKills } from '../harness/acknowledgements.ts';
import { expectOperationsSurvive } from '../harness/cloud_oracle.ts';
import { useServer } from '../harness/server.ts';
import { hastyCloud } from '../harness/settings.ts';

const server = useServer({ config: hastyCloud });

test(
    `every acknowledged operation ends once over ${kKills} times kill -9`,
    () => expectOperationsSurvive(server, kKills),
    30_000 + kKills * 8_000,
);
