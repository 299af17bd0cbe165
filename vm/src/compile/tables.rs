use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::{
    bytecode::Const,
    syntax::ast::{Name, Names},
};

/// The tables of the module being compiled. An entry's index is the order in which it was first used.
#[derive(Debug)]
pub(super) struct Tables {
    qstrs: Vec<Box<str>>,
    by_name: FxHashMap<Name, u32>,
    objects: Vec<Const>,
    /// Indices of the objects with the same digest.
    by_digest: FxHashMap<u64, Vec<u32>>,
}

impl Tables {
    /// The first qstr is the file's name.
    pub(super) fn new(names: &mut Names, filename: &str) -> Tables {
        let mut tables = Tables {
            qstrs: Vec::new(),
            by_name: FxHashMap::default(),
            objects: Vec::new(),
            by_digest: FxHashMap::default(),
        };
        let file = names.intern(filename);
        tables.qstr(names, file);
        tables
    }

    pub(super) fn qstr(&mut self, names: &Names, name: Name) -> u32 {
        *self.by_name.entry(name).or_insert_with(|| {
            self.qstrs.push(names.text(name).into());
            self.qstrs.len() as u32 - 1
        })
    }

    pub(super) fn object(&mut self, value: &Const) -> u32 {
        let alike = self.by_digest.entry(digest(value)).or_default();
        if let Some(found) = alike.iter().find(|&&index| is_same(&self.objects[index as usize], value)) {
            return *found;
        }
        self.objects.push(value.clone());
        let index = self.objects.len() as u32 - 1;
        alike.push(index);
        index
    }

    pub(super) fn into_parts(self) -> (Vec<Box<str>>, Vec<Const>) {
        (self.qstrs, self.objects)
    }
}

/// The same for all that are the same.
fn digest(value: &Const) -> u64 {
    let mut hasher = FxHasher::default();
    match value {
        Const::Float(value) => value.to_bits().hash(&mut hasher),
        Const::Complex(re, im) => [re, im].map(|part| (part + 0.0).to_bits()).hash(&mut hasher),
        Const::Str(bytes) | Const::Bytes(bytes) => bytes.hash(&mut hasher),
        Const::Int(value) => value.hash(&mut hasher),
        Const::Tuple(items) => items.iter().for_each(|item| digest(item).hash(&mut hasher)),
        Const::FunTable | Const::None | Const::False | Const::True | Const::Ellipsis => {}
    }
    hasher.finish()
}

/// Equal in type and value; zeros with different signs are different, and a NaN is itself.
fn is_same(a: &Const, b: &Const) -> bool {
    match (a, b) {
        (Const::Float(a), Const::Float(b)) => {
            let is_special = *a == 0.0 || a.is_nan();
            if is_special { a.to_bits() == b.to_bits() } else { a == b }
        }
        (Const::Tuple(a), Const::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        _ => a == b,
    }
}
