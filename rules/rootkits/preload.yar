/*
 * Rootkits that hide by LD_PRELOAD.
 */

rule WG_processhider_library {
  meta:
    id = "processhider-library"
    title = "libprocesshider: hides a process from every tool"
    category = "backdoor"
    severity = "critical"
    confidence = 92
    attack = "T1574.006,T1014"
    subject = "program"
    reference = "https://github.com/gianlucaborello/libprocesshider"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "process_to_filter"
    $b = "get_process_name"
    $c = "original_readdir64"
    $d = "original_readdir"
    $e = "/proc/self/fd/%d"
  condition:
    uint32(0) == 0x464c457f and ($a or ($b and ($c or $d))) and $e
}

rule WG_preload_rootkit {
  meta:
    id = "preload-rootkit"
    title = "Known LD_PRELOAD rootkit (Azazel, Jynx, BEURK, Medusa, bedevil, Vlany)"
    category = "backdoor"
    severity = "critical"
    confidence = 92
    attack = "T1574.006,T1014"
    subject = "program"
    reference = "https://github.com/chokepoint/azazel"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "HIDE_THIS_SHELL"
    $a2 = "XxJynx"
    $a3 = "BEURK_"
    $a4 = "/lib/libseconf/"
    $a5 = "BDVLSO"
    $a6 = "bdvl" fullword
    $a7 = "vlany" fullword
    $a8 = "ld_poison"
    $b1 = "readdir64"
    $b2 = "ld.so.preload"
    $b3 = "pam_authenticate"
    $b4 = "__lxstat"
    $b5 = "dlsym"
  condition:
    uint32(0) == 0x464c457f and any of ($a*) and 2 of ($b*)
}

rule WG_preload_hooks {
  meta:
    id = "preload-hooks"
    title = "Library with the hooks of an LD_PRELOAD rootkit"
    category = "backdoor"
    severity = "high"
    confidence = 70
    attack = "T1574.006,T1014"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1574/006/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "/etc/ld.so.preload"
    $a2 = "readdir64" fullword
    $a3 = "__lxstat64" fullword
    $a4 = "unlinkat" fullword
    $a5 = "dlsym" fullword
    $a6 = "/proc/net/tcp"
    $a7 = "pam_authenticate" fullword
    $a8 = "pam_open_session" fullword
    $a9 = "accept" fullword
    $a10 = "execve" fullword
  condition:
    uint32(0) == 0x464c457f and ($a1 and $a2 and $a5 and ($a7 or $a8 or ($a6 and $a9)) and 7 of them and filesize < 1MB)
}

rule WG_preload_install {
  meta:
    id = "preload-install"
    title = "Script that installs a preload library from a hidden or writable place"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1574.006,T1014"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1574/006/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /echo [^\n]{0,6}["']?\/(tmp|var\/tmp|dev\/shm|[^\s"']{0,40}\/\.)[^\s"']{0,60}\.so["']? ?>>? ?\/etc\/ld\.so\.preload/
    $b = /processhider[^\n]{0,60}\n?[^\n]{0,80}\/etc\/ld\.so\.preload/
    $c = /chattr \+[aie]{1,3} \/etc\/ld\.so\.preload/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_processhider_source {
  meta:
    id = "processhider-source"
    title = "Source of a process hider"
    category = "backdoor"
    severity = "high"
    confidence = 70
    attack = "T1574.006,T1014"
    subject = "text"
    reference = "https://github.com/gianlucaborello/libprocesshider"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "p\x72ocess_to_filter"
    $b = /D[E]CLARE_READDIR\(dirent/
    $c = "g\x65t_process_name"
    $d = "R\x54LD_NEXT"
  condition:
    $a and 2 of ($b,$c,$d) and filesize < 512KB and uint32(0) != 0x464c457f
}
