//! `_collections`: named tuples and deques; `collections` adds the rest in Python.

use crate::builtins::ModuleDef;
use crate::builtins::define::MANY;
use crate::error::R;
use crate::object::class::Class;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    functions: &[NativeDef::any("namedtuple", namedtuple, 2, 2).keywords()],
    setup: Some(|vm, names| {
        let ordered = vm.types.of(Kind::OrderedDict);
        vm.define(names, "OrderedDict", ordered.into());
        let deque = crate::builtins::types::deque::class(vm);
        vm.define(names, "deque", deque.into());
    }),
};

const NEW: NativeDef = NativeDef::any("__new__", new_tuple, 1, MANY).keywords();
const MAKE: &[NativeDef] = &[NativeDef::any("_make", make, 2, 2)];
const METHODS: &[NativeDef] =
    &[NativeDef::reads("_asdict", asdict, 1, 1), NativeDef::any("_replace", replace, 1, 1).keywords()];

fn namedtuple(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[0])?;
    let fields = match args.pos[1].cast::<Str>() {
        Some(text) => {
            let parts = text.get().text.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty());
            parts.map(|part| vm.intern(part).into()).collect()
        }
        None => {
            let list = vm.collect_list(args.pos[1])?;
            list.items.iter().map(|field| vm.name_arg(field).map(Value::from)).collect::<R<Vec<Value>>>()?
        }
    };
    let class = vm.named_tuple_class(name, &fields)?;
    if let Some(defaults) = args.keyword("defaults").filter(|d| !d.is_none()) {
        let defaults = vm.collect_list(defaults)?;
        let defaults = vm.tuple(defaults.items.slice());
        vm.define(class.attrs, "_defaults", defaults);
    }
    Ok(class.into())
}

impl Vm {
    /// A class of tuples with named fields.
    pub(crate) fn named_tuple_class(&mut self, name: Gc<Str>, fields: &[Value]) -> R<Gc<Class>> {
        let attrs = self.new_dict();
        let fields = self.tuple(fields);
        self.define(attrs, "_fields", fields);
        let new = self.native(&NEW);
        let new = self.static_method(new);
        attrs.set_name(self.names.new, new);
        self.install_class_methods(attrs, MAKE);
        METHODS.iter().for_each(|def| self.install(attrs, def));
        let base = self.types.of(Kind::Tuple);
        self.new_class(name, &[base.into()], attrs)
    }

    /// A tuple of `class`.
    pub(crate) fn named_tuple(&mut self, class: Gc<Class>, items: &[Value]) -> Value {
        let tuple = self.new_tuple(items);
        tuple.class.set(class.into());
        tuple.into()
    }

    /// A tuple whose items are also attributes.
    pub(crate) fn attr_tuple(&mut self, name: &str, fields: &[&str], items: &[Value]) -> R {
        let fields: Vec<Value> = fields.iter().map(|field| self.intern(field).into()).collect();
        let name = self.intern(name);
        let class = self.named_tuple_class(name, &fields)?;
        Ok(self.named_tuple(class, items))
    }

    fn tuple_attr(&mut self, class: Gc<Class>, name: &str) -> Vec<Value> {
        let name = self.intern(name);
        let found = self.find_in_class(class, name).and_then(|f| f.cast::<Tuple>());
        found.map_or(Vec::new(), |t| t.get().items().to_vec())
    }
}

fn new_tuple(vm: &mut Vm, args: Args<'_>) -> R {
    let class = vm.class_arg(args.pos[0])?;
    let fields = vm.tuple_attr(class, "_fields");
    let defaults = vm.tuple_attr(class, "_defaults");
    let given = &args.pos[1..];
    let mut items = vec![Value::NULL; fields.len()];
    let first_default = fields.len() - defaults.len().min(fields.len());
    items[first_default..]
        .copy_from_slice(&defaults[defaults.len().min(fields.len()) - (fields.len() - first_default)..]);
    let known: Vec<Value> = args.kw.chunks_exact(2).map(|pair| pair[0]).collect();
    for pair in args.kw.chunks_exact(2) {
        let name = vm.name_arg(pair[0])?;
        match fields.iter().position(|field| *field == name.into()) {
            Some(i) if i < given.len() => {
                let message = format!("function got multiple values for argument '{}'", name.text);
                return Err(vm.type_error(message));
            }
            Some(i) => items[i] = pair[1],
            None => return Err(vm.type_error(format!("unexpected keyword argument '{}'", name.text))),
        }
    }
    if given.len() <= fields.len() {
        items[..given.len()].copy_from_slice(given);
    }
    if given.len() > fields.len() || items.iter().any(|item| item.is_null()) {
        let (name, takes, got) = (&class.name.text, fields.len(), given.len() + known.len());
        return Err(
            vm.type_error(format!("{name}() takes {takes} positional arguments but {got} were given"))
        );
    }
    Ok(vm.named_tuple(class, &items))
}

fn make(vm: &mut Vm, args: Args<'_>) -> R {
    let items = vm.collect_list(args.pos[1])?;
    vm.call(args.pos[0], &items.items.to_vec())
}

fn asdict(vm: &mut Vm, args: Args<'_>) -> R {
    let tuple = vm.receiver::<Tuple>(args.pos[0])?;
    let dict: Gc<Dict> = vm.new_table(Kind::OrderedDict);
    let fields = vm.tuple_attr(vm.class_of(tuple.into()), "_fields");
    for (field, item) in fields.into_iter().zip(tuple.items()) {
        vm.dict_set(dict, field, *item)?;
    }
    Ok(dict.into())
}

fn replace(vm: &mut Vm, args: Args<'_>) -> R {
    let tuple = vm.receiver::<Tuple>(args.pos[0])?;
    let class = vm.class_of(tuple.into());
    let fields = vm.tuple_attr(class, "_fields");
    let mut items = tuple.items().to_vec();
    for pair in args.kw.chunks_exact(2) {
        let name = vm.name_arg(pair[0])?;
        match fields.iter().position(|field| *field == name.into()) {
            Some(i) => items[i] = pair[1],
            None => return Err(vm.value_error(format!("unexpected field name '{}'", name.text))),
        }
    }
    Ok(vm.named_tuple(class, &items))
}
