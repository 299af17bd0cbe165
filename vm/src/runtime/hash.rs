//! Hashing, equality, and the dict operations that need them.

use num_traits::FromPrimitive;

use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::BoundMethod;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::number::{BigInt, Complex};
use crate::object::sequence::{Slice, Tuple};
use crate::object::text::{Bytes, Str, hash_bytes};
use crate::object::value::{SMALL_MIN, Value};
use crate::vm::Vm;

/// Every bit of `n` has a say in every bit of the hash, so neither multiples of large powers of two nor floats, which
/// differ in their upper bits, fall on few slots.
fn mix(n: u64) -> u32 {
    let product = u128::from(n ^ 0x243f_6a88_85a3_08d3) * 0x9e37_79b9_7f4a_7c15;
    let n = product as u64 ^ (product >> 64) as u64;
    (n ^ n >> 32) as u32
}

fn hash_big(n: &num_bigint::BigInt) -> u32 {
    hash_bytes(&n.to_signed_bytes_le())
}

impl Vm {
    /// The hash that dicts use; equal values have equal hashes.
    #[inline]
    pub fn hash(&mut self, value: Value) -> R<u32> {
        if let Some(s) = value.cast::<Str>() {
            return Ok(s.hash());
        }
        match value.as_small() {
            Some(n) => Ok(mix(n as u64)),
            None => self.hash_other(value),
        }
    }

    fn hash_other(&mut self, value: Value) -> R<u32> {
        match value.kind() {
            Kind::Bool => Ok(mix((value == Value::TRUE) as u64)),
            Kind::Float => Ok(hash_float(value.as_float().unwrap_or(0.0))),
            Kind::Complex => Ok(value.cast::<Complex>().map_or(1, |z| hash_complex(z.re, z.im))),
            Kind::BigInt => Ok(value.cast::<BigInt>().map_or(1, |b| hash_big(&b.value))),
            Kind::Bytes => Ok(value.cast::<Bytes>().map_or(1, |b| hash_bytes(b.data.slice()))),
            Kind::Memoryview => crate::builtins::hash_view(self, value),
            Kind::Tuple => self.hash_tuple(value),
            Kind::BoundMethod => Ok(value
                .cast::<BoundMethod>()
                .map_or(1, |m| mix(m.function.bits().rotate_left(32) ^ m.this.bits()))),
            Kind::Slice => self.hash_slice(value),
            Kind::Range | Kind::WideRange => crate::builtins::hash_range(self, value),
            Kind::Frozenset => self.hash_frozenset(value),
            Kind::Instance | Kind::Foreign => self.hash_instance(value),
            Kind::List | Kind::Dict | Kind::OrderedDict | Kind::Set | Kind::Bytearray | Kind::Array => {
                Err(self.unhashable(value))
            }
            _ => Ok(mix(value.bits())),
        }
    }

    fn unhashable(&mut self, value: Value) -> crate::error::Raise {
        let name = self.type_name(value);
        self.type_error(format!("unhashable type: '{name}'"))
    }

    fn hash_tuple(&mut self, value: Value) -> R<u32> {
        let Some(tuple) = value.cast::<Tuple>() else { return Ok(0) };
        self.check_native_stack()?;
        let mut hash = 0x345678u64;
        for item in tuple.items() {
            hash = (hash ^ self.hash(*item)? as u64).wrapping_mul(1_000_003);
        }
        Ok(mix(hash))
    }

    fn hash_slice(&mut self, value: Value) -> R<u32> {
        let Some(slice) = value.cast::<Slice>() else { return Ok(0) };
        let parts = self.tuple(&[slice.start, slice.stop, slice.step]);
        self.hash_tuple(parts)
    }

    fn hash_frozenset(&mut self, value: Value) -> R<u32> {
        let Some(set) = value.cast::<Dict>() else { return Ok(0) };
        self.check_native_stack()?;
        let keys: Vec<Value> = set.iter().map(|(k, _)| k).collect();
        keys.into_iter().try_fold(0u32, |sum, key| Ok(sum.wrapping_add(self.hash(key)?)))
    }

    fn hash_instance(&mut self, value: Value) -> R<u32> {
        match self.hash_by_method(value)? {
            Some(hash) => self.hash(hash),
            None => match self.wrapped(value) {
                Some(inner) => self.hash(inner),
                None => Ok(mix(value.bits())),
            },
        }
    }

    /// What `__hash__` says; `None` if the class has none. A class that defines `__eq__` alone has unhashable instances.
    pub(crate) fn hash_by_method(&mut self, value: Value) -> R<Option<Value>> {
        let class = self.class_of(value);
        for part in std::iter::once(class).chain(class.mro.iter().copied()).filter(|c| c.native.is_none()) {
            if let Some(method) = part.attrs.get_name(self.names.hash) {
                return self.call_hash(method, value).map(Some);
            }
            if part.attrs.get_name(self.names.eq).is_some() {
                return Err(self.unhashable(value));
            }
        }
        Ok(None)
    }

    fn call_hash(&mut self, method: Value, value: Value) -> R {
        if method.is_none() {
            return Err(self.unhashable(value));
        }
        let result = self.call_special(method, &[value])?;
        let inner = self.wrapped(result).unwrap_or(result);
        match inner.kind() {
            Kind::Int | Kind::Bool | Kind::BigInt => Ok(inner),
            _ => Err(self.type_error("__hash__ method should return an integer")),
        }
    }

    /// The value under `key`, if any.
    #[inline]
    pub fn dict_get(&mut self, dict: Gc<Dict>, key: Value) -> R<Option<Value>> {
        Ok(self.dict_find(dict, key)?.map(|n| dict.value_at(n)))
    }

    /// The number of `key`'s entry, if any.
    #[inline]
    pub fn dict_find(&mut self, dict: Gc<Dict>, key: Value) -> R<Option<usize>> {
        let hash = self.hash(key)?;
        self.dict_find_hashed(dict, hash, key)
    }

    /// The same if the hash is known. The number is that of an entry of now, whatever comparing has done.
    #[inline]
    pub fn dict_find_hashed(&mut self, dict: Gc<Dict>, hash: u32, key: Value) -> R<Option<usize>> {
        match dict.find(hash, |other| same_for_sure(other, key)) {
            Ok(found) => Ok(found),
            Err(Unsure) => self.dict_find_asking(dict, hash, key),
        }
    }

    #[inline(never)]
    fn dict_find_asking(&mut self, dict: Gc<Dict>, hash: u32, key: Value) -> R<Option<usize>> {
        dict.find_asking(hash, |other| self.same_key(other, key))
    }

    fn same_key(&mut self, a: Value, b: Value) -> R<bool> {
        if a == b {
            return Ok(true);
        }
        if let (Some(a), Some(b)) = (a.cast::<Str>(), b.cast::<Str>()) {
            return Ok(Str::same(a, b));
        }
        self.equal(a, b)
    }

    #[inline]
    pub fn dict_set(&mut self, dict: Gc<Dict>, key: Value, value: Value) -> R<()> {
        let hash = self.hash(key)?;
        self.dict_set_hashed(dict, hash, key, value)
    }

    #[inline]
    pub(crate) fn dict_set_hashed(&mut self, dict: Gc<Dict>, hash: u32, key: Value, value: Value) -> R<()> {
        match self.dict_find_hashed(dict, hash, key)? {
            Some(n) => dict.set_value(n, value),
            None => self.dict_insert(dict, hash, key, value)?,
        }
        Ok(())
    }

    /// The value under `key`, which gets this one if it has none.
    pub fn dict_set_default(&mut self, dict: Gc<Dict>, key: Value, value: Value) -> R {
        let hash = self.hash(key)?;
        match self.dict_find_hashed(dict, hash, key)? {
            Some(n) => Ok(dict.value_at(n)),
            None => self.dict_insert(dict, hash, key, value).map(|()| value),
        }
    }

    /// Adds a key that is missing.
    #[inline]
    pub fn dict_insert(&mut self, dict: Gc<Dict>, hash: u32, key: Value, value: Value) -> R<()> {
        self.reserve(dict.wants())?;
        dict.insert_new(hash, key, value);
        Ok(())
    }

    /// Makes a table hold what another one holds.
    pub fn dict_copy(&mut self, dict: Gc<Dict>, other: Gc<Dict>) -> R<()> {
        self.reserve(Dict::bytes_for(2 * other.len()))?;
        dict.copy_from(&other);
        Ok(())
    }

    /// Removes `key`; its value if it was there.
    pub fn dict_remove(&mut self, dict: Gc<Dict>, key: Value) -> R<Option<Value>> {
        Ok(self.dict_find(dict, key)?.map(|n| dict.remove(n)))
    }
}

/// Only `Vm::equal` can tell, which may run Python code.
struct Unsure;

#[inline(always)]
fn same_for_sure(a: Value, b: Value) -> Result<bool, Unsure> {
    if a == b {
        return Ok(true);
    }
    match (a.cast::<Str>(), b.cast::<Str>()) {
        (Some(a), Some(b)) => Ok(Str::same(a, b)),
        _ if a.both_small(b) => Ok(false),
        _ => Err(Unsure),
    }
}

/// Like the float, if there is no imaginary part.
fn hash_complex(re: f64, im: f64) -> u32 {
    if im == 0.0 { hash_float(re) } else { hash_float(re).wrapping_add(mix(im.to_bits())) }
}

/// Floats with an integer value hash as that integer.
fn hash_float(f: f64) -> u32 {
    if f.fract() != 0.0 || !f.is_finite() {
        return mix(f.to_bits());
    }
    if (SMALL_MIN as f64..-(SMALL_MIN as f64)).contains(&f) {
        return mix(f as i64 as u64);
    }
    num_bigint::BigInt::from_f64(f).map_or(1, |n| hash_big(&n))
}
