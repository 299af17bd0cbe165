//! The code generator's front door: owns Cranelift's state, the code and the slots.

use std::cell::UnsafeCell;

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Function, InstBuilder, MemFlagsData, Signature, UserFuncName, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use super::arena::{Arena, Slots};
use super::context::{self, FLOAT_REGS, INT_REGS};
use super::helpers;
use super::lower::{Lower, Stubs};
use super::near;
use super::{CodeAddr, CodegenError, ExitId, Fragment, JitContext, Job, NOT_COMPILED, Runner};
use crate::ir::trace::Trace;
use vm::vm::Vm;

/// Compiles traces and owns their code.
pub struct Backend {
    compiler: Compiler,
    slots: Slots,
    /// What all its code is run with. Never freed: who reads the marker inside may come late.
    context: &'static UnsafeCell<JitContext>,
    /// Where exits without bridge go: saves the registers and returns.
    exit_stub: usize,
    /// From Rust into a fragment.
    entry_stub: usize,
    /// Stands in for code that is not there.
    missing_stub: usize,
    /// Allocates where the inline way found no room, and leaves all registers as they are.
    alloc_stub: usize,
    /// `x ** 0.5` in the same way, where the machine has what `root` needs.
    root_stub: Option<usize>,
    /// Tells the log of a transition, in the same way.
    event_stub: usize,
    /// Name, address and length of each stub.
    stubs: Vec<(&'static str, (usize, usize))>,
}

impl Backend {
    pub fn new() -> Result<Backend, CodegenError> {
        let mut compiler = Compiler::new()?;
        // Room for what a profiler that comes later may want behind a stub.
        compiler.arena.gap = |_| 0x200;
        let (exit_stub, ()) = compiler.function(fragment_signature(INT_REGS, FLOAT_REGS), build_exit_stub)?;
        let (entry_stub, ()) = compiler.function(entry_signature(), build_entry_stub)?;
        let (missing_stub, ()) = compiler.function(fragment_signature(0, 0), build_missing_stub)?;
        let (alloc_stub, ()) = compiler.function(alloc_signature(), build_alloc_stub)?;
        let (event_stub, ()) = compiler.function(event_signature(), build_event_stub)?;
        let root_stub = match compiler.has_fma() {
            true => Some(compiler.function(root_signature(), build_root_stub)?.0),
            false => None,
        };
        let named = [
            ("exit", &exit_stub),
            ("entry", &entry_stub),
            ("missing", &missing_stub),
            ("alloc", &alloc_stub),
            ("event", &event_stub),
        ];
        let named = named.into_iter().chain(root_stub.iter().map(|stub| ("root", stub)));
        let stubs = named.map(|(name, code)| (name, (code.start, code.len))).collect();
        Ok(Backend {
            compiler,
            slots: Slots::default(),
            context: near::keep(UnsafeCell::new(JitContext::new(std::ptr::null_mut()))),
            exit_stub: exit_stub.start,
            entry_stub: entry_stub.start,
            missing_stub: missing_stub.start,
            alloc_stub: alloc_stub.start,
            event_stub: event_stub.start,
            root_stub: root_stub.map(|stub| stub.start),
            stubs,
        })
    }

    /// Name, address and length of each stub.
    pub fn stubs(&self) -> &[(&'static str, (usize, usize))] {
        &self.stubs
    }

    /// The way into this backend's code, for `vm`.
    pub fn runner(&self, vm: &mut Vm) -> Runner {
        Runner::new(self.entry_stub, self.context, vm)
    }

    /// Stands in for a function's code while there is none: leaves at once with [`NOT_COMPILED`].
    pub fn missing_stub(&self) -> CodeAddr {
        CodeAddr(self.missing_stub)
    }

    /// From now on there are that many bytes behind a function with this code.
    pub fn leave_gap(&mut self, gap: fn(&[u8]) -> usize) {
        self.compiler.arena.gap = gap;
    }

    /// Compiles a trace.
    pub fn compile(&mut self, trace: &Trace, job: &Job<'_>) -> Result<Fragment, CodegenError> {
        let signature = Lower::signature(trace)?;
        let stubs = Stubs {
            exit: self.exit_stub,
            alloc: self.alloc_stub,
            root: self.root_stub,
            event: self.event_stub,
            context: self.context.get().addr(),
        };
        let slots = &mut self.slots;
        let build = |b: &mut FunctionBuilder<'_>| Lower::new(trace, job, b, slots, stubs)?.run();
        let (code, (exits, marks)) = self.compiler.function(signature, build)?;
        Ok(Fragment {
            code: CodeAddr(code.start),
            start: code.start,
            len: code.len,
            exits,
            marks,
            op_offsets: code.op_offsets,
        })
    }

    /// Lets a guard go on in a bridge.
    pub fn attach(&mut self, exit: ExitId, target: CodeAddr) {
        self.slots.set(exit, target.0);
    }

    /// Undoes [`Backend::attach`].
    pub fn detach(&mut self, exit: ExitId) {
        self.slots.set(exit, self.exit_stub);
    }

    /// The machine code of a fragment.
    pub fn code_bytes(&self, fragment: &Fragment) -> &[u8] {
        self.compiler.arena.bytes(fragment.start, fragment.len)
    }

    /// Where all code lies.
    pub fn code_range(&self) -> std::ops::Range<usize> {
        self.compiler.arena.range()
    }

    /// Bytes of all code.
    pub fn total_code_bytes(&self) -> usize {
        self.compiler.arena.used()
    }
}

/// Where a function's code is.
struct Code {
    start: usize,
    len: usize,
    op_offsets: Vec<(u32, u32)>,
}

/// Cranelift's state, reused from function to function.
struct Compiler {
    isa: OwnedTargetIsa,
    context: Context,
    builder: FunctionBuilderContext,
    control: ControlPlane,
    arena: Arena,
}

impl Compiler {
    fn new() -> Result<Compiler, CodegenError> {
        let isa = cranelift_native::builder()
            .map_err(|message| CodegenError::Cranelift(message.into()))?
            .finish(settings::Flags::new(flags()?))
            .map_err(refused)?;
        Ok(Compiler {
            isa,
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
            control: ControlPlane::default(),
            arena: Arena::new().ok_or(CodegenError::OutOfMemory)?,
        })
    }

    fn has_fma(&self) -> bool {
        self.isa.isa_flags().iter().any(|flag| flag.name == "has_fma" && flag.as_bool() == Some(true))
    }

    /// Builds and compiles one function.
    fn function<T>(
        &mut self,
        signature: Signature,
        build: impl FnOnce(&mut FunctionBuilder<'_>) -> Result<T, CodegenError>,
    ) -> Result<(Code, T), CodegenError> {
        self.context.clear();
        self.context.func = Function::with_name_signature(UserFuncName::default(), signature);
        let mut builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        match build(&mut builder) {
            Ok(result) => {
                builder.seal_all_blocks();
                builder.finalize(self.isa.frontend_config());
                Ok((self.emit()?, result))
            }
            Err(error) => {
                self.builder = FunctionBuilderContext::new();
                Err(error)
            }
        }
    }

    fn emit(&mut self) -> Result<Code, CodegenError> {
        let compiled = self
            .context
            .compile(&*self.isa, &mut self.control)
            .map_err(|error| CodegenError::Cranelift(format!("{:?}", error.inner)))?;
        if !compiled.buffer.relocs().is_empty() {
            return Err(CodegenError::Cranelift("unexpected relocation".into()));
        }
        let code = compiled.buffer.data();
        let start = self.arena.add(code).ok_or(CodegenError::OutOfMemory)?;
        let ranges = compiled.buffer.get_srclocs_sorted().iter();
        let op_offsets = ranges.filter(|r| !r.loc.is_default()).map(|r| (r.loc.bits(), r.start)).collect();
        Ok(Code { start, len: code.len(), op_offsets })
    }
}

fn refused(error: impl std::fmt::Display) -> CodegenError {
    CodegenError::Cranelift(error.to_string())
}

fn flags() -> Result<settings::Builder, CodegenError> {
    let mut flags = settings::builder();
    let verify = if cfg!(debug_assertions) { "true" } else { "false" };
    for (name, value) in [
        ("opt_level", "none"),
        ("regalloc_algorithm", "backtracking"),
        ("enable_verifier", verify),
        // Tail calls need them, profilers want them.
        ("preserve_frame_pointers", "true"),
        ("unwind_info", "false"),
        ("is_pic", "false"),
    ] {
        flags.set(name, value).map_err(refused)?;
    }
    Ok(flags)
}

/// A fragment that takes or passes this many values in registers.
///
/// Arguments of one class get registers in order whatever follows, so signatures of different lengths agree on the
/// registers they share: a caller may pass fewer than the callee saves, and a callee may ignore some.
pub fn fragment_signature(ints: usize, floats: usize) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    let kinds = std::iter::repeat_n(types::I64, 1 + ints).chain(std::iter::repeat_n(types::F64, floats));
    signature.params.extend(kinds.map(AbiParam::new));
    signature.returns.push(AbiParam::new(types::I64));
    signature
}

fn entry_signature() -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend([AbiParam::new(types::I64); 2]);
    signature.returns.push(AbiParam::new(types::I64));
    signature
}

fn build_exit_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    let args = start(b);
    for (n, value) in args[1..].iter().enumerate() {
        b.ins().store(MemFlagsData::trusted(), *value, args[0], context::register(n));
    }
    let id = b.ins().load(types::I64, MemFlagsData::trusted(), args[0], context::EXIT_ID);
    b.ins().return_(&[id]);
    Ok(())
}

fn build_entry_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    let args = start(b);
    let (code, ctx) = (args[0], args[1]);
    let mut passed = vec![ctx];
    for n in 0..INT_REGS + FLOAT_REGS {
        let ty = if n < INT_REGS { types::I64 } else { types::F64 };
        passed.push(b.ins().load(ty, MemFlagsData::trusted(), ctx, context::register(n)));
    }
    let signature = b.import_signature(fragment_signature(INT_REGS, FLOAT_REGS));
    let call = b.ins().call_indirect(signature, code, &passed);
    let result = b.inst_results(call)[0];
    b.ins().return_(&[result]);
    Ok(())
}

/// Context, size and number of cells in; the first cell is left in the context, because this convention has no
/// results. No register is clobbered, so the place of the call costs the hot path nothing: with an ordinary call, every float that lives
/// across an allocation would be spilled for the sake of the cold path.
pub fn alloc_signature() -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params.extend([AbiParam::new(types::I64); 3]);
    signature
}

/// Context and number in; the result is left in the context, as with [`alloc_signature`].
pub fn root_signature() -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params.extend([types::I64, types::F64].map(AbiParam::new));
    signature
}

/// Context, what has happened, and to what in.
pub fn event_signature() -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params.extend([AbiParam::new(types::I64); 3]);
    signature
}

fn build_event_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    let args = start(b);
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend([AbiParam::new(types::I64); 3]);
    let signature = b.import_signature(signature);
    let helper: extern "C" fn(*mut JitContext, u64, u64) = helpers::event;
    let target = b.ins().iconst(types::I64, helper as usize as i64);
    b.ins().call_indirect(signature, target, &args);
    b.ins().return_(&[]);
    Ok(())
}

fn build_root_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    extern "C" fn root(x: f64) -> f64 {
        // A constant exponent would be compiled to a square root, which is what is not wanted here.
        x.powf(std::hint::black_box(0.5))
    }
    let args = start(b);
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.push(AbiParam::new(types::F64));
    signature.returns.push(AbiParam::new(types::F64));
    let signature = b.import_signature(signature);
    let function: extern "C" fn(f64) -> f64 = root;
    let target = b.ins().iconst(types::I64, function as usize as i64);
    let call = b.ins().call_indirect(signature, target, &[args[1]]);
    let result = b.inst_results(call)[0];
    b.ins().store(MemFlagsData::trusted(), result, args[0], context::FRESH);
    b.ins().return_(&[]);
    Ok(())
}

fn build_alloc_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    let args = start(b);
    let mut signature = entry_signature();
    signature.params.extend([AbiParam::new(types::I64); 2]);
    let signature = b.import_signature(signature);
    let helper: helpers::Helper = helpers::new_cells;
    let target = b.ins().iconst(types::I64, helper as usize as i64);
    let call = b.ins().call_indirect(signature, target, &[args[0], args[1], args[2], args[2]]);
    let object = b.inst_results(call)[0];
    b.ins().store(MemFlagsData::trusted(), object, args[0], context::FRESH);
    b.ins().return_(&[]);
    Ok(())
}

fn build_missing_stub(b: &mut FunctionBuilder<'_>) -> Result<(), CodegenError> {
    start(b);
    let id = b.ins().iconst(types::I64, NOT_COMPILED as i64);
    b.ins().return_(&[id]);
    Ok(())
}

/// Opens the first block; gives the function's arguments.
fn start(b: &mut FunctionBuilder<'_>) -> Vec<cranelift_codegen::ir::Value> {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    b.block_params(block).to_vec()
}
