//! Reads the text form back; only tests do. See [`super::print`] for the grammar.
//!
//! Names are free (`%i`, `%12`): they are bound by `%name = …` and by the parameter list. Empty lines and what
//! follows `;` are ignored. `end(3=%i, 4=%s)` as the last line gives the slots that a loop leaves changed.

use std::cell::OnceCell;
use std::collections::HashMap;

use vm::bytecode::{Prelude, ScopeFlags};
use vm::interp::frame::Ret;
use vm::object::dict::Dict;
use vm::object::function::{Code, Unit};
use vm::object::heap::{Gc, Heap};
use vm::object::kind::Kind;
use vm::object::text::Str;
use vm::object::value::Value;

use super::field::Field;
use super::float_fn::float_function;
use super::op::{OpCode, Ty};
use super::print::{Imm, immediate, type_name};
use super::snapshot::{Resume, SnapFrame, Snapshot};
use super::trace::{Op, Ref, SnapId, Trace};

/// A parsed trace and the slots of its `end` line.
pub struct Parsed {
    pub trace: Trace,
    pub end: Vec<(u16, Ref)>,
}

/// Parses or panics: the text is part of a test.
pub fn parse(text: &str) -> Parsed {
    let mut parser = Parser { trace: Trace::default(), names: HashMap::new(), end: Vec::new() };
    for line in text.lines() {
        let line = line.split(';').next().unwrap_or("").trim();
        if !line.is_empty() {
            parser.line(line);
        }
    }
    Parsed { trace: parser.trace, end: parser.end }
}

struct Parser<'t> {
    trace: Trace,
    names: HashMap<&'t str, Ref>,
    end: Vec<(u16, Ref)>,
}

impl<'t> Parser<'t> {
    fn line(&mut self, line: &'t str) {
        if let Some(params) = line.strip_prefix('[') {
            params.trim_end_matches(']').split(", ").for_each(|p| self.param(p));
        } else if let Some(slots) = line.strip_prefix("end(") {
            self.end = self.slots(slots.trim_end_matches(')'));
        } else {
            self.op(line);
        }
    }

    fn param(&mut self, text: &'t str) {
        let (name, ty) = text.split_once(':').expect("a parameter is name:type");
        let types = [Ty::Int, Ty::Float, Ty::Ref, Ty::Bool, Ty::Raw];
        let ty = types.into_iter().find(|t| type_name(*t) == ty).expect("a type");
        let param = self.trace.param(ty);
        self.names.insert(name, param);
    }

    fn op(&mut self, line: &'t str) {
        let (line, sunk) = line.strip_suffix(" sunk").map_or((line, false), |rest| (rest, true));
        let (name, rest) = match line.split_once(" = ") {
            Some((name, rest)) => (Some(name), rest),
            None => (None, line),
        };
        let (mnemonic, rest) = rest.split_once('(').expect("an operation has operands");
        let (args, snapshot) = rest.split_once(')').expect("operands are closed");
        let code =
            *OpCode::ALL.iter().find(|c| c.mnemonic() == mnemonic).unwrap_or_else(|| panic!("{mnemonic}?"));
        let mut words: Vec<&str> = args.split(", ").filter(|w| !w.is_empty()).collect();
        let imm = self.imm(code, &mut words);
        let args: Vec<Ref> = words.iter().map(|w| self.reference(w)).collect();
        let mut op = Op { snap: self.snapshot(snapshot), ..Op::new(code, &[], imm) };
        if code.operands() == "*" {
            op.args = self.trace.pool_args(&args);
        } else {
            assert_eq!(args.len(), code.operands().len(), "operands of {mnemonic}");
            op.args[..args.len()].copy_from_slice(&args);
        }
        self.trace.sunk.resize(self.trace.ops.len(), false);
        self.trace.sunk.push(sunk);
        let r = self.trace.push(op);
        name.map(|name| self.names.insert(name, r));
    }

    fn imm(&mut self, code: OpCode, words: &mut Vec<&str>) -> u64 {
        let form = immediate(code);
        if form == Imm::None {
            return 0;
        }
        let word = words.pop().expect("an immediate");
        match form {
            Imm::Kind => Kind::ALL.iter().position(|k| format!("{k:?}") == word).expect("a kind") as u64,
            Imm::Field => Field::ALL.iter().position(|f| f.name() == word).expect("a field") as u64,
            Imm::FloatFn => float_function(word).expect("a float function"),
            Imm::SlotShape => {
                let (slot, shape) = word.split_once(':').expect("slot:shape");
                number(shape) << 32 | number(slot)
            }
            _ => number(word),
        }
    }

    fn reference(&mut self, word: &str) -> Ref {
        if let Some(known) = self.names.get(word) {
            return *known;
        }
        match word {
            "true" | "false" => self.trace.boolean(word == "true"),
            "None" => self.trace.value(Value::NONE),
            "True" => self.trace.value(Value::TRUE),
            "False" => self.trace.value(Value::FALSE),
            "NULL" => self.trace.value(Value::NULL),
            _ => self.literal(word),
        }
    }

    fn literal(&mut self, word: &str) -> Ref {
        if let Some(n) = word.strip_prefix('#') {
            return self.trace.value(Value::small(n.parse().expect("a small int")));
        }
        if let Some(bits) = word.strip_prefix("ref:") {
            return self.trace.value(Value::from_bits(u64::from_str_radix(bits, 16).expect("an address")));
        }
        match word.parse::<i64>() {
            Ok(n) => self.trace.int(n),
            Err(_) => self.trace.float(word.parse().unwrap_or_else(|_| panic!("operand {word}?"))),
        }
    }

    fn slots(&mut self, text: &str) -> Vec<(u16, Ref)> {
        let pairs =
            text.split(", ").filter(|w| !w.is_empty()).map(|w| w.split_once('=').expect("slot=value"));
        pairs.map(|(slot, r)| (number(slot) as u16, self.reference(r))).collect()
    }

    fn snapshot(&mut self, text: &str) -> SnapId {
        let text = text.trim();
        if text.is_empty() {
            return SnapId::NONE;
        }
        let resume = match text.split_at(1) {
            ("!", _) => Resume::Raise,
            ("+", _) => Resume::Iterated,
            ("?", rest) => Resume::Tested(self.reference(rest.split('@').next().unwrap_or("").trim())),
            _ => Resume::Execute,
        };
        let frames = text.split('@').skip(1).map(|frame| self.frame(frame.trim())).collect();
        self.trace.snapshots.push(Snapshot { frames, resume });
        SnapId(self.trace.snapshots.len() as u32 - 1)
    }

    fn frame(&mut self, text: &str) -> SnapFrame {
        let (ip, slots) = text.split_once('[').expect("@ip[slots]");
        let (code, globals) = place();
        let slots = self.slots(slots.trim_end_matches(']'));
        let (ip, ret) = (number(ip) as u32, Ret::Push);
        SnapFrame { code, globals, ip, sp: -1, exc: 0, ret, generator: Ref::NONE, slots }
    }
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or_else(|_| panic!("number {word}?"))
}

/// A function and its globals for snapshots to name.
pub fn place() -> (&'static Code, Gc<Dict>) {
    thread_local! {
        static PLACE: OnceCell<(&'static Code, Gc<Dict>)> = const { OnceCell::new() };
    }
    PLACE.with(|place| *place.get_or_init(make_place))
}

fn make_place() -> (&'static Code, Gc<Dict>) {
    let heap = Box::leak(Box::new(Heap::new()));
    let name = heap.alloc(Str::new("test".into()));
    let unit = Box::leak(Box::new(Unit { file: name, qstrs: Vec::new(), consts: Vec::new() }));
    let code = Code {
        id: 0,
        ops: &[],
        bytes: &[],
        prelude: prelude(),
        n_state: 16,
        n_exc: 0,
        n_pos: 0,
        n_kwonly: 0,
        n_def_pos: 0,
        is_generator: false,
        has_varargs: false,
        has_varkw: false,
        is_simple: true,
        enters: Default::default(),
        resumes: Default::default(),
        native_entry: Default::default(),
        name,
        arg_names: Vec::new(),
        cells: Vec::new(),
        unit,
        home: Default::default(),
        roams: Default::default(),
        children: Vec::new(),
        debug: None,
        lines: Default::default(),
        object: std::cell::Cell::new(Value::NULL),
    };
    (Box::leak(Box::new(code)), heap.alloc(Dict::new(Kind::Dict)))
}

fn prelude() -> Prelude {
    Prelude {
        n_state: 16,
        n_exc_stack: 0,
        flags: ScopeFlags(0),
        n_pos_args: 0,
        n_kwonly_args: 0,
        n_def_pos_args: 0,
        name: 0,
        arg_names: Vec::new(),
        line_table: 0..0,
        cells: Vec::new(),
        code_start: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_a_round_trip() {
        let text = "[%0:int, %1:ref]\n\
            %2 = getfield_i(%1, list.len)\n\
            %3 = uint_lt(%0, %2)\n\
            guard_true(%3) @12[2=%1, 3=%0] @4[0=#7]\n\
            guard_class(%1, List) ! @12[]\n\
            %6 = float_add(1.5, -2.0)\n\
            %7 = new_tuple(%1, None, ref:1f00) sunk\n\
            addslot_instance(%1, %7, 3:12)\n\
            jump_self(%0, true)\n";
        assert_eq!(parse(text).trace.to_string(), text);
    }
}
