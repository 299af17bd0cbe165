//! Calls: from native code (`Vm::call`), and the pushing of frames that the interpreter shares.

use std::cell::Cell;

use crate::error::{R, Raise};
use crate::interp::frame::{Frame, Ret};
use crate::object::class::{Class, MethodWrapper};
use crate::object::dict::Dict;
use crate::object::function::{
    Args, BoundMethod, Code, Function, Generator, GeneratorState, Native, NativeDef, Status, python_callee,
};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Calls any value with positional arguments.
    pub fn call(&mut self, callee: Value, args: &[Value]) -> R {
        self.call_args(callee, Args::positional(args))
    }

    /// Calls any value. Python code runs in a nested run loop.
    pub fn call_args(&mut self, callee: Value, args: Args<'_>) -> R {
        match callee.kind() {
            Kind::Native => match callee.cast::<Native>() {
                Some(native) => self.call_native_granting(native.def, args),
                None => Err(self.not_callable(callee)),
            },
            Kind::Function | Kind::Closure => self.call_python(callee, args),
            Kind::BoundMethod => match callee.cast::<BoundMethod>() {
                Some(method) => self.call_with_self(method.function, method.this, args),
                None => Err(self.not_callable(callee)),
            },
            Kind::Class => match callee.cast::<Class>() {
                Some(class) => self.construct(class, args),
                None => Err(self.not_callable(callee)),
            },
            Kind::StaticMethod => match callee.cast::<MethodWrapper>() {
                Some(method) => self.call_args(method.function, args),
                None => Err(self.not_callable(callee)),
            },
            _ => match self.special(callee, self.names.call) {
                // An object that can be called is no function: it gets no self. It may be called by itself, for ever.
                Some(method) if method.kind() == Kind::Instance => {
                    self.check_native_stack()?;
                    self.poll()?;
                    self.call_args(method, args)
                }
                Some(method) => self.call_with_self(method, callee, args),
                None => Err(self.not_callable(callee)),
            },
        }
    }

    /// Calls `function` with `this` before the other arguments.
    pub fn call_with_self(&mut self, function: Value, this: Value, args: Args<'_>) -> R {
        self.check_native_stack()?;
        let mut all = Vec::with_capacity(args.pos.len() + 1);
        all.push(this);
        all.extend_from_slice(args.pos);
        let kept = self.roots.len();
        self.roots.extend_from_slice(&all);
        self.roots.extend_from_slice(args.kw);
        let result = self.call_args(function, Args { pos: &all, kw: args.kw });
        self.roots.truncate(kept);
        result
    }

    /// Calls a special method found in a class with `args`, the first of which is self.
    pub fn call_special(&mut self, method: Value, args: &[Value]) -> R {
        match method.cast::<MethodWrapper>() {
            None => self.call(method, args),
            Some(wrapper) if method.kind() == Kind::StaticMethod => self.call(wrapper.function, &args[1..]),
            Some(wrapper) => {
                let class = self.class_of(args[0]).into();
                self.call_with_self(wrapper.function, class, Args::positional(&args[1..]))
            }
        }
    }

    #[cold]
    pub fn not_callable(&mut self, callee: Value) -> Raise {
        let name = self.type_name(callee);
        self.type_error(format!("'{name}' object is not callable"))
    }

    /// Checks the argument count and calls a native.
    #[inline]
    pub fn call_native(&mut self, def: &'static NativeDef, args: Args<'_>) -> R {
        let n = args.pos.len();
        if n < def.min as usize
            || (n > def.max as usize && def.max != 255)
            || (!def.kw && !args.kw.is_empty())
        {
            return Err(self.native_arity(def, args));
        }
        (def.call)(self, args)
    }

    #[cold]
    fn native_arity(&mut self, def: &'static NativeDef, args: Args<'_>) -> Raise {
        let n = args.pos.len();
        if !def.kw && !args.kw.is_empty() {
            return self.type_error("function doesn't take keyword arguments");
        }
        let message = if def.min == def.max {
            format!("{}() takes {} positional arguments but {n} were given", def.name, def.min)
        } else if n < def.min as usize {
            format!("function missing {} required positional arguments", def.min as usize - n)
        } else {
            format!("{}() expected at most {} arguments, got {n}", def.name, def.max)
        };
        self.type_error(message)
    }

    fn call_python(&mut self, callee: Value, args: Args<'_>) -> R {
        self.check_native_stack()?;
        match self.push_call(callee, args, Ret::Native)? {
            Some(generator) => Ok(generator),
            None => self.run_pushed(),
        }
    }

    /// Runs a function's body with `names` as the namespace of its LOAD_NAME and STORE_NAME: a class body.
    pub fn call_with_locals(&mut self, function: Value, names: Gc<Dict>) -> R {
        self.check_native_stack()?;
        match self.push_call(function, Args::positional(&[]), Ret::Native)? {
            Some(generator) => Ok(generator),
            None => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.names = names;
                }
                self.run_pushed()
            }
        }
    }

    /// Runs the frame that was just pushed (with [`Ret::Native`]) to its end.
    pub fn run_pushed(&mut self) -> R {
        let depth = self.frames.len() - 1;
        let executor = self.executor.clone();
        executor.run(self, depth)
    }

    /// Refuses to recurse natively when the stack is nearly used up.
    pub fn check_native_stack(&mut self) -> R<()> {
        let here = 0u8;
        if (std::hint::black_box(&here) as *const u8 as usize) < self.stack_limit {
            return Err(self.recursion_error());
        }
        Ok(())
    }

    /// Whoever can go on without recursing natively should.
    pub fn is_native_stack_low(&self) -> bool {
        const LOW: usize = 4 << 20;
        let here = 0u8;
        (std::hint::black_box(&here) as *const u8 as usize) < self.stack_limit.saturating_add(LOW)
    }

    #[cold]
    pub fn recursion_error(&mut self) -> Raise {
        self.raise_message(self.exceptions.RecursionError, "maximum recursion depth exceeded")
    }

    /// Pushes the frame for a call of a Python function, or returns the generator it makes.
    pub fn push_call(&mut self, callee: Value, args: Args<'_>, ret: Ret) -> R<Option<Value>> {
        let Some((function, cells)) = python_callee(callee) else { return Err(self.not_callable(callee)) };
        let cells = cells.as_ref().map_or(&[][..], |cells| cells.items());
        self.push_frame(function.code, function.globals, ret)?;
        if let Err(raise) = self.bind_args(function, cells, args) {
            self.frames.pop();
            return Err(raise);
        }
        self.box_cells(function.code);
        if function.code.is_generator { Ok(Some(self.frame_to_generator())) } else { Ok(None) }
    }

    /// The same for a function with as many arguments as parameters and no frills, called by native code. Gives the
    /// frame's index; `None` if this is another call.
    #[inline]
    pub fn push_plain_call(&mut self, callee: Value, args: &[Value]) -> Option<R<usize>> {
        let plain = |f: &Gc<Function>| f.code.is_simple && f.code.n_pos == args.len();
        let function = callee.cast::<Function>().filter(plain)?;
        Some(self.push_plain(function, args))
    }

    #[inline]
    fn push_plain(&mut self, function: Gc<Function>, args: &[Value]) -> R<usize> {
        self.check_native_stack()?;
        self.push_frame(function.code, function.globals, Ret::Native)?;
        for (i, value) in args.iter().enumerate() {
            self.set_local(i, *value);
        }
        self.box_cells(function.code);
        Ok(self.frames.len() - 1)
    }

    /// Pushes an empty frame: all slots NULL.
    #[inline]
    pub fn push_frame(&mut self, code: &'static Code, globals: Gc<Dict>, ret: Ret) -> R<()> {
        let base = self.frames.last().map_or(0, Frame::end);
        let frame =
            Frame { code, globals, names: globals, base, ip: 0, sp: -1, exc: 0, ret, generator: Value::NULL };
        if !self.stack.has_room(frame.end()) {
            return Err(self.recursion_error());
        }
        self.stack.clear(base, frame.end() - base);
        self.frames.push(frame);
        Ok(())
    }

    /// Slot of local `i` in the top frame.
    pub fn local_slot(&self, i: usize) -> usize {
        let frame = self.frames[self.frames.len() - 1];
        frame.base + frame.code.n_state - 1 - i
    }

    fn set_local(&mut self, i: usize, value: Value) {
        self.stack.set(self.local_slot(i), value);
    }

    fn bind_args(&mut self, function: Gc<Function>, cells: &[Value], args: Args<'_>) -> R<()> {
        let code = function.code;
        let n_cells = cells.len();
        let n_pos = code.n_pos - n_cells;
        if args.pos.len() > n_pos && !code.has_varargs {
            return Err(self.too_many_args(function, n_pos, args.pos.len()));
        }
        let first = self.local_slot(0);
        for (i, value) in cells.iter().chain(args.pos.iter().take(n_pos)).enumerate() {
            self.stack.set(first - i, *value);
        }
        if code.is_simple && args.kw.is_empty() && args.pos.len() == n_pos {
            return Ok(());
        }
        if code.has_varargs {
            let rest = self.tuple(args.pos.get(n_pos..).unwrap_or(&[]));
            self.set_local(code.n_pos + code.n_kwonly, rest);
        }
        self.bind_keywords(code, n_cells, args)?;
        self.bind_defaults(function, n_cells)
    }

    fn bind_keywords(&mut self, code: &'static Code, n_cells: usize, args: Args<'_>) -> R<()> {
        let extra = if code.has_varkw { Some(self.new_dict()) } else { None };
        if let Some(dict) = extra {
            self.set_local(code.n_pos + code.n_kwonly + code.has_varargs as usize, dict.into());
        }
        for pair in args.kw.chunks_exact(2) {
            let Some(name) = pair[0].cast::<Str>() else {
                return Err(self.type_error("keywords must be strings"));
            };
            let name = self.intern_str(name);
            match code.arg_names.iter().enumerate().skip(n_cells).find(|(_, n)| **n == name) {
                Some((i, _)) => {
                    if !self.stack.get(self.local_slot(i)).is_null() {
                        return Err(self.type_error(format!(
                            "{}() got multiple values for argument '{}'",
                            code.name.text, name.text
                        )));
                    }
                    self.set_local(i, pair[1]);
                }
                None => match extra {
                    Some(dict) => dict.set_name(name, pair[1]),
                    None => {
                        return Err(self.type_error(format!(
                            "{}() got an unexpected keyword argument '{}'",
                            code.name.text, name.text
                        )));
                    }
                },
            }
        }
        Ok(())
    }

    fn bind_defaults(&mut self, function: Gc<Function>, n_cells: usize) -> R<()> {
        let code = function.code;
        let defaults = function.defaults.cast::<Tuple>();
        let defaults: &[Value] = defaults.map_or(&[], |t| t.get().items());
        let first = code.n_pos - defaults.len();
        for i in n_cells..code.n_pos {
            if self.stack.get(self.local_slot(i)).is_null() {
                match i.checked_sub(first).and_then(|k| defaults.get(k)) {
                    Some(value) => self.set_local(i, *value),
                    None => return Err(self.missing_arg(function, n_cells, first)),
                }
            }
        }
        for i in code.n_pos..code.n_pos + code.n_kwonly {
            if self.stack.get(self.local_slot(i)).is_null() {
                let name = code.arg_names[i];
                match function.kw_defaults.cast::<Dict>().and_then(|d| d.get_name(name)) {
                    Some(value) => self.set_local(i, value),
                    None => {
                        return Err(self.type_error(format!(
                            "function missing required keyword argument '{}'",
                            name.text
                        )));
                    }
                }
            }
        }
        Ok(())
    }

    #[cold]
    fn too_many_args(&mut self, function: Gc<Function>, takes: usize, given: usize) -> Raise {
        let name = &function.code.name.text;
        let defaults = function.defaults.cast::<Tuple>().map_or(0, |t| t.len());
        let takes_text = match defaults {
            0 => takes.to_string(),
            n => format!("from {} to {takes}", takes.saturating_sub(n)),
        };
        let (plural, were) = (if takes == 1 { "" } else { "s" }, if given == 1 { "was" } else { "were" });
        self.type_error(format!(
            "{name}() takes {takes_text} positional argument{plural} but {given} {were} given"
        ))
    }

    #[cold]
    fn missing_arg(&mut self, function: Gc<Function>, n_cells: usize, first_default: usize) -> Raise {
        let code = function.code;
        let unset = |i: &usize| self.stack.get(self.local_slot(*i)).is_null();
        let names: Vec<String> = (n_cells..first_default.max(n_cells))
            .filter(unset)
            .map(|i| format!("'{}'", code.arg_names[i].text))
            .collect();
        let (name, n) = (&code.name.text, names.len());
        let (plural, list) = (if n == 1 { "" } else { "s" }, listed(&names));
        self.type_error(format!("{name}() missing {n} required positional argument{plural}: {list}"))
    }

    /// Puts the locals that closures share into cells.
    #[inline]
    pub fn box_cells(&mut self, code: &'static Code) {
        for local in &code.cells {
            let slot = self.local_slot(*local as usize);
            let cell = self.cell_box(self.stack.get(slot));
            self.stack.set(slot, cell);
        }
    }

    /// Turns the top frame, not yet started, into a generator.
    pub fn frame_to_generator(&mut self) -> Value {
        let frame = self.frames[self.frames.len() - 1];
        let slots = self.stack.slice(frame.base, frame.end() - frame.base).to_vec();
        let status = Status { state: GeneratorState::Suspended, started: false, ip: 0, sp: -1, exc: 0 };
        let generator = self.heap.alloc(Generator {
            header: Header::new(Kind::Generator),
            code: frame.code,
            globals: frame.globals,
            status: Cell::new(status.pack()),
            slots: slots.into(),
            frame: Cell::new(Value::NULL),
        });
        self.frames.pop();
        generator.into()
    }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [others @ .., last] => format!("{}, and {last}", others.join(", ")),
    }
}
