use super::{
    scope::{Code, Id, IdKind, ParamRole, ScopeId},
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{MarkKind, ScopeFlags, op},
    syntax::ast::{
        Class, Clause, Comprehension, ComprehensionKind, Decorator, Element, Expr, Function, Lambda, Name,
        Param, ParamKind,
    },
};

/// Defaults that are on the stack when a function is made.
#[derive(Debug, Clone, Copy, Default)]
struct Defaults {
    positional: u32,
    keyword: u32,
}

impl<'t> Compiler<'t> {
    pub(super) fn function(&mut self, decorators: &'t [Decorator], def: &'t Function) -> Compiled {
        let n_calls = self.decorators(decorators)?;
        let scope = self.inner_scope(Code::Function(def));
        if !decorators.is_empty() {
            self.scopes[scope.0].first_line = self.stmt_line;
        }
        self.make_with_defaults(scope, &def.params)?;
        if def.is_async {
            self.scopes[scope.0].flags.insert(ScopeFlags::GENERATOR);
        }
        self.call_decorators(n_calls);
        self.store_name(def.name);
        Ok(())
    }

    pub(super) fn class(&mut self, decorators: &'t [Decorator], def: &'t Class) -> Compiled {
        let n_calls = self.decorators(decorators)?;
        let scope = self.inner_scope(Code::Class(def));
        if !decorators.is_empty() {
            self.scopes[scope.0].first_line = self.stmt_line;
        }
        self.emit.op(op::LOAD_BUILD_CLASS, 1);
        self.make(scope, Defaults::default());
        self.load_str(def.name);
        self.call_args(&def.args, 2, false)?;
        self.call_decorators(n_calls);
        self.store_name(def.name);
        Ok(())
    }

    pub(super) fn lambda(&mut self, lambda: &'t Lambda) -> Compiled {
        let scope = self.inner_scope(Code::Lambda(lambda));
        self.make_with_defaults(scope, &lambda.params)
    }

    pub(super) fn comprehension(&mut self, comprehension: &'t Comprehension) -> Compiled {
        let scope = self.inner_scope(Code::Comprehension(comprehension));
        self.make(scope, Defaults::default());
        if let Some(Clause::For { iter, .. }) = comprehension.clauses.first() {
            self.expr(iter)?;
        }
        if comprehension.kind == ComprehensionKind::Generator {
            self.emit.op(op::GET_ITER, 0);
        }
        self.call(1, 0);
        Ok(())
    }

    /// Evaluates the decorators; returns how many are to be called.
    fn decorators(&mut self, decorators: &'t [Decorator]) -> Compiled<usize> {
        let mut n_calls = 0;
        for decorator in decorators {
            match decorator {
                Decorator::BuiltIn { line, name } => self.built_in_decorator(*line, *name)?,
                Decorator::Ordinary { base, attrs, call } => {
                    self.expr(base)?;
                    for attr in attrs {
                        self.qstr_op(op::LOAD_ATTR, *attr, 0);
                    }
                    if let Some((line, args)) = call {
                        self.set_line(*line);
                        self.call_args(args, 0, false)?;
                    }
                    n_calls += 1;
                }
            }
        }
        Ok(n_calls)
    }

    /// There is no native code here; `bytecode` changes nothing.
    fn built_in_decorator(&mut self, line: u32, name: Option<Name>) -> Compiled {
        match name {
            Some(Name::BYTECODE) => Ok(()),
            Some(Name::NATIVE | Name::VIPER) => self.error(line, "invalid arch"),
            _ => self.error(line, "invalid micropython decorator"),
        }
    }

    fn call_decorators(&mut self, n_calls: usize) {
        for _ in 0..n_calls {
            self.call(1, 0);
        }
    }

    fn make_with_defaults(&mut self, scope: ScopeId, params: &'t [Param]) -> Compiled {
        let mut defaults = Defaults::default();
        let mut have_star = false;
        for param in params {
            match (&param.default, param.kind) {
                (_, ParamKind::Star) => have_star = true,
                (Some(default), _) if have_star => {
                    self.keyword_default(param.name, default, &mut defaults)?
                }
                (Some(default), _) => {
                    defaults.positional += 1;
                    self.expr(default)?;
                }
                (None, ParamKind::Plain) if !have_star && defaults.positional != 0 => {
                    return self.error(0, "non-default argument follows default argument");
                }
                (None, _) => {}
            }
        }
        if defaults.positional > 0 && defaults.keyword == 0 {
            self.build(op::BUILD_TUPLE, defaults.positional);
            self.emit.op(op::LOAD_NULL, 1);
        }
        self.make(scope, defaults);
        Ok(())
    }

    /// Keyword defaults go into a dict, before which the tuple of positional ones must be complete.
    fn keyword_default(&mut self, name: Option<Name>, value: &'t Expr, defaults: &mut Defaults) -> Compiled {
        defaults.keyword += 1;
        if defaults.keyword == 1 {
            match defaults.positional {
                0 => self.emit.op(op::LOAD_NULL, 1),
                n => self.build(op::BUILD_TUPLE, n),
            }
            self.emit.op_varuint(op::BUILD_MAP, 0, 1);
        }
        self.expr(value)?;
        self.load_str(name.unwrap_or(Name::EMPTY));
        self.emit.op(op::STORE_MAP, -2);
        Ok(())
    }

    /// Makes the function of an inner scope, with the cells it needs.
    fn make(&mut self, scope: ScopeId, defaults: Defaults) {
        let inner = &mut self.scopes[scope.0];
        if defaults.keyword > 0 {
            inner.flags.insert(ScopeFlags::KEYWORD_DEFAULTS);
        }
        inner.n_def_pos_args = defaults.positional;
        let cells = self.load_cells(scope);
        let child = self.made.len() as u32;
        self.made.push(scope);
        let has_defaults = defaults.positional > 0 || defaults.keyword > 0;
        let stack = if has_defaults { -1 } else { 1 };
        if cells == 0 {
            let op = if has_defaults { op::MAKE_FUNCTION_DEFARGS } else { op::MAKE_FUNCTION };
            return self.emit.op_varuint(op, child, stack);
        }
        let op = match (u8::try_from(cells), has_defaults) {
            (Ok(_), true) => op::MAKE_CLOSURE_DEFARGS,
            (Ok(_), false) => op::MAKE_CLOSURE,
            (Err(_), true) => op::MAKE_CLOSURE_DEFARGS_WIDE,
            (Err(_), false) => op::MAKE_CLOSURE_WIDE,
        };
        self.emit.op_varuint(op, child, stack - cells as i32);
        match u8::try_from(cells) {
            Ok(cells) => self.emit.byte(cells),
            Err(_) => self.emit.more_varuint(cells),
        }
    }

    /// Pushes the cells an inner scope uses, in the order of this scope's names.
    fn load_cells(&mut self, scope: ScopeId) -> u32 {
        if self.is_module(self.at) {
            return 0;
        }
        let inner = &self.scopes[scope.0];
        if !inner.ids.iter().any(|id| id.kind == IdKind::Free) {
            return 0;
        }
        let is_used = |id: &&Id| {
            id.is_in_cell() && inner.find(id.name).is_some_and(|at| inner.ids[at].kind == IdKind::Free)
        };
        let cells: Vec<Id> = self.scopes[self.at.0].ids.iter().filter(is_used).copied().collect();
        for &cell in &cells {
            self.load_fast(cell);
        }
        cells.len() as u32
    }

    pub(super) fn function_body(&mut self, def: &'t Function) -> Compiled {
        self.declare_params(&def.params)?;
        self.block(&def.body)?;
        self.mark_line(0, MarkKind::Own);
        self.return_none();
        Ok(())
    }

    pub(super) fn lambda_body(&mut self, lambda: &'t Lambda) -> Compiled {
        self.set_line(lambda.line);
        self.declare_params(&lambda.params)?;
        self.expr(&lambda.body)?;
        if self.scope().flags.is_generator() {
            self.emit.op(op::POP_TOP, -1);
            self.emit.op(op::LOAD_CONST_NONE, 1);
        }
        self.return_value();
        Ok(())
    }

    /// Parameters come first among a function's names.
    fn declare_params(&mut self, params: &'t [Param]) -> Compiled {
        if !self.is_resolving {
            return Ok(());
        }
        let mut have_star = false;
        for param in params {
            let scope = self.scope();
            let role = match param.kind {
                ParamKind::Plain if have_star => {
                    scope.n_kwonly_args += 1;
                    ParamRole::Plain
                }
                ParamKind::Plain => {
                    scope.n_pos_args += 1;
                    ParamRole::Plain
                }
                ParamKind::Star => {
                    have_star = true;
                    ParamRole::Star
                }
                ParamKind::DoubleStar => {
                    scope.flags.insert(ScopeFlags::VAR_KEYWORDS);
                    ParamRole::DoubleStar
                }
            };
            if let Some(name) = param.name {
                self.declare_param(name, role)?;
            }
        }
        Ok(())
    }

    fn declare_param(&mut self, name: Name, role: ParamRole) -> Compiled {
        let scope = self.scope();
        if role == ParamRole::Star {
            scope.flags.insert(ScopeFlags::VAR_ARGS);
        }
        let at = scope.find_or_add(name, IdKind::Undecided);
        let id = &mut scope.ids[at];
        if id.kind != IdKind::Undecided {
            return self.error(0, "argument name reused");
        }
        id.kind = IdKind::Local;
        id.param = Some(role);
        Ok(())
    }

    pub(super) fn class_body(&mut self, def: &'t Class) -> Compiled {
        if self.is_resolving {
            self.scope().find_or_add(Name::CLASS_CELL, IdKind::Local);
        }
        self.mark_line(self.scopes[self.at.0].first_line, MarkKind::Own);
        self.load_name(Name::DUNDER_NAME);
        self.store_name(Name::DUNDER_MODULE);
        self.load_str(def.name);
        self.store_name(Name::QUALNAME);
        self.block(&def.body)?;
        self.mark_line(0, MarkKind::Own);
        // The cell of `__class__`, if a method uses it, is what the class is to be put into.
        let scope = self.scope();
        match scope.find(Name::CLASS_CELL).map(|at| scope.ids[at]) {
            Some(id) if id.kind != IdKind::Local => self.load_fast(id),
            _ => self.emit.op(op::LOAD_CONST_NONE, 1),
        }
        self.return_value();
        Ok(())
    }

    /// A function of one argument: the iterable, or for a generator its iterator.
    pub(super) fn comprehension_body(&mut self, comprehension: &'t Comprehension) -> Compiled {
        if self.is_resolving {
            self.scope().find_or_add(Name::EMPTY, IdKind::Local);
            self.scope().n_pos_args = 1;
        }
        self.set_line(comprehension.line);
        match comprehension.kind {
            ComprehensionKind::List => self.emit.op_varuint(op::BUILD_LIST, 0, 1),
            ComprehensionKind::Dict => self.emit.op_varuint(op::BUILD_MAP, 0, 1),
            ComprehensionKind::Set => self.emit.op_varuint(op::BUILD_SET, 0, 1),
            ComprehensionKind::Generator => {}
        }
        if comprehension.kind == ComprehensionKind::Generator {
            // An iterator that is an object: null, the object, and two spare slots.
            self.emit.op(op::LOAD_NULL, 1);
            self.load_name(Name::EMPTY);
            self.emit.op(op::LOAD_NULL, 1);
            self.emit.op(op::LOAD_NULL, 1);
        } else {
            self.load_name(Name::EMPTY);
            self.emit.op(op::GET_ITER_STACK, 3);
        }
        self.comprehension_clauses(comprehension, &comprehension.clauses, 0)?;
        if comprehension.kind == ComprehensionKind::Generator {
            self.emit.op(op::LOAD_CONST_NONE, 1);
        }
        self.return_value();
        Ok(())
    }

    /// The loop of the first clause, a `for`, and all inside it.
    fn comprehension_clauses(
        &mut self,
        of: &'t Comprehension,
        clauses: &'t [Clause],
        depth: u32,
    ) -> Compiled {
        let Some((Clause::For { target, .. }, mut rest)) = clauses.split_first() else {
            return self.error(of.line, "invalid syntax");
        };
        let (top, end) = (self.emit.new_label(), self.emit.new_label());
        self.emit.place(top);
        self.mark_line(if depth == 0 { of.line } else { 0 }, MarkKind::Back);
        self.emit.jump_op(op::FOR_ITER, end, 1);
        self.assign(target)?;
        while let Some((Clause::If(test), after)) = rest.split_first() {
            self.jump_if(test, false, top)?;
            rest = after;
        }
        match rest.first() {
            Some(Clause::For { iter, .. }) => {
                self.expr(iter)?;
                self.emit.op(op::GET_ITER_STACK, 3);
                self.nested(|compiler| compiler.comprehension_clauses(of, rest, depth + 1))?;
            }
            _ => self.comprehension_element(of, depth)?,
        }
        self.emit.jump(top);
        self.emit.place(end);
        self.emit.adjust(-4);
        Ok(())
    }

    fn comprehension_element(&mut self, of: &'t Comprehension, depth: u32) -> Compiled {
        match &of.element {
            Element::Value(value) => self.expr(value)?,
            Element::Item(item) => self.item(item)?,
        }
        // The collection lies below the iterators of all loops.
        let below = 4 * depth + 5;
        match of.kind {
            ComprehensionKind::List => self.emit.op_varuint(op::STORE_COMP, below << 2, -1),
            ComprehensionKind::Dict => self.emit.op_varuint(op::STORE_COMP, (below + 1) << 2 | 1, -2),
            ComprehensionKind::Set => self.emit.op_varuint(op::STORE_COMP, below << 2 | 2, -1),
            ComprehensionKind::Generator => {
                self.yield_value();
                self.emit.op(op::POP_TOP, -1);
            }
        }
        Ok(())
    }
}
