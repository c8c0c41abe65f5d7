/** INFO: all fields of Redis 7.0.15 in their order. What others did before is the persona's, the rest is counted. */
import { now } from '../../world/world.ts';
import type { Reply } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Call, Handlers } from './call.ts';

export const information: Handlers = { info };

type Fields = readonly (readonly [name: string, value: string | number])[];

const sections: Readonly<Record<string, (call: Call) => Fields>> = {
  Server: serverFields,
  Clients: clientFields,
  Memory: memoryFields,
  Persistence: persistenceFields,
  Stats: statsFields,
  Replication: replicationFields,
  CPU: cpuFields,
  Modules: ({ server }) =>
    [...server.modules].map(([name, path]) => [
      'module',
      `name=${name},ver=1,api=1,filters=0,usedby=[],using=[],options=[],path=${path}`,
    ]),
  Commandstats: ({ server }) =>
    [...server.statistics.calls].map(([name, calls]) => [
      `cmdstat_${name}`,
      `calls=${calls},usec=${calls * 3},usec_per_call=3.00,rejected_calls=0,failed_calls=0`,
    ]),
  Errorstats: ({ server }) =>
    [...server.statistics.errors]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => [`errorstat_${name}`, `count=${count}`]),
  Latencystats: ({ server }) =>
    [...server.statistics.calls.keys()].map((name) => [
      `latency_percentiles_usec_${name}`,
      'p50=3.007,p99=14.015,p99.9=28.031',
    ]),
  Cluster: () => [['cluster_enabled', 0]],
  Keyspace: ({ server }) =>
    server.keyspace.databases
      .filter(({ size }) => size > 0)
      .map((database) => {
        const ends = [...database.keys()].flatMap(([, { expiresAt }]) => expiresAt ?? []);
        const average =
          ends.length === 0 ? 0 : ends.reduce((sum, end) => sum + end - Date.now(), 0) / ends.length;
        return [
          `db${database.index}`,
          `keys=${database.size},expires=${ends.length},avg_ttl=${Math.floor(average)}`,
        ];
      }),
};

/** Named on demand only. */
const extra: ReadonlySet<string> = new Set(['commandstats', 'latencystats']);

function info(call: Call, ...names: string[]): Reply {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const isAll = wanted.has('all') || wanted.has('everything');
  const isDefault = wanted.size === 0 || wanted.has('default');
  const chosen = Object.entries(sections).filter(([title]) => {
    const name = title.toLowerCase();
    return wanted.has(name) || isAll || (isDefault && !extra.has(name));
  });
  const text = chosen.map(([title, fields]) => {
    const lines = fields(call).map(([name, value]) => `${name}:${value}\r\n`);
    return `# ${title}\r\n${lines.join('')}`;
  });
  return { kind: 'verbatim', text: text.join('\r\n') };
}

function serverFields({ server }: Call): Fields {
  const { identity, process: own, config, persona, world, uptime } = server;
  const time = now(world);
  return [
    ['redis_version', '7.0.15'],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    // Of Debian's package, 5:7.0.15-1~deb12u10 for amd64.
    ['redis_build_id', 'ae4d7c971a948f0'],
    ['redis_mode', 'standalone'],
    ['os', `Linux ${persona.kernel.release} x86_64`],
    ['arch_bits', 64],
    ['monotonic_clock', 'POSIX clock_gettime'],
    ['multiplexing_api', 'epoll'],
    ['atomicvar_api', 'c11-builtin'],
    ['gcc_version', '12.2.0'],
    ['process_id', own.pid],
    ['process_supervised', 'no'],
    ['run_id', identity.runId],
    ['tcp_port', config.get('port')],
    ['server_time_usec', String(time * 1000 + (Math.floor(performance.now() * 1000) % 1000))],
    ['uptime_in_seconds', uptime],
    ['uptime_in_days', Math.floor(uptime / 86_400)],
    ['hz', config.get('hz')],
    ['configured_hz', config.get('hz')],
    ['lru_clock', Math.floor(time / 1000) & 0xffffff],
    ['executable', '/usr/bin/redis-server'],
    ['config_file', '/etc/redis/redis.conf'],
    ['io_threads_active', 0],
  ];
}

function clientFields({ server }: Call): Fields {
  const blocked = [...server.clients.values()].filter(({ unblock }) => unblock !== undefined).length;
  const tracking = [...server.clients.values()].filter(({ isTracking }) => isTracking).length;
  return [
    ['connected_clients', server.clients.size],
    ['cluster_connections', 0],
    ['maxclients', server.config.get('maxclients')],
    ['client_recent_max_input_buffer', 20_480],
    ['client_recent_max_output_buffer', 0],
    ['blocked_clients', blocked],
    ['tracking_clients', tracking],
    ['clients_in_timeout_table', blocked],
  ];
}

function memoryFields({ server }: Call): Fields {
  const { identity, scripts, persona, clients } = server;
  const startup = identity.startupMemory;
  const overhead = startup + 224 + 1800 * clients.size;
  const used = startup + server.size + 22_400 * clients.size;
  const peak = Math.max(used, startup + 380_000);
  const dataset = used - overhead;
  const active = used + 428_000;
  const resident = active + 2_700_000;
  const rss = resident + 4_900_000;
  const total = persona.machine.memoryKiB * 1024;
  const scriptBytes = scripts.size + 120 * scripts.count;
  const fragmentation = rss - used;
  const human = (name: string, bytes: number): Fields => [
    [name, bytes],
    [`${name}_human`, humanSize(bytes)],
  ];
  return [
    ...human('used_memory', used),
    ...human('used_memory_rss', rss),
    ...human('used_memory_peak', peak),
    ['used_memory_peak_perc', `${((100 * used) / peak).toFixed(2)}%`],
    ['used_memory_overhead', overhead],
    ['used_memory_startup', startup],
    ['used_memory_dataset', dataset],
    ['used_memory_dataset_perc', `${((100 * dataset) / (used - startup)).toFixed(2)}%`],
    ['allocator_allocated', used + 96_000],
    ['allocator_active', active],
    ['allocator_resident', resident],
    ...human('total_system_memory', total),
    ['used_memory_lua', 32_768],
    ['used_memory_vm_eval', 32_768],
    ['used_memory_lua_human', '32.00K'],
    ['used_memory_scripts_eval', scriptBytes],
    ['number_of_cached_scripts', scripts.count],
    ['number_of_functions', 0],
    ['number_of_libraries', 0],
    ['used_memory_vm_functions', 33_792],
    ...human('used_memory_vm_total', 66_560),
    ['used_memory_functions', 200],
    ...human('used_memory_scripts', 200 + scriptBytes),
    ...human('maxmemory', Number(server.config.get('maxmemory'))),
    ['maxmemory_policy', server.config.get('maxmemory-policy')],
    ['allocator_frag_ratio', (active / (used + 96_000)).toFixed(2)],
    ['allocator_frag_bytes', active - used - 96_000],
    ['allocator_rss_ratio', (resident / active).toFixed(2)],
    ['allocator_rss_bytes', resident - active],
    ['rss_overhead_ratio', (rss / resident).toFixed(2)],
    ['rss_overhead_bytes', rss - resident],
    ['mem_fragmentation_ratio', (rss / used).toFixed(2)],
    ['mem_fragmentation_bytes', fragmentation],
    ['mem_not_counted_for_evict', 0],
    ['mem_replication_backlog', server.replication.hasBacklog ? 20_508 : 0],
    ['mem_total_replication_buffers', server.replication.hasBacklog ? 20_504 : 0],
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', 1800 * clients.size],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', 0],
    ['mem_allocator', 'jemalloc-5.3.0'],
    ['active_defrag_running', 0],
    ['lazyfree_pending_objects', 0],
    ['lazyfreed_objects', 0],
  ];
}

function humanSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  for (const [unit, size] of [
    ['K', 2 ** 10],
    ['M', 2 ** 20],
    ['G', 2 ** 30],
  ] as const)
    if (bytes < size * 1024) return `${(bytes / size).toFixed(2)}${unit}`;
  return `${(bytes / 2 ** 40).toFixed(2)}T`;
}

function persistenceFields({ server }: Call): Fields {
  const changes = server.keyspace.databases.reduce((sum, database) => sum + database.changes, 0);
  const isAppending = server.config.get('appendonly') === 'yes' ? 1 : 0;
  const { saves } = server.statistics;
  return [
    ['loading', 0],
    ['async_loading', 0],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', '0.00'],
    ['current_save_keys_processed', 0],
    ['current_save_keys_total', 0],
    ['rdb_changes_since_last_save', changes],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', server.savedAt],
    ['rdb_last_bgsave_status', 'ok'],
    ['rdb_last_bgsave_time_sec', 0],
    ['rdb_current_bgsave_time_sec', -1],
    ['rdb_saves', Math.floor(server.uptime / 3600) + saves],
    ['rdb_last_cow_size', 512_000],
    ['rdb_last_load_keys_expired', 0],
    ['rdb_last_load_keys_loaded', 0],
    ['aof_enabled', isAppending],
    ['aof_rewrite_in_progress', 0],
    ['aof_rewrite_scheduled', 0],
    ['aof_last_rewrite_time_sec', -1],
    ['aof_current_rewrite_time_sec', -1],
    ['aof_last_bgrewrite_status', 'ok'],
    ['aof_rewrites', 0],
    ['aof_rewrites_consecutive_failures', 0],
    ['aof_last_write_status', 'ok'],
    ['aof_last_cow_size', 0],
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
  ];
}

function statsFields({ server }: Call): Fields {
  const { identity, statistics, uptime } = server;
  const before = Math.floor(uptime * identity.commandsPerSecond);
  const { databases } = server.keyspace;
  const sum = (of: 'hits' | 'misses' | 'expired'): number =>
    databases.reduce((all, database) => all + database[of], 0);
  const errors = [...statistics.errors.values()].reduce((all, count) => all + count, 0);
  const clients = [...server.clients.values()];
  const forks = Math.floor(uptime / 3600) + statistics.saves;
  return [
    ['total_connections_received', identity.connections + statistics.connections],
    ['total_commands_processed', before + statistics.commands],
    ['instantaneous_ops_per_sec', Math.round(identity.commandsPerSecond)],
    ['total_net_input_bytes', before * 71 + statistics.bytesIn],
    ['total_net_output_bytes', before * 164 + statistics.bytesOut],
    ['total_net_repl_input_bytes', 0],
    ['total_net_repl_output_bytes', 0],
    ['instantaneous_input_kbps', (identity.commandsPerSecond * 0.07).toFixed(2)],
    ['instantaneous_output_kbps', (identity.commandsPerSecond * 0.16).toFixed(2)],
    ['instantaneous_input_repl_kbps', '0.00'],
    ['instantaneous_output_repl_kbps', '0.00'],
    ['rejected_connections', 0],
    ['sync_full', statistics.fullSyncs],
    ['sync_partial_ok', 0],
    ['sync_partial_err', 0],
    ['expired_keys', Math.floor(before / 40) + sum('expired')],
    ['expired_stale_perc', '0.00'],
    ['expired_time_cap_reached_count', 0],
    ['expire_cycle_cpu_milliseconds', Math.floor(uptime / 45)],
    ['evicted_keys', 0],
    ['evicted_clients', 0],
    ['total_eviction_exceeded_time', 0],
    ['current_eviction_exceeded_time', 0],
    ['keyspace_hits', Math.floor(before * identity.hitRate) + sum('hits')],
    ['keyspace_misses', Math.floor(before * (1 - identity.hitRate)) + sum('misses')],
    ['pubsub_channels', new Set(clients.flatMap(({ channels }) => [...channels])).size],
    ['pubsub_patterns', new Set(clients.flatMap(({ patterns }) => [...patterns])).size],
    ['pubsubshard_channels', new Set(clients.flatMap(({ shardChannels }) => [...shardChannels])).size],
    ['latest_fork_usec', forks === 0 ? 0 : 412],
    ['total_forks', forks],
    ['migrate_cached_sockets', 0],
    ['slave_expires_tracked_keys', 0],
    ['active_defrag_hits', 0],
    ['active_defrag_misses', 0],
    ['active_defrag_key_hits', 0],
    ['active_defrag_key_misses', 0],
    ['total_active_defrag_time', 0],
    ['current_active_defrag_time', 0],
    ['tracking_total_keys', 0],
    ['tracking_total_items', 0],
    ['tracking_total_prefixes', 0],
    ['unexpected_error_replies', 0],
    ['total_error_replies', errors],
    ['dump_payload_sanitizations', 0],
    ['total_reads_processed', before + statistics.reads],
    ['total_writes_processed', before + statistics.writes],
    ['io_threaded_reads_processed', 0],
    ['io_threaded_writes_processed', 0],
    ['reply_buffer_shrinks', Math.floor(before / 90)],
    ['reply_buffer_expands', Math.floor(before / 160)],
  ];
}

function replicationFields({ server }: Call): Fields {
  const { replication: state } = server;
  const { master } = state;
  const asReplica: Fields =
    master === undefined
      ? []
      : [
          ['master_host', master.host],
          ['master_port', master.port],
          ['master_link_status', 'down'],
          ['master_last_io_seconds_ago', -1],
          ['master_sync_in_progress', 0],
          ['slave_read_repl_offset', state.offset],
          ['slave_repl_offset', state.offset],
          ['master_link_down_since_seconds', -1],
          ['slave_priority', server.config.get('replica-priority')],
          ['slave_read_only', server.config.get('replica-read-only') === 'yes' ? 1 : 0],
          ['replica_announced', 1],
        ];
  const replicas = [...server.clients.values()].filter(({ isReplica }) => isReplica);
  return [
    ['role', master === undefined ? 'master' : 'slave'],
    ...asReplica,
    ['connected_slaves', replicas.length],
    ...replicas.map(({ wire, lastAt }, index): readonly [string, string] => {
      const [ip = ''] = wire.address.split(/:\d+$/);
      const lag = Math.floor((Date.now() - lastAt) / 1000);
      return [`slave${index}`, `ip=${ip},port=0,state=online,offset=${state.offset},lag=${lag}`];
    }),
    ['master_failover_state', 'no-failover'],
    ['master_replid', state.id],
    ['master_replid2', state.formerId],
    ['master_repl_offset', state.offset],
    ['second_repl_offset', state.formerOffset],
    ['repl_backlog_active', state.hasBacklog ? 1 : 0],
    ['repl_backlog_size', server.config.get('repl-backlog-size')],
    ['repl_backlog_first_byte_offset', state.hasBacklog ? 1 : 0],
    ['repl_backlog_histlen', state.hasBacklog ? state.offset : 0],
  ];
}

function cpuFields({ server }: Call): Fields {
  const seconds = (share: number): string => (server.uptime * share + performance.now() / 5e5).toFixed(6);
  return [
    ['used_cpu_sys', seconds(0.00112)],
    ['used_cpu_user', seconds(0.00097)],
    ['used_cpu_sys_children', seconds(0.0000021)],
    ['used_cpu_user_children', seconds(0.0000017)],
    ['used_cpu_sys_main_thread', seconds(0.00111)],
    ['used_cpu_user_main_thread', seconds(0.00096)],
  ];
}

/** Nearly what the process takes. */
export function usedMemory(server: Server): number {
  return server.identity.startupMemory + server.size + 22_400 * server.clients.size;
}
