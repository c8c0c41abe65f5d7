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
