//! `time`: clocks of CPython and of MicroPython. Local time is UTC.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "time",
    functions: &[
        NativeDef::any("time", |vm, _| Ok(vm.float(since_epoch().as_secs_f64())), 0, 0),
        NativeDef::any("time_ns", |vm, _| Ok(vm.int(since_epoch().as_nanos() as i64)), 0, 0),
        NativeDef::any("perf_counter", |vm, _| Ok(vm.float(running().as_secs_f64())), 0, 0),
        NativeDef::any("perf_counter_ns", |vm, _| Ok(vm.int(running().as_nanos() as i64)), 0, 0),
        NativeDef::any("monotonic", |vm, _| Ok(vm.float(running().as_secs_f64())), 0, 0),
        NativeDef::any("monotonic_ns", |vm, _| Ok(vm.int(running().as_nanos() as i64)), 0, 0),
        NativeDef::any("process_time", |vm, _| Ok(vm.float(running().as_secs_f64())), 0, 0),
        NativeDef::any("clock", |vm, _| Ok(vm.float(running().as_secs_f64())), 0, 0),
        NativeDef::any("ticks_ms", |_, _| Ok(ticks(running().as_millis())), 0, 0),
        NativeDef::any("ticks_us", |_, _| Ok(ticks(running().as_micros())), 0, 0),
        NativeDef::any("ticks_cpu", |_, _| Ok(ticks(running().as_nanos())), 0, 0),
        NativeDef::any("ticks_add", ticks_add, 2, 2),
        NativeDef::any("ticks_diff", ticks_diff, 2, 2),
        NativeDef::any("sleep", |vm, args| sleep(vm, args, 1.0), 1, 1),
        NativeDef::any("sleep_ms", |vm, args| sleep(vm, args, 1e-3), 1, 1),
        NativeDef::any("sleep_us", |vm, args| sleep(vm, args, 1e-6), 1, 1),
        NativeDef::any("gmtime", gmtime, 0, 1),
        NativeDef::any("localtime", gmtime, 0, 1),
        NativeDef::any("mktime", mktime, 1, 1),
        NativeDef::any("strftime", strftime, 1, 2),
    ],
    setup: None,
};

/// Ticks wrap at this power of two, as on MicroPython's 64-bit ports.
const TICKS_PERIOD: i64 = 1 << 62;

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Time since the first call.
fn running() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn ticks(n: u128) -> Value {
    Value::small(n as i64 & (TICKS_PERIOD - 1))
}

fn ticks_add(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (vm.index_value(args.pos[0])?, vm.index_value(args.pos[1])?);
    if b.abs() >= TICKS_PERIOD / 2 {
        return Err(vm.overflow_error("ticks interval overflow"));
    }
    Ok(Value::small(a.wrapping_add(b) & (TICKS_PERIOD - 1)))
}

fn ticks_diff(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (vm.index_value(args.pos[0])?, vm.index_value(args.pos[1])?);
    let half = TICKS_PERIOD / 2;
    Ok(Value::small((a.wrapping_sub(b).wrapping_add(half) & (TICKS_PERIOD - 1)) - half))
}

fn sleep(vm: &mut Vm, args: Args<'_>, unit: f64) -> R {
    let time = vm.float_value(args.pos[0])? * unit;
    match Duration::try_from_secs_f64(time.max(0.0)) {
        Ok(time) => vm.sleep(time)?,
        Err(_) => return Err(vm.value_error("sleep length must be non-negative")),
    }
    Ok(Value::NONE)
}

const FIELDS: &[&str] =
    &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];

fn gmtime(vm: &mut Vm, args: Args<'_>) -> R {
    let seconds = match args.get(0).filter(|t| !t.is_none()) {
        Some(seconds) => vm.float_value(seconds)?.floor() as i64,
        None => since_epoch().as_secs() as i64,
    };
    let fields = broken_down(seconds);
    let values: Vec<Value> = fields.iter().map(|n| Value::small(*n)).collect();
    vm.attr_tuple("struct_time", FIELDS, &values)
}

fn broken_down(seconds: i64) -> [i64; 9] {
    let (days, rest) = (seconds.div_euclid(86400), seconds.rem_euclid(86400));
    let (year, month, day) = civil(days);
    let yday = days - days_before(year, 1, 1) + 1;
    [year, month, day, rest / 3600, rest / 60 % 60, rest % 60, (days + 3).rem_euclid(7), yday, 0]
}

/// Days from 1970-01-01 to a date. Years are counted from March, so that the leap day comes last.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The date that many days after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(366);
    while days_before(year + 1, 1, 1) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|m| days_before(year, *m, 1) <= days).unwrap_or(1);
    (year, month, days - days_before(year, month, 1) + 1)
}

/// The numbers of a time tuple.
fn fields_of(vm: &mut Vm, value: Value) -> R<Vec<i64>> {
    let list = vm.collect_list(value)?;
    let fields: Vec<i64> = list.items.iter().filter_map(Value::as_small).collect();
    if fields.len() < 8 { Err(vm.type_error("tuple of time fields required")) } else { Ok(fields) }
}

fn mktime(vm: &mut Vm, args: Args<'_>) -> R {
    let f = fields_of(vm, args.pos[0])?;
    let seconds = days_before(f[0], f[1], f[2]) * 86400 + f[3] * 3600 + f[4] * 60 + f[5];
    Ok(vm.int(seconds))
}

fn strftime(vm: &mut Vm, args: Args<'_>) -> R {
    let format = vm.str_arg(args.pos[0])?;
    let f = match args.get(1) {
        Some(time) => fields_of(vm, time)?,
        None => broken_down(since_epoch().as_secs() as i64).to_vec(),
    };
    let mut out = String::new();
    let mut chars = format.text.chars();
    while let Some(c) = chars.next() {
        match if c == '%' { chars.next() } else { None } {
            Some(field) => out.push_str(&time_field(field, &f)),
            None => out.push(c),
        }
    }
    Ok(vm.str(out))
}

fn time_field(field: char, f: &[i64]) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let day = DAYS[f[6].rem_euclid(7) as usize];
    let month = MONTHS[(f[1] - 1).rem_euclid(12) as usize];
    match field {
        'Y' => format!("{:04}", f[0]),
        'y' => format!("{:02}", f[0] % 100),
        'm' => format!("{:02}", f[1]),
        'd' => format!("{:02}", f[2]),
        'H' => format!("{:02}", f[3]),
        'M' => format!("{:02}", f[4]),
        'S' => format!("{:02}", f[5]),
        'j' => format!("{:03}", f[7]),
        'A' => day.to_owned(),
        'a' => day[..3].to_owned(),
        'B' => month.to_owned(),
        'b' => month[..3].to_owned(),
        'Z' => "UTC".to_owned(),
        '%' => "%".to_owned(),
        'F' => format!("{:04}-{:02}-{:02}", f[0], f[1], f[2]),
        'T' => format!("{:02}:{:02}:{:02}", f[3], f[4], f[5]),
        other => format!("%{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(broken_down(0), [1970, 1, 1, 0, 0, 0, 3, 1, 0]);
        assert_eq!(broken_down(951_782_400), [2000, 2, 29, 0, 0, 0, 1, 60, 0]);
        assert_eq!(days_before(1969, 12, 31), -1);
    }
}
