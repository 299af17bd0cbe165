use super::{
    scope::{Id, IdKind, ScopeId, close_over},
    unit::{Compiled, Compiler},
};
use crate::{bytecode::op, syntax::ast::Name};

/// What to do with a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Delete,
}

impl Compiler<'_> {
    pub(super) fn load_name(&mut self, name: Name) {
        self.access(name, Access::Load);
    }

    pub(super) fn store_name(&mut self, name: Name) {
        self.access(name, Access::Store);
    }

    pub(super) fn delete_name(&mut self, name: Name) {
        self.access(name, Access::Delete);
    }

    fn access(&mut self, name: Name, access: Access) {
        if self.is_resolving {
            match access {
                Access::Load => self.scope().note_load(name),
                Access::Store | Access::Delete => _ = self.scope().note_store(name),
            }
            return;
        }
        let scope = self.scope();
        // The first walk has met all names.
        let Some(id) = scope.find(name).map(|at| scope.ids[at]) else { return };
        match id.kind {
            IdKind::GlobalImplicit | IdKind::GlobalImplicitAssigned | IdKind::Undecided => {
                let op = [op::LOAD_NAME, op::STORE_NAME, op::DELETE_NAME];
                self.qstr_op(op[access as usize], name, access.stack());
            }
            IdKind::GlobalExplicit => {
                let op = [op::LOAD_GLOBAL, op::STORE_GLOBAL, op::DELETE_GLOBAL];
                self.qstr_op(op[access as usize], name, access.stack());
            }
            IdKind::Local => self.access_fast(id, access),
            IdKind::Cell | IdKind::Free => {
                let op = [op::LOAD_DEREF, op::STORE_DEREF, op::DELETE_DEREF];
                self.emit.op_varuint(op[access as usize], id.local, access.stack());
            }
        }
    }

    fn access_fast(&mut self, id: Id, access: Access) {
        let packed = match access {
            Access::Load => op::LOAD_FAST_MULTI,
            Access::Store => op::STORE_FAST_MULTI,
            Access::Delete => 0,
        };
        if id.local < 16 && packed != 0 {
            return self.emit.op(packed + id.local as u8, access.stack());
        }
        let op = [op::LOAD_FAST_N, op::STORE_FAST_N, op::DELETE_FAST];
        self.emit.op_varuint(op[access as usize], id.local, access.stack());
    }

    /// Pushes the local of a name, which may hold a cell.
    pub(super) fn load_fast(&mut self, id: Id) {
        self.access_fast(id, Access::Load);
    }

    pub(super) fn load_global(&mut self, name: Name) {
        self.qstr_op(op::LOAD_GLOBAL, name, 1);
    }

    pub(super) fn load_str(&mut self, name: Name) {
        self.qstr_op(op::LOAD_CONST_STRING, name, 1);
    }

    pub(super) fn qstr_op(&mut self, op: u8, name: Name, stack: i32) {
        let qstr = self.tables.qstr(&self.names, name);
        self.emit.op_varuint(op, qstr, stack);
    }

    pub(super) fn declare_global(&mut self, line: u32, at: usize) -> Compiled {
        let id = &mut self.scope().ids[at];
        if !matches!(id.kind, IdKind::Undecided | IdKind::GlobalExplicit) {
            return self.error(line, "identifier redefined as global");
        }
        id.kind = IdKind::GlobalExplicit;
        let name = id.name;
        let module = &mut self.scopes[0];
        if let Some(at) = module.find(name) {
            module.ids[at].kind = IdKind::GlobalExplicit;
        }
        Ok(())
    }

    pub(super) fn declare_nonlocal(&mut self, line: u32, at: usize) -> Compiled {
        let scope = self.at;
        let id = &mut self.scope().ids[at];
        match id.kind {
            IdKind::Undecided => {
                id.kind = IdKind::GlobalImplicit;
                close_over(&mut self.scopes, scope, at);
                match self.scope().ids[at].kind {
                    IdKind::GlobalImplicit => self.error(line, "no binding for nonlocal found"),
                    _ => Ok(()),
                }
            }
            IdKind::Free => Ok(()),
            _ => self.error(line, "identifier redefined as nonlocal"),
        }
    }

    /// A walrus in a comprehension binds in the scope around it.
    pub(super) fn bind_outside(&mut self, line: u32, name: Name) -> Compiled {
        let Some(parent) = self.scope().parent else { return Ok(()) };
        let outer = &mut self.scopes[parent.0];
        let at_module = outer.parent.is_none();
        let outer_at = outer.note_store(name);
        if outer.ids[outer_at].kind == IdKind::GlobalExplicit {
            self.scope().find_or_add(name, IdKind::GlobalExplicit);
            return Ok(());
        }
        let at = self.scope().find_or_add(name, IdKind::Undecided);
        if at_module {
            return self.declare_global(line, at);
        }
        let id = &mut self.scope().ids[at];
        if id.kind == IdKind::GlobalImplicit {
            // Read before; now it is known whose it is.
            id.kind = IdKind::Undecided;
        }
        self.declare_nonlocal(line, at)
    }

    pub(super) fn is_module(&self, scope: ScopeId) -> bool {
        self.scopes[scope.0].parent.is_none()
    }
}

impl Access {
    fn stack(self) -> i32 {
        match self {
            Access::Load => 1,
            Access::Store => -1,
            Access::Delete => 0,
        }
    }
}
