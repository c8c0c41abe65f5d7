/*
 * GPU miners, by the products' own names together with what only a miner says.
 */

rule WG_ccminer_program {
  meta:
    id = "ccminer-program"
    title = "ccminer miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/tpruvot/ccminer"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "ccminer" fullword
    $b = "--cuda-schedule"
    $c = "Intensity set to"
    $d = "stratum+tcp://"
    $e = "lyra2v2"
    $f = "x16r" fullword
    $g = "GPU #%d: %s"
  condition:
    uint32(0) == 0x464c457f and $a and 3 of them
}

rule WG_ethminer_program {
  meta:
    id = "ethminer-program"
    title = "ethminer miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/ethereum-mining/ethminer"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "ethminer" fullword
    $b = "stratum1+tcp"
    $c = "stratum2+ssl"
    $d = "--farm-recheck"
    $e = "--cl-local-work"
    $f = "Generating DAG"
    $g = "getwork://"
  condition:
    uint32(0) == 0x464c457f and 3 of them
}

rule WG_trex_program {
  meta:
    id = "trex-program"
    title = "T-Rex miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/trexminer/T-Rex"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "T-Rex NVIDIA GPU miner"
    $b = "--dag-build-mode"
    $c = "trex-miner.com"
    $d = "octopus" fullword
    $e = "autolykos2" fullword
    $f = "--mt" fullword
  condition:
    uint32(0) == 0x464c457f and ($a or 3 of ($b,$c,$d,$e,$f))
}

rule WG_lolminer_program {
  meta:
    id = "lolminer-program"
    title = "lolMiner miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/Lolliedieb/lolMiner-releases"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "lolMiner" fullword
    $b = "Lolliedieb"
    $c = "--4g-alloc-size"
    $d = "BEAM-III"
    $e = "AUTOLYKOS2"
    $f = "--devfee"
  condition:
    uint32(0) == 0x464c457f and $a and 2 of them
}

rule WG_phoenixminer_program {
  meta:
    id = "phoenixminer-program"
    title = "PhoenixMiner miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://phoenixminer.org/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "PhoenixMiner" fullword
    $b = "phoenixminer.org"
    $c = "-lidag" fullword
    $d = "-eres" fullword
    $e = "-gser" fullword
    $f = "Eth: Mining ETH on"
  condition:
    uint32(0) == 0x464c457f and $a and 2 of them
}

rule WG_srbminer_program {
  meta:
    id = "srbminer-program"
    title = "SRBMiner miner"
    category = "cryptomining"
    severity = "critical"
    confidence = 92
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://github.com/doktor83/SRBMiner-Multi"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = "SRBMiner"
    $b = "--disable-gpu"
    $c = "--gpu-boost"
    $d = "--msr-use-tweaks"
    $e = "--randomx-use-1gb-pages"
    $f = "--cpu-threads-intensity"
  condition:
    uint32(0) == 0x464c457f and $a and 2 of them
}

rule WG_gpu_miner_program {
  meta:
    id = "gpu-miner-program"
    title = "GPU miner of one of the smaller brands"
    category = "cryptomining"
    severity = "high"
    confidence = 85
    attack = "T1496.001"
    subject = "program"
    proves = "miner"
    reference = "https://attack.mitre.org/techniques/T1496/001/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $n1 = "TeamRedMiner" fullword
    $n2 = "nanominer" fullword
    $n3 = "WildRig Multi"
    $n4 = "NBMiner" fullword
    $n5 = "GMiner" fullword
    $n6 = "miniZ" fullword
    $n7 = "BzMiner" fullword
    $n8 = "Rigel" fullword
    $n9 = "nheqminer" fullword
    $n10 = "onezerominer" fullword
    $a1 = "kawpow" nocase fullword
    $a2 = "etchash" nocase fullword
    $a3 = "autolykos" nocase
    $a4 = "equihash" nocase
    $a5 = "ethashb3" nocase fullword
    $a6 = "nexapow" nocase fullword
    $a7 = "stratum+tcp"
    $a8 = "stratum+ssl"
  condition:
    uint32(0) == 0x464c457f and any of ($n*) and 2 of ($a*)
}
