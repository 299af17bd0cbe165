//! Blocks and what their names mean: MicroPython's rules, which resolve names while the tree is walked once.

use rustc_hash::FxHashMap;

use crate::{
    bytecode::ScopeFlags,
    syntax::ast::{Body, Class, Comprehension, ComprehensionKind, Function, Lambda, Name},
};

/// Index of a scope in the list of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScopeId(pub(super) usize);

/// One block of code: what becomes one function of bytecode.
#[derive(Debug)]
pub(super) struct Scope<'t> {
    pub(super) code: Code<'t>,
    pub(super) parent: Option<ScopeId>,
    /// Where its definition begins, decorators included.
    pub(super) first_line: u32,
    pub(super) ids: Vec<Id>,
    /// Where each name is in `ids`.
    by_name: FxHashMap<Name, usize>,
    pub(super) flags: ScopeFlags,
    pub(super) n_pos_args: u32,
    pub(super) n_kwonly_args: u32,
    pub(super) n_def_pos_args: u32,
    pub(super) n_locals: u32,
    pub(super) exc_stack_size: u32,
    /// The scopes made inside this one, in the order in which they were met.
    pub(super) inner: Vec<ScopeId>,
}

/// What a scope is made from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code<'t> {
    Module(&'t Body),
    Class(&'t Class),
    Function(&'t Function),
    Lambda(&'t Lambda),
    Comprehension(&'t Comprehension),
}

/// What is known of a name in a scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Id {
    pub(super) name: Name,
    pub(super) kind: IdKind,
    pub(super) param: Option<ParamRole>,
    /// Number of the local, or of the local that holds the cell.
    pub(super) local: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdKind {
    Undecided,
    /// Read but not assigned here: global unless an outer function has it.
    GlobalImplicit,
    /// Assigned in a class or module body.
    GlobalImplicitAssigned,
    GlobalExplicit,
    Local,
    /// Local, and used by inner functions.
    Cell,
    /// Local of an outer function.
    Free,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParamRole {
    Plain,
    Star,
    DoubleStar,
}

impl Code<'_> {
    pub(super) fn name(&self) -> Name {
        match self {
            Code::Module(_) => Name::MODULE,
            Code::Class(def) => def.name,
            Code::Function(def) => def.name,
            Code::Lambda(_) => Name::LAMBDA,
            Code::Comprehension(comprehension) => match comprehension.kind {
                ComprehensionKind::List => Name::LIST_COMP,
                ComprehensionKind::Dict => Name::DICT_COMP,
                ComprehensionKind::Set => Name::SET_COMP,
                ComprehensionKind::Generator => Name::GEN_EXPR,
            },
        }
    }

    /// Where it begins.
    pub(super) fn line(&self) -> u32 {
        match self {
            Code::Module(_) => 0,
            Code::Class(def) => def.line,
            Code::Function(def) => def.line,
            Code::Lambda(lambda) => lambda.line,
            Code::Comprehension(comprehension) => comprehension.line,
        }
    }

    /// Whether names assigned in it are locals.
    pub(super) fn is_function_like(&self) -> bool {
        !matches!(self, Code::Module(_) | Code::Class(_))
    }
}

impl<'t> Scope<'t> {
    pub(super) fn new(code: Code<'t>, parent: Option<ScopeId>) -> Scope<'t> {
        Scope {
            code,
            parent,
            first_line: code.line(),
            ids: Vec::new(),
            by_name: FxHashMap::default(),
            flags: ScopeFlags::default(),
            n_pos_args: 0,
            n_kwonly_args: 0,
            n_def_pos_args: 0,
            n_locals: 0,
            exc_stack_size: 0,
            inner: Vec::new(),
        }
    }

    pub(super) fn find(&self, name: Name) -> Option<usize> {
        self.by_name.get(&name).copied()
    }

    pub(super) fn find_or_add(&mut self, name: Name, kind: IdKind) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.ids.push(Id { name, kind, param: None, local: 0 });
            self.by_name.insert(name, self.ids.len() - 1);
            self.ids.len() - 1
        })
    }

    /// The name is read.
    pub(super) fn note_load(&mut self, name: Name) {
        self.find_or_add(name, IdKind::GlobalImplicit);
    }

    /// The name is assigned or deleted.
    pub(super) fn note_store(&mut self, name: Name) -> usize {
        let is_function_like = self.code.is_function_like();
        let index = self.find_or_add(name, IdKind::GlobalImplicit);
        let id = &mut self.ids[index];
        if id.kind == IdKind::GlobalImplicit {
            id.kind = if is_function_like { IdKind::Local } else { IdKind::GlobalImplicitAssigned };
        }
        index
    }
}

/// If an outer function has `scopes[at].ids[id]` as a local, makes it a free variable.
pub(super) fn close_over(scopes: &mut [Scope<'_>], at: ScopeId, id: usize) {
    let name = scopes[at.0].ids[id].name;
    let mut outer = scopes[at.0].parent;
    while let Some(parent) = outer {
        let scope = &scopes[parent.0];
        if scope.parent.is_none() {
            return;
        }
        if let Some(found) = scope.find(name) {
            if matches!(scope.ids[found].kind, IdKind::Local | IdKind::Cell | IdKind::Free) {
                scopes[at.0].ids[id].kind = IdKind::Free;
                close_over_in_parents(scopes, at, name);
            }
            return;
        }
        outer = scope.parent;
    }
}

fn close_over_in_parents(scopes: &mut [Scope<'_>], at: ScopeId, name: Name) {
    let mut outer = scopes[at.0].parent;
    while let Some(parent) = outer {
        let scope = &mut scopes[parent.0];
        let found = scope.find_or_add(name, IdKind::Undecided);
        match scope.ids[found].kind {
            IdKind::Undecided => scope.ids[found].kind = IdKind::Free,
            IdKind::Local => {
                scope.ids[found].kind = IdKind::Cell;
                return;
            }
            _ => return,
        }
        outer = scope.parent;
    }
}

/// Numbers the locals: cells passed in, parameters, other locals, cells.
pub(super) fn number_locals(scopes: &mut [Scope<'_>], at: ScopeId) {
    let outer_cells: Vec<Name> = match scopes[at.0].parent {
        Some(parent) => scopes[parent.0].ids.iter().filter(|id| id.is_in_cell()).map(|id| id.name).collect(),
        None => Vec::new(),
    };
    let scope = &mut scopes[at.0];
    scope.move_star_param_last();
    scope.number_fast_locals();
    for id in &mut scope.ids {
        if id.kind == IdKind::Cell && id.param.is_none() {
            id.local = scope.n_locals;
            scope.n_locals += 1;
        }
    }
    scope.number_free(&outer_cells);
}

impl Scope<'_> {
    /// `*args` comes after all other parameters but `**kw`.
    fn move_star_param_last(&mut self) {
        if !self.flags.has_var_args() {
            return;
        }
        let star = self.ids.iter().rposition(|id| id.param == Some(ParamRole::Star));
        let last = self.ids.iter().rposition(|id| id.param == Some(ParamRole::Plain));
        if let (Some(star), Some(last)) = (star, last)
            && star < last
        {
            self.ids.swap(star, last);
            let names = [star, last].map(|at| (self.ids[at].name, at));
            self.by_name.extend(names);
        }
    }

    fn number_fast_locals(&mut self) {
        let is_function_like = self.code.is_function_like();
        let is_class = matches!(self.code, Code::Class(_));
        self.n_locals = 0;
        for id in &mut self.ids {
            if is_class && id.name == Name::CLASS_CELL {
                // Not a local: either a cell or not used at all.
                continue;
            }
            if is_function_like && id.kind == IdKind::GlobalImplicit {
                id.kind = IdKind::GlobalExplicit;
            }
            if id.kind == IdKind::Local || id.param.is_some() {
                id.local = self.n_locals;
                self.n_locals += 1;
            }
        }
    }

    /// Free variables come first, in the order of the outer scope, as if they were parameters.
    fn number_free(&mut self, outer_cells: &[Name]) {
        let mut n_free = 0;
        for name in outer_cells {
            let Some(at) = self.find(*name).filter(|&at| self.ids[at].kind == IdKind::Free) else { continue };
            self.ids[at].local = n_free;
            n_free += 1;
        }
        for id in self.ids.iter_mut().filter(|id| id.kind != IdKind::Free || id.param.is_some()) {
            id.local += n_free;
        }
        self.n_pos_args += n_free;
        self.n_locals += n_free;
    }
}

impl Id {
    /// Whether its local holds a cell.
    pub(super) fn is_in_cell(&self) -> bool {
        matches!(self.kind, IdKind::Cell | IdKind::Free)
    }
}
