//! Names of the runtime's functions that machine code calls, and the numbers by which the marker knows them.
//!
//! Functions that are known when a trace is compiled are numbered as they come up. What a runtime operation does depends
//! on its operands (`a + b` joins strings or adds big ints), so its number is made when it runs: the operation, the
//! operator and the kinds, packed. Nobody has to be told of those, since the name follows from the number.

use rustc_hash::FxHashMap;

use vm::builtins::{MODULES, TYPES};
use vm::bytecode::BinaryOp;
use vm::interp::residual::Rt;
use vm::object::function::NativeDef;
use vm::object::kind::Kind;
use vm::object::value::Value;

/// Numbers with this bit are packed operations.
const PACKED: u32 = 1 << 30;
/// The interpreter, as something that machine code calls.
pub const INTERPRETER: u32 = PACKED - 1;
const KIND_BITS: u32 = 6;
const _: () =
    assert!(Kind::ALL.len() <= 1 << KIND_BITS && Rt::ALL.len() <= 1 << 6 && BinaryOp::ALL.len() <= 64);

/// The names of functions that are known when a trace is compiled.
#[derive(Default)]
pub struct Helpers {
    numbers: FxHashMap<String, u32>,
    names: Vec<String>,
    /// How many of them the log has.
    told: usize,
}

impl Helpers {
    /// The number of a name, from 1.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        let number = self.names.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Numbers and names that were not given out before.
    pub fn news(&mut self) -> impl Iterator<Item = (u32, &str)> {
        let first = std::mem::replace(&mut self.told, self.names.len());
        self.names.iter().enumerate().skip(first).map(|(n, name)| (n as u32 + 1, name.as_str()))
    }
}

/// `list.append`, `time.sleep`, `len`.
pub fn name_of_native(def: &NativeDef) -> String {
    let same = |row: &NativeDef| row.name == def.name && std::ptr::fn_addr_eq(row.call, def.call);
    let types = TYPES.iter().copied().flatten().map(|row| (row.kind.type_name(), row.methods));
    let modules = MODULES.iter().copied().flatten().map(|module| (module.name, module.functions));
    let owner = types.chain(modules).find(|(_, rows)| rows.iter().any(same));
    owner.map_or_else(|| def.name.to_owned(), |(owner, _)| format!("{owner}.{}", def.name))
}

/// What the operation is called depends on its operands' kinds.
pub fn is_named_by_operands(rt: Rt) -> bool {
    matches!(
        rt,
        Rt::Binary
            | Rt::BinaryPlain
            | Rt::SetItem
            | Rt::GetItem
            | Rt::GetItemPlain
            | Rt::Iter
            | Rt::IterPlain
            | Rt::Truth
            | Rt::Unpack
    )
}

/// The number of a runtime operation with these operands.
#[inline]
pub fn number_of_operation(rt: Rt, imm: u64, args: &[Value]) -> u32 {
    let kind = |n: usize| args.get(n).map_or(0, |value| value.kind() as u32);
    let (op, a, b) = match rt {
        Rt::Binary | Rt::BinaryPlain => (imm as u32 & 63, kind(0), kind(1)),
        Rt::SetItem => (0, kind(1), 0),
        Rt::GetItem | Rt::GetItemPlain | Rt::Iter | Rt::IterPlain | Rt::Truth | Rt::Unpack => (0, kind(0), 0),
        _ => (0, 0, 0),
    };
    PACKED | rt as u32 | op << 6 | a << 12 | b << (12 + KIND_BITS)
}

/// The name of a number that the marker showed, if it is a packed one.
pub fn name_of_operation(number: u32) -> Option<String> {
    if number == INTERPRETER {
        return Some("interpreter".to_owned());
    }
    let packed = number & PACKED != 0;
    let rt = Rt::from_index((number & 63) as u8).filter(|_| packed)?;
    let kind = |shift: u32| Kind::ALL.get((number >> shift & 63) as usize).copied().unwrap_or(Kind::Null);
    let (a, b) = (kind(12), kind(12 + KIND_BITS));
    Some(match rt {
        Rt::Binary | Rt::BinaryPlain => {
            let op = BinaryOp::from_index((number >> 6 & 63) as u8).unwrap_or(BinaryOp::Add);
            binary(op.without_assignment(), a, b)
        }
        Rt::GetItem | Rt::GetItemPlain if is_table(a) => "dict lookup".to_owned(),
        Rt::GetItem | Rt::GetItemPlain => format!("{} item", a.type_name()),
        Rt::SetItem if is_table(a) => "dict store".to_owned(),
        Rt::SetItem => format!("{} item store", a.type_name()),
        Rt::Iter | Rt::IterPlain => format!("iterator of {}", a.type_name()),
        Rt::Truth => format!("truth of {}", a.type_name()),
        Rt::Unpack => format!("unpack {}", a.type_name()),
        rt => plain(rt).to_owned(),
    })
}

fn is_table(kind: Kind) -> bool {
    matches!(kind, Kind::Dict | Kind::OrderedDict)
}

fn binary(op: BinaryOp, a: Kind, b: Kind) -> String {
    let numbers = |kind: Kind| matches!(kind, Kind::Int | Kind::BigInt | Kind::Bool);
    let verb = verb(op).filter(|_| numbers(a) && numbers(b));
    match verb {
        Some(verb) => format!("big-int {verb}"),
        // What is searched stands behind.
        _ if op == BinaryOp::In => format!("search in {}", b.type_name()),
        _ if op == BinaryOp::Add && is_sequence(a) && a == b => format!("{} concat", noun(a)),
        _ if op == BinaryOp::Multiply && (is_sequence(a) || is_sequence(b)) => {
            format!("{} repeat", noun(if is_sequence(a) { a } else { b }))
        }
        _ if op == BinaryOp::Modulo && a == Kind::Str => "string format".to_owned(),
        _ => format!("{} {} {}", a.type_name(), op.as_str(), b.type_name()),
    }
}

fn is_sequence(kind: Kind) -> bool {
    matches!(kind, Kind::Str | Kind::Bytes | Kind::Bytearray | Kind::List | Kind::Tuple)
}

fn noun(kind: Kind) -> &'static str {
    if kind == Kind::Str { "string" } else { kind.type_name() }
}

/// What an operator does with big ints.
fn verb(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "add",
        BinaryOp::Subtract => "subtract",
        BinaryOp::Multiply => "multiply",
        BinaryOp::FloorDivide | BinaryOp::TrueDivide => "divide",
        BinaryOp::Modulo => "modulo",
        BinaryOp::Power => "power",
        BinaryOp::Lshift | BinaryOp::Rshift => "shift",
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => "bit operation",
        BinaryOp::Less | BinaryOp::More | BinaryOp::LessEqual | BinaryOp::MoreEqual => "compare",
        BinaryOp::Equal | BinaryOp::NotEqual => "compare",
        _ => return None,
    })
}

/// Operations whose name does not depend on the operands.
fn plain(rt: Rt) -> &'static str {
    match rt {
        Rt::Unary => "unary operator",
        Rt::GetAttr => "attribute lookup",
        Rt::SuperMethod => "super lookup",
        Rt::SetAttr => "attribute store",
        Rt::Next => "next item",
        Rt::Call => "call",
        Rt::MakeGenerator => "new generator",
        Rt::ConstructPlain => "constructor",
        Rt::CallMethod => "method call",
        Rt::CallStar => "call with stars",
        Rt::BuildSet => "new set",
        Rt::BuildDict => "new dict",
        Rt::BuildSlice => "new slice",
        Rt::StoreMap => "dict store",
        Rt::ListAppend => "list append",
        Rt::SetAdd => "set add",
        Rt::UnpackEx => "unpack with star",
        Rt::Raise | Rt::RaisePlain => "new exception",
        Rt::CallExit | Rt::ExitRaised => "call of __exit__",
        Rt::TraceLine => "traceback line",
        rt => rt.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_and_is_told_once() {
        let mut helpers = Helpers::default();
        assert_eq!((helpers.number("a"), helpers.number("b"), helpers.number("a")), (1, 2, 1));
        assert_eq!(helpers.news().collect::<Vec<_>>(), [(1, "a"), (2, "b")]);
        helpers.number("c");
        assert_eq!(helpers.news().collect::<Vec<_>>(), [(3, "c")]);
    }

    #[test]
    fn operations_are_named_by_what_they_do() {
        let packed = |rt: Rt, op: BinaryOp, a: Kind, b: Kind| {
            let number = PACKED | rt as u32 | (op as u32) << 6 | (a as u32) << 12 | (b as u32) << 18;
            name_of_operation(number).unwrap()
        };
        let named = [
            (packed(Rt::BinaryPlain, BinaryOp::InplaceAdd, Kind::Str, Kind::Str), "string concat"),
            (packed(Rt::Binary, BinaryOp::Multiply, Kind::BigInt, Kind::Int), "big-int multiply"),
            (packed(Rt::Binary, BinaryOp::Multiply, Kind::Int, Kind::List), "list repeat"),
            (packed(Rt::Binary, BinaryOp::In, Kind::Int, Kind::List), "search in list"),
            (packed(Rt::Binary, BinaryOp::Or, Kind::Set, Kind::Set), "set | set"),
            (packed(Rt::GetItem, BinaryOp::Less, Kind::Dict, Kind::Null), "dict lookup"),
            (packed(Rt::GetItemPlain, BinaryOp::Less, Kind::Bytes, Kind::Null), "bytes item"),
        ];
        for (name, expected) in named {
            assert_eq!(name, expected);
        }
        assert_eq!(name_of_operation(1), None);
    }

    #[test]
    fn every_operation_has_words() {
        for rt in Rt::ALL {
            let name = name_of_operation(number_of_operation(*rt, 0, &[])).unwrap();
            assert!(!name.contains('_') || name.contains("__") || name.contains("NULL"), "{name}");
        }
    }
}
