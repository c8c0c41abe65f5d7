/*
 * Hiding done by shell scripts.
 */

rule WG_hides_process_by_mount {
  meta:
    id = "hides-process-by-mount"
    title = "Hides a process by mounting over its /proc folder"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1564"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1564/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /mount (-o bind|--bind|-B) \/[^\s]{1,60} \/proc\/\$?[\{(]?[0-9A-Za-z_$]{1,30}/
    $f1 = /\/proc\/(sys|self|kcore|mounts|stat|meminfo|cpuinfo|1\/ns)/
    $b = /for [a-z]{1,8} in [^\n]{0,60}(pgrep|pidof|pids)/
  condition:
    $a and ($b or not $f1) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_hides_process_by_function {
  meta:
    id = "hides-process-by-function"
    title = "Redefines ps, top or netstat to leave lines out"
    category = "backdoor"
    severity = "high"
    confidence = 70
    attack = "T1564,T1036"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1564/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // What is left out is what matters: functions that pick lines are in honest scripts (aircrack-ng's airmon-ng).
    $a = /(ps|top|netstat|lsof|ss|pstree) ?\(\) ?\{[^}]{0,160}\| ?(e?grep (-[a-uw-zA-Z]{1,4} ){0,2}-[a-zA-Z]{0,3}v|sed [^|\n}]{0,40}\/d|awk [^|\n}]{0,6}!\s?[\/(])/
    $b = /alias (ps|top|netstat|lsof)=["'][^\n]{0,60}grep -v/
    $c = /echo [^\n]{0,40}\$@ ?\| ?grep -v[^\n]{0,80}> ?(\/usr)?\/bin\/(ps|top|netstat|pstree|lsof)/
    $d = /mv \/bin\/(ps|top|pstree) \/bin\/(ps|top|pstree)\.(original|orig|lanigiro)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_installs_rootkit {
  meta:
    id = "installs-rootkit"
    title = "Fetches and installs a published rootkit"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1014,T1588.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1014/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $fetches = /(git\s([^\n|;&]{0,60}\s)?clone|curl|wget)\s[^\n|;&]{0,100}github(usercontent)?\.com[\/:](m0nad\/Diamorphine|f0rb1dd3n\/Reptile|gianlucaborello\/libprocesshider|unix-thrust\/beurk|chokepoint\/(azazel|Jynx2)|mempodippy\/vlany|ait-aecid\/caraxes|h3xduck\/TripleCross|Eterna1\/puszek-rootkit|alfonmga\/hiding-cryptominers-linux-rootkit|yaoyumeng\/adore-ng|carloslack\/KoviD|nurupo\/rootkit|R3tr074\/brokepkg|milabs\/kopycat|mncoppola\/suterusu|trimpsyw\/adore-ng|naworkcaj\/bdvl)\b/
    $installs = /\b(insmod|modprobe)\s|ld\.so\.preload|\bmake\b|\.\/(setup|install)\.sh|LD_PRELOAD=/
  condition:
    $fetches and $installs and uint32(0) != 0x464c457f
}
