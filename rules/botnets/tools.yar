/*
 * Flooders that volunteers and booters run from containers.
 */

rule WG_db1000n_program {
  meta:
    id = "db1000n-program"
    title = "db1000n flooder"
    category = "ddos"
    severity = "critical"
    confidence = 92
    attack = "T1498.001"
    subject = "program"
    reference = "https://github.com/Arriven/db1000n"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "github.com/Arriven/db1000n"
    $b = "db1000n" fullword
    $c = "packetgen"
    $d = "slowloris"
    $e = "http-flood"
  condition:
    uint32(0) == 0x464c457f and ($a or ($b and 2 of ($c,$d,$e)))
}

rule WG_ddos_client_program {
  meta:
    id = "ddos-client-program"
    title = "DDoS client of a volunteer campaign"
    category = "ddos"
    severity = "critical"
    confidence = 90
    attack = "T1498.001"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1498/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "disbalancer-go-client"
    $a2 = "github.com/erkexzcx/stoppropaganda"
    $a3 = "launcher-disbalancer"
    $a4 = "github.com/opengs/uashield"
    $a5 = "itarmy.com.ua"
    $a6 = "mhddos_proxy_linux"
    $a7 = "github.com/itarmykit"
    $a8 = "distress" fullword
    $a9 = "udp-packet-size"
    $a10 = "--use-my-ip"
  condition:
    uint32(0) == 0x464c457f and (any of ($a1,$a2,$a3,$a4,$a6,$a7) or ($a5 and any of ($a8,$a9,$a10)))
}

rule WG_ddosia_program {
  meta:
    id = "ddosia-program"
    title = "Client of the DDoSia project"
    category = "ddos"
    severity = "critical"
    confidence = 88
    attack = "T1498,T1499"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/win.ddosia"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/client/get_targets"
    $a2 = "/client/login"
    $a3 = "set_attack_count"
    $b1 = "User-Hash"
    $b2 = "Client-Hash"
    $b3 = "client_id.txt"
  condition:
    uint32(0) == 0x464c457f and (($a1 and any of ($a3,$b*)) or ($a3 and any of ($b*)) or ($a2 and 2 of ($b*)))
}

rule WG_bombardier_program {
  meta:
    id = "bombardier-program"
    title = "HTTP load generator bombardier, often used as a flooder"
    category = "ddos"
    severity = "low"
    confidence = 40
    attack = "T1499.002"
    subject = "program"
    reference = "https://github.com/codesenberg/bombardier"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "github.com/codesenberg/bombardier"
  condition:
    uint32(0) == 0x464c457f and $a
}

rule WG_mhddos_script {
  meta:
    id = "mhddos-script"
    title = "MHDDoS flooder"
    category = "ddos"
    severity = "high"
    confidence = 85
    attack = "T1498.001"
    subject = "text"
    reference = "https://github.com/MatrixTM/MHDDoS"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "M\x48DDoS"
    $a2 = "c\x6cass HttpFlood"
    $a3 = "c\x6cass Layer4"
    $a4 = "c\x6cass ProxyManager"
    $a5 = "B\x4fMB" fullword
    $a6 = "C\x46BUAM" fullword
    $a7 = "G\x53B" fullword
    $a8 = "m\x68ddos_proxy"
  condition:
    (2 of ($a2,$a3,$a4) and 1 of ($a1,$a6,$a8)) or ($a6 and $a7 and $a5 and $a1)
}

rule WG_flood_script {
  meta:
    id = "flood-script"
    title = "Flooder in a script"
    category = "ddos"
    severity = "high"
    confidence = 75
    attack = "T1498.001"
    subject = "text"
    reference = "https://github.com/gkbrk/slowloris"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "H\x55LK Attack Started"
    $a2 = /c[l]ass GoldenEye\((object)?\)/
    $a4 = /X-a: \{?(b|\{\})/
    $a5 = "I\x6eitializing sockets..." nocase
    $a10 = "-- \x48ULK Attack"
    $b1 = "S\x65nding keep-alive headers"
    $b2 = "r\x61ndom._urandom(1490)"
    $b3 = /w[h]ile (True|1):?\s{1,20}sock(et)?\.sendto\(/
    $b5 = "s\x6fcket.SOCK_DGRAM"
  condition:
    ($a1 or $a2 or $a10 or ($a4 and ($b1 or $a5)) or ($b2 and $b5) or ($b3 and $b2)) and (filesize < 256KB or uint16(0) == 0x2123)
}

rule WG_hping_flood {
  meta:
    id = "hping-flood"
    title = "Runs hping3 as a flooder"
    category = "ddos"
    severity = "high"
    confidence = 70
    attack = "T1498.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1498/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /hping3?\s[^\n;|]{0,120}--flood/
    $b = /hping3?\s[^\n;|]{0,120}--rand-source/
  condition:
    any of them and (filesize < 256KB or uint16(0) == 0x2123)
}

rule WG_perl_irc_bot {
  meta:
    id = "perl-irc-bot"
    title = "Perl IRC bot (ShellBot)"
    category = "ddos"
    severity = "critical"
    confidence = 85
    attack = "T1498.001,T1071,T1059"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1071/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /s[e]ndraw\(\$IRC_(cur_)?socket/
    $a2 = /u[d]pflood/
    $a3 = /t[c]pflood/
    $a4 = /h[t]tpflood/
    $a5 = /my \$p[r]ocesso? ?=/
    $a6 = "c\x6fnectar" fullword
    $a7 = /\$i[r]cname/
    $a8 = "S\x68ellBOT"
    $a9 = /s[u]b DCC::connections/
    $a10 = /\$S[I]G\{'?CHLD'?\} = 'IGNORE'/
  condition:
    4 of them and (filesize < 512KB or uint16(0) == 0x2123)
}
