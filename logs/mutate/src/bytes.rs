//! Damage that knows nothing of lines.

use crate::Random;

/// What logs are made of.
const WORDS: &[&str] = &[
    "[1] {",
    "[ff] ",
    "}\n",
    "{",
    "\n",
    "\r\n",
    "\x1b[1m\x1b[31m",
    "\x1b[0m",
    "\u{feff}",
    "jit-tracing",
    "jit-log-opt-loop",
    "jit-log-opt-bridge",
    "jit-log-dce-loop",
    "jit-log-noopt-loop",
    "jit-backend-addr",
    "jit-backend-dump",
    "jit-backend-counts",
    "jit-mem-looptoken-alloc",
    "jit-summary",
    "gc-minor",
    "jit-profile-enter",
    "jit-profile-exit",
    "jit-profile-call",
    "jit-profile-return",
    "jit-profile-window",
    "slice 0 ff\n",
    "method poll 100\n",
    "running 4000\n",
    "loop0/h3 8 1\n",
    "bridge0x2010 3 0\n",
    "code 0x1010 3\n",
    "0 ff 12\n",
    "loopscope-meta",
    "loopscope-bytecode",
    "loopscope-source",
    "loopscope-samples",
    "loopscope-helpers",
    "loopscope-places",
    "loopscope-addresses",
    "loopscope-losses",
    "jit-profile-cost",
    "loopscope-guard-counts",
    "# Loop 1 (",
    ") : loop with 3 ops\n",
    ") : noopt with 3 ops\n",
    "# bridge out of Guard 0x2010 with 2 ops\n",
    "allocating Bridge # 3 of Loop # 1\n",
    "~~~ ABORTING TRACING ABORT_TOO_LONG\n",
    "bridge 8208:7\n",
    "entry -1:3\n",
    "0:8965\n",
    "TargetToken(4096):1\n",
    "debug_merge_point(0, 0, '",
    "debug_merge_point(0, '",
    "')",
    "<Guard0x2010>",
    "descr=",
    "label(",
    "jump(",
    "call_assembler_r(p1, descr=<Loop1>)\n",
    "+9: ",
    "--end of the loop--\n",
    "CODE_DUMP @-1 +0  ",
    "CODE_DUMP @1000 +18446744073709551615  FF\n",
    " has address 0x1 to 0xffffffffffffffff",
    "loop1",
    "ffffffffffffffff",
    "ffffffffffffffffff",
    "18446744073709551616",
    "-9223372036854775808",
    "-",
    ";",
    ":",
    "~#",
    "é",
    "\u{202e}",
    "\0",
    "\u{fffd}",
    "[p0, i1]\n",
    "[",
    "]",
    "(",
    ")",
    ", ",
];

/// Breaks something about bytes, wherever it is.
pub fn damage(input: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = (at + random.below(40)).min(input.len());
    match random.below(8) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = random.any() as u8,
        2 => drop(input.drain(at..end)),
        3 => {
            let copy = input[at..end].to_vec();
            let to = random.below(input.len() + 1);
            input.splice(to..to, copy);
        }
        4 => input.truncate(at),
        _ => {
            let word = WORDS[random.below(WORDS.len())];
            input.splice(at..at, word.bytes());
        }
    }
}
