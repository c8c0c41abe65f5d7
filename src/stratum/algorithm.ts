/**
 * Names of proof-of-work algorithms as miners take them behind `--algo` or `"algo"`, lower-case. From the manuals of
 * xmrig 6.22, SRBMiner-MULTI 2.7, lolMiner 1.88, t-rex 0.26, cpuminer-opt 24 and TeamRedMiner 0.10 (read 2026-11).
 * Left out are names that mean something else as well (`scrypt`, `x11`, `blake3`, `sha256`), because they prove nothing.
 */
const names = new Set(
  (
    'rx/0 rx/wow rx/arq rx/graft rx/sfx rx/keva rx/yada rx/xla rx/loki randomx randomxmonero randomwow randomarq ' +
    'randomsfx randomkeva randomx-v2 cn/0 cn/1 cn/2 cn/r cn/fast cn/half cn/xao cn/rto cn/rwz cn/zls ' +
    'cn/double cn/ccx cn/gpu cn/upx2 cn-lite cn-lite/0 cn-lite/1 cn-heavy cn-heavy/0 cn-heavy/tube cn-heavy/xhv cn-pico ' +
    'cn-pico/tlo cryptonight cryptonightv7 cryptonightv8 cryptonightr cryptonight_v7 cryptonight_v8 cryptonight_r ' +
    'cryptonight_gpu cryptonight_heavy cryptonight_lite cryptonight-heavy cryptonight-lite argon2/chukwa ' +
    'argon2/chukwav2 argon2/ninja argon2/wrkz chukwa chukwa2 argon2d500 astrobwt astrobwt/v2 ghostrider ' +
    'minotaurx yespower yespowerr16 yespowersugar yescrypt yescryptr8 yescryptr16 yescryptr32 verushash ' +
    'kawpow progpow progpowz progpow-ethercore progpow-veil evrprogpow firopow meowpow ethash etchash ethashb3 ubqhash ' +
    'autolykos autolykos2 kheavyhash heavyhash karlsenhash karlsenhashv2 pyrinhash nexapow ' +
    'blake3_alephium blake3_ironfish blake3_decred dynexsolve equihash equihash125_4 equihash144_5 equihash192_7 ' +
    'beamhash beamhashiii cuckaroo29 cuckatoo31 cuckatoo32 cuckarood29 aeternity mtp-tcr x16r x16rv2 ' +
    'x16s x21s x25x x33 lyra2rev2 lyra2rev3 lyra2v2 lyra2v3 lyra2z lyra2z330 neoscrypt ' +
    'sha256d sha256t sha512_256d sha512256d hmq1725 ' +
    'tonhash xelishash xelishashv2 xelishashv3 fishhash hoohash qhash spectrex'
  ).split(' '),
);

/** The name in lower case where it is known. */
export function parseAlgorithm(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  return names.has(name) ? name : undefined;
}
