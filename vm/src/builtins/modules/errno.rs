//! `errno`.

use crate::builtins::ModuleDef;
use crate::builtins::errno_names::ERRNO_NAMES;
use crate::object::value::Value;

pub const MODULE: ModuleDef = ModuleDef {
    name: "errno",
    functions: &[],
    setup: Some(|vm, names| {
        let codes = vm.new_dict();
        for (number, name) in ERRNO_NAMES {
            vm.define(names, name, Value::small(*number));
            let text = vm.str(*name);
            if vm.dict_set(codes, Value::small(*number), text).is_err() {
                return;
            }
        }
        vm.define(names, "errorcode", codes.into());
    }),
};
