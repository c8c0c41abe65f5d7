/*
 * Scripts that leave the container for the host, or spread from one to the next.
 */

rule WG_mounts_host_root {
  meta:
    id = "mounts-host-root"
    title = "Starts a container on the host's root to take it over"
    category = "hacking"
    severity = "high"
    confidence = 78
    attack = "T1611,T1610"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1611/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /docker [^\n]{0,80}run [^\n]{0,120}-v ["']?\/:\/[A-Za-z0-9_\/]{1,30}[^\n]{0,160}(chroot|sh -c)[^\n]{0,120}(curl|wget|authorized_keys|cron|base64)/
    $b = /"Binds":\s?\[\s?"\/:\/[a-z]{1,20}[^\n]{0,200}(chroot|curl|wget|base64)/
    $c = /docker (-H|--host)[ =](tcp:\/\/)?[$\{0-9a-zA-Z.\}]{2,60}:237[56] run [^\n]{0,160}(-v|--volume|--privileged|--net=host|--pid=host)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_enters_host_root {
  meta:
    id = "enters-host-root"
    title = "Starts a container that changes into the host's root"
    category = "hacking"
    severity = "high"
    // Administrators type such a line to repair a node; an image that starts by itself has no reason to.
    confidence = 65
    attack = "T1611,T1610"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1611/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $run = /docker [^\n]{0,120}run [^\n]{0,200}(-v|--volume)[ =]["']?\/:\/[A-Za-z0-9_\/]{1,30}[^\n]{0,200}(chroot ["']?\/|nsenter )/
    $call = /containers\/create/
    $binds = /"Binds": ?\[ ?"\/:\/[a-z]/
    $bindsEscaped = /\\"Binds\\": ?\[ ?\\"\/:\/[a-z]/
    $enters = /chroot|nsenter|"Privileged\\?": ?true/
    $sdk = /\bcontainers\.(run|create)\(/
    $volumes = /(volumes|binds) ?= ?(\{ ?["']\/["'] ?:|\[ ?["']\/:\/[A-Za-z])/
    $privileged = /privileged ?= ?True|chroot ["']?\/|nsenter /
  condition:
    ($run or ($call and ($binds or $bindsEscaped) and $enters) or ($sdk and $volumes and $privileged)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_cgroup_escape {
  meta:
    id = "cgroup-escape"
    title = "Container escape through the cgroup release agent"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1611"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1611/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "r\x65lease_agent"
    $b = "n\x6ftify_on_release"
    $c = /c[g]roup\.procs/
    $d = /m[o]unt -t cgroup/
    $e = /u[p]perdir=|perdir=/
    $f = "u\x65vent_helper"
  condition:
    (($a and $b and ($c or $d)) or ($f and $e and $a)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_docker_api_worm {
  meta:
    id = "docker-api-worm"
    title = "Attacks open Docker interfaces"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1610,T1210"
    subject = "text"
    reference = "https://attack.mitre.org/groups/G0139/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(curl|wget)[^\n]{0,160}:237[56]\/(v1\.[0-9]{2}\/)?containers\/create/
    $b = /(masscan|zgrab|pnscan|nmap|zmap)[^\n]{0,120}(2375|2376|2377|4243)/
    $c = /:237[56]\/(version|info|_ping)/
    $d = /docker -H [^\n]{0,60}:237[56]/
    // Hosts out of a list that an address hands out, as Graboid did.
    $e = /docker (-H|--host)[ =]["']?(tcp:\/\/)?\$\{?[A-Za-z_]{1,20}\}?:237[56] (run|create|cp|exec|pull)\b/
    $f = /[A-Za-z_]{1,20}=(\$\(|`)(curl|wget)\s[^\n)`]{0,80}https?:\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|in \$\((curl|wget)\s|shuf -n ?1/
  condition:
    ($a or ($b and ($c or $d)) or ($e and $f)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_ssh_worm {
  meta:
    id = "ssh-worm"
    title = "Spreads over SSH with the keys that it finds"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1021.004,T1552.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1021/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /grep [^\n]{0,80}known_hosts/
    $a2 = /(find|cat|ls) [^\n]{0,80}(id_rsa|\*\.pem|id_ed25519)/
    $a3 = "StrictHostKeyChecking=no"
    $a4 = "BatchMode=yes"
    $a5 = /\.bash_history/
    $l = /for [A-Za-z]{1,12} in \$/
    $d = /(ssh|scp) [^\n]{0,200}(curl|wget|nohup|\/tmp\/)/
  condition:
    $l and $d and $a3 and 2 of ($a1,$a2,$a4,$a5) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_redis_cron_attack {
  meta:
    id = "redis-cron-attack"
    title = "Writes a cron entry through Redis"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1210,T1053.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1210/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /config set dir ["']?\/(var\/spool\/cron|etc\/cron|root\/\.ssh)/ nocase
    $b = /config set dbfilename ["']?(root|authorized_keys|crontab|zzh|javae)/ nocase
    $c = /slaveof [0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3} [0-9]{2,5}/ nocase
    $d = /module load [^\n]{0,40}\.so/ nocase
  condition:
    (($a and $b) or ($c and $d)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_kubelet_attack {
  meta:
    id = "kubelet-attack"
    title = "Runs commands through open kubelets"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1609"
    subject = "text"
    reference = "https://attack.mitre.org/software/S0601/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /:10250\/(run|exec)\/[a-z0-9$-]{1,40}/
    $b = /:10250\/(pods|runningpods)/
    $c = /(cmd=|-d ["']?cmd=)/
    $d = /(masscan|zgrab|nmap)[^\n]{0,120}10250/
  condition:
    (($a and $c and ($b or $d)) or ($d and $b)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_creates_host_pod {
  meta:
    id = "creates-host-pod"
    title = "Creates a privileged pod on the node's root through the Kubernetes API"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1610,T1611"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1610/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $api = /\/api(s\/(apps|batch))?\/v1\/namespaces\/[^\s"'\/]{1,60}\/(pods|daemonsets|deployments|jobs|cronjobs)\b/
    $sends = /\b(curl\s|requests\.post\()/
    $client = /create_namespaced_(pod|daemon_set|job|deployment)\(/
    $root = /hostPath\\?["']?\s{0,4}:\s{0,4}(\{\s{0,4})?(\n\s{0,40})?\\?["']?path\\?["']?\s?:\s?\\?["']?\/\\?["']?\s?[,}\r\n]/
    $privileged = /privileged\\?["']?\s?:\s?["']?(true|True)/
  condition:
    (($api and $sends) or $client) and $root and $privileged and uint32(0) != 0x464c457f
}
