/** All commands that do something, by their name. */
import { acl } from './command/acl.ts';
import { bitfields } from './command/bitfield.ts';
import { bits } from './command/bits.ts';
import type { Handlers } from './command/call.ts';
import { clients } from './command/clients.ts';
import { config } from './command/config.ts';
import { connection } from './command/connection.ts';
import { expiry } from './command/expiry.ts';
import { functions } from './command/functions.ts';
import { geo } from './command/geo.ts';
import { geoSearches } from './command/geo-search.ts';
import { hashes } from './command/hashes.ts';
import { hyperLogLogs } from './command/hyperloglog.ts';
import { information } from './command/info.ts';
import { cluster, introspection } from './command/introspection.ts';
import { keys } from './command/keys.ts';
import { longestCommon } from './command/lcs.ts';
import { lists } from './command/lists.ts';
import { modules } from './command/modules.ts';
import { persistence } from './command/persistence.ts';
import { pubsub } from './command/pubsub.ts';
import { replication } from './command/replication.ts';
import { restoring } from './command/restore.ts';
import { scripting } from './command/scripting.ts';
import { sets } from './command/sets.ts';
import { sorting } from './command/sort.ts';
import { sortedSetCombinations } from './command/sorted-set-combinations.ts';
import { sortedSetRanges } from './command/sorted-set-ranges.ts';
import { sortedSets } from './command/sorted-sets.ts';
import { streamClaims } from './command/stream-claims.ts';
import { streamGroups } from './command/stream-groups.ts';
import { streamInfo } from './command/stream-info.ts';
import { streamReading } from './command/stream-reading.ts';
import { streams } from './command/streams.ts';
import { strings } from './command/strings.ts';
import { transactions } from './command/transactions.ts';
import { helpTexts } from './reference/help.ts';
import { status } from './reply.ts';

const help: Handlers = Object.fromEntries(
  Object.entries(helpTexts).map(([name, text]) => [`${name}|help`, () => text.split('\n').map(status)]),
);

export const handlers: Handlers = {
  ...acl,
  ...bitfields,
  ...bits,
  ...clients,
  ...cluster,
  ...config,
  ...connection,
  ...expiry,
  ...functions,
  ...geo,
  ...geoSearches,
  ...hashes,
  ...help,
  ...hyperLogLogs,
  ...information,
  ...introspection,
  ...keys,
  ...lists,
  ...longestCommon,
  ...modules,
  ...persistence,
  ...pubsub,
  ...replication,
  ...restoring,
  ...scripting,
  ...sets,
  ...sorting,
  ...sortedSetCombinations,
  ...sortedSetRanges,
  ...sortedSets,
  ...streamClaims,
  ...streamGroups,
  ...streamInfo,
  ...streamReading,
  ...streams,
  ...strings,
  ...transactions,
};
