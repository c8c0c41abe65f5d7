/*
 * Scripts that fetch, unpack, persist and clear the way for the real payload.
 */

rule WG_downloads_from_address_and_runs {
  meta:
    id = "downloads-from-address-and-runs"
    title = "Pipes a download from a bare IP address into a shell"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1105,T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(curl|wget|wge|cur|cdt|kurl|lwp-download)\s[^\n|;]{0,100}https?:\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(:[0-9]{2,5})?\/[^\n|;]{0,100}\| ?(sudo )?(\/bin\/)?(ba|da|a|z)?sh\b/
    $local = /https?:\/\/(127\.0\.0\.1|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.)/
  condition:
    for any i in (1..#a) : (not for any j in (1..#local) : (@local[j] >= @a[i] and @local[j] < @a[i] + !a[i])) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_decodes_and_runs {
  meta:
    id = "decodes-and-runs"
    title = "Runs a base64 text as a shell script"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1027,T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1027/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /echo (-n )?["']?[A-Za-z0-9+\/=]{40,4000}["' ]{0,2}\| ?base64 (-d|-D|--decode|-di) ?\| ?(sudo )?(\/bin\/)?(ba|da|a|z)?sh\b/
    $b = /(ba|da|a|z)?sh <<< ?["']?\$\(base64 (-d|--decode) ?<<< ?["']?[A-Za-z0-9+\/=]{40,4000}/
    $c = /eval ["']?[$`]\(?(echo|printf) ["']?[A-Za-z0-9+\/=]{40,4000}["' ]{0,2}\| ?base64 (-d|-D|--decode)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_python_decodes_and_runs {
  meta:
    id = "python-decodes-and-runs"
    title = "Python that unpacks and runs a text of its own"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1027,T1059.006"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/006/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /exec\((zlib\.decompress|__import__\(["']zlib["']\)\.decompress|gzip\.decompress|marshal\.loads)\((base64|__import__\(["']base64["']\))\.b(64|85)decode\(/
    $b = /exec\((__import__\(["']base64["']\)|base64)\.b64decode\((b)?["'][A-Za-z0-9+\/=]{60,4000}/
    $c = /exec\(\(_\)\(b?["'=]/
    $d = "_ = lambda __ : __import__('zlib').decompress(__import__('base64').b64decode(__[::-1]))"
  condition:
    ($a or $b or ($c and $d)) and uint32(0) != 0x464c457f
}

rule WG_python_downloads_and_runs {
  meta:
    id = "python-downloads-and-runs"
    title = "Python that runs what it downloads"
    category = "backdoor"
    severity = "high"
    confidence = 65
    attack = "T1105,T1059.006"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/006/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /exec\((compile\()?[^\n)]{0,60}(requests(["']\))?\.get|httpx\.get|urlopen)\([^\n]{1,300}\)\.(text|content|read\(\))/
    // In two steps: the answer gets a name, and the name is run.
    $got = /\b(code|src|source|payload|data|body|text|script|resp|response|req|r|c|x|s) ?= ?[^\n#]{0,40}\b(requests\.get|httpx\.get|urlopen)\(/
    $run = /\bexec\( ?(compile\( ?)?(code|src|source|payload|data|body|text|script|resp|response|req|r|c|x|s)(\.(text|content|read\(\)|decode\([^)\n]{0,12}\))){0,2} ?[,)]/
  condition:
    ($a or for any i in (1..#got) : ($run in (@got[i]..@got[i] + 400))) and uint32(0) != 0x464c457f
}

rule WG_cron_download {
  meta:
    id = "cron-download"
    title = "Cron entry that downloads and runs"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1053.003,T1105"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1053/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(\*|[0-9]{1,2})(\/[0-9]{1,2})? (\*|[0-9]{1,2})(\/[0-9]{1,2})? \* \* \*( root)? [^\n]{0,40}(curl|wget|wd1|cdt|kurl) [^\n]{4,160}\| ?(\/bin\/)?(ba|da|a)?sh\b/
  condition:
    $a and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_removes_security_agent {
  meta:
    id = "removes-security-agent"
    title = "Removes a cloud provider's security agent"
    category = "backdoor"
    severity = "high"
    confidence = 85
    attack = "T1562.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1562/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /update\.aegis\.aliyun\.com\/download\/(quartz_)?uninstall\.sh/
    $a2 = /\/usr\/local\/qcloud\/stargate\/admin\/uninstall\.sh/
    $a3 = /\/usr\/local\/qcloud\/YunJing\/uninst\.sh/
    $a4 = /\/usr\/local\/qcloud\/monitor\/barad\/admin\/uninstall\.sh/
    $a5 = /(pkill|killall|systemctl (stop|disable)|service) [^\n]{0,20}aliyun[.-]?service/
    $a6 = /rm -rf? [^\n]{0,40}\/usr\/local\/aegis/
    $a7 = /(stop|disable|kill|uninstall)[^\n]{0,30}(bcm-agent|cloudmonitor|hostguard|oneavd)/
  condition:
    2 of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_kills_other_miners {
  meta:
    id = "kills-other-miners"
    title = "Script that kills the miners of its competitors"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1562,T1496.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1496/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $k = /(p[k]ill|killall|kill) (-9 |-f |-KILL )/
    $n1 = "k\x69nsing"
    $n2 = "k\x64evtmpfsi"
    $n3 = "x\x6drig" nocase
    $n4 = "s\x79supdate"
    $n5 = "n\x65tworkservice"
    $n6 = "w\x61tchbog"
    $n7 = "k\x74hreaddi"
    $n8 = "d\x64gs" fullword
    $n9 = "q\x573xT"
    $n10 = "b\x69osetjenkins"
    $n11 = "m\x69nerd"
    $n12 = "m\x69nergate"
    $n13 = "c\x72yptonight"
    $n14 = "s\x75stes"
    $n15 = "z\x7ah" fullword
    $n16 = "x\x6dr-stak"
    $n17 = "s\x75pportxmr"
    // Who only cleans up kills them too; a competitor then fetches or starts something of its own.
    $own1 = /\b(curl|wget|fetch|lwp-download|tftp|scp) [^\n]{0,120}(https?:\/\/|\$|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})/
    $own2 = /\b(nohup|setsid) [^\n]{0,200}&/
    $own3 = "base64 -d"
    $own4 = /\/dev\/tcp\//
  condition:
    $k and 5 of ($n*) and any of ($own*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_clears_the_way {
  meta:
    id = "clears-the-way"
    title = "Script prologue of miner campaigns: limits, firewall, SELinux and logs switched off"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1562.001,T1562.004"
    subject = "text"
    reference = "https://attack.mitre.org/software/S0599/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "setenforce 0"
    $a2 = /ulimit -n 6553[56]/
    $a3 = /rm -rf? \/var\/log\/syslog/
    $a4 = /chattr -[iua]{1,4} \/(tmp|var\/tmp|var\/spool\/cron|etc\/crontab)/
    $a5 = "ufw disable"
    $a6 = "iptables -F"
    $a7 = /kernel\.nmi_watchdog ?= ?0/
    $a8 = "LD_PRELOAD="
    $a9 = /(history -c|unset HISTFILE|HISTFILE=\/dev\/null)/
    $a10 = /echo (0|1)[^\n]{0,4}> ?\/proc\/sys\/(vm\/drop_caches|kernel\/nmi_watchdog)/
    $d = /(curl|wget)\s/
  condition:
    $d and 4 of ($a*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_hidden_payload {
  meta:
    id = "hidden-payload"
    title = "Runs a payload from a hidden folder in a writable place"
    category = "backdoor"
    severity = "medium"
    confidence = 60
    attack = "T1564.001,T1105"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1564/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(curl|wget)\s[^\n]{0,160}(-o|-O|>) ?["']?\/(tmp|var\/tmp|dev\/shm)\/\.[A-Za-z0-9_.-]{1,40}/
    $b = /chmod (\+x|7[57][57]|u\+x) ["']?\/(tmp|var\/tmp|dev\/shm)\/\.[A-Za-z0-9_.-]{1,40}/
  condition:
    all of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_memory_only_script {
  meta:
    id = "memory-only-script"
    title = "Script that runs a program from memory only"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1620"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1620/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /syscall\( ?(319|356|385|279|0x13f),? ?["'\$]/
    $a2 = "memfd_create"
    $b1 = /exec[^\n]{0,30}\/proc\/(self|\$\$|%d|\$pid|\{[^}]{1,20}\})\/fd\//
    $c1 = /dd [^\n]{0,60}of=\/proc\/(\$\$|self)\/mem/
    $c2 = /\/proc\/(\$\$|self)\/(mem|syscall)/
    $c3 = "ddexec" nocase
  condition:
    ((any of ($a*) and $b1) or $c1 or ($c2 and $c3)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_masquerades_as_kernel_thread {
  meta:
    id = "masquerades-as-kernel-thread"
    title = "Starts a program under the name of a kernel thread"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1036.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1036/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /exec -a ["']?\[?(kworker|kthreadd|ksoftirqd|migration|rcu_sched|kswapd|watchdogd|jbd2|kdevtmpfs)[^\n]{0,60}/
    $b = /(setproctitle|prctl\.set_name|set_proctitle)\(["']\[(kworker|kthreadd|ksoftirqd|rcu_|kswapd)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_package_script_download {
  meta:
    id = "package-script-download"
    title = "Package manifest whose install script downloads and runs"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1195.002,T1059"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1195/002/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /"(pre|post)?install" ?: ?"[^"\n]{0,80}(curl|wget) [^"\n]{4,160}\| ?(\/bin\/)?(ba|da)?sh\b/
    $b = /"(pre|post)?install" ?: ?"[^"\n]{0,40}node -e [^\n]{0,60}(child_process|eval\(Buffer\.from)/
  condition:
    any of them and filesize < 512KB and uint32(0) != 0x464c457f
}
