/*
 * CPU miners, by texts of the programs: usage, options, status lines. XMRig and its forks make up most of
 * what is planted in containers.
 */

rule WG_xmrig_program {
  meta:
    id = "xmrig-program"
    title = "XMRig miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 95
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/xmrig/xmrig"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $donate1 = "donate.v2.xmrig.com"
    $donate2 = "donate.ssl.xmrig.com"
    $api = "api.xmrig.com"
    $usage1 = "--donate-level=N"
    $usage2 = "--randomx-1gb-pages"
    $usage3 = "--cpu-max-threads-hint"
    $usage4 = "--huge-pages-jit"
    $usage5 = "--donate-over-proxy"
    $agent = /XMRig\/[2-9]\.[0-9]{1,2}\.[0-9]/
    $status = "speed 10s/60s/15m"
    $home = "https://xmrig.com/"
  condition:
    uint32(0) == 0x464c457f and 3 of them
}

rule WG_xmrig_fork {
  meta:
    id = "xmrig-fork"
    title = "Program built on the XMRig code"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/xmrig/xmrig"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $k1 = "huge-pages-jit" fullword
    $k2 = "max-threads-hint" fullword
    $k3 = "donate-over-proxy" fullword
    $k4 = "scratchpad_prefetch_mode" fullword
    $k5 = "astrobwt-max-size" fullword
    $k6 = "astrobwt-avx2" fullword
    $k7 = "cn-heavy/xhv"
    $k8 = "cn-pico/tlo"
    $k9 = "argon2/chukwav2"
    $k10 = "cache_qos" fullword
    $k11 = "rx/arq"
    $k12 = "cn-lite/1"
  condition:
    uint32(0) == 0x464c457f and 4 of them
}

rule WG_xmrig_proxy {
  meta:
    id = "xmrig-proxy"
    title = "XMRig proxy, which fans many miners into one pool account"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/xmrig/xmrig-proxy"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "xmrig-proxy" fullword
    $b = "--access-log-file"
    $c = "--custom-diff"
    $d = "upstreams"
    $e = "--reuse-timeout"
  condition:
    uint32(0) == 0x464c457f and $a and 3 of them
}

rule WG_xmr_stak_program {
  meta:
    id = "xmr-stak-program"
    title = "xmr-stak miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 95
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/fireice-uk/xmr-stak"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "donate.xmr-stak.net"
    $b = "xmr-stak-c"
    $c = "cryptonight_gpu"
    $d = "xmrstak_cuda_backend"
    $e = "xmrstak_opencl_backend"
    $f = "HASHRATE REPORT - CPU"
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_cpuminer_program {
  meta:
    id = "cpuminer-program"
    title = "cpuminer (minerd) or a fork of it"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/pooler/cpuminer"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "Usage: minerd [OPTIONS]"
    $b = "Usage: cpuminer [OPTIONS]"
    $c = "DEBUG: reject reason: %s"
    $d = "%s khash/s"
    $e = "X-Stratum: "
    $f = "mining.subscribe"
    $g = "Stratum requested work restart"
    $h = "miner threads started, using"
    $i = "DEBUG: got new work in %d ms"
    $j = "JSON-RPC call failed: %s"
    $k = "cpuminer-multi"
    $l = "cpuminer-opt"
  condition:
    uint32(0) == 0x464c457f and 4 of them
}

rule WG_cpuminer_algorithms {
  meta:
    id = "cpuminer-algorithms"
    title = "Program with the algorithm list of a multi-coin CPU miner"
    category = "cryptomining"
    severity = "high"
    confidence = 80
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/JayDDee/cpuminer-opt"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $s = "stratum+tcp://"
    $a1 = "yescryptr16" fullword
    $a2 = "yespowerr16" fullword
    $a3 = "lyra2rev2" fullword
    $a4 = "lyra2rev3" fullword
    $a5 = "x16rv2" fullword
    $a6 = "cryptolight" fullword
    $a7 = "neoscrypt" fullword
    $a8 = "verushash"
    $a9 = "argon2d4096" fullword
    $a10 = "scryptjane" fullword
    $a11 = "hmq1725" fullword
    $a12 = "x21s" fullword
  condition:
    uint32(0) == 0x464c457f and $s and 4 of ($a*)
}

rule WG_verus_miner {
  meta:
    id = "verus-miner"
    title = "VerusCoin miner (hellminer, ccminer fork)"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/hellcatz/hminer"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "hellminer" fullword
    $b = "verushash" nocase
    $c = "VerusCoin"
    $d = "verus_solver"
    $e = "mining.submit"
    $f = "stratum+tcp"
  condition:
    uint32(0) == 0x464c457f and 3 of them
}
