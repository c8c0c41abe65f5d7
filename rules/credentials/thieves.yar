/*
 * Theft of cloud credentials, keys and passwords, as TeamTNT and its imitators do it.
 */

rule WG_cloud_credential_thief {
  meta:
    id = "cloud-credential-thief"
    title = "Collects cloud credential files and sends them off"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1552.001,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/groups/G0139/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $p1 = ".\x61ws/credentials"
    $p2 = ".\x64ocker/config.json"
    $p3 = "g\x63loud/credentials.db"
    $p4 = ".\x6bube/config"
    $p5 = ".\x6eetrc"
    $p6 = ".\x733cfg"
    $p7 = ".\x67it-credentials"
    $p8 = ".\x70asswd-s3fs"
    $p9 = "n\x67rok.yml"
    $p10 = ".\x70gpass"
    $p11 = "a\x63cessTokens.json"
    $p12 = ".\x62oto" fullword
    $p13 = "g\x63loud/access_tokens.db"
    $p14 = ".\x73mbclient.conf"
    $u1 = /c[u]rl [^\n]{0,120}(-F|--form|-T|--upload-file|--data-binary|-d) ?["']?[^\n]{0,20}@/
    $u2 = /(w[g]et --post-file|requests\.post\(|nc [0-9A-Za-z.$]{3,60} [0-9]{2,5} ?<)/
    $u3 = /c[u]rl [^\n]{0,80}(-X POST|--upload-file|-F ?["']?[a-z]{2,12}=)/
  condition:
    5 of ($p*) and any of ($u*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_metadata_credential_thief {
  meta:
    id = "metadata-credential-thief"
    title = "Sends the instance's role credentials off"
    category = "hacking"
    severity = "high"
    confidence = 82
    attack = "T1552.005,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1552/005/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $m1 = /169\.254\.169\.254\/latest\/meta-data\/iam\/security-credentials/
    $m2 = /169\.254\.170\.2\$?\{?AWS_CONTAINER_CREDENTIALS/
    $m3 = /metadata\.google\.internal\/computeMetadata\/v1\/instance\/service-accounts\/default\/token/
    $u1 = /curl [^\n]{0,120}(-F|--form|-T|--upload-file|--data-binary|-d) ?["']?[^\n]{0,30}@/
    $u2 = /(wget --post-file|nc [0-9A-Za-z.$]{3,60} [0-9]{2,5} ?<|api\.telegram\.org\/bot)/
    $l = /^#!/
  condition:
    any of ($m*) and any of ($u*) and ($l at 0 or filesize < 32KB) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_shadow_thief {
  meta:
    id = "shadow-thief"
    title = "Sends the password file off"
    category = "hacking"
    severity = "high"
    confidence = 78
    attack = "T1003.008,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1003/008/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /curl [^\n]{0,120}@\/etc\/shadow/
    $b = /cat \/etc\/shadow ?\| ?(base64[^\n|]{0,20}\| ?)?(curl|nc|ncat|wget)/
    $c = /(nc|ncat) [^\n|;]{3,60}< ?\/etc\/shadow/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_environment_thief {
  meta:
    id = "environment-thief"
    title = "Sends the environment off"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1552,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1041/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(printenv|\benv|\/proc\/(1|self|\*|\$\$)\/environ) ?\| ?(base64[^\n|]{0,20}\| ?|gzip[^\n|]{0,20}\| ?|tr [^\n|]{1,20}\| ?){0,3}(curl|nc|ncat|wget) /
    $b = /curl [^\n]{0,120}(-d|--data|--data-binary) ["']?[^\n]{0,12}\$\((printenv|env)( ?\| ?base64)?/
    $c = /os\.environ[^\n]{0,40}\n?[^\n]{0,60}requests\.post\(["']https?:\/\/(discord(app)?\.com\/api\/webhooks|webhook\.site|[a-z0-9.]{4,40}\.(oastify\.com|interact\.sh|oast\.[a-z]{2,6}|pipedream\.net|burpcollaborator\.net))/
    $d = /JSON\.stringify\(process\.env\)[^;]{0,200}(discord(app)?\.com\/api\/webhooks|webhook\.site|oastify\.com|oast\.|pipedream\.net)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_ssh_password_logger {
  meta:
    id = "ssh-password-logger"
    title = "Records passwords typed into ssh or sshd"
    category = "hacking"
    severity = "high"
    confidence = 78
    attack = "T1056.001"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1056/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /a[l]ias (ssh|su|sudo)=["'][^\n]{0,80}strace [^\n]{0,80}-e ?(trace=)?(read|write)/
    $b = /s[t]race [^\n]{0,60}-p ?[^\n]{0,40}sshd[^\n]{0,100}-o/
    $c = /s[t]race [^\n]{0,80}-e ?(trace=)?read,write[^\n]{0,80}(sshd|ssh-)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_password_dumper_script {
  meta:
    id = "password-dumper-script"
    title = "Password dumper script"
    category = "hacking"
    severity = "high"
    confidence = 82
    attack = "T1003"
    subject = "text"
    reference = "https://attack.mitre.org/software/S0349/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "M\x69miPenguin Results:"
    $a2 = "m\x69mipenguin" nocase fullword
    $a3 = /f[r]om lazagne\.(config|softwares)/
    $a4 = /l[i]nikatz\.sh|linikat[z]_/
    $a5 = "_\x70asswd_regex_gnome"
    $b = /(G[n]omeKeyring|gnome-keyring-daemon|dump_process|\/proc\/\$?[a-z{}]{1,8}\/maps)/
  condition:
    ($a1 or $a3 or $a4 or ($a2 and $b) or $a5) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_browser_stealer {
  meta:
    id = "browser-stealer"
    title = "Steals browser passwords and sends them to a chat"
    category = "hacking"
    severity = "high"
    confidence = 80
    attack = "T1555.003,T1567"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1555/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "Login Data"
    $a2 = "os_crypt"
    $a3 = "encrypted_key"
    $a4 = /Local Storage.{1,3}leveldb/
    $a5 = "logins.json"
    $w1 = /discord(app)?\.com\/api\/webhooks\/[0-9]{5,25}\//
    $w2 = /api\.telegram\.org\/bot[0-9]{6,12}:/
  condition:
    2 of ($a*) and any of ($w*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_service_account_thief {
  meta:
    id = "service-account-thief"
    title = "Sends the Kubernetes service account token to an address"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1528,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1528/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $t = /\/(var\/)?run\/secrets\/kubernetes\.io\/serviceaccount\/token/
    $u1 = /(curl|wget) [^\n]{0,160}(-d|--data|--data-binary|-F|--post-file|-T)[ =]?["']?[^\n]{0,12}(@|\$\(cat )[^\n]{0,6}\/(var\/)?run\/secrets\/kubernetes/
    $u2 = /cat [^\n]{0,6}\/(var\/)?run\/secrets\/kubernetes\.io[^\n|]{0,60}\| ?(base64[^\n|]{0,12}\| ?)?(curl|nc|ncat|wget)/
  condition:
    $t and any of ($u*) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}
