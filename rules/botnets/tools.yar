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
    // The table of methods, which forks keep when they change everything else.
    $t = /L[A]YER(4|7)_(METHODS|AMP)|ALL_METHODS ?=/
    $m1 = "\"C\x46BUAM\""
    $m2 = "\"R\x48EX\""
    $m3 = "\"S\x54OMP\""
    $m4 = "\"X\x4dLRPC\""
    $m5 = "\"F\x49VEM\""
    $m6 = "\"C\x4cDAP\""
    $m7 = "\"M\x43BOT\""
  condition:
    (2 of ($a2,$a3,$a4) and 1 of ($a1,$a6,$a8)) or ($a6 and $a7 and $a5 and $a1) or ($t and 3 of ($m*))
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
    $c1 = /\$f[u]ncarg =~ (m)?\/\^(udpflood|tcpflood|httpflood|portscan|sqlflood|google|multiscan|mailscan|logcleaner)/
    $c2 = /P[R]IVMSG \$printl :/
  condition:
    (4 of ($a*) or ($a1 and any of ($a2,$a3,$a4,$c1,$c2)) or #c1 > 1 or ($c1 and $c2)) and (filesize < 512KB or uint16(0) == 0x2123)
}

rule WG_ddosia_client {
  meta:
    id = "ddosia-client"
    title = "DDoSia client"
    category = "ddos"
    severity = "critical"
    confidence = 88
    attack = "T1498.001"
    subject = "program"
    reference = "https://blog.sekoia.io/following-noname05716-ddosia-projects-targets/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/client/get_targets"
    $a2 = "/client/login"
    $b1 = "Client-Hash" fullword
    $b2 = "User-Hash" fullword
    $b3 = "set_attack_count"
    $b4 = "client_id.txt"
    $b5 = "Go-Stresser"
    $b6 = "ddosia" nocase
  condition:
    uint32(0) == 0x464c457f and (($a1 and any of ($a2,$b*)) or 3 of ($b*))
}

rule WG_hammer_script {
  meta:
    id = "hammer-script"
    title = "Flooder of the Hammer and DDoS-Ripper kind"
    category = "ddos"
    severity = "high"
    confidence = 82
    attack = "T1498.001"
    subject = "text"
    reference = "https://github.com/cyweb/hammer"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /d[e]f bot_hammering\(/
    $a2 = /d[e]f down_it\(/
    $a3 = /d[e]f my_bots\(/
    $a4 = "b\x6fts.append(\"http://validator.w3.org/check?uri=\")"
    $a5 = "p\x61cket sent! hammering"
    $a6 = "p\x61cket sent! rippering"
    $a7 = "s\x68ut<->down"
  condition:
    2 of them and uint32(0) != 0x464c457f
}

rule WG_ripper_script {
  meta:
    id = "ripper-script"
    title = "DRipper flooder"
    category = "ddos"
    severity = "high"
    confidence = 80
    attack = "T1498.001"
    subject = "text"
    reference = "https://github.com/alexmon1989/russia_ddos"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "D\x52ipper" fullword
    $a2 = /f[r]om ripper\.(context|actions|attacks?|health|services|proxy|common)/
    $a3 = /"(http|tcp|udp)-f[l]ood"/
    $a4 = /'(http|tcp|udp)-f[l]ood'/
    $a5 = "h\x74tp-bypass"
  condition:
    2 of ($a1,$a2,$a5) or (any of ($a1,$a2) and (#a3 > 1 or #a4 > 1))
}

rule WG_fetches_flooder {
  meta:
    id = "fetches-flooder"
    title = "Fetches or is a published flooder"
    category = "ddos"
    severity = "high"
    confidence = 76
    attack = "T1498.001,T1588.002"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1498/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $fetches = /(git\s([^\n|;&]{0,60}\s)?clone|curl|wget|go install|pip3? install|docker\s(run|pull))\s[^\n|;&]{0,120}(MatrixTM\/MHDDoS|MHProDev\/MHDDoS|porthole-ascend-cinnamon\/mhddos_proxy|Arriven\/db1000n|arriven\/db1000n|opengs\/uashield|alexmon1989\/russia_ddos|palahsu\/DDoS-Ripper|erkexzcx\/stoppropaganda|Yneth\/distress-releases|Leeon123\/CC-attack|gkbrk\/slowloris|jseidl\/GoldenEye|Hyperclaw79\/HULK-v3|cyweb\/hammer|imamanaji\/uashield|e-sec\/death_by_1000_needles)/
    $manifest = /"n[a]me"\s?:\s?"(uashield|db1000n|mhddos|stoppropaganda)"/
  condition:
    any of them and uint32(0) != 0x464c457f
}

rule WG_floods_listed_targets {
  meta:
    id = "floods-listed-targets"
    title = "Floods the targets of a downloaded list"
    category = "ddos"
    severity = "high"
    confidence = 75
    attack = "T1498.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1498/001/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $for = /for [A-Za-z_]{1,12} in (\$\(|`)(curl|wget)\s[^\n)`]{4,200}[)`]\s?[;\n]\s{0,8}do\s{1,8}[^\n;]{0,40}\b(bombardier|slowloris|hping3|siege|wrk|vegeta|goldeneye|hulk|ddosify|ab)\s/
    $while = /(curl|wget)\s[^\n|]{4,160}\|[^\n]{0,60}while read [^\n;]{1,20}[;\n]\s{0,8}do\s{1,8}[^\n;]{0,40}\b(bombardier|slowloris|hping3|siege|wrk|vegeta|goldeneye|hulk|ddosify|ab)\s/
    $xargs = /(curl|wget)\s[^\n|]{4,160}\|\s?(xargs|parallel)\s[^\n|]{0,60}\b(bombardier|slowloris|hping3|siege|vegeta|goldeneye|hulk|ddosify)\s/
  condition:
    any of them and uint32(0) != 0x464c457f
}

rule WG_node_flood_loop {
  meta:
    id = "node-flood-loop"
    title = "Node.js that floods an address"
    category = "ddos"
    severity = "high"
    confidence = 65
    attack = "T1499.002"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1499/002/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // Many requests each few milliseconds, past every cache: load tests count theirs.
    $interval = /\bsetInterval\(\s?((async )?\(\)\s?=>|(async )?function\s?[A-Za-z]{0,12}\(\))\s?\{?\s{0,8}(https?\.(get|request)|axios(\.get)?|fetch|request(\.get)?|got|net\.connect)\([^\n;]{1,200},\s?[0-9]\s?\)\s?(;|\n|$)/
    $looped = /\bsetInterval\(\s?((async )?\(\)\s?=>|(async )?function\s?[A-Za-z]{0,12}\(\))\s?\{?\s{0,8}for\s?\([^)\n]{1,60}[0-9]{2,6}[^)\n]{0,12}\)\s?\{?\s{0,8}(https?\.(get|request)|axios(\.get)?|fetch|request(\.get)?|got|net\.connect)\(/
    $busy = /\bwhile\s?\((true|1)\)\s?\{?\s{0,8}(https?\.(get|request)|axios(\.get)?|fetch|request(\.get)?|got)\([^\n]{1,200}Math\.random\(\)/
  condition:
    any of them and filesize < 256KB and uint32(0) != 0x464c457f
}
