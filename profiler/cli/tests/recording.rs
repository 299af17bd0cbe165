//! Logs of the command's own runs: what they say of the time, of what recording cost, and of what is missing.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;

const PROGRAM: &str = "
def f(n):
    s = 0
    for i in range(n):
        s += i & 3
    return s
print(f(300000))
";

fn text(dir: &Dir, file: &str) -> String {
    String::from_utf8_lossy(&std::fs::read(dir.0.join(file)).unwrap()).into_owned()
}

/// The lines of all sections of that name.
fn lines<'a>(log: &'a str, section: &str) -> Vec<&'a str> {
    let (start, stop) = (format!("{{{section}"), format!("{section}}}"));
    let mut inside = false;
    let within = log.lines().filter(|line| {
        let before = inside;
        inside = (inside || line.ends_with(&start)) && !line.ends_with(&stop);
        before && inside
    });
    within.collect()
}

#[test]
fn slices_follow_one_another_and_costs_are_told() {
    let dir = Dir::new("slices");
    dir.write("a.py", PROGRAM);
    assert_eq!(dir.said(&["run", "--log", "a.log", "a.py"]).0, 0);
    let log = text(&dir, "a.log");
    let hex = |word: &str| u64::from_str_radix(word, 16).unwrap();
    let samples = lines(&log, "loopscope-samples");
    let slices = samples.iter().filter_map(|line| line.strip_prefix("slice ")?.split_once(' '));
    let slices: Vec<(u64, u64)> = slices.map(|(from, to)| (hex(from), hex(to))).collect();
    assert!(!slices.is_empty() && slices.iter().all(|(from, to)| from <= to), "{slices:?}");
    assert!(slices.windows(2).all(|pair| pair[0].1 == pair[1].0), "{slices:?}");
    let ran = samples.iter().filter_map(|line| line.strip_prefix("running ")?.parse::<u64>().ok());
    assert!(ran.sum::<u64>() > 0);
    let costs = lines(&log, "jit-profile-cost");
    for what in ["program marks ", "program events ", "program signals ", "thread poller ", "thread writer "]
    {
        assert!(costs.iter().any(|line| line.starts_with(what)), "{what} in {costs:?}");
    }
    assert_eq!(lines(&log, "loopscope-losses").len(), 2);
}

/// Without samples, events are all there is to tell the time by.
#[test]
fn a_log_without_samples_has_every_event() {
    let dir = Dir::new("events");
    dir.write(
        "a.py",
        "
def key(x):
    i = 0
    while i < 3:
        i += 1
    return -x
for i in range(4000):
    sorted([1, 2, 3, 4, 5, 6, 7, 8], key=key)
",
    );
    let status = dir.command(&["a.py"]).env("PYPYLOG", "jit-profile,jit-backend-counts:a.log").status();
    assert!(status.unwrap().success());
    assert_eq!(dir.said(&["run", "--log", "b.log", "--events", "all", "a.py"]).0, 0);
    for file in ["a.log", "b.log"] {
        let log = text(&dir, file);
        let calls = lines(&log, "jit-profile-call").len();
        assert!(calls > 25_000 && lines(&log, "jit-profile-window").is_empty(), "{file}: {calls}");
    }
}
