/*
 * Shells that call their owner, in the languages that attackers paste them in.
 */

rule WG_bash_reverse_shell {
  meta:
    id = "bash-reverse-shell"
    title = "Bash reverse shell"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1059.004,T1071"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /sh -i[li]{0,2} {0,3}[0-9]{0,2}[>&<]{1,3} {0,2}\/dev\/(tcp|udp)\/[0-9A-Za-z.$_{}-]{1,80}\/[0-9$]/
    $b = /exec [0-9]{1,3}<>\/dev\/(tcp|udp)\/[0-9A-Za-z.$_{}-]{1,80}\/[0-9$][^\n]{0,30}[;\n][^\n]{0,60}(while read|sh <&|cat <&)/
    $c = /0<&[0-9]{1,3}-?; ?exec [0-9]{1,3}<>\/dev\/tcp\//
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_fifo_reverse_shell {
  meta:
    id = "fifo-reverse-shell"
    title = "Reverse shell through a named pipe"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /mkfifo [\/A-Za-z0-9._$-]{1,40} ?(;|&&)[^\n]{0,60}sh -i ?2>&1 ?\| ?(nc|ncat|netcat|busybox nc|telnet|openssl s_client)[^\n]{4,120}/
    $b = /mknod [\/A-Za-z0-9._$-]{1,40} p ?(;|&&)[^\n]{0,80}(nc|ncat|netcat|telnet) [^\n]{4,80}sh/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_netcat_shell {
  meta:
    id = "netcat-shell"
    title = "Netcat that hands out a shell"
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
    $a = /(^|[;&|\s"'\/])(nc|ncat|netcat|nc\.traditional)( -[a-zA-Z]{1,6}| [0-9A-Za-z.:$]{2,60}){0,6} (-[a-zA-Z]{0,4}|--exe|--sh-exe)([ec] ?["']?\/(usr\/)?bin\/(ba|da|z|a)?sh|[ec] ["']?(ba|da|z|a)?sh)\b/
    $nmap = "irc-unrealircd-backdoor.command"
  condition:
    $a and not $nmap and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_python_reverse_shell {
  meta:
    id = "python-reverse-shell"
    title = "Python reverse shell"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1059.004,T1059.006"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $dup = /os\.dup2\( ?[A-Za-z_]{1,20}\.fileno\(\) ?, ?[012] ?\)/
    $dup2 = /os\.dup2\([a-z]{1,8}\.fileno\(\),(f|fd|x|i)\)/
    $sh1 = /pty\.spawn\( ?["'](\/bin\/)?(ba)?sh["']/
    $sh2 = /subprocess\.(call|Popen|run)\( ?\[? ?["']\/bin\/(ba)?sh["'] ?,? ?["']-i["']/
    $s = "socket.socket("
    $c = ".connect(("
  condition:
    $s and $c and (#dup > 1 or $dup2) and any of ($sh*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_perl_reverse_shell {
  meta:
    id = "perl-reverse-shell"
    title = "Perl reverse shell"
    category = "backdoor"
    severity = "high"
    confidence = 78
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /open\( ?STDIN ?, ?["']>&/
    $b = /open\( ?STDOUT ?, ?["']>&/
    $c = /exec ?[({]? ?["']\/bin\/(ba)?sh -i/
    $d = /\$c=new IO::Socket::INET\(PeerAddr,["'][^\n]{4,60}STDIN->fdopen\(\$c,r\)/
    $s = "sockaddr_in"
  condition:
    (($a and $b and $c and $s) or $d) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_php_reverse_shell {
  meta:
    id = "php-reverse-shell"
    title = "PHP reverse shell"
    category = "backdoor"
    severity = "high"
    confidence = 82
    attack = "T1059.004,T1505.003"
    subject = "text"
    reference = "https://github.com/pentestmonkey/php-reverse-shell"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "S\x75ccessfully opened reverse shell to"
    $b = "p\x68p-reverse-shell"
    $c = /f[s]ockopen\(["'][0-9.]{7,15}["'], ?[0-9]{2,5}\); ?(exec|shell_exec|system|passthru|popen|proc_open)\(/
    $d = "W\x41RNING: Failed to daemonise"
    $e = "p\x72oc_open($shell"
  condition:
    ($c or 2 of ($a,$b,$d,$e)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_other_reverse_shell {
  meta:
    id = "other-reverse-shell"
    title = "Reverse shell (Ruby, Lua, awk, socat, OpenSSL, telnet)"
    category = "backdoor"
    severity = "high"
    confidence = 76
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $ruby = /TCPSocket\.(new|open)\([^\n]{4,60}exec sprintf\(["']\/bin\/sh -i <&%d/
    $lua = /socket\.tcp\(\)[^\n]{0,20}:connect\([^\n]{4,60}os\.execute\(["']\/bin\/sh -i <&/
    $awk = /\/inet\/tcp\/0\/[0-9A-Za-z.$]{2,60}\/[0-9]{1,5}["'][^\n]{0,200}getline/
    $socat = /socat [^\n]{0,30}exec:["']?(\/bin\/)?(ba)?sh[^\n]{0,60}(tcp|TCP|openssl)[^\n]{0,10}:[0-9A-Za-z.$]/
    $socat2 = /socat (tcp|TCP|openssl|OPENSSL)(-connect|4)?:[0-9A-Za-z.$]{2,60}:[0-9$]{1,6}[^\n]{0,20} (exec|EXEC):["']?(\/bin\/)?(ba)?sh/
    $openssl = /sh -i [^\n]{0,40}openssl s_client -quiet [^\n]{0,10}-connect/
    $telnet = /telnet [0-9A-Za-z.$]{2,60} [0-9$]{1,6} ?\| ?\/bin\/(ba)?sh ?\| ?telnet/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}
