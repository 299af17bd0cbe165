//! From a template to a text: each `$rule` is replaced by a random row of that rule of the grammar.
//!
//! A replacement of several lines is indented as the line it begins on. At depth 0 only leaves are used, so it ends.

use super::super::random::Random;
use super::grammar::RULES;

/// The template with all its rules replaced.
pub fn expand(random: &mut Random, template: &str, depth: usize) -> String {
    let mut out = String::new();
    for (n, line) in template.lines().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let indent = line.len() - line.trim_start().len();
        out.push_str(&expand_line(random, line, depth).replace('\n', &format!("\n{}", " ".repeat(indent))));
    }
    out
}

fn expand_line(random: &mut Random, line: &str, depth: usize) -> String {
    let mut parts = line.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        out.push_str(&rule(random, name, depth));
        out.push_str(rest);
    }
    out
}

fn rule(random: &mut Random, name: &str, depth: usize) -> String {
    if name == "block" {
        return block(random, depth);
    }
    let rule = RULES.iter().find(|rule| rule.name == name);
    let rule = rule.unwrap_or_else(|| panic!("the grammar has a rule ${name}"));
    let rows = if depth == 0 || rule.rows.is_empty() || random.chance(15) { rule.leaves } else { rule.rows };
    let row = random.pick(rows);
    expand(random, row, depth.saturating_sub(1))
}

/// One to three statements.
fn block(random: &mut Random, depth: usize) -> String {
    let count = 1 + random.below(if depth > 1 { 3 } else { 2 });
    let statements: Vec<String> = (0..count).map(|_| rule(random, "statement", depth)).collect();
    statements.join("\n")
}
