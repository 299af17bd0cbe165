//! Methods of generators and of exceptions.

use crate::error::{R, Raise};
use crate::object::class::Class;
use crate::object::exception::Exception;
use crate::object::function::{Args, Generator, GeneratorState, NativeDef};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::runtime::generator::Resumed;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::define::MANY;

pub const TYPES: &[TypeDef] = &[
    TypeDef {
        kind: Kind::Generator,
        constructor: None,
        methods: &[
            NativeDef::any("send", send, 2, 2),
            NativeDef::any("throw", throw, 2, 4),
            NativeDef::any("close", close, 1, 1),
            NativeDef::any("__next__", next, 1, 1),
            NativeDef::reads("__iter__", |_, args| Ok(args.pos[0]), 1, 1),
            NativeDef::reads("__await__", |_, args| Ok(args.pos[0]), 1, 1),
        ],
    },
    TypeDef {
        kind: Kind::Iter,
        constructor: None,
        methods: &[
            NativeDef::any("__next__", next, 1, 1),
            NativeDef::reads("__iter__", |_, args| Ok(args.pos[0]), 1, 1),
        ],
    },
];

/// Methods of `BaseException`.
pub const EXCEPTION: &[NativeDef] = &[
    NativeDef::any("__init__", init_exception, 1, MANY).keywords(),
    NativeDef::reads("with_traceback", |_, args| Ok(args.pos[0]), 2, 2),
];

fn init_exception(vm: &mut Vm, args: Args<'_>) -> R {
    let exception = vm.receiver::<Exception>(args.pos[0])?;
    exception.args.set(vm.new_tuple(&args.pos[1..]));
    Ok(Value::NONE)
}

fn next(vm: &mut Vm, args: Args<'_>) -> R {
    vm.next_or_raise(args.pos[0])
}

fn resumed(vm: &mut Vm, result: R<Resumed>) -> R {
    match result? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(vm.stop_iteration(value)),
    }
}

fn send(vm: &mut Vm, args: Args<'_>) -> R {
    let generator = vm.receiver::<Generator>(args.pos[0])?;
    let result = vm.resume(generator, args.pos[1], Value::NULL);
    resumed(vm, result)
}

fn throw(vm: &mut Vm, args: Args<'_>) -> R {
    let generator = vm.receiver::<Generator>(args.pos[0])?;
    let exception = thrown(vm, args)?;
    let result = vm.throw_into(generator, exception);
    resumed(vm, result)
}

/// `throw(exception)`, `throw(type)`, `throw(type, value_or_exception)`.
fn thrown(vm: &mut Vm, args: Args<'_>) -> R {
    let value = args.get(2).filter(|v| !v.is_none());
    match (args.pos[1].cast::<Class>(), value) {
        (_, Some(value)) if value.kind() == Kind::Exception => Ok(value),
        (Some(class), Some(value)) => vm.construct(class, Args::positional(&[value])),
        _ => Ok(args.pos[1]),
    }
}

impl Vm {
    fn throw_into(&mut self, generator: crate::object::heap::Gc<Generator>, exception: Value) -> R<Resumed> {
        if generator.state() == GeneratorState::Suspended && !generator.started() {
            generator.set_state(GeneratorState::Finished);
            let raise = self.make_exception(exception).map_or_else(|raise| raise, Raise);
            return Err(self.leave_generator(raise));
        }
        self.resume(generator, Value::NONE, exception)
    }
}

fn close(vm: &mut Vm, args: Args<'_>) -> R {
    let generator = vm.receiver::<Generator>(args.pos[0])?;
    if generator.state() == GeneratorState::Finished || !generator.started() {
        generator.set_state(GeneratorState::Finished);
        return Ok(Value::NONE);
    }
    let exit = vm.new_exception(vm.exceptions.GeneratorExit, &[]);
    match vm.resume(generator, Value::NONE, exit.into()) {
        Ok(Resumed::Yielded(_)) => Err(vm.runtime_error("generator ignored GeneratorExit")),
        Ok(Resumed::Returned(_)) => Ok(Value::NONE),
        Err(raise)
            if vm.matches(raise, vm.exceptions.GeneratorExit)
                || vm.matches(raise, vm.exceptions.StopIteration) =>
        {
            Ok(Value::NONE)
        }
        Err(raise) => Err(raise),
    }
}
