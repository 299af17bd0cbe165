//! `value[index]`, reading, writing and deleting.

use crate::builtins;
use crate::error::R;
use crate::object::class::Class;
use crate::object::dict::Dict;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Range, Tuple};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `value[index]`.
    pub fn get_item(&mut self, value: Value, index: Value) -> R {
        match value.kind() {
            Kind::Bytes | Kind::Bytearray if index.is_small() => self.get_byte(value, index),
            Kind::Dict | Kind::OrderedDict => self.get_dict_item(value, index),
            Kind::List | Kind::Tuple | Kind::Str | Kind::Bytes | Kind::Bytearray | Kind::Range
                if index.kind() != Kind::Slice =>
            {
                self.get_sequence_item(value, index)
            }
            _ => self.get_other_item(value, index),
        }
    }

    fn get_byte(&mut self, value: Value, index: Value) -> R {
        let Some(bytes) = value.cast::<Bytes>() else { return Ok(Value::NONE) };
        let (n, len) = (index.small_unchecked(), bytes.data.len() as i64);
        match bytes.data.get((if n < 0 { n + len } else { n }) as usize) {
            Some(byte) => Ok(Value::small(byte as i64)),
            None => self.get_sequence_item(value, index),
        }
    }

    /// A byte of a bytearray gets a new value, if this is as simple as that.
    #[inline]
    fn set_byte(value: Value, index: Value, item: Value) -> bool {
        let (Some(bytes), Some(n)) = (value.cast::<Bytes>(), index.as_small()) else { return false };
        let n = if n < 0 { n + bytes.data.len() as i64 } else { n };
        match item.as_small() {
            Some(byte @ 0..=255) if (n as usize) < bytes.data.len() => {
                bytes.data.set(n as usize, byte as u8);
                true
            }
            _ => false,
        }
    }

    fn get_dict_item(&mut self, value: Value, key: Value) -> R {
        let Some(dict) = value.cast::<Dict>() else { return Ok(Value::NONE) };
        match self.dict_get(dict, key)? {
            Some(value) => Ok(value),
            None => Err(self.key_error(key)),
        }
    }

    fn get_sequence_item(&mut self, value: Value, index: Value) -> R {
        let i = self.sequence_index(value, index)?;
        Ok(match value.kind() {
            Kind::List => value.cast::<List>().map_or(Value::NONE, |l| l.items.at(i)),
            Kind::Tuple => value.cast::<Tuple>().map_or(Value::NONE, |t| t.items()[i]),
            Kind::Range => {
                let (start, step) = value.cast::<Range>().map_or((0, 1), |r| (r.start, r.step));
                self.int(start + i as i64 * step)
            }
            Kind::Str => self.char_at(value, i),
            _ => Value::small(value.cast::<Bytes>().map_or(0, |b| b.data.at(i) as i64)),
        })
    }

    fn char_at(&mut self, value: Value, i: usize) -> Value {
        let Some(text) = value.cast::<Str>() else { return Value::NONE };
        let c = if text.is_ascii() {
            text.text.as_bytes()[i] as char
        } else {
            text.text[text.offset(i)..].chars().next().unwrap_or('\0')
        };
        self.char(c)
    }

    /// A valid index into a built-in sequence; negative ones count from the end.
    pub fn sequence_index(&mut self, value: Value, index: Value) -> R<usize> {
        let n = self.index_arg(value, index)?;
        let len = self.builtin_len(value).unwrap_or(0);
        self.index_within(value, n, len)
    }

    /// The number in an index into `value`. It may be an object with code of its own: whoever needs the length asks for
    /// it afterwards.
    pub fn index_arg(&mut self, value: Value, index: Value) -> R<i64> {
        match index.as_small() {
            Some(n) => Ok(n),
            None if matches!(index.kind(), Kind::Bool | Kind::BigInt | Kind::Instance) => {
                self.index_of_item(index)
            }
            None => {
                let (name, other) = (self.type_name(value), self.type_name(index));
                let message = match value.kind() {
                    Kind::Str => format!("string indices must be integers, not '{other}'"),
                    Kind::Bytes => format!("byte indices must be integers or slices, not {other}"),
                    _ => format!("{name} indices must be integers or slices, not {other}"),
                };
                Err(self.type_error(message))
            }
        }
    }

    /// Number `n`, counted from the end if negative, if there are so many items.
    pub fn index_within(&mut self, value: Value, n: i64, len: usize) -> R<usize> {
        let n = if n < 0 { n + len as i64 } else { n };
        if n < 0 || n >= len as i64 {
            let name = match value.kind() {
                Kind::Str => "string ".to_owned(),
                Kind::Bytes => "".to_owned(),
                _ => self.type_name(value) + " ",
            };
            return Err(self.index_error(format!("{name}index out of range")));
        }
        Ok(n as usize)
    }

    /// Where an item is looked for: a number that no sequence is long enough for is an IndexError.
    fn index_of_item(&mut self, index: Value) -> R<i64> {
        let number = self.to_index(index)?;
        match number.as_small() {
            Some(n) => Ok(n),
            None => {
                let name = self.type_name(index);
                Err(self.index_error(format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }

    fn get_other_item(&mut self, value: Value, index: Value) -> R {
        if let Some(result) = builtins::get_item(self, value, index)? {
            return Ok(result);
        }
        if let Some(method) = self.special(value, self.names.getitem) {
            return self.call_special(method, &[value, index]);
        }
        if value.kind() == Kind::Class
            && let Some(method) = self.find_attr(value, self.names.class_getitem)?
        {
            return self.call(method, &[index]);
        }
        if value.cast::<Class>().is_some_and(is_generic) {
            return self.call_library("types", "GenericAlias", &[value, index]);
        }
        match self.wrapped(value) {
            Some(inner) => self.get_item(inner, index),
            None => {
                let name = self.type_name(value);
                Err(self.type_error(format!("'{name}' object isn't subscriptable")))
            }
        }
    }

    /// `value[index] = item`; a NULL item deletes.
    pub fn set_item(&mut self, value: Value, index: Value, item: Value) -> R<()> {
        match value.kind() {
            Kind::Dict | Kind::OrderedDict => {
                let Some(dict) = value.cast::<Dict>() else { return Ok(()) };
                if !item.is_null() {
                    return self.dict_set(dict, index, item);
                }
                match self.dict_remove(dict, index)? {
                    Some(_) => Ok(()),
                    None => Err(self.key_error(index)),
                }
            }
            Kind::List if index.kind() != Kind::Slice => self.set_list_item(value, index, item),
            Kind::Bytearray if Vm::set_byte(value, index, item) => Ok(()),
            _ => self.set_other_item(value, index, item),
        }
    }

    fn set_list_item(&mut self, value: Value, index: Value, item: Value) -> R<()> {
        let Some(list) = value.cast::<List>() else { return Ok(()) };
        let i = self.sequence_index(value, index)?;
        if item.is_null() {
            list.items.edit(|items| items.remove(i));
        } else {
            list.items.set(i, item);
        }
        Ok(())
    }

    fn set_other_item(&mut self, value: Value, index: Value, item: Value) -> R<()> {
        if builtins::set_item(self, value, index, item)? {
            return Ok(());
        }
        let name = if item.is_null() { self.names.delitem } else { self.names.setitem };
        if let Some(method) = self.special(value, name) {
            let args = [value, index, item];
            return self.call_special(method, &args[..if item.is_null() { 2 } else { 3 }]).map(|_| ());
        }
        match self.wrapped(value) {
            Some(inner) => self.set_item(inner, index, item),
            None => {
                self.check_other_way(value, index, item)?;
                let name = self.type_name(value);
                let what = if item.is_null() { "deletion" } else { "assignment" };
                Err(self.type_error(format!("'{name}' object doesn't support item {what}")))
            }
        }
    }

    /// What becomes visible before it turns out that an item cannot be set or deleted: a class with one of the two methods
    /// lacks an attribute, and whatever could be a sequence asks the index for its number.
    fn check_other_way(&mut self, value: Value, index: Value, item: Value) -> R<()> {
        let (name, other) = if item.is_null() {
            (self.names.delitem, self.names.setitem)
        } else {
            (self.names.setitem, self.names.delitem)
        };
        if self.special(value, other).is_some() {
            return Err(self.attribute_error(&name.text));
        }
        let sequence = matches!(
            value.kind(),
            Kind::Instance
                | Kind::Str
                | Kind::Bytes
                | Kind::Tuple
                | Kind::Range
                | Kind::Set
                | Kind::Frozenset
        );
        if sequence && self.has_index(index) {
            self.index_of_item(index)?;
        }
        Ok(())
    }
}

/// Built-in classes that annotations give arguments: `list[int]`.
fn is_generic(class: Gc<Class>) -> bool {
    use Kind::{Dict, Frozenset, List, OrderedDict, Set, Tuple};
    let takes = |kind| matches!(kind, List | Tuple | Dict | OrderedDict | Set | Frozenset | Kind::Class);
    class.native.or(class.native_base).is_some_and(takes) || &*class.name.text == "deque"
}
