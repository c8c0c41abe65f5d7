/*
 * Bots and DDoS malware for Linux, by texts of the families.
 */

rule WG_mirai_bot {
  meta:
    id = "mirai-bot"
    title = "Mirai bot"
    category = "ddos"
    severity = "critical"
    confidence = 93
    attack = "T1498.001,T1110.001"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.mirai"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $x1 = { 0d 46 47 54 0d 4f 4b 51 41 0d 55 43 56 41 4a 46 4d 45 }
    $x2 = { 76 71 4d 57 50 41 47 02 67 4c 45 4b 4c 47 02 73 57 47 50 5b }
    $x3 = { 4e 4b 51 56 47 4c 4b 4c 45 02 56 57 4c 12 }
    $x4 = { 0d 40 4b 4c 0d 40 57 51 5b 40 4d 5a 02 6f 6b 70 63 6b }
    $x5 = { 6f 6b 70 63 6b 18 02 43 52 52 4e 47 56 02 4c 4d 56 02 44 4d 57 4c 46 }
    $p1 = "MIRAI: applet not found"
    $p2 = "/bin/busybox MIRAI"
    $p3 = "TSource Engine Query"
    $p4 = "/dev/misc/watchdog"
    $p5 = "listening tun0"
  condition:
    uint32(0) == 0x464c457f and (2 of ($x*) or $p1 or $p2 or ($p3 and ($p4 or $p5)))
}

rule WG_mirai_variant {
  meta:
    id = "mirai-variant"
    title = "Bot of the Mirai lineage"
    category = "ddos"
    severity = "high"
    confidence = 80
    attack = "T1498.001,T1110.001"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.mirai"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/bin/busybox " fullword
    $a2 = "applet not found"
    $a3 = "enable\x00system\x00shell\x00sh\x00"
    $a4 = "/proc/net/tcp"
    $a5 = "/dev/watchdog"
    $b1 = "xc3511" fullword
    $b2 = "vizxv" fullword
    $b3 = "7ujMko0admin"
    $b4 = "juantech" fullword
    $b5 = "hi3518" fullword
    $b6 = "Zte521" fullword
  condition:
    uint32(0) == 0x464c457f and (3 of ($b*) or (2 of ($b*) and 2 of ($a*)))
}

rule WG_gafgyt_bot {
  meta:
    id = "gafgyt-bot"
    title = "Gafgyt (BASHLITE) bot"
    category = "ddos"
    severity = "critical"
    confidence = 92
    attack = "T1498.001"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.bashlite"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "LOLNOGTFO"
    $a2 = "UDP Flooding %s"
    $a3 = "JUNK Flooding %s:%d"
    $a4 = "HOLD Flooding %s:%d"
    $a5 = "TCP Flooding %s"
    $a6 = "SCANNER ON | OFF"
    $a7 = "Killed %d."
    $a8 = "GETLOCALIP"
    $a9 = "My IP: %s"
    $a10 = "None Killed."
  condition:
    uint32(0) == 0x464c457f and 3 of them
}

rule WG_tsunami_bot {
  meta:
    id = "tsunami-bot"
    title = "Tsunami (Kaiten) IRC bot"
    category = "ddos"
    severity = "critical"
    confidence = 93
    attack = "T1498.001,T1071"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.tsunami"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "NOTICE %s :TSUNAMI <target> <secs>"
    $a2 = "NOTICE %s :Kaiten wa goraku"
    $a3 = "NOTICE %s :KILLALL"
    $a4 = "NOTICE %s :GET <http address> <save as>"
    $a5 = "NOTICE %s :Spoofs: %d.%d.%d.%d"
    $a6 = "NOTICE %s :UNKNOWN <target> <secs>"
    $a7 = "NOTICE %s :PAN <target> <port> <secs>"
    $a8 = "NOTICE %s :Receiving file."
    $a9 = "NOTICE %s :Unable to comply."
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_muhstik_bot {
  meta:
    id = "muhstik-bot"
    title = "Muhstik IRC bot"
    category = "ddos"
    severity = "high"
    confidence = 80
    attack = "T1498.001,T1071"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.tsunami"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "muhstik" nocase
    $b1 = "PRIVMSG %s"
    $b2 = "NOTICE %s :"
    $b3 = "/dev/shm/pty"
    $b4 = "NICK %s"
    $b5 = "/tmp/pty"
  condition:
    uint32(0) == 0x464c457f and $a and any of ($b*)
}

rule WG_xorddos_bot {
  meta:
    id = "xorddos-bot"
    title = "XorDDoS bot"
    category = "ddos"
    severity = "critical"
    confidence = 95
    attack = "T1498.001,T1014,T1053.003"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.xorddos"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $k = "BB2FA36AAA9541F0"
    $a1 = "/etc/cron.hourly/gcc.sh"
    $a2 = "/lib/libudev4.so"
    $a3 = "/var/run/gcc.pid"
    $a4 = "/lib/libudev.so.6"
    $a5 = "/proc/rs_dev"
    $a6 = "/etc/cron.hourly/udev.sh"
    $a7 = "sed -i '/\\/etc\\/cron.hourly\\/gcc.sh/d' /etc/crontab"
  condition:
    uint32(0) == 0x464c457f and ($k or 3 of ($a*))
}

rule WG_billgates_bot {
  meta:
    id = "billgates-bot"
    title = "BillGates bot"
    category = "ddos"
    severity = "critical"
    confidence = 93
    attack = "T1498.001"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.billgates"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/tmp/gates.lod"
    $a2 = "/tmp/moni.lod"
    $a3 = "/usr/bin/bsd-port/getty"
    $a4 = "DbSecuritySpt"
    $a5 = "11CAttackBase"
    $a6 = "10CAttackSyn"
    $a7 = "CThreadAtkCtrl"
    $a8 = "12CUpdateGates"
    $a9 = "/usr/bin/.sshd"
    $a10 = "13CThreadAttack"
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_mozi_bot {
  meta:
    id = "mozi-bot"
    title = "Mozi peer-to-peer bot"
    category = "ddos"
    severity = "critical"
    confidence = 92
    attack = "T1498.001"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.mozi"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "Mozi.m" fullword
    $a2 = "Mozi.a" fullword
    $b1 = "dht.transmissionbt.com:6881"
    $b2 = "router.bittorrent.com:6881"
    $b3 = "GET /c HTTP/1.0"
    $b4 = "setup.cgi?next_file=netgear.cfg"
    $b5 = "/HNAP1/"
  condition:
    uint32(0) == 0x464c457f and any of ($a*) and any of ($b*)
}

rule WG_dofloo_bot {
  meta:
    id = "dofloo-bot"
    title = "Dofloo (AESDDoS) bot"
    category = "ddos"
    severity = "critical"
    confidence = 92
    attack = "T1498.001"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1498/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "VERSONEX:"
    $a2 = "VERSONEX:Linux-%s|%d|%d MHz|%dMB|%dMB|%s"
    $b1 = "INFO:%.1f%%|%d Mb/s"
    $b2 = "/etc/rc.d/rc.local"
    $b3 = "/proc/cpuinfo"
    $b4 = "sed -i -e '2 i"
  condition:
    uint32(0) == 0x464c457f and ($a2 or ($a1 and 2 of ($b*)))
}

rule WG_kinsing_program {
  meta:
    id = "kinsing-program"
    title = "Kinsing bot"
    category = "backdoor"
    severity = "critical"
    confidence = 93
    attack = "T1496.001,T1110.001,T1053.003"
    subject = "program"
    reference = "https://attack.mitre.org/software/S0599/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "main.getMinerPid"
    $a2 = "main.minerRunningCheck"
    $a3 = "main.masscan"
    $a4 = "main.redisBrute"
    $a5 = "main.runTaskWithScan"
    $a6 = "main.backconnect"
    $a7 = "/tmp/kdevtmpfsi"
    $a8 = "main.sendSocks"
    $a9 = "main.minRun"
    $a10 = "kinsing" fullword
  condition:
    uint32(0) == 0x464c457f and 3 of them
}

rule WG_flood_commands {
  meta:
    id = "flood-commands"
    title = "Program with the command set of a flood bot"
    category = "ddos"
    severity = "high"
    confidence = 75
    attack = "T1498.001"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1498/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "udpflood" nocase fullword
    $a2 = "synflood" nocase fullword
    $a3 = "tcpflood" nocase fullword
    $a4 = "httpflood" nocase fullword
    $a5 = "ackflood" nocase fullword
    $a6 = "icmpflood" nocase fullword
    $a7 = "greflood" nocase fullword
    $a8 = "attack_udp_generic"
    $a9 = "attack_tcp_syn"
    $a10 = "attack_gre_ip"
    $a11 = "attack_app_http"
    $a12 = "vseflood" nocase
    $a13 = "stdhexflood" nocase
    $a14 = "dnsflood" nocase fullword
  condition:
    uint32(0) == 0x464c457f and 4 of them and filesize < 20MB
}

rule WG_mirai_variant_table {
  meta:
    id = "mirai-variant-table"
    title = "Bot of the Mirai lineage, by its encoded table"
    category = "ddos"
    severity = "critical"
    confidence = 88
    attack = "T1498.001,T1110.001"
    subject = "program"
    reference = "https://www.usenix.org/system/files/conference/usenixsecurity17/sec17-antonakakis.pdf"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // SORA: table key that comes to 0x54
    $sora1 = { 7b 30 31 22 7b 39 3d 27 37 7b 23 35 20 37 3c 30 3b 33 }
    $sora2 = { 00 07 3b 21 26 37 31 74 11 3a 33 3d 3a 31 74 05 21 31 26 2d }
    $sora3 = { 38 3d 27 20 31 3a 3d 3a 33 74 20 21 3a 64 }
    $sora4 = { 6e 74 35 24 24 38 31 20 74 3a 3b 20 74 32 3b 21 3a 30 }
    $sora5 = { 7b 24 26 3b 37 7b 3a 31 20 7b 20 37 24 }
    // WICKED: table key that comes to 0x37
    $wicked1 = { 18 53 52 41 18 5a 5e 44 54 18 40 56 43 54 5f 53 58 50 }
    $wicked2 = { 63 64 58 42 45 54 52 17 72 59 50 5e 59 52 17 66 42 52 45 4e }
    $wicked3 = { 5b 5e 44 43 52 59 5e 59 50 17 43 42 59 07 }
    $wicked4 = { 0d 17 56 47 47 5b 52 43 17 59 58 43 17 51 58 42 59 53 }
    $wicked5 = { 18 47 45 58 54 18 59 52 43 18 43 54 47 }
    // AKIRU: table key that comes to 0xb4
    $akiru1 = { 9b d0 d1 c2 9b d9 dd c7 d7 9b c3 d5 c0 d7 dc d0 db d3 }
    $akiru2 = { e0 e7 db c1 c6 d7 d1 94 f1 da d3 dd da d1 94 e5 c1 d1 c6 cd }
    $akiru3 = { d8 dd c7 c0 d1 da dd da d3 94 c0 c1 da 84 }
    $akiru4 = { 8e 94 d5 c4 c4 d8 d1 c0 94 da db c0 94 d2 db c1 da d0 }
    $akiru5 = { 9b c4 c6 db d7 9b da d1 c0 9b c0 d7 c4 }
  condition:
    uint32(0) == 0x464c457f and (2 of ($sora*) or 2 of ($wicked*) or 2 of ($akiru*))
}

rule WG_mirai_variant_name {
  meta:
    id = "mirai-variant-name"
    title = "Bot of the Mirai lineage, by the applet that it asks busybox for"
    category = "ddos"
    severity = "high"
    confidence = 85
    attack = "T1498.001,T1110.001"
    subject = "program"
    reference = "https://github.com/jgamblin/Mirai-Source-Code"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // Logged in by telnet, the bot asks for an applet that does not exist, which has its own name.
    $asks = /\/bin\/busybox [A-Z][A-Z0-9]{3,11}\x00/
    $answer = /[A-Z][A-Z0-9]{3,11}: applet not found/
  condition:
    uint32(0) == 0x464c457f and all of them
}

rule WG_mirai_source {
  meta:
    id = "mirai-source"
    title = "Source of Mirai or of a bot of its lineage"
    category = "ddos"
    severity = "high"
    confidence = 80
    attack = "T1498.001,T1110.001"
    subject = "text"
    reference = "https://github.com/jgamblin/Mirai-Source-Code"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "T\x41BLE_CNC_DOMAIN" fullword
    $a2 = "T\x41BLE_SCAN_CB_DOMAIN" fullword
    $a3 = /t[a]ble_unlock_val\(TABLE_/
    $a4 = /a[t]tack_(udp|tcp|gre|app)_(generic|vse|dns|plain|syn|ack|stomp|ip|eth|http|cfnull)\(/
    $a5 = /A[T]K_VEC_(UDP|VSE|DNS|SYN|ACK|STOMP|GREIP|GREETH|HTTP)\b/
    $a6 = /k[i]ller_kill_by_port\(/
    $a7 = /a[d]d_auth_entry\(["']/
    $a8 = "t\x65lnet_loader" fullword
  condition:
    3 of them and uint32(0) != 0x464c457f
}

rule WG_gafgyt_source {
  meta:
    id = "gafgyt-source"
    title = "Source of a Gafgyt (BASHLITE) bot"
    category = "ddos"
    severity = "high"
    confidence = 80
    attack = "T1498.001"
    subject = "text"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.bashlite"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /v[o]id send(STD|UDP|TCP|JUNK|HOLD|HTTP|VSE|HEX|XMAS)\(/
    $a2 = /v[o]id processCmd\(int argc/
    $a3 = /i[n]t initConnection\(/
    $a4 = "S\x74artTheLelz" fullword
    $a5 = /S[C]ANNER ON \| OFF/
    $a6 = "L\x4fLNOGTFO"
    $a7 = /i[n]_addr_t getRandomIP\(/
    $a8 = "r\x65cvLine(" 
    $a9 = "n\x65gotiate(unsigned char"
  condition:
    3 of them and uint32(0) != 0x464c457f
}

rule WG_tsunami_source {
  meta:
    id = "tsunami-source"
    title = "Source of the Tsunami (Kaiten) IRC bot"
    category = "ddos"
    severity = "high"
    confidence = 82
    attack = "T1498.001,T1071"
    subject = "text"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.tsunami"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $notice1 = /N[O]TICE %s :(TSUNAMI|UNKNOWN|PAN) <target> /
    $notice2 = "N\x4fTICE %s :Kaiten wa goraku"
    $notice3 = "N\x4fTICE %s :GET <http address> <save as>"
    $notice4 = "N\x4fTICE %s :Unable to comply."
    $notice5 = "N\x4fTICE %s :Spoofs: %d.%d.%d.%d"
    $sends = /S[e]nd\(sock, ?"NOTICE/
    $table1 = /\{ ?"TS[U]NAMI", ?tsunami ?\}/
    $table2 = /\{ ?"UN[K]NOWN", ?unknown ?\}/
    $table3 = /\{ ?"GE[T]SPOOFS", ?getspoofs ?\}/
    $table4 = /\{ ?"KI[L]LALL", ?killall ?\}/
    $table5 = /\{ ?"PA[N]", ?pan ?\}/
  condition:
    (($sends and 2 of ($notice*)) or 3 of ($table*) or (any of ($notice*) and any of ($table*))) and uint32(0) != 0x464c457f
}

rule WG_chaos_bot {
  meta:
    id = "chaos-bot"
    title = "Chaos (Kaiji) bot"
    category = "ddos"
    severity = "critical"
    confidence = 90
    attack = "T1498.001,T1053.003,T1543"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.kaiji"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $file1 = "/etc/id.services.conf"
    $file2 = "/boot/System.img.config"
    $file3 = "/etc/profile.d/bash_config.sh"
    $file4 = "/usr/lib/libdlrpcld.so"
    $file5 = "/etc/init.d/linux_kill"
    $file6 = "/etc/opt.services.cfg"
    $source = /\bchaos\/(ddos|main|linux_kill|ssh_brute)[a-z_]{0,12}\.go\b/
    $kaiji1 = "main.Ddosbreakcheck"
    $kaiji2 = "main.runkshell"
    $kaiji3 = "main.runganran"
    $kaiji4 = "main.Ares_Tcp"
    $kaiji5 = "main.Ares_L3_Udp"
  condition:
    uint32(0) == 0x464c457f and (2 of ($file*) or 2 of ($kaiji*) or ($source and any of ($file*,$kaiji*)))
}
