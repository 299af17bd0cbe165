//! Looking for keys in dicts and sets without running Python code.
//!
//! Whoever relies on a lookup having no effects (machine code that keeps what it knows of memory) asks here. Where
//! an `__eq__` or `__hash__` written in Python would have a say, the answer is [`Lookup::Unsure`].

use crate::object::dict::Dict;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

/// Where a key is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// In this entry.
    At(usize),
    Missing,
    /// Only the complete lookup can tell.
    Unsure,
}

impl Lookup {
    /// The entry's number, -1 if the key is missing, -2 if that is not sure.
    pub fn number(self) -> i64 {
        match self {
            Lookup::At(n) => n as i64,
            Lookup::Missing => -1,
            Lookup::Unsure => -2,
        }
    }
}

impl Vm {
    /// Looks for `key`.
    pub fn lookup(&mut self, dict: Gc<Dict>, key: Value) -> Lookup {
        if let Some(name) = key.cast::<Str>() {
            return found(dict.find(name.hash(), |other| self.same_text(other, name)));
        }
        if !self.is_plain_key(key) {
            return Lookup::Unsure;
        }
        let Ok(hash) = self.hash(key) else { return Lookup::Unsure };
        found(dict.find(hash, |other| self.same_plain(other, key)))
    }

    fn same_text(&mut self, other: Value, name: Gc<Str>) -> Result<bool, ()> {
        if other == name.into() {
            return Ok(true);
        }
        match other.cast::<Str>() {
            Some(other) => Ok(Str::same(other, name)),
            None if self.is_plain_key(other) => Ok(false),
            None => Err(()),
        }
    }

    /// Hashing and comparing it is built in.
    fn is_plain_key(&mut self, key: Value) -> bool {
        match key.kind() {
            Kind::Int | Kind::Str | Kind::Bool | Kind::None | Kind::Float | Kind::BigInt | Kind::Bytes => {
                true
            }
            Kind::Class | Kind::Function | Kind::Native => true,
            Kind::Tuple => {
                key.cast::<Tuple>().is_some_and(|t| t.items().iter().all(|item| self.is_plain_key(*item)))
            }
            Kind::Instance => self.has_identity_only(key),
            _ => false,
        }
    }

    fn has_identity_only(&mut self, instance: Value) -> bool {
        self.special(instance, self.names.eq).is_none()
            && self.special(instance, self.names.hash).is_none()
            && self.wrapped(instance).is_none()
    }

    fn same_plain(&mut self, other: Value, key: Value) -> Result<bool, ()> {
        if other == key {
            return Ok(true);
        }
        if other.both_small(key) {
            return Ok(false);
        }
        if !self.is_plain_key(other) {
            return Err(());
        }
        self.equal(other, key).map_err(|_| ())
    }
}

fn found(result: Result<Option<usize>, ()>) -> Lookup {
    match result {
        Ok(Some(n)) => Lookup::At(n),
        Ok(None) => Lookup::Missing,
        Err(()) => Lookup::Unsure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::testing;

    #[test]
    fn built_in_keys_are_found_and_containers_are_not_sure() {
        let mut vm = testing::vm();
        let dict = vm.new_dict();
        let (name, number) = (vm.str("name"), Value::small(7));
        let pair = vm.tuple(&[name, number]);
        for key in [name, number, pair, Value::NONE] {
            vm.dict_set(dict, key, Value::NONE).expect("hashable");
        }
        let twin = vm.str("name");
        let other_pair = vm.tuple(&[twin, number]);
        assert_eq!(vm.lookup(dict, twin), Lookup::At(0));
        assert_eq!(vm.lookup(dict, other_pair), Lookup::At(2));
        assert_eq!(vm.lookup(dict, Value::small(8)), Lookup::Missing);
        let list = vm.list(Vec::new());
        assert_eq!(vm.lookup(dict, list), Lookup::Unsure);
    }
}
