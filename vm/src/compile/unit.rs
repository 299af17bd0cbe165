use super::{
    Mode, Options,
    emit::{Emit, Label},
    scope::{Code, IdKind, Scope, ScopeId, close_over, number_locals},
    tables::Tables,
};
use crate::{
    bytecode::{Debug, MarkKind, Module, RawCode, ScopeFlags, Signature, encode_sizes, op},
    syntax::{
        Fault,
        ast::{Body, Name, Names, Tree},
    },
};

pub(super) type Compiled<T = ()> = Result<T, Fault>;

/// Expressions and blocks of the tree are nested at most this deep, or the tree is not ours.
const MAX_DEPTH: u32 = 1000;

pub(super) fn compile_tree(tree: Tree, filename: &str, options: &Options) -> Compiled<Module> {
    let Tree { body, mut names } = tree;
    let tables = Tables::new(&mut names, filename);
    let mut compiler = Compiler::new(names, tables, options);
    compiler.scopes.push(Scope::new(Code::Module(&body), None));
    compiler.resolve_names()?;
    let mut codes = Vec::with_capacity(compiler.scopes.len());
    for at in 0..compiler.scopes.len() {
        codes.push(Some(compiler.emit_scope(ScopeId(at))?));
    }
    let root = assemble_tree(&mut codes, ScopeId(0));
    let (qstrs, objects) = compiler.tables.into_parts();
    Ok(Module { qstrs, objects, root })
}

/// A function's bytes, the scopes whose functions it makes, and what else is known of it.
type Unit = (Vec<u8>, Vec<ScopeId>, Option<Box<Debug>>);

fn assemble_tree(codes: &mut [Option<Unit>], at: ScopeId) -> RawCode {
    let (bytes, children, debug) = codes[at.0].take().unwrap_or_default();
    let children = children.into_iter().map(|child| assemble_tree(codes, child)).collect();
    RawCode { bytes: bytes.into(), children, debug }
}

/// The compiler's state.
pub(super) struct Compiler<'t> {
    pub(super) names: Names,
    pub(super) tables: Tables,
    pub(super) scopes: Vec<Scope<'t>>,
    /// The scope being walked.
    pub(super) at: ScopeId,
    /// In the first walk, names are resolved and nothing is emitted.
    pub(super) is_resolving: bool,
    pub(super) emit: Emit,
    /// How many of the scope's inner scopes this walk has met.
    pub(super) n_inner: usize,
    /// The functions this walk has made.
    pub(super) made: Vec<ScopeId>,
    pub(super) loop_: Option<Loop>,
    /// Exception handlers around the current place.
    pub(super) handlers: u32,
    /// Line of the statement being compiled, for errors.
    pub(super) stmt_line: u32,
    pub(super) depth: u32,
    pub(super) options: Options,
}

/// Where `break` and `continue` lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loop {
    pub(super) break_: Label,
    pub(super) continue_: Label,
    /// Leaving it means dropping an iterator.
    pub(super) has_iterator: bool,
    /// Exception handlers around the loop.
    pub(super) handlers: u32,
}

impl<'t> Compiler<'t> {
    fn new(names: Names, tables: Tables, options: &Options) -> Compiler<'t> {
        Compiler {
            names,
            tables,
            scopes: Vec::new(),
            at: ScopeId(0),
            is_resolving: true,
            emit: Emit::default(),
            n_inner: 0,
            made: Vec::new(),
            loop_: None,
            handlers: 0,
            stmt_line: 0,
            depth: 0,
            options: *options,
        }
    }

    fn resolve_names(&mut self) -> Compiled {
        let mut at = 0;
        while at < self.scopes.len() {
            self.walk(ScopeId(at))?;
            for id in 0..self.scopes[at].ids.len() {
                if self.scopes[at].ids[id].kind == IdKind::GlobalImplicit {
                    close_over(&mut self.scopes, ScopeId(at), id);
                }
            }
            at += 1;
        }
        for at in 0..self.scopes.len() {
            number_locals(&mut self.scopes, ScopeId(at));
        }
        self.is_resolving = false;
        Ok(())
    }

    /// Walks one scope from its beginning.
    fn walk(&mut self, at: ScopeId) -> Compiled {
        self.at = at;
        self.emit = Emit::default();
        self.n_inner = 0;
        self.made.clear();
        self.loop_ = None;
        self.handlers = 0;
        self.use_prelude_names();
        let code = self.scopes[at.0].code;
        self.stmt_line = code.line();
        self.scope_body(code)
    }

    /// A prelude names the function and its parameters.
    fn use_prelude_names(&mut self) -> Vec<u32> {
        let scope = &self.scopes[self.at.0];
        let mut used = vec![scope.code.name()];
        // A closed-over cell is a parameter without a name.
        used.resize(1 + (scope.n_pos_args + scope.n_kwonly_args) as usize, Name::STAR);
        for param in scope.ids.iter().filter(|id| id.param.is_some()) {
            if let Some(name) = used.get_mut(1 + param.local as usize) {
                *name = param.name;
            }
        }
        used.into_iter().map(|name| self.tables.qstr(&self.names, name)).collect()
    }

    fn emit_scope(&mut self, at: ScopeId) -> Compiled<Unit> {
        self.walk(at)?;
        let assembled =
            self.emit.assemble(self.options.wide).map_err(|line| overflow(line.max(self.code_line(at))))?;
        let mut bytes = Vec::new();
        self.write_prelude(&mut bytes, &assembled.lines)?;
        bytes.extend(assembled.code);
        let debug = self.options.debug.then(|| Box::new(self.debug_of(at, assembled.marks)));
        Ok((bytes, std::mem::take(&mut self.made), debug))
    }

    fn write_prelude(&mut self, out: &mut Vec<u8>, lines: &[u8]) -> Compiled {
        let names = self.use_prelude_names();
        let scope = &self.scopes[self.at.0];
        let cells: Vec<u32> =
            scope.ids.iter().filter(|id| id.kind == IdKind::Cell).map(|id| id.local).collect();
        let mut flags = scope.flags;
        let cells = match cells.iter().map(|&cell| u8::try_from(cell)).collect::<Result<Vec<u8>, _>>() {
            Ok(cells) => cells,
            Err(_) if self.options.wide => {
                flags.insert(ScopeFlags::WIDE_CELLS);
                cells.into_iter().flat_map(u32::to_le_bytes).collect()
            }
            Err(_) => return Err(overflow(self.code_line(self.at))),
        };
        let signature = Signature {
            n_state: (self.emit.max_depth().max(0) as u32 + scope.n_locals).max(1),
            n_exc_stack: scope.exc_stack_size,
            flags,
            n_pos_args: scope.n_pos_args,
            n_kwonly_args: scope.n_kwonly_args,
            n_def_pos_args: scope.n_def_pos_args,
        };
        // MicroPython counts these with 16 bits, and what wraps around would not run anywhere.
        if !self.options.wide && signature.greatest() > u32::from(u16::MAX) {
            return Err(overflow(self.code_line(self.at)));
        }
        signature.encode(out);
        let mut info = Vec::new();
        for name in names {
            encode_varuint(&mut info, name);
        }
        info.extend_from_slice(lines);
        encode_sizes(out, info.len(), cells.len());
        out.extend(info);
        out.extend(cells);
        Ok(())
    }

    /// Where a scope begins, for an error that is about all of it.
    fn code_line(&self, at: ScopeId) -> u32 {
        self.scopes[at.0].code.line().max(1)
    }

    fn scope_body(&mut self, code: Code<'t>) -> Compiled {
        match code {
            Code::Module(Body::Expression(expr)) => {
                self.expr(expr)?;
                self.return_value();
                Ok(())
            }
            Code::Module(Body::Statements(block)) => {
                self.block(block)?;
                self.mark_line(0, MarkKind::Own);
                self.return_none();
                Ok(())
            }
            Code::Class(def) => self.class_body(def),
            Code::Function(def) => self.function_body(def),
            Code::Lambda(lambda) => self.lambda_body(lambda),
            Code::Comprehension(comprehension) => self.comprehension_body(comprehension),
        }
    }

    pub(super) fn return_none(&mut self) {
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.return_value();
    }

    pub(super) fn return_value(&mut self) {
        self.emit.op(op::RETURN_VALUE, -1);
        self.emit.end_flow();
    }

    pub(super) fn scope(&mut self) -> &mut Scope<'t> {
        &mut self.scopes[self.at.0]
    }

    /// The function of the current walk's next inner scope, which the first walk makes.
    pub(super) fn inner_scope(&mut self, code: Code<'t>) -> ScopeId {
        let n = self.n_inner;
        self.n_inner += 1;
        if self.is_resolving {
            let id = ScopeId(self.scopes.len());
            self.scopes.push(Scope::new(code, Some(self.at)));
            self.scope().inner.push(id);
        }
        self.scopes[self.at.0].inner[n]
    }

    /// Sets the line of what follows.
    pub(super) fn set_line(&mut self, line: u32) {
        if self.options.opt_level < 3 {
            self.emit.line(line);
        }
    }

    /// As [`Compiler::set_line`], where MicroPython's compiler does not; 0 means no line of its own.
    pub(super) fn mark_line(&mut self, line: u32, kind: MarkKind) {
        if self.options.debug && self.options.opt_level < 3 {
            self.emit.mark(line, kind);
        }
    }

    pub(super) fn is_repl(&self) -> bool {
        self.options.mode == Mode::Single
    }

    /// A syntax error at `line`, or in the current statement if that is 0.
    pub(super) fn error<T>(&self, line: u32, message: &str) -> Compiled<T> {
        Err(Fault::syntax(if line == 0 { self.stmt_line } else { line }, message))
    }

    /// Runs `f` one level deeper.
    pub(super) fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Compiled<T>) -> Compiled<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::too_deep(self.stmt_line));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }
}

fn overflow(line: u32) -> Fault {
    let mut fault = Fault::too_deep(line);
    fault.message = "bytecode overflow".into();
    fault
}

fn encode_varuint(out: &mut Vec<u8>, value: u32) {
    let n_digits = (32 - value.leading_zeros()).div_ceil(7).max(1);
    for n in (0..n_digits).rev() {
        let digit = (value >> (7 * n) & 0x7f) as u8;
        out.push(if n == 0 { digit } else { 0x80 | digit });
    }
}
