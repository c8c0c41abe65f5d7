/*
 * Ways back in: planted keys, accounts and setuid shells.
 */

rule WG_plants_ssh_key {
  meta:
    id = "plants-ssh-key"
    title = "Script that plants an SSH key"
    category = "backdoor"
    severity = "high"
    confidence = 70
    attack = "T1098.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1098/004/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /echo [^\n]{0,12}ssh-(rsa|ed25519|dss) AAAA[^\n]{20,900}>> ?[^\n]{0,60}authorized_keys/
    $b = /chattr [+-][aAie]{1,4} [^\n]{0,60}authorized_keys/
    $c = /(RSAKEY|SSHKEY|KEY)=["'](ssh-rsa|ssh-ed25519) AAAA/
    $d = /echo [^\n]{0,10}\$\{?(RSAKEY|SSHKEY|KEY)\}?[^\n]{0,10}>> ?[^\n]{0,60}authorized_keys/
    $opened = /(open|appendFile(Sync)?|writeFile(Sync)?|file_put_contents|File\.(write|open))\s?\(\s?f?["'`][^"'`\n]{0,60}\.ssh\/authorized_keys["'`]\s?,\s?["'`]?(a|w|a\+|w\+|>>|ssh-|ecdsa-|\$|\\n|[a-z]{2,12}\b)/
    $key = /["'`](\\n)?(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) AAAA[A-Za-z0-9+\/]{30}/
  condition:
    ($a or ($b and any of ($c,$d)) or ($c and $d) or ($opened and $key)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_plants_root_account {
  meta:
    id = "plants-root-account"
    title = "Script that adds a second root account"
    category = "backdoor"
    severity = "high"
    confidence = 70
    attack = "T1136.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1136/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /echo [^\n]{0,4}["']?[a-z0-9_.-]{2,20}:[^:\n"']{1,120}:0:0:[^\n]{0,60}>> ?\/etc\/passwd/
    $b = /useradd [^\n]{0,60}-o? ?-?u ?0 [^\n]{0,60}/
    $c = /(-o -u 0|-ou 0|-u 0 -o) /
  condition:
    ($a or ($b and $c)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_plants_setuid_shell {
  meta:
    id = "plants-setuid-shell"
    title = "Script that leaves a setuid shell"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1548.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1548/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /cp (-[a-z]{1,3} )?\/bin\/(ba|da|z)?sh \/[^\s;&]{2,60}\s?(;|&&|\n)\s?(chown [^\n;&]{1,60}(;|&&|\n)\s?)?chmod (u?\+s|[46]7[57][57]|[46]755) \//
    $b = /chmod (u?\+s|[46]7[57][57]) (\/usr)?\/bin\/(ba|da|z)?sh\b/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}
