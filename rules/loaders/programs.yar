/*
 * Programs that hide or carry a payload.
 */

rule WG_memory_runner_program {
  meta:
    id = "memory-runner-program"
    title = "Loader that runs its payload from memory (Ezuri and kin)"
    category = "backdoor"
    severity = "high"
    confidence = 85
    attack = "T1620,T1027.002"
    subject = "program"
    reference = "https://github.com/guitmz/ezuri"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "main.runFromMemory"
    $a2 = "github.com/guitmz/ezuri"
    $b1 = "main.aesDec"
    $b2 = "/proc/self/fd/%d"
    $b3 = "memfd_create"
  condition:
    uint32(0) == 0x464c457f and any of ($a*) and 1 of ($b*)
}

rule WG_compiled_shell_script {
  meta:
    id = "compiled-shell-script"
    title = "Shell script hidden in a program (shc)"
    category = "other"
    severity = "medium"
    confidence = 50
    attack = "T1027"
    subject = "program"
    reference = "https://github.com/neurobin/shc"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "E: neither argv[0] nor $_ works."
    $b = "has expired!\nPlease contact your provider"
    $c = "location has changed!"
  condition:
    uint32(0) == 0x464c457f and ($a or ($b and $c))
}
