/**
 * The parameters of Redis 7.0.15 as `CONFIG GET *` lists them under Debian's redis.conf (Redis is BSD-3-Clause): name
 * and old name, kind, value, and what the kind allows, least and most of a number or the words to choose from.
 */
export const parameterTable = `acl-pubsub-default	choice	resetchannels	allchannels resetchannels
aclfile	immutable		
acllog-max-len	integer	128	0 9223372036854775807
active-defrag-cycle-max	integer	25	1 99
active-defrag-cycle-min	integer	1	1 99
active-defrag-ignore-bytes	memory	104857600	
active-defrag-max-scan-fields	integer	1000	1 9223372036854775807
active-defrag-threshold-lower	integer	10	0 1000
active-defrag-threshold-upper	integer	100	0 1000
active-expire-effort	integer	1	1 10
activedefrag	boolean	no	
activerehashing	boolean	yes	
always-show-logo	immutable	no	
aof-disable-auto-gc	boolean	no	
aof-load-truncated	boolean	yes	
aof-rewrite-incremental-fsync	boolean	yes	
aof-timestamp-enabled	boolean	no	
aof-use-rdb-preamble	boolean	yes	
aof_rewrite_cpulist	immutable		
appenddirname	immutable	appendonlydir	
appendfilename	immutable	appendonly.aof	
appendfsync	choice	everysec	everysec always no
appendonly	boolean	no	
auto-aof-rewrite-min-size	memory	67108864	
auto-aof-rewrite-percentage	integer	100	0 2147483647
bgsave_cpulist	immutable		
bind	string	*	
bind-source-addr	string		
bio_cpulist	immutable		
busy-reply-threshold,lua-time-limit	integer	5000	0 9223372036854775807
client-output-buffer-limit	special	normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60	
client-query-buffer-limit	memory	1073741824	
cluster-allow-pubsubshard-when-down	boolean	yes	
cluster-allow-reads-when-down	boolean	no	
cluster-allow-replica-migration	boolean	yes	
cluster-announce-bus-port	integer	0	0 65535
cluster-announce-hostname	string		
cluster-announce-ip	string		
cluster-announce-port	integer	0	0 65535
cluster-announce-tls-port	integer	0	0 65535
cluster-config-file	immutable	nodes.conf	
cluster-enabled	immutable	no	
cluster-link-sendbuf-limit	memory	0	
cluster-migration-barrier	integer	1	0 2147483647
cluster-node-timeout	integer	15000	0 9223372036854775807
cluster-port	immutable	0	
cluster-preferred-endpoint-type	choice	ip	ip hostname unknown-endpoint
cluster-replica-no-failover,cluster-slave-no-failover	boolean	no	
cluster-replica-validity-factor,cluster-slave-validity-factor	integer	10	0 2147483647
cluster-require-full-coverage	boolean	yes	
crash-log-enabled	boolean	yes	
crash-memcheck-enabled	boolean	yes	
daemonize	immutable	yes	
databases	immutable	16	
dbfilename	string	dump.rdb	
dir	string	/var/lib/redis	
disable-thp	immutable	yes	
dynamic-hz	boolean	yes	
enable-debug-command	immutable	no	
enable-module-command	immutable	yes	
enable-protected-configs	immutable	yes	
hash-max-listpack-entries,hash-max-ziplist-entries	integer	512	0 9223372036854775807
hash-max-listpack-value,hash-max-ziplist-value	memory	64	
hll-sparse-max-bytes	memory	3000	
hz	integer	10	0 2147483647
ignore-warnings	string		
io-threads	immutable	1	
io-threads-do-reads	immutable	no	
jemalloc-bg-thread	boolean	yes	
latency-monitor-threshold	integer	0	0 9223372036854775807
latency-tracking	boolean	yes	
latency-tracking-info-percentiles	special	50 99 99.9	
lazyfree-lazy-eviction	boolean	no	
lazyfree-lazy-expire	boolean	no	
lazyfree-lazy-server-del	boolean	no	
lazyfree-lazy-user-del	boolean	no	
lazyfree-lazy-user-flush	boolean	no	
lfu-decay-time	integer	1	0 2147483647
lfu-log-factor	integer	10	0 2147483647
list-compress-depth	integer	0	0 2147483647
list-max-listpack-size,list-max-ziplist-size	integer	-2	-2147483648 2147483647
logfile	immutable	/var/log/redis/redis-server.log	
loglevel	choice	notice	debug verbose notice warning
masterauth	string		
masteruser	string		
maxclients	integer	10000	1 4294967295
maxmemory	memory	0	
maxmemory-clients	memory	0	
maxmemory-eviction-tenacity	integer	10	0 100
maxmemory-policy	choice	noeviction	volatile-lru volatile-lfu volatile-random volatile-ttl allkeys-lru allkeys-lfu allkeys-random noeviction
maxmemory-samples	integer	5	1 2147483647
min-replicas-max-lag,min-slaves-max-lag	integer	10	0 2147483647
min-replicas-to-write,min-slaves-to-write	integer	0	0 2147483647
no-appendfsync-on-rewrite	boolean	no	
notify-keyspace-events	special		
oom-score-adj	choice	no	no yes relative absolute
oom-score-adj-values	special	0 200 800	
pidfile	immutable	/run/redis/redis-server.pid	
port	integer	6379	0 65535
proc-title-template	string	{title} {listen-addr} {server-mode}	
propagation-error-behavior	choice	ignore	ignore panic panic-on-replicas
protected-mode	boolean	no	
proto-max-bulk-len	memory	536870912	
rdb-del-sync-files	boolean	no	
rdb-save-incremental-fsync	boolean	yes	
rdbchecksum	immutable	yes	
rdbcompression	boolean	yes	
repl-backlog-size	memory	1048576	
repl-backlog-ttl	integer	3600	0 9223372036854775807
repl-disable-tcp-nodelay	boolean	no	
repl-diskless-load	choice	disabled	disabled on-empty-db swapdb
repl-diskless-sync	boolean	yes	
repl-diskless-sync-delay	integer	5	0 2147483647
repl-diskless-sync-max-replicas	integer	0	0 2147483647
repl-ping-replica-period,repl-ping-slave-period	integer	10	1 2147483647
repl-timeout	integer	60	1 2147483647
replica-announce-ip,slave-announce-ip	string		
replica-announce-port,slave-announce-port	integer	0	0 65535
replica-announced	boolean	yes	
replica-ignore-disk-write-errors	boolean	no	
replica-ignore-maxmemory,slave-ignore-maxmemory	boolean	yes	
replica-lazy-flush,slave-lazy-flush	boolean	no	
replica-priority,slave-priority	integer	100	0 2147483647
replica-read-only,slave-read-only	boolean	yes	
replica-serve-stale-data,slave-serve-stale-data	boolean	yes	
replicaof,slaveof	immutable		
requirepass	string		
sanitize-dump-payload	choice	no	no yes clients
save	special	3600 1 300 100 60 10000	
server_cpulist	immutable		
set-max-intset-entries	integer	512	0 9223372036854775807
set-proc-title	immutable	yes	
shutdown-on-sigint	choice	default	default save nosave now force
shutdown-on-sigterm	choice	default	default save nosave now force
shutdown-timeout	integer	10	0 2147483647
slowlog-log-slower-than	integer	10000	-1 9223372036854775807
slowlog-max-len	integer	128	0 9223372036854775807
socket-mark-id	immutable	0	
stop-writes-on-bgsave-error	boolean	yes	
stream-node-max-bytes	memory	4096	
stream-node-max-entries	integer	100	0 9223372036854775807
supervised	immutable	no	
syslog-enabled	immutable	no	
syslog-facility	immutable	local0	
syslog-ident	immutable	redis	
tcp-backlog	immutable	511	
tcp-keepalive	integer	300	0 2147483647
timeout	integer	0	0 2147483647
tls-auth-clients	choice	yes	no yes optional
tls-ca-cert-dir	string		
tls-ca-cert-file	string		
tls-cert-file	string		
tls-ciphers	string		
tls-ciphersuites	string		
tls-client-cert-file	string		
tls-client-key-file	string		
tls-client-key-file-pass	string		
tls-cluster	boolean	no	
tls-dh-params-file	string		
tls-key-file	string		
tls-key-file-pass	string		
tls-port	integer	0	0 65535
tls-prefer-server-ciphers	boolean	no	
tls-protocols	string		
tls-replication	boolean	no	
tls-session-cache-size	integer	20480	0 2147483647
tls-session-cache-timeout	integer	300	0 2147483647
tls-session-caching	boolean	yes	
tracking-table-max-keys	integer	1000000	0 9223372036854775807
unixsocket	immutable		
unixsocketperm	immutable	0	
zset-max-listpack-entries,zset-max-ziplist-entries	integer	128	0 9223372036854775807
zset-max-listpack-value,zset-max-ziplist-value	memory	64	`;
