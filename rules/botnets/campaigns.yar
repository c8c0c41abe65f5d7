/*
 * Campaigns against containers and cloud hosts, by names that their scripts and programs share.
 */

rule WG_teamtnt_script {
  meta:
    id = "teamtnt-script"
    title = "Script of the TeamTNT campaigns"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001,T1610,T1552"
    subject = "text"
    reference = "https://attack.mitre.org/groups/G0139/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /(teamtnt\.red|borg\.wtf|kaiserfranz\.cc|chimaera\.cc)\//
    $a2 = /hilde@teamtnt\.red/
    $b1 = "TeamTNT" fullword
    $b2 = /(curl|wget|wge|cur|cdt)\s/
    $b3 = "authorized_keys"
  condition:
    (any of ($a*) or ($b1 and $b3)) and $b2 and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_kinsing_script {
  meta:
    id = "kinsing-script"
    title = "Script that installs Kinsing"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001,T1105"
    subject = "text"
    reference = "https://attack.mitre.org/software/S0599/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /(curl|wget)[^\n]{0,120}\/kinsing(_aarch64|2)?["'\s]/
    $a2 = /chmod (777|\+x) [^\n]{0,40}\/kinsing/
    $a3 = /(DIR|BIN_FULL_PATH|BIN_NAME)=["'][^\n]{0,40}kinsing/
    $a4 = /SO_(FULL_PATH|DOWNLOAD_URL)=[^\n]{0,80}libsystem\.so/
  condition:
    2 of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_outlaw_script {
  meta:
    id = "outlaw-script"
    title = "Script of the Outlaw campaign"
    category = "cryptomining"
    severity = "high"
    confidence = 82
    attack = "T1496.001,T1098.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1496/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /dota[0-9]?\.tar\.gz/
    $a2 = /\/tmp\/\.X[0-9]{1,3}-unix\/\.rsync/
    $a3 = /\.configrc[0-9]?\/(a|b)/
    $a4 = "mdrfckr"
    $a5 = /\.rsync\/(initall|c\/tsm)/
  condition:
    2 of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_gang_8220_script {
  meta:
    id = "gang-8220-script"
    title = "Script of the 8220 campaigns"
    category = "cryptomining"
    severity = "high"
    confidence = 80
    attack = "T1496.001,T1105"
    subject = "text"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/actor/8220_mining_group"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /o[r]acleservice\.top/
    $a2 = "p\x77nrig" fullword
    $a3 = /(l[e]tmaker|givemexyz|jira)\.(top|in)\//
    $a4 = "d\x62used" fullword
    $a5 = /\/(x[m]s|i686|x86_64|bashirc\.(x86_64|i686))["'\s]/
    $a6 = /(c[u]rl|wget)[^\n]{0,120}\|( )?(python|bash|sh)/
  condition:
    ($a1 or $a2 or $a3) and ($a4 or $a5) and $a6 and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_perfctl_program {
  meta:
    id = "perfctl-program"
    title = "perfctl miner and its loader"
    category = "cryptomining"
    severity = "critical"
    confidence = 90
    attack = "T1496.001,T1014"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.perfctl"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/tmp/.xdiag"
    $a2 = "/tmp/.perf.c"
    $a3 = "perfcc" fullword
    $a4 = "wizlmsh" fullword
    $a5 = "libgcwrap.so"
    $a6 = "AAZHDE"
    $a7 = "/root/.config/cron/perfcc"
    $a8 = "libpprocps.so" fullword
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_doki_program {
  meta:
    id = "doki-program"
    title = "Doki backdoor, which finds its server through Dogecoin"
    category = "backdoor"
    severity = "critical"
    confidence = 88
    attack = "T1568.002,T1071"
    subject = "program"
    reference = "https://attack.mitre.org/software/S0600/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "dogechain.info"
    $a2 = "/api/v1/address/sent/"
    $b1 = ".ddns.net"
    $b2 = "ngrok"
    $b3 = "/proc/%d/comm"
  condition:
    uint32(0) == 0x464c457f and ($a1 and ($a2 or any of ($b*)))
}
