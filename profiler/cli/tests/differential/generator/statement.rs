//! Statements, nested, indented and paid for.

use super::expression::{FLOATS, INTS, condition, cut_int, float, int, little_int, text};
use super::function::Function;
use super::random::Random;

/// Runs of statements one call of a function may cost.
const FUNCTION_BUDGET: usize = 25_000;
const DEEPEST: usize = 5;

/// Writes the body of one function.
pub struct Writer<'a> {
    pub random: &'a mut Random,
    callable: &'a [Function],
    out: String,
    indent: usize,
    /// How often the current place runs in one call.
    times: usize,
    cost: usize,
    /// Loops around the current place, and loop variables used so far.
    loops: usize,
    names: usize,
}

impl<'a> Writer<'a> {
    pub fn new(random: &'a mut Random, callable: &'a [Function]) -> Writer<'a> {
        Writer { random, callable, out: String::new(), indent: 1, times: 1, cost: 1, loops: 0, names: 0 }
    }

    /// A loop that surely runs hot, around a few statements whose errors are caught.
    pub fn hot_loop(&mut self) {
        let count = self.random.pick(&[200, 900, 2000]);
        let (head, first) = self.loop_head("hot", count);
        self.line(&head);
        self.indent += 1;
        self.times = count;
        self.loops += 1;
        self.line(&first);
        if self.random.chance(50) {
            self.attempt();
        }
        self.block(2);
        self.loops -= 1;
        self.times = 1;
        self.indent -= 1;
    }

    pub fn finish(self) -> (String, usize) {
        (self.out, self.cost)
    }

    /// Some statements at the current depth.
    pub fn block(&mut self, statements: usize) {
        for _ in 0..statements {
            self.cost += self.times;
            self.statement();
        }
    }

    fn statement(&mut self) {
        let nested = self.indent < DEEPEST;
        match self.random.below(40) {
            0..=8 => self.assign_int(),
            9..=11 => self.assign_float(),
            12..=14 => self.containers(),
            15..=16 => self.objects(),
            17 => self.strings(),
            18 => self.mixed(),
            19 => self.call(),
            20 => self.globals(),
            21..=23 if self.loops > 0 && nested => self.leave(),
            24..=27 if nested => self.branch(),
            28..=34 if nested => self.repeat(),
            35..=37 if nested => self.attempt(),
            _ => self.assign_int(),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.extend(std::iter::repeat_n("    ", self.indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn nest(&mut self, head: &str, times: usize, statements: usize) {
        self.line(head);
        let before = self.times;
        self.times *= times;
        self.indent += 1;
        self.block(statements);
        self.indent -= 1;
        self.times = before;
    }

    fn assign_int(&mut self) {
        let random = &mut *self.random;
        let target = random.pick(INTS);
        let text = match random.below(10) {
            0..=4 => format!("{target} = {}", cut_int(random, 2)),
            5 => format!("{target} += {}", random.pick(&["1", "-1", "a", "7", "2**60", "len(items)"])),
            6 => format!("{target} = {target} {} {}", random.pick(&["+", "-", "^"]), random.pick(INTS)),
            7 => format!("{target}, {} = {}, {target}", random.pick(INTS), cut_int(random, 1)),
            8 => format!("{target} = {}", little_int(random, 2)),
            _ => format!("pair = ({}, {})", cut_int(random, 1), little_int(random, 1)),
        };
        self.line(&text);
    }

    fn assign_float(&mut self) {
        let target = self.random.pick(FLOATS);
        let value = float(self.random, 2);
        let text = if self.random.chance(30) {
            format!("{target} += {value}")
        } else {
            format!("{target} = {value}")
        };
        self.line(&text);
        if self.random.chance(40) {
            self.line(&format!("{target} = {target} if -1e9 < {target} < 1e9 else 1.5"));
        }
    }

    fn containers(&mut self) {
        let random = &mut *self.random;
        let value = cut_int(random, 1);
        let key = int(random, 1);
        let text = match random.below(11) {
            0..=1 => format!("items.append({value})"),
            2..=3 => format!("items[{key} % len(items)] = {value}"),
            4..=5 => format!("table[{key} % 17] = {value}"),
            6 => format!("table.pop({key} % 17, None)"),
            7 => format!("items = items[{}:] + [{value}]", random.pick(&["1", "-5", "2"])),
            8 => format!(
                "items = [item ^ {} for item in items if item != {value}] + [1]",
                random.pick(&["1", "3", "b"])
            ),
            9 => format!("shared_list[{key} % 3] = {}", little_int(random, 1)),
            _ => format!("table = {{item & 15: item for item in items if {}}}", condition(random, 1)),
        };
        self.line(&text);
        if text.starts_with("items") {
            self.line("if len(items) > 12:");
            let shorten = self.random.pick(&[
                "    items.pop()",
                "    items = items[:3]",
                "    del items[4:]",
                "    items.pop(0)",
            ]);
            self.line(shorten);
        }
    }

    fn objects(&mut self) {
        let random = &mut *self.random;
        let value = little_int(random, 1);
        let text = match random.below(10) {
            0 => format!("box = {}({value})", random.pick(&["Box", "Wide", "Odd"])),
            1 => format!("other = {}({value})", random.pick(&["Box", "Odd"])),
            2 => format!("box.step({value}).step(1)"),
            3 => format!("box.n = {value}"),
            4 => "box, other = other, box".to_owned(),
            5 => format!("{} = [box, other][{value} & 1].read()", random.pick(INTS)),
            6 => format!("{} = getattr(box, \"double\", 3)", random.pick(INTS)),
            7 => "box.f = box.f / 2 + x if -1e9 < x < 1e9 else 0.25".to_owned(),
            8 => format!("{}.score = {value}", random.pick(&["box", "other"])),
            _ => format!("other.kind = {value}"),
        };
        self.line(&text);
    }

    fn strings(&mut self) {
        let value = text(self.random, 1);
        let grow = self.random.pick(&["text + ", "", "\"s\" + "]);
        self.line(&format!("text = ({grow}{value})[-20:] + \"1\""));
    }

    fn mixed(&mut self) {
        let random = &mut *self.random;
        let text = match random.below(6) {
            0 => format!(
                "mixed = {} if {} else {}",
                random.pick(INTS),
                condition(random, 1),
                random.pick(FLOATS)
            ),
            1 => {
                format!("mixed = mixed + {} if mixed is not None else a", random.pick(&["1", "0.5", "b & 7"]))
            }
            2 => "mixed = None if mixed is not None else 3".to_owned(),
            3 => format!("mixed = {}", little_int(random, 1)),
            4 => "mixed = mixed * 2 if mixed is not None and -1e9 < mixed < 1e9 else 1".to_owned(),
            _ => "mixed = step(mixed & 3) if isinstance(mixed, int) else x".to_owned(),
        };
        self.line(&text);
    }

    fn call(&mut self) {
        let (target, first, second) =
            (self.random.pick(INTS), cut_int(self.random, 1), little_int(self.random, 0));
        let affordable = |function: &&Function| self.cost + self.times * function.cost < FUNCTION_BUDGET;
        let candidates: Vec<Function> = self.callable.iter().filter(affordable).cloned().collect();
        if candidates.is_empty() || self.random.chance(20) {
            let depth = self.random.pick(&["5", "11", "24"]);
            return self.line(&format!("{target} = down({first} % {depth})"));
        }
        let function = &candidates[self.random.below(candidates.len())];
        self.cost += self.times * function.cost;
        self.line(&format!("{target} = {}({first}, q={second})", function.name));
    }

    fn globals(&mut self) {
        let value = cut_int(self.random, 1);
        let text = self.random.pick(&["shared_int = ", "shared_int ^= 1 + "]);
        self.line(&format!("{text}{value}"));
    }

    fn leave(&mut self) {
        let test = condition(self.random, 1);
        self.line(&format!("if {test}:"));
        let word = self.random.pick(&["break", "continue", "continue", "raise Oops"]);
        self.line(&format!("    {word}"));
    }

    fn branch(&mut self) {
        let arms = self.random.below(3);
        let head = format!("if {}:", condition(self.random, 2));
        let statements = 1 + self.random.below(2);
        self.nest(&head, 1, statements);
        for _ in 0..arms {
            let head = format!("elif {}:", condition(self.random, 2));
            self.nest(&head, 1, 1);
        }
        if self.random.chance(50) {
            self.nest("else:", 1, statements);
        }
    }

    fn repeat(&mut self) {
        let affordable: Vec<usize> = [3, 8, 40, 200, 900, 2500]
            .into_iter()
            .filter(|count| self.cost + self.times * count * 8 < FUNCTION_BUDGET)
            .collect();
        if affordable.is_empty() {
            return self.assign_int();
        }
        let count = self.random.pick(&affordable);
        self.names += 1;
        let name = format!("i{}", self.names);
        let (head, first) = self.loop_head(&name, count);
        self.loops += 1;
        self.line(&head);
        let before = self.times;
        self.times *= count;
        self.indent += 1;
        self.line(&first);
        let statements = 2 + self.random.below(4);
        self.block(statements);
        self.indent -= 1;
        self.times = before;
        self.loops -= 1;
        if self.random.chance(15) {
            self.nest("else:", 1, 1);
        }
    }

    /// The head of a loop, and a first statement that makes it progress or uses its variable.
    fn loop_head(&mut self, name: &str, count: usize) -> (String, String) {
        let target = self.random.pick(INTS);
        let times = format!("{count} // SLOW + 2");
        let using = format!("{target} = ({target} + {name}) % (2**62 + 1)");
        let bound = self.random.pick(INTS);
        match self.random.below(11) {
            0..=3 => (format!("for {name} in range({times}):"), using),
            4 => (format!("for {name} in range({times}, 0, -1):"), using),
            5 => (format!("for {name} in feed({times}, {target} & 7):"), using),
            6 => (
                format!("for {name}, value in enumerate(items * (({times}) // len(items) + 1)):"),
                format!("{target} = value ^ {name}"),
            ),
            7 => (
                format!("for {name}, value in zip(range({times}), [1, 2.5, None] * ({times})):"),
                "mixed = value".to_owned(),
            ),
            8 => (format!("for {name} in range({bound} & 7, {times}, ({target} & 3) - 1):"), using),
            9 => (format!("for {name} in range({times}, {bound} & 7, -(({target} & 3) or 2)):"), using),
            _ => {
                self.line(&format!("{name} = {times}"));
                (format!("while {name} > 0:"), format!("{name} -= 1"))
            }
        }
    }

    fn attempt(&mut self) {
        let statements = 1 + self.random.below(3);
        self.nest("try:", 1, statements);
        let kind = self.random.pick(&[
            "ZeroDivisionError",
            "(ValueError, Oops)",
            "TypeError",
            "LookupError",
            "Exception",
            "ArithmeticError",
        ]);
        if self.random.chance(80) {
            self.line(&format!("except {kind} as error:"));
            self.line("    failed += 1");
            if self.random.chance(25) {
                self.nest("else:", 1, 1);
            }
            if !self.random.chance(25) {
                return;
            }
        }
        self.nest("finally:", 1, 1);
    }
}
