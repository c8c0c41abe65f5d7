/**
 * Which commands are which technique of ATT&CK: one table. A row holds for a command that meets all that it names.
 * Source: the techniques' descriptions and the procedures of TeamTNT, Rocke, Kinsing, Hildegard, Doki and Skidmap in
 * ATT&CK 18.1, the manual pages of the programs, and the shell stagers in public reports on these groups, 2026-11.
 */

export interface TechniqueRule {
  readonly id: string;
  /** File names of programs, separated by blanks; without it any program. */
  readonly programs?: string;
  /** Holds for the program with its path. */
  readonly run?: RegExp;
  /** Hold for the arguments, joined by blanks; two, where what they look for stands apart. */
  readonly args?: RegExp;
  readonly also?: RegExp;
  /** Does not hold for them. */
  readonly unless?: RegExp;
  /** Holds for a file that is written: behind `>`, an argument of `tee`, the last of `cp`, `mv`, `ln`, `install`. */
  readonly writes?: RegExp;
}

const containers = 'docker podman nerdctl crictl ctr';
const shells = 'sh bash dash ash zsh ksh';
const interpreters = 'python python2 python3 perl ruby php node lua';
const readers =
  'cat less more head tail grep egrep cut awk sed strings tac nl cp tar base64 xxd find locate ls curl scp';
const pages = 'curl wget wget2 aria2c axel lynx GET lwp-download fetch cd1 wd1';
const services = 'systemctl service chkconfig rc-service';

/** A verb behind global options: `docker -H tcp://192.0.2.1:2375 run`. */
const verb = (verbs: string): RegExp =>
  new RegExp(
    `^(?:-\\S+ (?:(?:tcp|unix|https?):\\S+ )?)*(?:(?:container|image|service|pod) )?(?:${verbs})(?: |$)`,
  );

/** Guards of hosts: kernel modules, scanners, agents of cloud providers. */
const guards =
  /apparmor|selinux|falco|clamav|clamd|fail2ban|crowdstrike|falcon-sensor|wazuh|ossec|aegis|aliyun|alidun|aliservice|cloudmonitor|qcloud|yunjing|barad|stargate|sgagent|ydservice|ydlive|bcm-agent|hostguard|cloudresetpwd|sysdig|mdatp|snoopy|sentinelone/i;
const firewalls = /firewalld|ufw|iptables|nftables/;
const stopping = /(?:^| )(?:stop|disable|mask|off|kill)(?: |$)/;

/** Where clouds tell their machines who they are. */
export const metadata =
  /169\.254\.(?:169\.254|170\.2)|metadata\.google\.internal|100\.100\.100\.200|fd00:ec2::254/i;

/** Pages that tell who asks from where. */
const ownAddress =
  /\b(?:ifconfig\.(?:me|co|io)|icanhazip\.com|ipinfo\.io|api\.ipify\.org|checkip\.amazonaws\.com|ip\.sb|ident\.me|ip-api\.com|ipecho\.net)\b/;

/** Files and folders that `ls` does not show, but for those that people have in their homes. */
const hidden =
  /(?:^|[/ ])\.(?!\.?(?:[/ ]|$)|(?:ssh|bash|profile|zsh|config|cache|local|aws|kube|docker|gnupg|git|npm|vim|env|netrc|dockerenv)\w{0,20}(?:[/. ]|$))\S/;

/** What a program is, and nothing that it would run. */
const versionOnly = /^(?:-[vV]|--version)$/;

/** What sells a machine's connection; programs and images are called alike. Source: their makers' pages, 2026-11. */
export const proxyware =
  /traffmonetizer|honeygain|pawns-cli|iproyal|psclient|packetstream|peer2profit|repocket|earnfm|earnapp|bitping|proxyrack|packetshare|proxylite/i;
/** How images of miners are called. */
export const miners =
  /xmrig|xmr-stak|monero|cpuminer|cryptonight|nbminer|lolminer|ethminer|(?:^|[/_-])miner(?:[:/_-]|$)/i;

/** A host or URL among arguments, or a variable in its place. */
const somewhere =
  /:\/\/|(?:^| )(?:\d{1,3}\.){3}\d{1,3}(?:[:/ ]|$)|(?:^| )(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?:[:/ ]|$)|\$/;
/** What is asked and not fetched, and what goes the other way. */
const notFetched = new RegExp(
  `(?:^| )(?:-I|--head|--spider|-T|-F|--upload-file|--form)(?: |$)|(?:^| )(?:-d|--data\\S{0,10})[ =]?@|--unix-socket|(?<!(?:-x|proxy|socks[\\w-]{1,12})[ =](?:\\w{4,8}://)?)(?:127\\.0\\.0\\.1|localhost)|\\d:(?:2375|2376|10250|10255|6443)/|${metadata.source}|${ownAddress.source}`,
);

/** `HOST:FILE PLACE`: what is copied comes from there. */
const fromThere = /(?:^| )(?:[\w.-]{1,64}@)?[\w.-]{1,253}:\S{0,500} (?!\S{1,500}:)\S/;
/** What is taken away: archives, credentials, keys, histories, databases. */
const prey =
  /\.(?:t?gz|tar|zip|7z|rar|bz2|sql|csv|db)(?: |$)|\/etc\/(?:shadow|passwd)|\.(?:ssh|aws|kube|docker|gnupg)\b|id_(?:rsa|ed25519)|_history/;

/** Calls of interpreters that undo an encoding. */
const decoding =
  /b(?:64|32|16)decode|decode_base64|base64_decode|unhexlify|fromhex|decompress|gzinflate|pack\(.H|['"]base64['"]|atob\(|Buffer\.from/;

export const techniqueRules: readonly TechniqueRule[] = [
  // Containers
  { id: 'T1610', programs: containers, args: verb('run|create|compose up|stack deploy') },
  { id: 'T1610', programs: 'docker-compose', args: /(?:^| )up(?: |$)/ },
  { id: 'T1610', programs: 'kubectl', args: verb('run|create|apply|replace|set image') },
  { id: 'T1610', programs: pages, args: /\/containers\/create\b/ },
  { id: 'T1609', programs: containers, args: verb('exec|attach') },
  { id: 'T1609', programs: 'kubectl', args: verb('exec|attach|debug') },
  { id: 'T1609', programs: pages, args: /:10250\/(?:run|exec)\/|\/containers\/[^/ ]{1,80}\/exec\b/ },
  { id: 'T1613', programs: containers, args: verb('ps|images|ls|info|inspect|pods|top') },
  { id: 'T1613', programs: 'kubectl', args: verb('get|describe|cluster-info|auth|api-resources') },
  {
    id: 'T1613',
    programs: pages,
    args: /\/(?:containers|images)\/json\b|:10250\/(?:running)?pods\b|\/api\/v1\/(?:pods|namespaces|nodes)\b/,
  },
  { id: 'T1611', programs: 'chroot', args: /\S/ },
  { id: 'T1611', programs: 'nsenter', args: /(?:^| )(?:-\w{0,8}t ?|--target[ =])1(?: |$)|\/proc\/1\// },
  {
    id: 'T1611',
    programs: containers,
    args: /(?:^| )(?:--privileged(?: |$)|--pid[ =]host|(?:-v|--volume)[ =]?\/:|--mount[ =]\S{0,80}source=\/,|--cap-add[ =](?:ALL|SYS_ADMIN))|\/docker\.sock:/,
  },
  { id: 'T1611', programs: 'mount', args: /\/dev\/(?:x?[sv]d[a-z]|nvme|dm-|mapper|disk)|cgroup/ },
  { id: 'T1611', programs: 'debugfs' },
  {
    id: 'T1611',
    programs: pages,
    args: /--unix-socket \S{0,200}docker\.sock/,
    also: /\/containers\/(?:create|\w+\/start)/,
  },
  { id: 'T1611', writes: /\/(?:release_agent|core_pattern|uevent_helper|binfmt_misc\/register)$/ },

  // What starts again
  { id: 'T1053.003', programs: 'crontab', unless: /(?:^| )-(?:l|r|h|V)(?: |$)/ },
  { id: 'T1053.003', writes: /(?:^|\/)(?:etc\/(?:ana)?cron|var\/spool\/cron)/ },
  { id: 'T1053.003', programs: 'CONFIG config redis-cli', args: /\bset dir \S{0,200}cron/i },
  { id: 'T1053.002', programs: 'at batch' },
  { id: 'T1053.006', writes: /\.timer$/ },
  { id: 'T1053.006', programs: 'systemctl', args: /(?:^| )(?:enable|start) /, also: /\.timer(?: |$)/ },
  { id: 'T1543.002', writes: /\/systemd\/\S{1,200}\.service$|\/systemd\/system\/?$/ },
  { id: 'T1543.002', programs: 'systemctl', args: /(?:^| )(?:enable|daemon-reload|link|preset)(?: |$)/ },
  { id: 'T1037.004', writes: /\/etc\/(?:rc\.local|rc\d?\.d\/|init\.d\/|inittab)/ },
  { id: 'T1037.004', programs: 'update-rc.d', args: /defaults|enable/ },
  { id: 'T1037.004', programs: 'chkconfig', args: /--add| on$/ },
  {
    id: 'T1546.004',
    writes:
      /\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zprofile)$|\/etc\/(?:profile|bash\.bashrc|zsh)/,
  },
  { id: 'T1098.004', writes: /authorized_keys/ },
  {
    id: 'T1098.004',
    programs: 'CONFIG config redis-cli',
    args: /\bset (?:dir \S{0,200}\.ssh|dbfilename authorized_keys)/i,
  },
  { id: 'T1098.004', programs: 'ssh-copy-id' },
  { id: 'T1136.001', programs: 'useradd adduser' },
  { id: 'T1136.001', writes: /^\/etc\/passwd$/ },
  { id: 'T1098', programs: 'chpasswd passwd usermod', unless: /^(?:-S|--status)/ },
  { id: 'T1548.001', programs: 'chmod', args: /(?:^| )(?:[ugoa]{0,4}\+[rwx]{0,3}s|0?[2-7][0-7]{3})(?: |$)/ },
  { id: 'T1548.003', writes: /^\/etc\/sudoers/ },
  { id: 'T1574.006', writes: /ld\.so\.preload$/ },
  { id: 'T1574.006', programs: 'export', args: /^LD_PRELOAD=./ },
  { id: 'T1014', writes: /ld\.so\.preload$/ },
  { id: 'T1014', args: /processhid|diamorphine|reptile|azazel|beurk|jynx|bdvl|kovid/i },
  { id: 'T1014', programs: 'insmod' },
  { id: 'T1547.006', programs: 'insmod' },
  { id: 'T1547.006', programs: 'modprobe', args: /\S/, unless: /(?:^| )(?:-r|-n|--show\S*|msr)/ },
  { id: 'T1547.006', writes: /^\/etc\/modules/ },

  // What runs, and what is fetched
  { id: 'T1059.004', programs: `${shells} source . eval` },
  { id: 'T1059.004', args: /(?:^|[ /])(?:ba|da|a|z|k)?sh -c / },
  { id: 'T1059.006', programs: 'python python2 python3 pypy', unless: versionOnly },
  { id: 'T1059.007', programs: 'node nodejs bun deno', unless: versionOnly },
  { id: 'T1059', programs: 'perl ruby php lua', unless: versionOnly },
  { id: 'T1059.009', programs: 'aws gcloud az aliyun tccli doctl' },
  { id: 'T1105', programs: pages, args: somewhere, unless: notFetched },
  { id: 'T1105', programs: 'tftp ftpget', args: /[\d.]/ },
  { id: 'T1105', programs: 'scp rsync sftp', args: fromThere },
  { id: 'T1105', programs: 'git', args: /(?:^| )clone / },
  {
    id: 'T1105',
    programs: interpreters,
    args: /urlopen|urlretrieve|requests\.get|LWP|getstore|file_get_contents\(.http|https?\.get\(/,
  },
  {
    id: 'T1048',
    programs: 'curl',
    args: /(?:^| )(?:-T|--upload-file|-F|--form|(?:-d|--data\S{0,10})[ =]?@)/,
  },
  { id: 'T1048', programs: 'wget', args: /--(?:post|body)-file/ },
  { id: 'T1048', programs: 'scp rsync', args: /:\S{0,500}$/, also: prey, unless: fromThere },
  { id: 'T1560.001', programs: 'tar', args: /^-?[a-zA-Z]{0,6}c|(?:^| )--create/ },
  { id: 'T1560.001', programs: 'zip 7z 7za rar', args: /\S/ },

  // Connections
  {
    id: 'T1021.004',
    programs: 'ssh autossh',
    args: /@|(?:^| )\d{1,3}(?:\.\d{1,3}){3}(?: |$)|\$/,
    unless: /(?:^| )-\w{0,8}R/,
  },
  {
    id: 'T1021.004',
    programs: 'scp rsync sftp',
    args: /@/,
    unless: new RegExp(`${fromThere.source}|${prey.source}`, 'i'),
  },
  { id: 'T1095', writes: /^\/dev\/(?:tcp|udp)\// },
  {
    id: 'T1095',
    programs: 'nc ncat netcat',
    args: /(?:^| )(?:-\w{0,6}[ec]|--exec|--sh-exec)[ =]\S{0,100}sh(?: |$)/,
  },
  { id: 'T1095', programs: 'socat', args: /(?:exec|system):/i, also: /(?:tcp|openssl|udp)/i },
  {
    id: 'T1095',
    programs: interpreters,
    args: /socket|fsockopen|TCPSocket/i,
    also: /\/(?:ba|da|z|k)?sh\b|pty\.spawn/,
  },
  { id: 'T1090.003', programs: 'tor torsocks torify' },
  { id: 'T1090.003', args: /:9050(?: |$)|\.onion(?:[/: ]|$)/ },
  { id: 'T1572', programs: 'ssh autossh', args: /(?:^| )-\w{0,8}R ?\S/ },
  { id: 'T1572', programs: 'chisel frpc cloudflared bore gost npc', args: /\S/ },
  { id: 'T1572', programs: 'ngrok', args: /^(?:tcp|http|tls|start)/ },
  { id: 'T1219', programs: 'tmate', unless: /^-V/ },

  // What is hidden
  { id: 'T1140', programs: 'base64 base32 basenc', args: /(?:^| )(?:-\w{0,4}[dD]|--decode)/ },
  { id: 'T1140', programs: 'openssl', args: /^(?:enc|base64|aes|des|rc4)/, also: / -d(?: |$)/ },
  { id: 'T1140', programs: 'xxd', args: /(?:^| )-\w{0,4}r/ },
  { id: 'T1140', programs: 'rev gunzip zcat uudecode unxz bunzip2' },
  {
    id: 'T1140',
    programs: 'tr',
    args: /^\S{0,40}[A-Z]-[A-Z]\S{0,40} \S{0,40}[A-Z]-[A-Z]/i,
    unless: /^(?:a-z A-Z|A-Z a-z)$/,
  },
  { id: 'T1140', programs: interpreters, args: decoding },
  {
    id: 'T1027',
    programs: 'echo printf',
    args: /^(?:-\w{1,3} )?(?:%s(?:\\n)? )?(?!ssh-)[A-Za-z0-9+/=]{40,}$|(?:\\{1,2}x[\da-f]{2}){4}|(?:\\{1,2}0?[0-3][0-7]{2}){4}/i,
  },
  { id: 'T1027', programs: interpreters, args: decoding, also: /[A-Za-z0-9+/=]{40}/ },
  { id: 'T1027', programs: interpreters, args: /chr|fromCharCode|pack/, also: /(?:\d{2,3}[, )+.]{1,3}){8}/ },
  { id: 'T1027', programs: interpreters, args: /\[::-1\]/ },
  { id: 'T1222.002', programs: 'chattr chmod chown chgrp setfacl tntrecht lockr', args: /\S/ },
  { id: 'T1564.001', writes: hidden },
  { id: 'T1564.001', programs: 'mkdir', args: hidden },
  { id: 'T1070.003', programs: 'history', args: /(?:^| )-\w{0,4}[cw]/ },
  { id: 'T1070.003', programs: 'rm unlink shred ln truncate', args: /_history(?: |$)/ },
  { id: 'T1070.003', writes: /_history$/ },
  { id: 'T1562.003', programs: 'unset', args: /\bHIST(?:FILE|SIZE|ORY|SAVE|LOG|ZONE)\b/ },
  {
    id: 'T1562.003',
    programs: 'export',
    args: /\bHIST(?:FILE=(?:\/dev\/null)?(?: |$)|(?:FILE)?SIZE=0|CONTROL=ignore)/,
  },
  { id: 'T1562.003', programs: 'set', args: /\+o history/ },
  {
    id: 'T1070.002',
    programs: 'rm unlink shred truncate',
    args: /\/var\/(?:log|adm)\/|\/var\/(?:spool\/)?mail\/|[uw]tmp\b/,
  },
  {
    id: 'T1070.002',
    writes:
      /^\/var\/log\/(?:[wb]tmp|lastlog|faillog|secure|auth\.log|syslog|messages|maillog|mail\.log|cron|kern\.log|audit\/audit\.log)$|^\/var\/(?:spool\/)?mail\/|^\/var\/run\/utmp$/,
  },
  { id: 'T1070.002', programs: 'journalctl', args: /--(?:vacuum|rotate)/ },
  { id: 'T1070.004', programs: 'rm unlink shred', args: /[^-\s]/, unless: /_history(?: |$)/ },
  { id: 'T1070.006', programs: 'touch', args: /(?:^| )-\w{0,4}[rtd](?: |$)|--(?:reference|date)/ },

  // What is switched off, and whose programs are ended
  { id: 'T1562.001', programs: 'setenforce', args: /^(?:0|permissive)/i },
  { id: 'T1562.001', writes: /\/selinux\/(?:config|enforce)$/ },
  { id: 'T1562.001', programs: services, args: guards, also: stopping },
  { id: 'T1562.001', programs: 'rm pkill killall kill apt apt-get yum dpkg rpm', args: guards },
  { id: 'T1562.001', programs: `${shells} ${pages} chmod`, args: guards, also: /uninst|stop|remove/ },
  { id: 'T1562.001', programs: `${shells} ${pages} chmod`, args: /(?:quartz_uninstall|uninst)\.sh/ },
  { id: 'T1562.001', run: guards, args: stopping },
  { id: 'T1562.001', run: new RegExp(`(?:${guards.source}).{0,200}/\\w{0,20}(?:uninst|stop|remove)`, 'i') },
  { id: 'T1562.001', programs: 'aa-teardown aa-disable aa-complain' },
  { id: 'T1562.001', programs: 'apparmor_parser', args: /-R/ },
  { id: 'T1562.004', programs: 'ufw', args: /(?:^| )(?:disable|reset|allow|--force)/ },
  {
    id: 'T1562.004',
    programs: 'iptables ip6tables',
    args: /(?:^| )(?:-[FXPAIDZ]|--(?:flush|append|insert|policy|delete))(?: |$)/,
  },
  { id: 'T1562.004', programs: 'nft', args: /flush|delete|add/ },
  { id: 'T1562.004', programs: 'firewall-cmd', args: /\S/, unless: /--(?:list|state|get)/ },
  { id: 'T1562.004', programs: services, args: firewalls, also: stopping },
  { id: 'T1562.012', programs: 'auditctl', args: /-e ?0|-D/ },
  { id: 'T1562.012', programs: services, args: /auditd/, also: stopping },
  { id: 'T1518.001', programs: 'grep egrep pgrep ps which', args: guards },
  { id: 'T1489', programs: 'pkill killall killall5', args: /\S/ },
  { id: 'T1489', programs: 'kill', args: /\S/, unless: /^-(?:0|l|L)(?: |$)/ },
  { id: 'T1489', programs: 'systemctl service rc-service', args: /(?:^| )(?:stop|kill)(?: |$)/ },
  { id: 'T1489', programs: containers, args: verb('stop|kill|rm') },

  // Impact
  { id: 'T1496.001', programs: 'sysctl', args: /nr_hugepages ?= ?[1-9]/ },
  { id: 'T1496.001', programs: 'wrmsr' },
  { id: 'T1496.001', programs: 'modprobe', args: /\bmsr\b/ },
  { id: 'T1496.001', writes: /nr_hugepages$/ },
  { id: 'T1496.002', run: proxyware },
  { id: 'T1498', programs: 'hping3 t50 ufonet mhddos udpflood synflood', args: /\S/ },
  {
    id: 'T1499',
    programs: 'slowloris slowhttptest goldeneye hulk torshammer xerxes loic db1000n bombardier',
    args: /\S/,
  },
  { id: 'T1565.001', writes: /^\/etc\/hosts$/ },
  { id: 'T1529', programs: 'reboot shutdown halt poweroff', unless: /^(?:-c|--help)/ },
  { id: 'T1529', programs: 'init telinit', args: /^[06]$/ },
  { id: 'T1485', programs: 'rm', args: /(?:^| )(?:--no-preserve-root|\/\*?)(?: |$)/ },
  { id: 'T1485', programs: 'FLUSHALL FLUSHDB flushall flushdb mkfs mkfs.ext4' },
  { id: 'T1485', programs: 'redis-cli', args: /\bflush(?:all|db)\b/i },
  { id: 'T1485', programs: 'dd', args: /\bof=\/dev\/(?:x?[sv]d[a-z]|nvme)/ },

  // Discovery
  {
    id: 'T1046',
    programs: 'masscan zmap zgrab zgrab2 pnscan nmap rustscan fscan',
    args: /\S/,
    unless: /^(?:-V|-h|--version|--help)/,
  },
  { id: 'T1046', programs: 'nc ncat netcat', args: /(?:^| )-\w{0,6}z/ },
  { id: 'T1110', programs: 'hydra medusa ncrack patator', args: /\S/ },
  { id: 'T1018', programs: readers, args: /\/etc\/hosts(?: |$)|known_hosts/, unless: /^-i/ },
  { id: 'T1018', programs: 'arp arp-scan nbtscan' },
  { id: 'T1018', programs: 'ip', args: /^(?:-\S+ )*n(?:eigh\w{0,8})?(?: |$)/ },
  { id: 'T1016', programs: 'ifconfig iwconfig route' },
  { id: 'T1016', programs: 'ip', args: /^(?:-\S+ )*(?:a|addr|address|r|ro|route|l|link)(?: |$)/ },
  { id: 'T1016', programs: 'hostname', args: /^-(?:i|I|f)/ },
  {
    id: 'T1016',
    programs: readers,
    args: /\/etc\/resolv\.conf|\/proc\/net\/(?:route|arp|dev)|\/etc\/network\//,
  },
  { id: 'T1016', programs: pages, args: ownAddress },
  { id: 'T1049', programs: 'netstat ss' },
  { id: 'T1049', programs: 'lsof', args: /-\w{0,4}i/ },
  { id: 'T1057', programs: 'ps top htop pgrep pidof pstree' },
  {
    id: 'T1082',
    programs:
      'uname lscpu nproc free lsb_release dmidecode hostnamectl arch getconf uptime lspci lshw nvidia-smi dmesg',
  },
  { id: 'T1082', programs: 'hostname', unless: /\S/ },
  {
    id: 'T1082',
    programs: readers,
    args: /\/proc\/(?:cpuinfo|meminfo|version|uptime|loadavg)|\/etc\/(?:\S{0,40}-release|issue|hostname|debian_version)|\/sys\/class\/dmi/,
  },
  { id: 'T1083', programs: 'ls find locate tree dir pwd stat' },
  { id: 'T1033', programs: 'whoami id w who users last lastb lastlog logname' },
  { id: 'T1087.001', programs: `${readers} getent`, args: /\/etc\/passwd|^passwd/ },

  // Credentials
  { id: 'T1003.008', programs: readers, args: /\/etc\/shadow/ },
  {
    id: 'T1552.001',
    programs: readers,
    args: /\.aws\/(?:credentials|config)|\.docker\/config|\.kube\/config|\.git-credentials|\.netrc|\.npmrc|\.s3cfg|\.boto|(?:^|[ /])\.env(?: |$)|credentials\.(?:json|db|csv)|\/gcloud\/|\.azure\/|serviceaccount\/token|\/proc\/\S{1,40}\/environ|wp-config|\.pgpass|\.my\.cnf/i,
  },
  {
    id: 'T1552.001',
    programs: 'grep egrep',
    args: /AWS_|SECRET|ACCESS_KEY|TOKEN|PASSW/i,
    unless: /\/etc\/passwd/,
  },
  { id: 'T1552.003', programs: readers, args: /_history(?: |$)/ },
  {
    id: 'T1552.004',
    programs: readers,
    args: /id_(?:rsa|dsa|ecdsa|ed25519)\b(?!\.pub)|\.pem\b|\.ppk\b|IdentityFile|PRIVATE KEY/,
  },
  { id: 'T1552.005', args: metadata },
  { id: 'T1552.007', programs: 'kubectl', args: /\bget secrets?\b/ },
  { id: 'T1552.007', programs: pages, args: /\/api\/v1\/\S{0,200}secrets/ },
];
