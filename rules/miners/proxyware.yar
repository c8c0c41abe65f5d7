/*
 * Programs that sell the host's bandwidth: the owner of the wallet earns, the owner of the host pays.
 */

rule WG_proxyware_program {
  meta:
    id = "proxyware-program"
    title = "Bandwidth-selling program"
    category = "other"
    severity = "medium"
    confidence = 65
    attack = "T1496.002"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1496/002/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "peer2profit" nocase fullword
    $a2 = "traffmonetizer" nocase
    $a3 = "packetstream" nocase
    $a4 = "pawns-cli"
    $a5 = "api.honeygain.com"
    $a6 = "client.earnapp.com"
    $a7 = "repocket" nocase fullword
    $a8 = "proxyrack" nocase fullword
    $a9 = "api.bitping.com"
    $b1 = "socks5" nocase
    $b2 = "residential" nocase
    $b3 = "-accept-tos"
    $b4 = "bandwidth" nocase
    $b5 = "peer" nocase fullword
  condition:
    uint32(0) == 0x464c457f and any of ($a*) and 2 of ($b*) and filesize < 60MB
}

rule WG_proxyware_start {
  meta:
    id = "proxyware-start"
    title = "Starts a bandwidth-selling program"
    category = "other"
    severity = "medium"
    confidence = 65
    attack = "T1496.002"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1496/002/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(t[r]affmonetizer|tm_cli|p2pclient|pawns-cli|psclient|honeygain|earnapp|peer2profit|repocket)[^\n]{0,80}( -?-token[ =]| [-]accept-tos| [-]tou-accept|-?-login[ =]| st[a]rt accept |-email[ =])/
  condition:
    $a and (filesize < 256KB or uint16(0) == 0x2123)
}
