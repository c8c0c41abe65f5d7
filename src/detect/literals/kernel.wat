;; The inner loop of the literal search. `compile.ts` lays out the tables, `search.ts` the rest of the memory; after a
;; change here `npm run kernel` writes `kernel.ts`.
;;
;; Every second place of the window is looked at: the four bytes there, each with bit 5 set so that letters lose their
;; case, are hashed, and a bit of the sieve tells whether any literal has such a gram at a place of that parity. For the
;; few places that pass, the grams of the bucket are compared, then the literals themselves, eight bytes at a time.
(module
  (import "search" "memory" (memory 1))
  ;; SEEN: one byte for each literal; not 0 for those that are not wanted again.
  (global $seen (import "search" "seen") i32)

  ;; Where the tables lie, in bytes. SIEVE: one bit for each hash of 20 bits.
  (global $sieve i32 (i32.const 0))
  ;; BUCKETS: for each hash's first 13 bits the address of its first gram; the next one is its end.
  (global $buckets i32 (i32.const 131072))

  ;; Of the search in hand: the window, up to where the one before it has found all, and where the next hit goes, as
  ;; (literal, place in the window) of four bytes each.
  (global $from (mut i32) (i32.const 0))
  (global $fresh (mut i32) (i32.const 0))
  (global $to (mut i32) (i32.const 0))
  (global $hit (mut i32) (i32.const 0))

  (func $hash (param $gram i32) (result i32)
    (i32.shr_u (i32.mul (local.get $gram) (i32.const 0x9e3779b1)) (i32.const 12)))

  ;; The bit of the sieve in bit 0; the other bits are of other hashes.
  (func $sift (param $gram i32) (result i32)
    (local $hash i32)
    (local.set $hash (call $hash (local.get $gram)))
    (i32.shr_u
      (i32.load (i32.and (i32.shr_u (local.get $hash) (i32.const 3)) (i32.const 0x1fffc)))
      (local.get $hash)))

  ;; Whether the literal stands at that place. A literal: place of the gram in it, length, number, length of bytes and
  ;; mask rounded up to 8, whether once is enough, 0, bytes, mask.
  (func $stands (param $literal i32) (param $at i32) (result i32)
    (local $size i32) (local $done i32) (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.load offset=4 (local.get $literal))))
    (if (i32.lt_u (local.get $at) (global.get $from)) (then (return (i32.const 0))))
    (if (i32.le_u (local.get $end) (global.get $fresh)) (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $end) (global.get $to)) (then (return (i32.const 0))))
    (local.set $size (i32.load offset=12 (local.get $literal)))
    (loop $next
      (if (i64.ne (i64.const 0)
            (i64.and
              (i64.xor
                (i64.load align=1 (i32.add (local.get $at) (local.get $done)))
                (i64.load offset=24 (i32.add (local.get $literal) (local.get $done))))
              (i64.load offset=24
                (i32.add (i32.add (local.get $literal) (local.get $size)) (local.get $done)))))
        (then (return (i32.const 0))))
      (local.set $done (i32.add (local.get $done) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $done) (local.get $size))))
    (i32.const 1))

  ;; Looks at one place that passed the sieve and notes what stands there.
  (func $probe (param $at i32)
    (local $gram i32) (local $one i32) (local $end i32) (local $literal i32) (local $number i32) (local $start i32)
    (local.set $gram (i32.or (i32.load align=1 (local.get $at)) (i32.const 0x20202020)))
    (local.set $one
      (i32.add (global.get $buckets) (i32.shl (i32.shr_u (call $hash (local.get $gram)) (i32.const 7)) (i32.const 2))))
    (local.set $end (i32.load offset=4 (local.get $one)))
    (local.set $one (i32.load (local.get $one)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $one) (local.get $end)))
        (if (i32.eq (i32.load (local.get $one)) (local.get $gram))
          (then
            (local.set $literal (i32.load offset=4 (local.get $one)))
            (local.set $number (i32.load offset=8 (local.get $literal)))
            (local.set $start (i32.sub (local.get $at) (i32.load (local.get $literal))))
            (if (i32.eqz (i32.load8_u (i32.add (global.get $seen) (local.get $number))))
              (then
                (if (call $stands (local.get $literal) (local.get $start))
                  (then
                    (i32.store8 (i32.add (global.get $seen) (local.get $number))
                      (i32.load offset=16 (local.get $literal)))
                    (i32.store (global.get $hit) (local.get $number))
                    (i32.store offset=4 (global.get $hit) (i32.sub (local.get $start) (global.get $from)))
                    (global.set $hit (i32.add (global.get $hit) (i32.const 8)))))))))
        (local.set $one (i32.add (local.get $one) (i32.const 8)))
        (br $next))))

  ;; Searches the window from a place on, an even number of bytes behind `from`; bytes behind `to` are read, so there
  ;; must be some. Stops where it cannot be sure that all hits of the next places fit before `full`.
  ;; Gives back where it stopped: behind `to - 3` it is done.
  (func (export "search")
    (param $from i32) (param $fresh i32) (param $at i32) (param $to i32) (param $hits i32) (param $full i32)
    (result i32)
    (local $bytes i64) (local $last i32) (local $first i32) (local $second i32) (local $third i32) (local $fourth i32)
    (global.set $from (local.get $from))
    (global.set $fresh (local.get $fresh))
    (global.set $to (local.get $to))
    (global.set $hit (local.get $hits))
    (local.set $last (i32.sub (local.get $to) (i32.const 3)))
    (loop $next
      (if (i32.gt_s (local.get $at) (local.get $last)) (then (return (local.get $at))))
      (local.set $bytes (i64.or (i64.load align=1 (local.get $at)) (i64.const 0x2020202020202020)))
      (local.set $first (call $sift (i32.wrap_i64 (local.get $bytes))))
      (local.set $second (call $sift (i32.wrap_i64 (i64.shr_u (local.get $bytes) (i64.const 16)))))
      (local.set $third (call $sift (i32.wrap_i64 (i64.shr_u (local.get $bytes) (i64.const 32)))))
      (local.set $fourth
        (call $sift (i32.or (i32.load offset=6 align=1 (local.get $at)) (i32.const 0x20202020))))
      (if (i32.and (i32.const 1)
            (i32.or
              (i32.or (local.get $first) (local.get $second))
              (i32.or (local.get $third) (local.get $fourth))))
        (then
          (if (i32.ge_u (global.get $hit) (local.get $full)) (then (return (local.get $at))))
          (if (i32.and (local.get $first) (i32.const 1)) (then (call $probe (local.get $at))))
          (if (i32.and (local.get $second) (i32.const 1))
            (then (call $probe (i32.add (local.get $at) (i32.const 2)))))
          (if (i32.and (local.get $third) (i32.const 1))
            (then (call $probe (i32.add (local.get $at) (i32.const 4)))))
          (if (i32.and (local.get $fourth) (i32.const 1))
            (then (call $probe (i32.add (local.get $at) (i32.const 6)))))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $next))
    (unreachable))

  ;; Where the hits of the last search end.
  (func (export "end") (result i32) (global.get $hit))
)
