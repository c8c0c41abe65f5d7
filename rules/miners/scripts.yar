/*
 * Scripts that fetch, set up or start a miner, and miners for browsers.
 */

rule WG_miner_download {
  meta:
    id = "miner-download"
    title = "Fetches a miner release"
    category = "cryptomining"
    severity = "high"
    confidence = 75
    attack = "T1496.001,T1105"
    subject = "text"
    reference = "https://github.com/xmrig/xmrig/releases"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /github\.com\/xmrig\/xmrig\/releases\/download\//
    $b = /xmrig-[0-9.]{3,9}-(linux|noble|focal|jammy|bionic|xenial)-(static-)?x64\.tar\.gz/
    $c = /(setup|install)_(moneroocean|c3pool|minexmr|hashvault)_miner\.sh/
    $d = /github\.com\/(doktor83\/SRBMiner-Multi|Lolliedieb\/lolMiner-releases|trexminer\/T-Rex|NebuTech\/NBMiner|pooler\/cpuminer|MoneroOcean\/xmrig)\/(releases|archive|raw)\//
  condition:
    any of them and (filesize < 1MB or uint16(0) == 0x2123)
}

rule WG_miner_start_command {
  meta:
    id = "miner-start-command"
    title = "Starts a miner with its arguments"
    category = "cryptomining"
    severity = "high"
    confidence = 75
    attack = "T1496.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1496/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /--donate-level[ =][0-9]/
    $b1 = /(--url|-o)[ =]["']?[A-Za-z0-9$.{}_+:\/-]{4,90}:[0-9]{2,5}/
    $c1 = /--(coin|algo|cpu-priority|randomx-mode|rig-id|max-cpu-usage|cpu-max-threads-hint|tls|nicehash|http-port|threads|keepalive)[ ="'\n]/
    $c2 = /(--user|-u)[ =]["']?[48$][0-9A-Za-z{]/
  condition:
    $a and $b1 and any of ($c*) and (filesize < 1MB or uint16(0) == 0x2123)
}

rule WG_miner_processor_tuning {
  meta:
    id = "miner-processor-tuning"
    title = "Tunes processor registers and huge pages for a miner"
    category = "cryptomining"
    severity = "high"
    confidence = 70
    attack = "T1496.001"
    subject = "text"
    reference = "https://xmrig.com/docs/miner/randomx-optimization-guide/msr"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $msr1 = /w[r]msr -a 0x1a4 0xf/
    $msr2 = /w[r]msr -a 0xc0011022/
    $msr3 = /w[r]msr -a 0xc001102b/
    $huge1 = /vm\.nr_h[u]gepages/
    $mod = /m[o]dprobe msr/
    $x1 = "x\x6drig" nocase
    $x2 = "r\x61ndomx" nocase
    $x3 = /d[o]nate-level/
  condition:
    ((any of ($msr*) and ($mod or $huge1)) or ($huge1 and $mod and any of ($x*))) and (filesize < 256KB or uint16(0) == 0x2123)
}

rule WG_miner_config_writer {
  meta:
    id = "miner-config-writer"
    title = "Script that edits a miner's configuration with sed"
    category = "cryptomining"
    severity = "high"
    confidence = 70
    attack = "T1496.001"
    subject = "text"
    reference = "https://github.com/MoneroOcean/xmrig_setup"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $s1 = /s[e]d -i [^\n]{0,20}"url": ?\*?"/
    $s2 = /s[e]d -i [^\n]{1,20}donate-level/
    $s3 = /s[e]d -i [^\n]{1,20}"user": ?\*?"/
    $s4 = /s[e]d -i [^\n]{1,20}max-cpu-usage/
    $s5 = /s[e]d -i [^\n]{1,20}max-threads-hint/
    $f = "c\x6fnfig.json"
  condition:
    $f and 2 of ($s*) and (filesize < 256KB or uint16(0) == 0x2123)
}

rule WG_browser_miner {
  meta:
    id = "browser-miner"
    title = "Web page that mines in its visitors' browsers"
    category = "cryptomining"
    severity = "high"
    confidence = 70
    attack = "T1496.001"
    subject = "text"
    reference = "https://github.com/xd4rker/MinerBlock"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /coinhive(\.min)?\.js/
    $a2 = /CoinHive\.(Anonymous|User|Token)\(/
    $a3 = /authedmine(\.min)?\.js/
    $b1 = /CRLT\.(A|a)nonymous\(/
    $b2 = /(deepMiner|CryptoNoter|WMP|EverythingIsLife)\.?(Init|Anonymous)?\(["'][48]/
    $b3 = /crypto-loot\.(com|org)\/lib\/(crypta|miner)/
    $b4 = /webminepool\.com\/lib\/base\.js/
    $b5 = /coinimp\.com\/scripts\/min\.js/
    $b6 = /minero\.cc\/lib\/minero/
  condition:
    (#a1 + #a3 > 0 and $a2 or any of ($b*)) and (filesize < 2MB or uint8(0) == 0x3c)
}
