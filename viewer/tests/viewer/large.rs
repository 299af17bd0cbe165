//! A large log, 5,000 loops, one of them with 100,000 operations, and the keys of a reader of it.

use loopscope_viewer::keys::Key;
use std::fmt::Write;

const LOOPS: usize = 5000;
const OPS: usize = 100_000;

/// A log with many loops, a bridge on each third, and one very long trace.
pub fn large() -> String {
    let mut log = String::new();
    for number in 0..LOOPS {
        trace(&mut log, number, if number == 7 { OPS } else { 12 });
        if number % 3 == 0 {
            let _ = write!(
                log,
                "[{0:x}] {{jit-log-opt-bridge\n# bridge out of Guard 0x{1:x} with 2 ops\n[i1]\n+7: i2 = int_add(i1, 1)\n\
                 +9: finish(i2, descr=<Done>)\n[{0:x}] jit-log-opt-bridge}}\n",
                number * 100 + 50,
                number * 1_000_000 + 3
            );
        }
    }
    log.push_str("[fffffff0] {jit-backend-counts\n");
    for number in 0..LOOPS {
        let _ = writeln!(log, "entry {number}:{}", number + 1);
        let _ = writeln!(log, "TargetToken({}):{}", number * 10 + 1, number * 17 % 9001);
        if number % 3 == 0 {
            let _ = writeln!(log, "bridge {}:{}", number * 1_000_000 + 3, number % 11);
        }
    }
    log.push_str("[fffffff1] jit-backend-counts}\n");
    log
}

fn trace(log: &mut String, number: usize, ops: usize) {
    let stamp = number * 100;
    let _ = write!(
        log,
        "[{stamp:x}] {{jit-log-opt-loop\n# Loop {number} (f{number};big.py:{number}-{number}~#4 FOR_ITER) : loop with \
         {ops} ops\n[p0, i1]\n+3: label(p0, i1, descr=TargetToken({}))\n",
        number * 10 + 1
    );
    for op in 0..ops {
        if op % 4 == 0 {
            let (line, offset) = (number + op / 40, op / 4 * 2);
            let depth = usize::from(op % 80 >= 40);
            let _ = writeln!(
                log,
                "debug_merge_point({depth}, {depth}, 'f{}{number};big.py:{number}-{line}~#{offset} BINARY_OP')",
                ["", "_callee_"][depth]
            );
        }
        let _ = match op % 10 {
            3 => writeln!(
                log,
                "+{}: guard_true(i{op}, descr=<Guard0x{:x}>) [p0, i1]",
                op * 4 + 7,
                number * 1_000_000 + op
            ),
            _ => writeln!(log, "+{}: i{} = int_add(i{op}, {op})", op * 4 + 7, op + 1),
        };
    }
    let _ = writeln!(log, "+{}: jump(p0, i1, descr=TargetToken({}))", ops * 4 + 9, number * 10 + 1);
    let _ = writeln!(log, "[{:x}] jit-log-opt-loop}}", stamp + 40);
}

/// What readers press, on every screen.
pub fn script() -> Vec<Key> {
    let walk = "jjjjjjjjjjkkkGg";
    let mut keys: Vec<Key> = Vec::new();
    keys.extend("2".chars().chain(walk.chars()).map(Key::Char));
    keys.extend("oooooo  ZZ/f7".chars().map(Key::Char));
    keys.push(Key::Enter);
    keys.extend("nNffoo".chars().map(Key::Char));
    keys.extend([Key::Escape, Key::Escape, Key::Char('g'), Key::Char('/')]);
    keys.extend("f7 ".chars().map(Key::Char));
    keys.push(Key::Escape);
    keys.extend("/loop7".chars().map(Key::Char));
    keys.extend([Key::Enter, Key::Char('3')]);
    for _ in 0..4 {
        keys.push(Key::Tab);
        keys.extend(walk.chars().map(Key::Char));
        keys.extend([Key::PageDown, Key::PageDown, Key::PageUp]);
    }
    keys.extend("txvvv/99999".chars().map(Key::Char));
    keys.push(Key::Escape);
    keys.push(Key::Char('i'));
    keys.extend(walk.chars().map(Key::Char));
    keys.extend("   ZZi".chars().map(Key::Char));
    for screen in ['4', '5', '6', '7', '8', '1'] {
        keys.push(Key::Char(screen));
        keys.extend(walk.chars().chain("llhh++--".chars()).map(Key::Char));
    }
    keys
}
