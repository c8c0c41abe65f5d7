/*
 * Kernel rootkits: modules and eBPF programs.
 */

rule WG_diamorphine_module {
  meta:
    id = "diamorphine-module"
    title = "Diamorphine kernel rootkit"
    category = "backdoor"
    severity = "critical"
    confidence = 95
    attack = "T1014,T1547.006"
    subject = "program"
    reference = "https://github.com/m0nad/Diamorphine"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "diamorphine_secret"
    $a2 = "diamorphine" fullword
    $a3 = "hacked_getdents64"
    $a4 = "hacked_kill"
    $a5 = "give_root"
    $a6 = "is_invisible"
    $a7 = "module_hide"
  condition:
    uint32(0) == 0x464c457f and ($a1 or 3 of them)
}

rule WG_reptile_module {
  meta:
    id = "reptile-module"
    title = "Reptile kernel rootkit"
    category = "backdoor"
    severity = "critical"
    confidence = 93
    attack = "T1014,T1547.006"
    subject = "program"
    reference = "https://github.com/f0rb1dd3n/Reptile"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "reptile_module"
    $a2 = "/reptile/reptile"
    $a3 = "kmatryoshka"
    $a4 = "khook_"
    $a5 = "REPTILE_INSTALL"
    $a6 = "reptile_cmd"
    $a7 = "hax0r"
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_kernel_hook_module {
  meta:
    id = "kernel-hook-module"
    title = "Kernel module that hooks the listing of files"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1014,T1547.006"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1014/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $m = ".gnu.linkonce.this_module"
    $h1 = /(hook|hooked|hacked|fake|my|new|evil)_(sys_)?getdents(64)?/
    $h2 = /orig(inal)?_(sys_)?getdents(64)?/
    $k1 = "sys_call_table"
    $k2 = "kallsyms_lookup_name"
    $k3 = "ftrace_set_filter_ip"
    $k4 = "register_kprobe"
  condition:
    uint32(0) == 0x464c457f and $m and any of ($h*) and any of ($k*)
}

rule WG_known_kernel_rootkit {
  meta:
    id = "known-kernel-rootkit"
    title = "Known kernel rootkit"
    category = "backdoor"
    severity = "critical"
    confidence = 90
    attack = "T1014,T1547.006"
    subject = "program"
    reference = "https://github.com/milabs/awesome-linux-rootkits"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $m = ".gnu.linkonce.this_module"
    $a1 = "suterusu"
    $a2 = "adore-ng"
    $a3 = "nuk3gh0st"
    $a4 = "puszek" fullword
    $a5 = "brokepkg"
    $a6 = "knark" fullword
    $a7 = "kovid_"
  condition:
    uint32(0) == 0x464c457f and $m and any of ($a*)
}

rule WG_ebpf_rootkit {
  meta:
    id = "ebpf-rootkit"
    title = "eBPF rootkit"
    category = "backdoor"
    severity = "critical"
    confidence = 88
    attack = "T1014"
    subject = "program"
    reference = "https://github.com/Gui774ume/ebpfkit"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/Gui774ume/ebpfkit"
    $a2 = "ebpfkit-"
    $a3 = "TripleCross"
    $a4 = "boopkit" fullword
    $a5 = "pamspy" fullword
    $b1 = "bpf_probe_write_user"
    $b2 = "bpf_override_return"
    $b3 = "getdents64"
    $b4 = "sudoers"
    $b5 = "xdp" fullword
    $b6 = "libbpf"
  condition:
    uint32(0) == 0x464c457f and ($a1 or (any of ($a*) and any of ($b*)))
}
