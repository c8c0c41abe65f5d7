/**
 * The parameters of PostgreSQL 15.18 as `SHOW ALL` lists them under Debian's postgresql.conf (PostgreSQL is under the
 * PostgreSQL licence): name, value, who may set it, kind, least and most, words to choose from, description.
 */
export const settingsTable = `allow_in_place_tablespaces	off	superuser	bool				Allows tablespaces directly inside pg_tblspc, for testing.
allow_system_table_mods	off	superuser	bool				Allows modifications of the structure of system tables.
application_name		user	string				Sets the application name to be reported in statistics and logs.
archive_cleanup_command		sighup	string				Sets the shell command that will be executed at every restart point.
archive_command	(disabled)	sighup	string				Sets the shell command that will be called to archive a WAL file.
archive_library		sighup	string				Sets the library that will be called to archive a WAL file.
archive_mode	off	postmaster	enum			always,on,off	Allows archiving of WAL files using archive_command.
archive_timeout	0	sighup	integer	0	1073741823		Sets the amount of time to wait before forcing a switch to the next WAL file.
array_nulls	on	user	bool				Enable input of NULL elements in arrays.
authentication_timeout	1min	sighup	integer	1	600		Sets the maximum allowed time to complete client authentication.
autovacuum	on	sighup	bool				Starts the autovacuum subprocess.
autovacuum_analyze_scale_factor	0.1	sighup	real	0	100		Number of tuple inserts, updates, or deletes prior to analyze as a fraction of reltuples.
autovacuum_analyze_threshold	50	sighup	integer	0	2147483647		Minimum number of tuple inserts, updates, or deletes prior to analyze.
autovacuum_freeze_max_age	200000000	postmaster	integer	100000	2000000000		Age at which to autovacuum a table to prevent transaction ID wraparound.
autovacuum_max_workers	3	postmaster	integer	1	262143		Sets the maximum number of simultaneously running autovacuum worker processes.
autovacuum_multixact_freeze_max_age	400000000	postmaster	integer	10000	2000000000		Multixact age at which to autovacuum a table to prevent multixact wraparound.
autovacuum_naptime	1min	sighup	integer	1	2147483		Time to sleep between autovacuum runs.
autovacuum_vacuum_cost_delay	2ms	sighup	real	-1	100		Vacuum cost delay in milliseconds, for autovacuum.
autovacuum_vacuum_cost_limit	-1	sighup	integer	-1	10000		Vacuum cost amount available before napping, for autovacuum.
autovacuum_vacuum_insert_scale_factor	0.2	sighup	real	0	100		Number of tuple inserts prior to vacuum as a fraction of reltuples.
autovacuum_vacuum_insert_threshold	1000	sighup	integer	-1	2147483647		Minimum number of tuple inserts prior to vacuum, or -1 to disable insert vacuums.
autovacuum_vacuum_scale_factor	0.2	sighup	real	0	100		Number of tuple updates or deletes prior to vacuum as a fraction of reltuples.
autovacuum_vacuum_threshold	50	sighup	integer	0	2147483647		Minimum number of tuple updates or deletes prior to vacuum.
autovacuum_work_mem	-1	sighup	integer	-1	2147483647		Sets the maximum memory to be used by each autovacuum worker process.
backend_flush_after	0	user	integer	0	256		Number of pages after which previously performed writes are flushed to disk.
backslash_quote	safe_encoding	user	enum			safe_encoding,on,off	Sets whether "\\'" is allowed in string literals.
backtrace_functions		superuser	string				Log backtrace for errors in these functions.
bgwriter_delay	200ms	sighup	integer	10	10000		Background writer sleep time between rounds.
bgwriter_flush_after	512kB	sighup	integer	0	256		Number of pages after which previously performed writes are flushed to disk.
bgwriter_lru_maxpages	100	sighup	integer	0	1073741823		Background writer maximum number of LRU pages to flush per round.
bgwriter_lru_multiplier	2	sighup	real	0	10		Multiple of the average buffer usage to free per round.
block_size	8192	internal	integer	8192	8192		Shows the size of a disk block.
bonjour	off	postmaster	bool				Enables advertising the server via Bonjour.
bonjour_name		postmaster	string				Sets the Bonjour service name.
bytea_output	hex	user	enum			escape,hex	Sets the output format for bytea.
check_function_bodies	on	user	bool				Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE.
checkpoint_completion_target	0.9	sighup	real	0	1		Time spent flushing dirty buffers during checkpoint, as fraction of checkpoint interval.
checkpoint_flush_after	256kB	sighup	integer	0	256		Number of pages after which previously performed writes are flushed to disk.
checkpoint_timeout	5min	sighup	integer	30	86400		Sets the maximum time between automatic WAL checkpoints.
checkpoint_warning	30s	sighup	integer	0	2147483647		Sets the maximum time before warning if checkpoints triggered by WAL volume happen too frequently.
client_connection_check_interval	0	user	integer	0	2147483647		Sets the time interval between checks for disconnection while running queries.
client_encoding	UTF8	user	string				Sets the client's character set encoding.
client_min_messages	notice	user	enum			debug5,debug4,debug3,debug2,debug1,log,notice,warning,error	Sets the message levels that are sent to the client.
cluster_name	15/main	postmaster	string				Sets the name of the cluster, which is included in the process title.
commit_delay	0	superuser	integer	0	100000		Sets the delay in microseconds between transaction commit and flushing WAL to disk.
commit_siblings	5	user	integer	0	1000		Sets the minimum number of concurrent open transactions required before performing commit_delay.
composite_type_mismatch	error	superuser	enum			error,warn,disabled	Sets how version mismatches of composite values are handled.
compute_query_id	auto	superuser	enum			auto,regress,on,off	Enables in-core computation of query identifiers.
config_file	/etc/postgresql/15/main/postgresql.conf	postmaster	string				Sets the server's main configuration file.
constraint_exclusion	partition	user	enum			partition,on,off	Enables the planner to use constraints to optimize queries.
cpu_index_tuple_cost	0.005	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of processing each index entry during an index scan.
cpu_operator_cost	0.0025	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of processing each operator or function call.
cpu_tuple_cost	0.01	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of processing each tuple (row).
cursor_tuple_fraction	0.1	user	real	0	1		Sets the planner's estimate of the fraction of a cursor's rows that will be retrieved.
data_checksums	off	internal	bool				Shows whether data checksums are turned on for this cluster.
data_directory	/var/lib/postgresql/15/main	postmaster	string				Sets the server's data directory.
data_directory_mode	0700	internal	integer	0	511		Shows the mode of the data directory.
data_sync_retry	off	postmaster	bool				Whether to continue running after a failure to sync data files.
DateStyle	ISO, MDY	user	string				Sets the display format for date and time values.
db_user_namespace	off	sighup	bool				Enables per-database user names.
deadlock_timeout	1s	superuser	integer	1	2147483647		Sets the time to wait on a lock before checking for deadlock.
debug_assertions	off	internal	bool				Shows whether the running server has assertion checks enabled.
debug_discard_caches	0	superuser	integer	0	0		Aggressively flush system caches for debugging purposes.
debug_pretty_print	on	user	bool				Indents parse and plan tree displays.
debug_print_parse	off	user	bool				Logs each query's parse tree.
debug_print_plan	off	user	bool				Logs each query's execution plan.
debug_print_rewritten	off	user	bool				Logs each query's rewritten parse tree.
default_statistics_target	100	user	integer	1	10000		Sets the default statistics target.
default_table_access_method	heap	user	string				Sets the default table access method for new tables.
default_tablespace		user	string				Sets the default tablespace to create tables and indexes in.
default_text_search_config	pg_catalog.english	user	string				Sets default text search configuration.
default_toast_compression	pglz	user	enum			pglz,lz4	Sets the default compression method for compressible values.
default_transaction_deferrable	off	user	bool				Sets the default deferrable status of new transactions.
default_transaction_isolation	read committed	user	enum			serializable,"repeatable read","read committed","read uncommitted"	Sets the transaction isolation level of each new transaction.
default_transaction_read_only	off	user	bool				Sets the default read-only status of new transactions.
dynamic_library_path	$libdir	superuser	string				Sets the path for dynamically loadable modules.
dynamic_shared_memory_type	posix	postmaster	enum			posix,sysv,mmap	Selects the dynamic shared memory implementation used.
effective_cache_size	4GB	user	integer	1	2147483647		Sets the planner's assumption about the total size of the data caches.
effective_io_concurrency	1	user	integer	0	1000		Number of simultaneous requests that can be handled efficiently by the disk subsystem.
enable_async_append	on	user	bool				Enables the planner's use of async append plans.
enable_bitmapscan	on	user	bool				Enables the planner's use of bitmap-scan plans.
enable_gathermerge	on	user	bool				Enables the planner's use of gather merge plans.
enable_hashagg	on	user	bool				Enables the planner's use of hashed aggregation plans.
enable_hashjoin	on	user	bool				Enables the planner's use of hash join plans.
enable_incremental_sort	on	user	bool				Enables the planner's use of incremental sort steps.
enable_indexonlyscan	on	user	bool				Enables the planner's use of index-only-scan plans.
enable_indexscan	on	user	bool				Enables the planner's use of index-scan plans.
enable_material	on	user	bool				Enables the planner's use of materialization.
enable_memoize	on	user	bool				Enables the planner's use of memoization.
enable_mergejoin	on	user	bool				Enables the planner's use of merge join plans.
enable_nestloop	on	user	bool				Enables the planner's use of nested-loop join plans.
enable_parallel_append	on	user	bool				Enables the planner's use of parallel append plans.
enable_parallel_hash	on	user	bool				Enables the planner's use of parallel hash plans.
enable_partition_pruning	on	user	bool				Enables plan-time and execution-time partition pruning.
enable_partitionwise_aggregate	off	user	bool				Enables partitionwise aggregation and grouping.
enable_partitionwise_join	off	user	bool				Enables partitionwise join.
enable_seqscan	on	user	bool				Enables the planner's use of sequential-scan plans.
enable_sort	on	user	bool				Enables the planner's use of explicit sort steps.
enable_tidscan	on	user	bool				Enables the planner's use of TID scan plans.
escape_string_warning	on	user	bool				Warn about backslash escapes in ordinary string literals.
event_source	PostgreSQL	postmaster	string				Sets the application name used to identify PostgreSQL messages in the event log.
exit_on_error	off	user	bool				Terminate session on any error.
extension_destdir		superuser	string				Path to prepend for extension loading.
external_pid_file	/var/run/postgresql/15-main.pid	postmaster	string				Writes the postmaster PID to the specified file.
extra_float_digits	1	user	integer	-15	3		Sets the number of digits displayed for floating-point values.
force_parallel_mode	off	user	enum			off,on,regress	Forces use of parallel query facilities.
from_collapse_limit	8	user	integer	1	2147483647		Sets the FROM-list size beyond which subqueries are not collapsed.
fsync	on	sighup	bool				Forces synchronization of updates to disk.
full_page_writes	on	sighup	bool				Writes full pages to WAL when first modified after a checkpoint.
geqo	on	user	bool				Enables genetic query optimization.
geqo_effort	5	user	integer	1	10		GEQO: effort is used to set the default for other GEQO parameters.
geqo_generations	0	user	integer	0	2147483647		GEQO: number of iterations of the algorithm.
geqo_pool_size	0	user	integer	0	2147483647		GEQO: number of individuals in the population.
geqo_seed	0	user	real	0	1		GEQO: seed for random path selection.
geqo_selection_bias	2	user	real	1.5	2		GEQO: selective pressure within the population.
geqo_threshold	12	user	integer	2	2147483647		Sets the threshold of FROM items beyond which GEQO is used.
gin_fuzzy_search_limit	0	user	integer	0	2147483647		Sets the maximum allowed result for exact search by GIN.
gin_pending_list_limit	4MB	user	integer	64	2147483647		Sets the maximum size of the pending list for GIN index.
hash_mem_multiplier	2	user	real	1	1000		Multiple of work_mem to use for hash tables.
hba_file	/etc/postgresql/15/main/pg_hba.conf	postmaster	string				Sets the server's "hba" configuration file.
hot_standby	on	postmaster	bool				Allows connections and queries during recovery.
hot_standby_feedback	off	sighup	bool				Allows feedback from a hot standby to the primary that will avoid query conflicts.
huge_page_size	0	postmaster	integer	0	2147483647		The size of huge page that should be requested.
huge_pages	try	postmaster	enum			off,on,try	Use of huge pages on Linux or Windows.
ident_file	/etc/postgresql/15/main/pg_ident.conf	postmaster	string				Sets the server's "ident" configuration file.
idle_in_transaction_session_timeout	0	user	integer	0	2147483647		Sets the maximum allowed idle time between queries, when in a transaction.
idle_session_timeout	0	user	integer	0	2147483647		Sets the maximum allowed idle time between queries, when not in a transaction.
ignore_checksum_failure	off	superuser	bool				Continues processing after a checksum failure.
ignore_invalid_pages	off	postmaster	bool				Continues recovery after an invalid pages failure.
ignore_system_indexes	off	backend	bool				Disables reading from system indexes.
in_hot_standby	off	internal	bool				Shows whether hot standby is currently active.
integer_datetimes	on	internal	bool				Shows whether datetimes are integer based.
IntervalStyle	postgres	user	enum			postgres,postgres_verbose,sql_standard,iso_8601	Sets the display format for interval values.
jit	on	user	bool				Allow JIT compilation.
jit_above_cost	100000	user	real	-1	1.79769e+308		Perform JIT compilation if query is more expensive.
jit_debugging_support	off	superuser-backend	bool				Register JIT-compiled functions with debugger.
jit_dump_bitcode	off	superuser	bool				Write out LLVM bitcode to facilitate JIT debugging.
jit_expressions	on	user	bool				Allow JIT compilation of expressions.
jit_inline_above_cost	500000	user	real	-1	1.79769e+308		Perform JIT inlining if query is more expensive.
jit_optimize_above_cost	500000	user	real	-1	1.79769e+308		Optimize JIT-compiled functions if query is more expensive.
jit_profiling_support	off	superuser-backend	bool				Register JIT-compiled functions with perf profiler.
jit_provider	llvmjit	postmaster	string				JIT provider to use.
jit_tuple_deforming	on	user	bool				Allow JIT compilation of tuple deforming.
join_collapse_limit	8	user	integer	1	2147483647		Sets the FROM-list size beyond which JOIN constructs are not flattened.
krb_caseins_users	off	sighup	bool				Sets whether Kerberos and GSSAPI user names should be treated as case-insensitive.
krb_server_keyfile	FILE:/etc/postgresql-common/krb5.keytab	sighup	string				Sets the location of the Kerberos server key file.
lc_collate	C.UTF-8	internal	string				Shows the collation order locale.
lc_ctype	C.UTF-8	internal	string				Shows the character classification and case conversion locale.
lc_messages	C.UTF-8	superuser	string				Sets the language in which messages are displayed.
lc_monetary	C.UTF-8	user	string				Sets the locale for formatting monetary amounts.
lc_numeric	C.UTF-8	user	string				Sets the locale for formatting numbers.
lc_time	C.UTF-8	user	string				Sets the locale for formatting date and time values.
listen_addresses	*	postmaster	string				Sets the host name or IP address(es) to listen to.
lo_compat_privileges	off	superuser	bool				Enables backward compatibility mode for privilege checks on large objects.
local_preload_libraries		user	string				Lists unprivileged shared libraries to preload into each backend.
lock_timeout	0	user	integer	0	2147483647		Sets the maximum allowed duration of any wait for a lock.
log_autovacuum_min_duration	10min	sighup	integer	-1	2147483647		Sets the minimum execution time above which autovacuum actions will be logged.
log_checkpoints	on	sighup	bool				Logs each checkpoint.
log_connections	off	superuser-backend	bool				Logs each successful connection.
log_destination	stderr	sighup	string				Sets the destination for server log output.
log_directory	log	sighup	string				Sets the destination directory for log files.
log_disconnections	off	superuser-backend	bool				Logs end of a session, including duration.
log_duration	off	superuser	bool				Logs the duration of each completed SQL statement.
log_error_verbosity	default	superuser	enum			terse,default,verbose	Sets the verbosity of logged messages.
log_executor_stats	off	superuser	bool				Writes executor performance statistics to the server log.
log_file_mode	0600	sighup	integer	0	511		Sets the file permissions for log files.
log_filename	postgresql-%Y-%m-%d_%H%M%S.log	sighup	string				Sets the file name pattern for log files.
log_hostname	off	sighup	bool				Logs the host name in the connection logs.
log_line_prefix	%m [%p] %q%u@%d 	sighup	string				Controls information prefixed to each log line.
log_lock_waits	off	superuser	bool				Logs long lock waits.
log_min_duration_sample	-1	superuser	integer	-1	2147483647		Sets the minimum execution time above which a sample of statements will be logged. Sampling is determined by log_statement_sample_rate.
log_min_duration_statement	-1	superuser	integer	-1	2147483647		Sets the minimum execution time above which all statements will be logged.
log_min_error_statement	error	superuser	enum			debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic	Causes all statements generating error at or above this level to be logged.
log_min_messages	warning	superuser	enum			debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic	Sets the message levels that are logged.
log_parameter_max_length	-1	superuser	integer	-1	1073741823		Sets the maximum length in bytes of data logged for bind parameter values when logging statements.
log_parameter_max_length_on_error	0	user	integer	-1	1073741823		Sets the maximum length in bytes of data logged for bind parameter values when logging statements, on error.
log_parser_stats	off	superuser	bool				Writes parser performance statistics to the server log.
log_planner_stats	off	superuser	bool				Writes planner performance statistics to the server log.
log_recovery_conflict_waits	off	sighup	bool				Logs standby recovery conflict waits.
log_replication_commands	off	superuser	bool				Logs each replication command.
log_rotation_age	1d	sighup	integer	0	35791394		Sets the amount of time to wait before forcing log file rotation.
log_rotation_size	10MB	sighup	integer	0	2097151		Sets the maximum size a log file can reach before being rotated.
log_startup_progress_interval	10s	sighup	integer	0	2147483647		Time between progress updates for long-running startup operations.
log_statement	none	superuser	enum			none,ddl,mod,all	Sets the type of statements logged.
log_statement_sample_rate	1	superuser	real	0	1		Fraction of statements exceeding log_min_duration_sample to be logged.
log_statement_stats	off	superuser	bool				Writes cumulative performance statistics to the server log.
log_temp_files	-1	superuser	integer	-1	2147483647		Log the use of temporary files larger than this number of kilobytes.
log_timezone	Etc/UTC	sighup	string				Sets the time zone to use in log messages.
log_transaction_sample_rate	0	superuser	real	0	1		Sets the fraction of transactions from which to log all statements.
log_truncate_on_rotation	off	sighup	bool				Truncate existing log files of same name during log rotation.
logging_collector	off	postmaster	bool				Start a subprocess to capture stderr, csvlog and/or jsonlog into log files.
logical_decoding_work_mem	64MB	user	integer	64	2147483647		Sets the maximum memory to be used for logical decoding.
maintenance_io_concurrency	10	user	integer	0	1000		A variant of effective_io_concurrency that is used for maintenance work.
maintenance_work_mem	64MB	user	integer	1024	2147483647		Sets the maximum memory to be used for maintenance operations.
max_connections	100	postmaster	integer	1	262143		Sets the maximum number of concurrent connections.
max_files_per_process	1000	postmaster	integer	64	2147483647		Sets the maximum number of simultaneously open files for each server process.
max_function_args	100	internal	integer	100	100		Shows the maximum number of function arguments.
max_identifier_length	63	internal	integer	63	63		Shows the maximum identifier length.
max_index_keys	32	internal	integer	32	32		Shows the maximum number of index keys.
max_locks_per_transaction	64	postmaster	integer	10	2147483647		Sets the maximum number of locks per transaction.
max_logical_replication_workers	4	postmaster	integer	0	262143		Maximum number of logical replication worker processes.
max_parallel_maintenance_workers	2	user	integer	0	1024		Sets the maximum number of parallel processes per maintenance operation.
max_parallel_workers	8	user	integer	0	1024		Sets the maximum number of parallel workers that can be active at one time.
max_parallel_workers_per_gather	2	user	integer	0	1024		Sets the maximum number of parallel processes per executor node.
max_pred_locks_per_page	2	sighup	integer	0	2147483647		Sets the maximum number of predicate-locked tuples per page.
max_pred_locks_per_relation	-2	sighup	integer	-2147483648	2147483647		Sets the maximum number of predicate-locked pages and tuples per relation.
max_pred_locks_per_transaction	64	postmaster	integer	10	2147483647		Sets the maximum number of predicate locks per transaction.
max_prepared_transactions	0	postmaster	integer	0	262143		Sets the maximum number of simultaneously prepared transactions.
max_replication_slots	10	postmaster	integer	0	262143		Sets the maximum number of simultaneously defined replication slots.
max_slot_wal_keep_size	-1	sighup	integer	-1	2147483647		Sets the maximum WAL size that can be reserved by replication slots.
max_stack_depth	2MB	superuser	integer	100	2147483647		Sets the maximum stack depth, in kilobytes.
max_standby_archive_delay	30s	sighup	integer	-1	2147483647		Sets the maximum delay before canceling queries when a hot standby server is processing archived WAL data.
max_standby_streaming_delay	30s	sighup	integer	-1	2147483647		Sets the maximum delay before canceling queries when a hot standby server is processing streamed WAL data.
max_sync_workers_per_subscription	2	sighup	integer	0	262143		Maximum number of table synchronization workers per subscription.
max_wal_senders	10	postmaster	integer	0	262143		Sets the maximum number of simultaneously running WAL sender processes.
max_wal_size	1GB	sighup	integer	2	2147483647		Sets the WAL size that triggers a checkpoint.
max_worker_processes	8	postmaster	integer	0	262143		Maximum number of concurrent worker processes.
min_dynamic_shared_memory	0	postmaster	integer	0	2147483647		Amount of dynamic shared memory reserved at startup.
min_parallel_index_scan_size	512kB	user	integer	0	715827882		Sets the minimum amount of index data for a parallel scan.
min_parallel_table_scan_size	8MB	user	integer	0	715827882		Sets the minimum amount of table data for a parallel scan.
min_wal_size	80MB	sighup	integer	2	2147483647		Sets the minimum size to shrink the WAL to.
old_snapshot_threshold	-1	postmaster	integer	-1	86400		Time before a snapshot is too old to read pages changed after the snapshot was taken.
output_plugin_libraries	pgoutput, test_decoding	superuser	string				Lists libraries that may be named as logical decoding output plugins.
parallel_leader_participation	on	user	bool				Controls whether Gather and Gather Merge also run subplans.
parallel_setup_cost	1000	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of starting up worker processes for parallel query.
parallel_tuple_cost	0.1	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of passing each tuple (row) from worker to leader backend.
password_encryption	scram-sha-256	user	enum			md5,scram-sha-256	Chooses the algorithm for encrypting passwords.
plan_cache_mode	auto	user	enum			auto,force_generic_plan,force_custom_plan	Controls the planner's selection of custom or generic plan.
port	5432	postmaster	integer	1	65535		Sets the TCP port the server listens on.
post_auth_delay	0	backend	integer	0	2147		Sets the amount of time to wait after authentication on connection startup.
pre_auth_delay	0	sighup	integer	0	60		Sets the amount of time to wait before authentication on connection startup.
primary_conninfo		sighup	string				Sets the connection string to be used to connect to the sending server.
primary_slot_name		sighup	string				Sets the name of the replication slot to use on the sending server.
promote_trigger_file		sighup	string				Specifies a file name whose presence ends recovery in the standby.
quote_all_identifiers	off	user	bool				When generating SQL fragments, quote all identifiers.
random_page_cost	4	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of a nonsequentially fetched disk page.
recovery_end_command		sighup	string				Sets the shell command that will be executed once at the end of recovery.
recovery_init_sync_method	fsync	sighup	enum			fsync,syncfs	Sets the method for synchronizing the data directory before crash recovery.
recovery_min_apply_delay	0	sighup	integer	0	2147483647		Sets the minimum delay for applying changes during recovery.
recovery_prefetch	try	sighup	enum			off,on,try	Prefetch referenced blocks during recovery.
recovery_target		postmaster	string				Set to "immediate" to end recovery as soon as a consistent state is reached.
recovery_target_action	pause	postmaster	enum			pause,promote,shutdown	Sets the action to perform upon reaching the recovery target.
recovery_target_inclusive	on	postmaster	bool				Sets whether to include or exclude transaction with recovery target.
recovery_target_lsn		postmaster	string				Sets the LSN of the write-ahead log location up to which recovery will proceed.
recovery_target_name		postmaster	string				Sets the named restore point up to which recovery will proceed.
recovery_target_time		postmaster	string				Sets the time stamp up to which recovery will proceed.
recovery_target_timeline	latest	postmaster	string				Specifies the timeline to recover into.
recovery_target_xid		postmaster	string				Sets the transaction ID up to which recovery will proceed.
recursive_worktable_factor	10	user	real	0.001	1e+06		Sets the planner's estimate of the average size of a recursive query's working table.
remove_temp_files_after_crash	on	sighup	bool				Remove temporary files after backend crash.
restart_after_crash	on	sighup	bool				Reinitialize server after backend crash.
restore_command		sighup	string				Sets the shell command that will be called to retrieve an archived WAL file.
restrict_nonsystem_relation_kind		user	string				Prohibits access to non-system relations of specified kinds.
row_security	on	user	bool				Enable row security.
search_path	"$user", public	user	string				Sets the schema search order for names that are not schema-qualified.
segment_size	1GB	internal	integer	131072	131072		Shows the number of pages per disk file.
seq_page_cost	1	user	real	0	1.79769e+308		Sets the planner's estimate of the cost of a sequentially fetched disk page.
server_encoding	UTF8	internal	string				Shows the server (database) character set encoding.
server_version	15.18 (Debian 15.18-0+deb12u1)	internal	string				Shows the server version.
server_version_num	150018	internal	integer	150018	150018		Shows the server version as an integer.
session_preload_libraries		superuser	string				Lists shared libraries to preload into each backend.
session_replication_role	origin	superuser	enum			origin,replica,local	Sets the session's behavior for triggers and rewrite rules.
shared_buffers	128MB	postmaster	integer	16	1073741823		Sets the number of shared memory buffers used by the server.
shared_memory_size	143MB	internal	integer	0	2147483647		Shows the size of the server's main shared memory area (rounded up to the nearest MB).
shared_memory_size_in_huge_pages	72	internal	integer	-1	2147483647		Shows the number of huge pages needed for the main shared memory area.
shared_memory_type	mmap	postmaster	enum			sysv,mmap	Selects the shared memory implementation used for the main shared memory region.
shared_preload_libraries		postmaster	string				Lists shared libraries to preload into server.
ssl	on	sighup	bool				Enables SSL connections.
ssl_ca_file		sighup	string				Location of the SSL certificate authority file.
ssl_cert_file	/etc/ssl/certs/ssl-cert-snakeoil.pem	sighup	string				Location of the SSL server certificate file.
ssl_ciphers	HIGH:MEDIUM:+3DES:!aNULL	sighup	string				Sets the list of allowed SSL ciphers.
ssl_crl_dir		sighup	string				Location of the SSL certificate revocation list directory.
ssl_crl_file		sighup	string				Location of the SSL certificate revocation list file.
ssl_dh_params_file		sighup	string				Location of the SSL DH parameters file.
ssl_ecdh_curve	prime256v1	sighup	string				Sets the curve to use for ECDH.
ssl_key_file	/etc/ssl/private/ssl-cert-snakeoil.key	sighup	string				Location of the SSL server private key file.
ssl_library	OpenSSL	internal	string				Shows the name of the SSL library.
ssl_max_protocol_version		sighup	enum			"",TLSv1,TLSv1.1,TLSv1.2,TLSv1.3	Sets the maximum SSL/TLS protocol version to use.
ssl_min_protocol_version	TLSv1.2	sighup	enum			TLSv1,TLSv1.1,TLSv1.2,TLSv1.3	Sets the minimum SSL/TLS protocol version to use.
ssl_passphrase_command		sighup	string				Command to obtain passphrases for SSL.
ssl_passphrase_command_supports_reload	off	sighup	bool				Controls whether ssl_passphrase_command is called during server reload.
ssl_prefer_server_ciphers	on	sighup	bool				Give priority to server ciphersuite order.
standard_conforming_strings	on	user	bool				Causes '...' strings to treat backslashes literally.
statement_timeout	0	user	integer	0	2147483647		Sets the maximum allowed duration of any statement.
stats_fetch_consistency	cache	user	enum			none,cache,snapshot	Sets the consistency of accesses to statistics data.
superuser_reserved_connections	3	postmaster	integer	0	262143		Sets the number of connection slots reserved for superusers.
synchronize_seqscans	on	user	bool				Enable synchronized sequential scans.
synchronous_commit	on	user	enum			local,remote_write,remote_apply,on,off	Sets the current transaction's synchronization level.
synchronous_standby_names		sighup	string				Number of synchronous standbys and list of names of potential synchronous ones.
syslog_facility	local0	sighup	enum			local0,local1,local2,local3,local4,local5,local6,local7	Sets the syslog "facility" to be used when syslog enabled.
syslog_ident	postgres	sighup	string				Sets the program name used to identify PostgreSQL messages in syslog.
syslog_sequence_numbers	on	sighup	bool				Add sequence number to syslog messages to avoid duplicate suppression.
syslog_split_messages	on	sighup	bool				Split messages sent to syslog by lines and to fit into 1024 bytes.
tcp_keepalives_count	9	user	integer	0	2147483647		Maximum number of TCP keepalive retransmits.
tcp_keepalives_idle	7200	user	integer	0	2147483647		Time between issuing TCP keepalives.
tcp_keepalives_interval	75	user	integer	0	2147483647		Time between TCP keepalive retransmits.
tcp_user_timeout	0	user	integer	0	2147483647		TCP user timeout.
temp_buffers	8MB	user	integer	100	1073741823		Sets the maximum number of temporary buffers used by each session.
temp_file_limit	-1	superuser	integer	-1	2147483647		Limits the total size of all temporary files used by each process.
temp_tablespaces		user	string				Sets the tablespace(s) to use for temporary tables and sort files.
TimeZone	Etc/UTC	user	string				Sets the time zone for displaying and interpreting time stamps.
timezone_abbreviations	Default	user	string				Selects a file of time zone abbreviations.
trace_notify	off	user	bool				Generates debugging output for LISTEN and NOTIFY.
trace_recovery_messages	log	sighup	enum			debug5,debug4,debug3,debug2,debug1,log,notice,warning,error	Enables logging of recovery-related debugging information.
trace_sort	off	user	bool				Emit information about resource usage in sorting.
track_activities	on	superuser	bool				Collects information about executing commands.
track_activity_query_size	1kB	postmaster	integer	100	1048576		Sets the size reserved for pg_stat_activity.query, in bytes.
track_commit_timestamp	off	postmaster	bool				Collects transaction commit time.
track_counts	on	superuser	bool				Collects statistics on database activity.
track_functions	none	superuser	enum			none,pl,all	Collects function-level statistics on database activity.
track_io_timing	off	superuser	bool				Collects timing statistics for database I/O activity.
track_wal_io_timing	off	superuser	bool				Collects timing statistics for WAL I/O activity.
transaction_deferrable	off	user	bool				Whether to defer a read-only serializable transaction until it can be executed with no possible serialization failures.
transaction_isolation	read committed	user	enum			serializable,"repeatable read","read committed","read uncommitted"	Sets the current transaction's isolation level.
transaction_read_only	off	user	bool				Sets the current transaction's read-only status.
transform_null_equals	off	user	bool				Treats "expr=NULL" as "expr IS NULL".
unix_socket_directories	/var/run/postgresql	postmaster	string				Sets the directories where Unix-domain sockets will be created.
unix_socket_group		postmaster	string				Sets the owning group of the Unix-domain socket.
unix_socket_permissions	0777	postmaster	integer	0	511		Sets the access permissions of the Unix-domain socket.
update_process_title	on	superuser	bool				Updates the process title to show the active SQL command.
vacuum_cost_delay	0	user	real	0	100		Vacuum cost delay in milliseconds.
vacuum_cost_limit	200	user	integer	1	10000		Vacuum cost amount available before napping.
vacuum_cost_page_dirty	20	user	integer	0	10000		Vacuum cost for a page dirtied by vacuum.
vacuum_cost_page_hit	1	user	integer	0	10000		Vacuum cost for a page found in the buffer cache.
vacuum_cost_page_miss	2	user	integer	0	10000		Vacuum cost for a page not found in the buffer cache.
vacuum_defer_cleanup_age	0	sighup	integer	0	1000000		Number of transactions by which VACUUM and HOT cleanup should be deferred, if any.
vacuum_failsafe_age	1600000000	user	integer	0	2100000000		Age at which VACUUM should trigger failsafe to avoid a wraparound outage.
vacuum_freeze_min_age	50000000	user	integer	0	1000000000		Minimum age at which VACUUM should freeze a table row.
vacuum_freeze_table_age	150000000	user	integer	0	2000000000		Age at which VACUUM should scan whole table to freeze tuples.
vacuum_multixact_failsafe_age	1600000000	user	integer	0	2100000000		Multixact age at which VACUUM should trigger failsafe to avoid a wraparound outage.
vacuum_multixact_freeze_min_age	5000000	user	integer	0	1000000000		Minimum age at which VACUUM should freeze a MultiXactId in a table row.
vacuum_multixact_freeze_table_age	150000000	user	integer	0	2000000000		Multixact age at which VACUUM should scan whole table to freeze tuples.
wal_block_size	8192	internal	integer	8192	8192		Shows the block size in the write ahead log.
wal_buffers	4MB	postmaster	integer	-1	262143		Sets the number of disk-page buffers in shared memory for WAL.
wal_compression	off	superuser	enum			pglz,lz4,zstd,on,off	Compresses full-page writes written in WAL file with specified method.
wal_consistency_checking		superuser	string				Sets the WAL resource managers for which WAL consistency checks are done.
wal_decode_buffer_size	512kB	postmaster	integer	65536	1073741823		Buffer size for reading ahead in the WAL during recovery.
wal_init_zero	on	superuser	bool				Writes zeroes to new WAL files before first use.
wal_keep_size	0	sighup	integer	0	2147483647		Sets the size of WAL files held for standby servers.
wal_level	replica	postmaster	enum			minimal,replica,logical	Sets the level of information written to the WAL.
wal_log_hints	off	postmaster	bool				Writes full pages to WAL when first modified after a checkpoint, even for a non-critical modification.
wal_receiver_create_temp_slot	off	sighup	bool				Sets whether a WAL receiver should create a temporary replication slot if no permanent slot is configured.
wal_receiver_status_interval	10s	sighup	integer	0	2147483		Sets the maximum interval between WAL receiver status reports to the sending server.
wal_receiver_timeout	1min	sighup	integer	0	2147483647		Sets the maximum wait time to receive data from the sending server.
wal_recycle	on	superuser	bool				Recycles WAL files by renaming them.
wal_retrieve_retry_interval	5s	sighup	integer	1	2147483647		Sets the time to wait before retrying to retrieve WAL after a failed attempt.
wal_segment_size	16MB	internal	integer	1048576	1073741824		Shows the size of write ahead log segments.
wal_sender_timeout	1min	user	integer	0	2147483647		Sets the maximum time to wait for WAL replication.
wal_skip_threshold	2MB	user	integer	0	2147483647		Minimum size of new file to fsync instead of writing WAL.
wal_sync_method	fdatasync	sighup	enum			fsync,fdatasync,open_sync,open_datasync	Selects the method used for forcing WAL updates to disk.
wal_writer_delay	200ms	sighup	integer	1	10000		Time between WAL flushes performed in the WAL writer.
wal_writer_flush_after	1MB	sighup	integer	0	2147483647		Amount of WAL written out by WAL writer that triggers a flush.
work_mem	4MB	user	integer	64	2147483647		Sets the maximum memory to be used for query workspaces.
xmlbinary	base64	user	enum			base64,hex	Sets how binary values are to be encoded in XML.
xmloption	content	user	enum			content,document	Sets whether XML data in implicit parsing and serialization operations is to be considered as documents or content fragments.
zero_damaged_pages	off	superuser	bool				Continues processing past damaged page headers.`;
