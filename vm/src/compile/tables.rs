use rustc_hash::FxHashMap;

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
}

impl Tables {
    /// The first qstr is the file's name.
    pub(super) fn new(names: &mut Names, filename: &str) -> Tables {
        let mut tables = Tables { qstrs: Vec::new(), by_name: FxHashMap::default(), objects: Vec::new() };
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
        let found = self.objects.iter().position(|other| is_same(other, value));
        let index = found.unwrap_or_else(|| {
            self.objects.push(value.clone());
            self.objects.len() - 1
        });
        index as u32
    }

    pub(super) fn into_parts(self) -> (Vec<Box<str>>, Vec<Const>) {
        (self.qstrs, self.objects)
    }
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
