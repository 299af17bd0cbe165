//! What tracers and debuggers will want to know of a function.

use super::{
    scope::{Code, IdKind, ScopeId},
    unit::Compiler,
};
use crate::bytecode::{Debug, Mark};

impl Compiler<'_> {
    pub(super) fn debug_of(&self, at: ScopeId, marks: Vec<Mark>) -> Debug {
        let scope = &self.scopes[at.0];
        let mut locals = vec![Box::default(); scope.n_locals as usize];
        for id in &scope.ids {
            if matches!(id.kind, IdKind::Local | IdKind::Cell | IdKind::Free)
                && let Some(local) = locals.get_mut(id.local as usize)
            {
                *local = self.names.text(id.name).into();
            }
        }
        let n_free = scope.ids.iter().filter(|id| id.kind == IdKind::Free).count();
        let is_body = !scope.code.is_function_like();
        let is_async = matches!(scope.code, Code::Function(def) if def.is_async);
        let (first_line, qualname) = (scope.first_line, self.qualname(at).into());
        let doc = match scope.code {
            Code::Function(def) => def.doc.clone(),
            _ => None,
        };
        Debug { doc, first_line, marks, locals, qualname, n_free, is_body, is_async }
    }

    fn qualname(&self, at: ScopeId) -> String {
        let scope = &self.scopes[at.0];
        let name = self.names.text(scope.code.name());
        match scope.parent {
            Some(parent) if !self.is_module(parent) => {
                let inside = if self.scopes[parent.0].code.is_function_like() { ".<locals>" } else { "" };
                format!("{}{inside}.{name}", self.qualname(parent))
            }
            _ => name.to_owned(),
        }
    }
}
