//! From a compiled module to code objects that can run.

use std::cell::Cell;

use crate::bytecode::{Const, Module, MpyError, Prelude, RawCode, ScopeFlags};
use crate::error::R;
use crate::interp::frame::Frame;
use crate::object::dict::Dict;
use crate::object::function::{Code, Function, Unit};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Loads a compiled module; its body becomes a function without parameters.
    pub fn load_module(&mut self, module: &Module) -> R<&'static Code> {
        let unit = self.load_unit(module);
        match self.load_code(&module.root, unit) {
            Ok(code) => Ok(code),
            Err(error) => Err(self.value_error(error.message())),
        }
    }

    /// A function object without defaults.
    pub fn function(&mut self, code: &'static Code, globals: Gc<Dict>) -> Value {
        self.function_with_defaults(code, globals, Value::NULL, Value::NULL)
    }

    pub fn function_with_defaults(
        &mut self,
        code: &'static Code,
        globals: Gc<Dict>,
        defaults: Value,
        kw_defaults: Value,
    ) -> Value {
        code.settle(globals);
        self.heap
            .alloc(Function { header: Header::new(Kind::Function), code, globals, defaults, kw_defaults })
            .into()
    }

    fn load_unit(&mut self, module: &Module) -> &'static Unit {
        if module.qstrs.iter().any(|name| **name == *"f_locals") {
            self.expect_frames_read();
        }
        let qstrs: Vec<_> = module.qstrs.iter().map(|q| self.intern(q)).collect();
        let file = qstrs.first().copied().unwrap_or(self.names.empty);
        let consts = module.objects.iter().map(|c| self.constant(c)).collect();
        Box::leak(Box::new(Unit { file, qstrs, consts }))
    }

    fn constant(&mut self, constant: &Const) -> Value {
        match constant {
            Const::FunTable | Const::None => Value::NONE,
            Const::False => Value::FALSE,
            Const::True => Value::TRUE,
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Str(bytes) => self.str(String::from_utf8_lossy(bytes).into_owned()),
            Const::Bytes(bytes) => self.bytes(bytes.to_vec()),
            Const::Int(n) => self.big(n.clone()),
            Const::Float(f) => self.float(*f),
            Const::Complex(re, im) => self.complex(*re, *im),
            Const::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|c| self.constant(c)).collect();
                self.tuple(&items)
            }
        }
    }

    fn load_code(&mut self, raw: &RawCode, unit: &'static Unit) -> Result<&'static Code, MpyError> {
        let bytes: &'static [u8] = Box::leak(raw.bytes.clone());
        let prelude = Prelude::decode(bytes)?;
        let name = |n: u32| unit.qstrs.get(n as usize).copied().ok_or(MpyError::Index);
        let arg_names = prelude.arg_names.iter().map(|n| name(*n)).collect::<Result<Vec<_>, _>>()?;
        let function_name = name(prelude.name)?;
        let children = raw.children.iter().map(|c| self.load_code(c, unit)).collect::<Result<Vec<_>, _>>()?;
        let flags = prelude.flags;
        if prelude.n_exc_stack >= u32::from(Frame::WATCHED) {
            return Err(MpyError::Prelude);
        }
        let code = Code {
            id: self.codes.len() as u32,
            ops: &bytes[prelude.code_start..],
            bytes,
            n_state: prelude.n_state as usize,
            n_exc: prelude.n_exc_stack as usize,
            n_pos: prelude.n_pos_args as usize,
            n_kwonly: prelude.n_kwonly_args as usize,
            n_def_pos: prelude.n_def_pos_args as usize,
            is_generator: flags.is_generator(),
            has_varargs: flags.has_var_args(),
            has_varkw: flags.has_var_keywords(),
            is_simple: flags.0 & !ScopeFlags::WIDE_CELLS.0 == 0 && prelude.n_kwonly_args == 0,
            enters: Default::default(),
            resumes: Default::default(),
            native_entry: Default::default(),
            name: function_name,
            arg_names,
            cells: prelude.cells.clone(),
            unit,
            children,
            home: Default::default(),
            roams: Default::default(),
            debug: raw.debug.clone(),
            lines: Default::default(),
            object: Cell::new(Value::NULL),
            prelude,
        };
        let code: &'static Code = Box::leak(Box::new(code));
        code.nest(self.has_native_frames());
        self.codes.push(code);
        Ok(code)
    }
}
