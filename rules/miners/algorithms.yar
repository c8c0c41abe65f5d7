/*
 * Miners recognised by what they compute and speak, whatever their name: RandomX constants, CryptoNight names,
 * the stratum protocol.
 */

rule WG_randomx_miner {
  meta:
    id = "randomx-miner"
    title = "RandomX with a mining protocol: a Monero miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/tevador/RandomX/blob/master/doc/specs.md"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $key0 = { 53 a5 ac 6d 09 66 71 62 2b 55 b5 db 17 49 f4 b4 }
    $key1 = { 07 af 7c 6d 0d 71 6a 84 78 d3 25 17 4e dc a1 0d }
    $key2 = { f1 62 12 3f c6 7e 94 9f 4f 79 c0 f4 45 e3 20 3e }
    $key3 = { 35 81 ef 6a 7c 31 ba b1 88 4c 31 16 54 91 16 49 }
    $p1 = "stratum+tcp://"
    $p2 = "stratum+ssl://"
    $p3 = "mining.submit"
    $p4 = "keepalived" fullword
    $p5 = "job_id" fullword
    $p6 = "rig-id" fullword
    $p7 = "donate-level" fullword
  condition:
    uint32(0) == 0x464c457f and any of ($key*) and 2 of ($p*)
}

rule WG_randomx_code {
  meta:
    id = "randomx-code"
    title = "RandomX code: a Monero miner or node"
    category = "cryptomining"
    severity = "medium"
    confidence = 50
    attack = "T1496.001"
    subject = "program"
    reference = "https://github.com/tevador/RandomX/blob/master/doc/specs.md"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $key0 = { 53 a5 ac 6d 09 66 71 62 2b 55 b5 db 17 49 f4 b4 }
    $key1 = { 07 af 7c 6d 0d 71 6a 84 78 d3 25 17 4e dc a1 0d }
    $key2 = { f1 62 12 3f c6 7e 94 9f 4f 79 c0 f4 45 e3 20 3e }
    $key3 = { 35 81 ef 6a 7c 31 ba b1 88 4c 31 16 54 91 16 49 }
  condition:
    uint32(0) == 0x464c457f and 2 of them
}

rule WG_cryptonight_miner {
  meta:
    id = "cryptonight-miner"
    title = "CryptoNight miner"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://cryptonote.org/cns/cns008.txt"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $c1 = "cryptonight" nocase
    $c2 = "cn/r" fullword
    $c3 = "cn/half" fullword
    $c4 = "cn-heavy" nocase
    $c5 = "cryptonight-lite" nocase
    $c6 = "cryptonight_v8" nocase
    $c7 = "cn-pico" nocase
    $p1 = "stratum+tcp"
    $p2 = "stratum+ssl"
    $p3 = "mining.subscribe"
    $p4 = "\"method\":\"login\""
    $p5 = "\"method\": \"login\""
    $p6 = "hashrate" nocase
  condition:
    uint32(0) == 0x464c457f and 2 of ($c*) and 2 of ($p*)
}

rule WG_stratum_client {
  meta:
    id = "stratum-client"
    title = "Program that speaks the stratum mining protocol"
    category = "cryptomining"
    severity = "high"
    confidence = 75
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://en.bitcoin.it/wiki/Stratum_mining_protocol"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $m1 = "mining.subscribe"
    $m2 = "mining.authorize"
    $m3 = "mining.submit"
    $m4 = "mining.notify"
    $m5 = "mining.set_difficulty"
    $m6 = "mining.extranonce.subscribe"
    $m7 = "eth_submitHashrate"
    $m8 = "eth_submitLogin"
  condition:
    uint32(0) == 0x464c457f and 4 of them
}

rule WG_monero_pool_in_program {
  meta:
    id = "monero-pool-in-program"
    title = "Program that carries the address of a Monero pool"
    category = "cryptomining"
    severity = "high"
    confidence = 80
    attack = "T1496.001"
    subject = "program"
    reference = "https://miningpoolstats.stream/monero"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $d1 = "pool.supportxmr.com"
    $d2 = "gulf.moneroocean.stream"
    $d3 = "pool.hashvault.pro"
    $d4 = "xmr.nanopool.org"
    $d5 = ".c3pool.com"
    $d6 = ".c3pool.org"
    $d7 = "pool.minexmr.com"
    $d8 = "xmr.2miners.com"
    $d9 = "xmr.f2pool.com"
    $d10 = "monerohash.com"
    $d11 = "xmrpool.eu"
    $d12 = "xmr.crypto-pool.fr"
    $d13 = "pool.monero.hashvault.pro"
    $d14 = "xmr.herominers.com"
    $d15 = "xmr.kryptex.network"
  condition:
    uint32(0) == 0x464c457f and any of ($d*) and not 8 of ($d*) and filesize < 30MB
}
