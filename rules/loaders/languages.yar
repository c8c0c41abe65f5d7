/*
 * Downloaders in programming languages: they fetch a program and start it, or run the text that they fetch.
 * Installers of packages do the same from named hosts into their own folders; so an address without a name, a
 * temporary or hidden place, or the text itself as code is demanded.
 */

/* Not a rule by itself: the file names an address outside without a name. */
private rule WG_names_bare_address {
  strings:
    $address = /(https?|ftp):\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/
    $local = /(https?|ftp):\/\/((127|10|0)\.[0-9]{1,3}\.[0-9]{1,3}|192\.168\.[0-9]{1,3}|169\.254\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])\.[0-9]{1,3})\.[0-9]{1,3}/
    $number = /https?:\/\/([0-9]{9,10}|0x[0-9a-fA-F]{8})[:\/"']/
  condition:
    ($address and #address > #local) or $number
}

rule WG_python_fetches_and_starts {
  meta:
    id = "python-fetches-and-starts"
    title = "Python that downloads a program and starts it"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1105,T1059.006"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $fetch = /\b(urlretrieve|urlopen|requests\.get|httpx\.get|wget\.download|session\.get|urllib3\.request)\(|\[\s?["'](curl|wget)["']\s?,/
    $chmod = /\bos\.chmod\(|\.chmod\(|chmod \+x|chmod 7[57][57]/
    $start = /\b(Popen|call|check_call|run|check_output|system|exec[lv]p?e?|spawn[lv]p?e?|startfile)\(/
    $chmodTemp = /\bchmod\(\s?["'](\/tmp|\/var\/tmp|\/dev\/shm)\//
    $startTemp = /\b(Popen|call|check_call|run|check_output|system|exec[lv]p?e?|spawn[lv]p?e?)\(\s?(os\.P_[A-Z]{4,8}\s?,\s?)?\[?\s?["'](\/tmp|\/var\/tmp|\/dev\/shm)\/[^\s"']{1,80}/
    $hidden = /["'](\/tmp|\/var\/tmp|\/dev\/shm)\/(\.[A-Za-z0-9_-]{1,40}\/)?\.[A-Za-z0-9_-][^\s"']{0,40}["']/
  condition:
    $fetch and $start and (
      ($chmodTemp and $startTemp) or ($hidden and $chmod) or ($chmod and WG_names_bare_address and filesize < 2MB)
    ) and uint32(0) != 0x464c457f
}

rule WG_node_fetches_and_starts {
  meta:
    id = "node-fetches-and-starts"
    title = "Node.js that downloads a program and starts it"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1105,T1059.007"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $fetch = /\b(https?\.(get|request)|axios(\.get)?|got(\.stream)?|needle(\.get)?|fetch|request(\.get)?|superagent\.get)\(|\.get\(\s?["'`]https?:\/\/|["'`](curl|wget)["'`]\s?,/
    $write = /\b(createWriteStream|writeFile(Sync)?|appendFileSync)\(|["'`](curl|wget)["'`]\s?,/
    $chmod = /\bchmod(Sync)?\(|mode["']?\s?:\s?(0o7[0-7]{2}|493|511)\b|chmod \+x/
    $start = /\b(spawn|exec|execFile|fork)(Sync)?\(/
    $module = /["'](node:)?child_process["']/
    $writeTemp = /\b(createWriteStream|writeFile(Sync)?)\(\s?["'`](\/tmp|\/var\/tmp|\/dev\/shm)\//
    $startTemp = /\b(spawn|exec|execFile)(Sync)?\(\s?["'`](\/tmp|\/var\/tmp|\/dev\/shm)\/[^\s"'`]{1,80}/
    $hidden = /["'`](\/tmp|\/var\/tmp|\/dev\/shm)\/(\.[A-Za-z0-9_-]{1,40}\/)?\.[A-Za-z0-9_-][^\s"'`]{0,40}["'`]/
  condition:
    $module and $fetch and $write and $start and (
      ($writeTemp and $startTemp and $chmod) or ($hidden and $chmod) or ($chmod and WG_names_bare_address and filesize < 256KB)
    ) and uint32(0) != 0x464c457f
}

rule WG_node_runs_fetched_text {
  meta:
    id = "node-runs-fetched-text"
    title = "Node.js that runs the text that it downloads"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1105,T1059.007"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1059/007/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // A worker's `eval(e.data)` is far from any request; here the answer of one is the code.
    $then = /\b(axios(\.get)?|got(\.get)?|needle(\.get)?|superagent\.get|fetch|request(\.get)?)\(\s?["'`A-Za-z][^\n]{1,240}\b(eval|new Function|runIn(This|New)Context)\(\s?(await )?[A-Za-z_]{1,16}(\.(data|body|text)(\(\))?)?\s?[),]/
    $awaited = /=\s?(\(\s?)?await (axios(\.get)?|got(\.get)?|needle|superagent\.get|fetch)\(/
    $run = /\b(eval|new Function|runIn(This|New)Context)\(\s?(await )?[A-Za-z_]{1,16}(\.(data|body|text)(\(\))?)?\s?[),]/
    $direct = /\b(eval|new Function)\(\s?\(?\s?await \(?\s?(await )?(axios(\.get)?|got|fetch)\(/
    $get = /\.get\(\s?["'`]https?:\/\//
    $end = /\.on\(\s?["'`]end["'`]\s?,\s?(\(\)\s?=>|function\s?\(\)\s?\{)\s?\{?\s{0,8}(return )?(eval|new Function|[a-z]{0,6}\.?runIn(This|New)Context)\(\s?[A-Za-z_]{1,16}\b/
  condition:
    ($then or $direct or for any i in (1..#awaited) : ($run in (@awaited[i]..@awaited[i] + 300))
      or for any i in (1..#get) : ($end in (@get[i]..@get[i] + 600)))
    and filesize < 256KB and uint32(0) != 0x464c457f
}

rule WG_perl_fetches_and_starts {
  meta:
    id = "perl-fetches-and-starts"
    title = "Perl that downloads a program or code and starts it"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1105,T1059"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $fetch = /\b(getstore|mirror|is_success\(getstore|LWP::Simple::get|HTTP::Tiny->new)\b/
    $temp = /["'](\/tmp|\/var\/tmp|\/dev\/shm)\/[^\s"']{1,80}["']/
    $start = /\b(system|exec)\s?\(?\s?["']((\/tmp|\/var\/tmp|\/dev\/shm)\/|(sh|bash|perl|chmod) ((\/tmp|\/var\/tmp|\/dev\/shm)\/|[0-7+x]{2,4} ))|`(\/tmp|\/var\/tmp|\/dev\/shm)\/|\bqx[({\/](\/tmp|\/var\/tmp|\/dev\/shm)\//
    $started = /\b(system|exec)\b/
    $chmod = /\bchmod\b/
    $eval = /\beval ?[({]? ?\(?(LWP::Simple::)?get ?\(? ?["']https?:\/\//
  condition:
    ($eval or ($fetch and ($temp and $start or ($chmod and $started and WG_names_bare_address and filesize < 2MB))))
    and uint32(0) != 0x464c457f
}

rule WG_php_runs_fetched_text {
  meta:
    id = "php-runs-fetched-text"
    title = "PHP that runs the text that it downloads"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1105,T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /\b(eval|assert)\s?\(\s?(["']\?>["']\s?\.\s?)?(@?(base64_decode|gzinflate|gzuncompress|str_rot13|urldecode|trim)\s?\(\s?){0,3}@?(file_get_contents|curl_exec|stream_get_contents|fread)\s?\(\s?(["'](https?|ftp):\/\/|\$ch\b|\$curl\b)/
    $b = /\b(include|include_once|require|require_once)\s?\(?\s?["'](https?|ftp):\/\/[^"'\n]{4,200}["']/
    $get = /\$(c|s|d|p|r|x|code|src|source|data|payload|res|result|content|contents|text|php|shell)\s?=\s?@?(file_get_contents|base64_decode\s?\(\s?@?file_get_contents)\s?\(\s?["']https?:\/\//
    $run = /\beval\s?\(\s?(["']\?>["']\s?\.\s?)?@?(base64_decode\s?\(\s?|gzinflate\s?\(\s?)?\$(c|s|d|p|r|x|code|src|source|data|payload|res|result|content|contents|text|php|shell)\s?\)/
    $php = "<?"
  condition:
    $php and ($a or $b or for any i in (1..#get) : ($run in (@get[i]..@get[i] + 400))) and uint32(0) != 0x464c457f
}

rule WG_ruby_fetches_and_starts {
  meta:
    id = "ruby-fetches-and-starts"
    title = "Ruby that downloads a program or code and starts it"
    category = "backdoor"
    severity = "high"
    confidence = 74
    attack = "T1105,T1059"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $eval = /\b(eval|instance_eval|class_eval)[ (] ?\(? ?(URI\.open|open|URI\.parse|Net::HTTP\.get|Net::HTTP\.get_response|HTTParty\.get|URI) ?\(\s?["'(]?(URI\(\s?["'])?https?:\/\//
    $write = /\b(IO|File)\.(bin)?(write|open)\(?\s?["'](\/tmp|\/var\/tmp|\/dev\/shm)\/[^\s"']{1,80}["']/
    $fetch = /\b(URI\.open|Net::HTTP\.get|HTTParty\.get|open-uri)/
    $start = /\b(system|exec|spawn)[ (]\s?["'](\/tmp|\/var\/tmp|\/dev\/shm)\/|`(\/tmp|\/var\/tmp|\/dev\/shm)\//
  condition:
    ($eval or ($write and $fetch and $start)) and uint32(0) != 0x464c457f
}

rule WG_program_text_downloads_and_runs {
  meta:
    id = "program-text-downloads-and-runs"
    title = "Program text that has a shell download from a bare IP address and run it"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1105,T1059.004"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1105/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /\b(system|exec|popen|passthru|shell_exec|call|run|Popen|execSync|spawn|spawnSync|check_output|getoutput|proc_open|execl|execlp|Command)\s?\(\s?(\[\s?)?["'`][^\n]{0,80}\b(wget|curl)\s[^\n]{0,100}\b(https?|ftp):\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[^\n]{0,160}(\bchmod\b|\|\s?(ba|da)?sh\b|[;&]\s?(ba|da)?sh\s|[;&]\s?\.\/)/
    $local = /\b(system|exec|popen|passthru|shell_exec|call|run|Popen|execSync|spawn|spawnSync|check_output|getoutput|proc_open|execl|execlp|Command)\s?\(\s?(\[\s?)?["'`][^\n]{0,80}\b(wget|curl)\s[^\n]{0,100}\b(https?|ftp):\/\/((127|10|0)\.[0-9]{1,3}\.[0-9]{1,3}|192\.168\.[0-9]{1,3}|169\.254\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])\.[0-9]{1,3})\.[0-9]{1,3}[^\n]{0,160}(\bchmod\b|\|\s?(ba|da)?sh\b|[;&]\s?(ba|da)?sh\s|[;&]\s?\.\/)/
  condition:
    #a > #local and $a and uint32(0) != 0x464c457f
}
