//! `sorted` and `list.sort`.
//!
//! What is sorted is a vector of *indices* into lists on the heap, so a collection during a comparison
//! finds every value. Keys that are compared without running Python code are merged; `timsort` compares all others. While that goes on the list is empty, as in
//! CPython; what code of the program's puts into it meanwhile is lost, and told of.

use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::sequence::List;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[NativeDef::any("sorted", sorted, 1, 1).keywords()];

fn sorted(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.collect_list(args.pos[0])?;
    vm.sort_list(list, args)?;
    Ok(list.into())
}

impl Vm {
    /// Sorts `list` by the keywords `key` and `reverse`.
    pub(crate) fn sort_list(&mut self, list: Gc<List>, args: Args<'_>) -> R<()> {
        let known = |name: Value| name.cast::<Str>().is_some_and(|n| matches!(&*n.text, "key" | "reverse"));
        if args.kw.chunks_exact(2).any(|pair| !known(pair[0])) {
            return Err(self.type_error("extra keyword arguments given"));
        }
        let reverse = match args.keyword("reverse") {
            Some(reverse) => self.index_value(reverse)? != 0,
            None => false,
        };
        self.reserve_many(list.items.len(), 16)?;
        let items = self.new_list(list.items.edit(std::mem::take));
        let mut order: Vec<u32> = (0..items.items.len() as u32).collect();
        let result = self.sort_items(items, args.keyword("key"), reverse, &mut order);
        let untouched = list.items.is_empty() && list.items.capacity() == 0;
        let sorted = order.iter().map(|i| items.items.at(*i as usize)).collect();
        list.items.edit(|items| *items = sorted);
        result?;
        if untouched { Ok(()) } else { Err(self.value_error("list modified during sort")) }
    }

    fn sort_items(&mut self, items: Gc<List>, key: Option<Value>, reverse: bool, order: &mut [u32]) -> R<()> {
        let keys = match key.filter(|key| !key.is_none()) {
            Some(key) => self.sort_keys(items, key)?,
            None => items,
        };
        let kept = self.roots.len();
        self.roots.extend([Value::from(keys), items.into()]);
        let result = self.sort_order(keys, reverse, order);
        self.roots.truncate(kept);
        result
    }

    fn sort_keys(&mut self, items: Gc<List>, key: Value) -> R<Gc<List>> {
        let keys = self.new_list(Vec::with_capacity(items.items.len()));
        let kept = self.roots.len();
        self.roots.extend([Value::from(keys), items.into()]);
        let mut result = Ok(());
        for i in 0..items.items.len() {
            match self.call(key, &[items.items.at(i)]) {
                Ok(rank) => keys.items.push(rank),
                Err(raise) => {
                    result = Err(raise);
                    break;
                }
            }
        }
        self.roots.truncate(kept);
        result.map(|()| keys)
    }

    /// Sorts the indices of `keys`. Equal keys stay in order, also when reversed. After an error it is some order.
    fn sort_order(&mut self, keys: Gc<List>, reverse: bool, order: &mut [u32]) -> R<()> {
        if reverse {
            order.reverse();
        }
        let result = match Simple::of(keys.items.slice()) {
            Some(simple) => {
                let mut spare = if order.len() <= SIMPLE_AT_ONCE { Vec::new() } else { order.to_vec() };
                self.merge_sort(keys, order, &mut spare, simple)
            }
            None => self.sort_runs(keys, order),
        };
        if reverse {
            order.reverse();
        }
        result
    }

    fn merge_sort(&mut self, keys: Gc<List>, order: &mut [u32], spare: &mut [u32], simple: Simple) -> R<()> {
        self.poll()?;
        let n = order.len();
        if n <= SIMPLE_AT_ONCE {
            simple.sort(keys.items.slice(), order);
            return Ok(());
        }
        let mid = n / 2;
        self.merge_sort(keys, &mut order[..mid], &mut spare[..mid], simple)?;
        self.merge_sort(keys, &mut order[mid..], &mut spare[mid..], simple)?;
        if !self.less(keys.items.at(order[mid] as usize), keys.items.at(order[mid - 1] as usize))? {
            return Ok(());
        }
        spare.copy_from_slice(order);
        let (mut left, mut right) = (0, mid);
        for slot in order.iter_mut() {
            let take_right = right < n
                && (left == mid
                    || self
                        .less(keys.items.at(spare[right] as usize), keys.items.at(spare[left] as usize))?);
            let from = if take_right { &mut right } else { &mut left };
            *slot = spare[*from];
            *from += 1;
        }
        Ok(())
    }
}

/// Items that are sorted without asking whether the program is interrupted.
const SIMPLE_AT_ONCE: usize = 1 << 18;

/// What keys are if they can be compared without running Python code.
#[derive(Clone, Copy)]
enum Simple {
    SmallInts,
    Texts,
    /// Floats, none of them NaN.
    Floats,
}

impl Simple {
    fn of(keys: &[Value]) -> Option<Simple> {
        if keys.iter().all(|k| k.is_small()) {
            Some(Simple::SmallInts)
        } else if keys.iter().all(|k| k.cast::<Str>().is_some()) {
            Some(Simple::Texts)
        } else if keys.iter().all(|k| k.as_float().is_some_and(|f| !f.is_nan())) {
            Some(Simple::Floats)
        } else {
            None
        }
    }

    fn sort(self, keys: &[Value], order: &mut [u32]) {
        let at = |i: &u32| keys[*i as usize];
        let number = |i: &u32| at(i).as_float().unwrap_or(0.0) + 0.0;
        match self {
            Simple::SmallInts => order.sort_by_key(|i| at(i).small_unchecked()),
            Simple::Texts => order.sort_by(|a, b| text(at(a)).cmp(text(at(b)))),
            Simple::Floats => order.sort_by(|a, b| number(a).total_cmp(&number(b))),
        }
    }
}

fn text<'a>(value: Value) -> &'a [u8] {
    value.cast::<Str>().map_or(&[], |s| s.get().text.as_bytes())
}
