//! The questions of FLEET.md, put to a fleet of which the answers are known.

use crate::Run;
use crate::dir::Dir;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Puts every question to the data set, and prints the answers as JSON, a line each.
const ASK: &str = "
import duckdb, json, sys
db = duckdb.connect()
db.execute(sys.argv[1].replace('fleet/', 'set/'))
for question in json.load(sys.stdin):
    found = db.execute(question)
    names = [column[0] for column in found.description]
    print(json.dumps([dict(zip(names, row)) for row in found.fetchall()], default=str))
";

fn documentation() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../FLEET.md");
    std::fs::read_to_string(path).unwrap()
}

/// What stands in the documentation between such a line and the end of its block, each time.
fn blocks(begin: &str) -> Vec<String> {
    let text = documentation();
    let blocks = text.split(begin).skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The SQL in the documentation, in its order.
fn questions() -> Vec<String> {
    blocks("```sql\n")
}

/// What makes a table of the parts.
fn view() -> String {
    format!("create view {}", blocks("```console\ncreate view ")[0])
}

/// The answers; nothing if there is no DuckDB.
fn ask(dir: &Dir, questions: &[String]) -> Option<Vec<Value>> {
    let has = Command::new("python3").args(["-c", "import duckdb"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 has no module 'duckdb' (pip install duckdb)");
        return None;
    }
    dir.write("questions.json", &serde_json::to_string(questions).unwrap());
    let output = Command::new("python3")
        .args(["-c", ASK, &view()])
        .current_dir(&dir.0)
        .stdin(std::fs::File::open(dir.0.join("questions.json")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Three hosts, six days, two versions: from the 24th on `f` takes half as long again; on `web3` its first guard fails,
/// and version 1.1, which runs there, has a guard without a bridge; `web2` compiles more, and gives up tracing.
fn fleet(dir: &Dir) {
    for (index, host) in ["web1", "web2", "web3"].iter().enumerate() {
        for day in 20..26 {
            let late = day >= 24;
            let wobble = (day * 7 + index as u64) % 5;
            let run = Run {
                slow: if late { 1500 } else { 1000 } + wobble,
                steady: 500 + wobble,
                odd: if *host == "web3" { 900 } else { 3 },
                even: if *host == "web3" && late { 2000 } else { 5 },
                compiling: if *host == "web2" { 900 } else { 100 },
                aborts: *host == "web2",
            };
            let version = if *host == "web3" && late { "1.1" } else { "1.0" };
            let place = format!("in/{host}/2026-11-{day}");
            std::fs::create_dir_all(dir.0.join(&place)).unwrap();
            dir.write(&format!("{place}/shop-{version}.log"), &run.log());
        }
    }
}

#[test]
fn five_questions() {
    let dir = Dir::new("questions");
    fleet(&dir);
    let names = "(?<host>[^/]+)/(?<time>[0-9-]+)/(?<program>[^/]+)-(?<version>[^/]+)[.]log$";
    let (code, _, err) = dir.said(&["export", "--to", "parquet", "set", "in", "--from-path", names]);
    assert_eq!((code, err.as_str()), (0, "18 logs added\n"));
    let questions = questions();
    assert_eq!(questions.len(), 5);
    let Some(answers) = ask(&dir, &questions) else { return };
    let rows = |answer: usize| answers[answer].as_array().unwrap();

    let [slower] = &rows(0)[..] else { panic!("{:#}", answers[0]) };
    assert_eq!((&slower["place"], &slower["factor"]), (&"x.py:2 f".into(), &1.5.into()));
    assert_eq!((&slower["runs_before"], &slower["runs_since"]), (&12.into(), &6.into()));

    let failing: Vec<_> =
        rows(1).iter().map(|row| (&row["operation"], &row["host"], &row["place"])).collect();
    assert_eq!(
        failing,
        [
            (&"guard_true".into(), &"web3".into(), &"x.py:4 f".into()),
            (&"guard_false".into(), &"web3".into(), &"x.py:4 f".into())
        ]
    );
    assert_eq!(rows(1)[0]["per_run"], 900.0);

    let costs: Vec<_> = rows(2).iter().map(|row| (&row["program"], &row["version"], &row["runs"])).collect();
    assert_eq!(
        costs,
        [(&"shop".into(), &"1.0".into(), &16.into()), (&"shop".into(), &"1.1".into(), &2.into())]
    );

    let [given_up] = &rows(3)[..] else { panic!("{:#}", answers[3]) };
    assert_eq!((&given_up["place"], &given_up["reason"]), (&"x.py:9 g".into(), &"ABORT_TOO_LONG".into()));
    assert_eq!((&given_up["times"], &given_up["runs"]), (&6.into(), &6.into()));

    let new: Vec<_> = rows(4).iter().map(|row| (&row["reason"], &row["runs"], &row["hosts"])).collect();
    assert!(new.contains(&(&"hot-guard".into(), &2.into(), &1.into())), "{:#}", answers[4]);
}

#[test]
fn the_ticks_of_a_run_add_up() {
    let dir = Dir::new("sums");
    fleet(&dir);
    dir.write("x.py", "s = 0\nfor i in range(300000):\n    s += i * i % 7\nprint(s)\n");
    assert_eq!(dir.said(&["run", "--log", "in/own.pypylog", "x.py"]).0, 0);
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "in"]).0, 0);
    let sums = "select run, any_value(run_ticks) as whole, sum(ticks) filter (part_of is null) as parts from runs group by run";
    let own = "select any_value(host) as host, any_value(program) as program, \
               date_diff('minute', any_value(time), now()::timestamp) as ago, \
               count(*) filter (part_of = 'interpreter') as places from runs where run like '%own.pypylog'";
    let low = "select count(*) as wrong from runs where ticks < ticks_low or ticks > ticks_high";
    let questions: Vec<String> = [sums, own, low].map(str::to_owned).into();
    let Some(answers) = ask(&dir, &questions) else { return };
    assert_eq!(answers[0].as_array().unwrap().len(), 19);
    for run in answers[0].as_array().unwrap() {
        assert_eq!(
            run["whole"].to_string().trim_matches('"'),
            run["parts"].to_string().trim_matches('"'),
            "{run}"
        );
    }
    let own = &answers[1][0];
    assert!(own["host"].is_string() && own["program"] == "x.py", "{own}");
    assert!(own["ago"].as_i64().is_some_and(|ago| ago.abs() < 24 * 60), "{own}");
    assert_eq!(answers[2][0]["wrong"], 0);
}
