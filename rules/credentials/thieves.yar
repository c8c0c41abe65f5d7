/*
 * Theft of cloud credentials, keys and passwords, as TeamTNT and its imitators do it.
 */

/* Not a rule by itself: something is sent, and the file names an address outside or a service that takes anything. */
private rule WG_sends_outside {
  strings:
    $address = /(https?:\/\/|(HOST|SERVER|ADDRESS|ADDR|REMOTE|TARGET|EXFIL|CNC_IP|C2_IP|host|server|address|addr|remote|target) ?= ?["']?|\bC2=["']?)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/
    $local = /(https?:\/\/|(HOST|SERVER|ADDRESS|ADDR|REMOTE|TARGET|EXFIL|CNC_IP|C2_IP|host|server|address|addr|remote|target) ?= ?["']?|\bC2=["']?)((127|10|0)\.[0-9]{1,3}\.[0-9]{1,3}|192\.168\.[0-9]{1,3}|169\.254\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])\.[0-9]{1,3})\.[0-9]{1,3}/
    $box = /(api\.telegram\.org\/bot[^\s"']{1,80}\/send(Document|Photo)|discord(app)?\.com\/api\/webhooks\/[0-9$\{]|webhook\.site\/[0-9a-f$\{]|\/\/transfer\.sh\b|\/\/(store[0-9]{1,2}\.)?gofile\.io|\/\/file\.io\b|\/\/0x0\.st\b|\/\/bashupload\.com|\/\/temp\.sh\b|\.oastify\.com|\.interact\.sh|\.oast\.(fun|live|me|online|pro|site)\b|\.pipedream\.net|\.burpcollaborator\.net|\.requestcatcher\.com)/
    $curl = /\bcurl\s([^\n|;]{0,200}\s)?(-[a-zA-Z]{0,8}[dFT]|--data(-binary|-raw|-urlencode)?|--form|--upload-file|--json)[ =]?["'@$\/A-Za-z0-9{.]/
    $wget = /\bwget\s[^\n|;]{0,200}--(post|body)-(file|data)/
    $python = /\b(requests|httpx|session)\.(post|put)\(|urlopen\([^\n]{0,120}\bdata ?=|Request\([^\n]{0,120}\bdata ?=/
    $node = /\b(axios|got|needle|superagent|request)\.(post|put)\(|method["']?\s?:\s?["'`](POST|PUT)["'`]/
    $other = /(\bfile_get_contents\(["'][^\n]{0,80}stream_context_create|CURLOPT_POSTFIELDS|Net::HTTP\.post|->post\()/
    // Netcat without a scheme: `nc 192.0.2.7 4444 < file`, `| nc 192.0.2.7 4444`, `> /dev/tcp/192.0.2.7/4444`.
    $raw = /(\|\s?(busybox )?(nc|ncat|netcat)\s[^\n|;<]{0,40}|(nc|ncat|netcat)\s[^\n|;<]{0,40}|\/dev\/tcp\/)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[ \/][0-9]{2,5}/
    $rawLocal = /(\|\s?(busybox )?(nc|ncat|netcat)\s[^\n|;<]{0,40}|(nc|ncat|netcat)\s[^\n|;<]{0,40}|\/dev\/tcp\/)((127|10|0)\.[0-9]{1,3}\.[0-9]{1,3}|192\.168\.[0-9]{1,3}|169\.254\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])\.[0-9]{1,3})\.[0-9]{1,3}[ \/][0-9]{2,5}/
    $script = "#!"
  condition:
    ((($box or ($address and #address > #local)) and any of ($curl,$wget,$python,$node,$other)) or ($raw and #raw > #rawLocal))
    and ($script at 0 or filesize < 64KB) and uint32(0) != 0x464c457f
}

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
    $m1 = /\/meta-data\/iam\/security-credentials/
    $m2 = /169\.254\.170\.2\$?\{?AWS_CONTAINER_CREDENTIALS/
    $m3 = /\/computeMetadata\/v1\/instance\/service-accounts\/[^\s"'\/]{1,60}\/token/
    $u1 = /curl [^\n]{0,120}(-F|--form|-T|--upload-file|--data-binary|-d) ?["']?[^\n]{0,30}@/
    $u2 = /(wget --post-file|nc [0-9A-Za-z.$]{3,60} [0-9]{2,5} ?<|api\.telegram\.org\/bot)/
    $l = /^#!/
  condition:
    any of ($m*) and (WG_sends_outside or (any of ($u*) and ($l at 0 or (filesize < 32KB or uint16(0) == 0x2123)))) and filesize < 512KB and uint32(0) != 0x464c457f
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
    $c = /[\s;|&](nc|ncat) [^\n|;]{3,60}< ?\/etc\/shadow/
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
    // All of it, whatever the address: no program reports its whole environment.
    $e = /(requests|httpx)\.post\([^\n]{0,160}(data|json|params) ?= ?(json\.dumps\( ?)?(str\( ?|dict\( ?)?os\.environ\b ?[,)]/
    $dumped = /(\benv|\bprintenv|\bset|\bexport -p|cat \/proc\/[^\s]{1,20}\/environ) ?(\|[^\n;&>]{1,100})?> ?["']?\/(tmp|var\/tmp|dev\/shm)\//
    $picked = /(\benv|\bprintenv|\bset|\bexport|cat \/proc\/[^\s]{1,20}\/environ) ?\| ?e?grep [^\n;&|]{0,40}(key|token|secret|pass|aws|KEY|TOKEN|SECRET|PASS|AWS)/
    $held = /(JSON\.stringify|querystring\.stringify|qs\.stringify)\(\s?process\.env\s?\)|\{\s?\.\.\.process\.env\s?\}|(json\.dumps|dict|str)\(\s?(dict\()?os\.environ\s?\)/
  condition:
    (any of ($a,$b,$c,$d,$e) or (any of ($dumped,$picked,$held) and WG_sends_outside)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
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
    $u1 = /(curl|wget) [^\n]{0,160}(-d|--data|--data-binary|-F|--post-file|-T)[ =]?["']?[^\n]{0,12}(@|\$\(cat )[^\n]{0,6}\/(var\/)?run\/secrets\/kubernetes[^\n]{0,200}/
    // Vault and the clouds take the token in exchange for one of theirs.
    $login = /\/auth\/[A-Za-z0-9_\/.-]{1,40}\/login|\/oauth2\/(v2\.0\/)?token|\/\/sts\.[a-z0-9.-]{0,40}(amazonaws|googleapis)\.com/
    $u2 = /cat [^\n]{0,6}\/(var\/)?run\/secrets\/kubernetes\.io[^\n|]{0,60}\| ?(base64[^\n|]{0,12}\| ?)?(curl|nc|ncat|wget)/
  condition:
    $t and (WG_sends_outside or $u2 or for any i in (1..#u1) : (not $login in (@u1[i]..@u1[i] + 400)))
    and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_key_file_thief {
  meta:
    id = "key-file-thief"
    title = "Sends SSH keys, kubeconfigs or cloud credentials off"
    category = "hacking"
    severity = "high"
    confidence = 78
    attack = "T1552.001,T1552.004,T1041"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1552/004/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $direct = /\bcurl\s[^\n|;]{0,200}(@|-T ?|--upload-file[ =])["']?(\/root|\/home\/[^\/\s]{1,32}|~|\$\{?HOME\}?)\/\.(ssh\/id_|kube\/config|aws\/credentials|docker\/config\.json|config\/gcloud\/|azure\/|git-credentials|netrc|gnupg\/|bash_history)/
    $piped = /\b(cat|base64|tar)\s[^\n|;>]{0,80}(\/root|\/home\/[^\/\s]{1,32}|~|\$\{?HOME\}?)\/\.(ssh\/id_|kube\/config|aws\/credentials|docker\/config\.json|config\/gcloud\/|azure\/|git-credentials|netrc|gnupg\/)[^\n|;]{0,80}\|[^\n;]{0,60}\b(curl|nc|ncat|netcat|wget)\s/
    $packs = /\b(tar|zip|7z|rsync)\s[^\n|;]{0,120}(\/root|\/home\/[^\/\s]{1,32}|~|\$\{?HOME\}?)\/\.(ssh|kube|aws|gnupg|azure|docker\/config|config\/gcloud|git-credentials|netrc)\b/
    $reads = /\b(cat|cp|base64)\s(-[a-zA-Z0-9]{1,4}\s){0,2}["']?(\/root|\/home\/[^\/\s]{1,32}|~|\$\{?HOME\}?)\/\.(ssh\/(id_|\*)|kube\/config|aws\/credentials|gnupg\/|azure\/|docker\/config\.json|config\/gcloud\/|git-credentials|netrc)/
    $opens = /(open|readFile(Sync)?|File\.read|file_get_contents|expanduser)\(\s?f?["'`][^\n"'`)]{0,60}\/\.(ssh\/id_|kube\/config|aws\/credentials|docker\/config\.json|config\/gcloud\/|git-credentials|netrc|gnupg\/)/
  condition:
    ($direct or $piped or (any of ($packs,$reads,$opens) and WG_sends_outside)) and uint32(0) != 0x464c457f
}
