use super::unit::{Compiled, Compiler};
use crate::{
    bytecode::op,
    syntax::ast::{ImportAlias, ImportNames, Name},
};

impl Compiler<'_> {
    pub(super) fn import(&mut self, alias: &ImportAlias) {
        self.emit.small_int(0);
        self.emit.op(op::LOAD_CONST_NONE, 1);
        self.qstr_op(op::IMPORT_NAME, alias.full, -1);
        match alias.alias {
            None => self.store_name(alias.parts[0]),
            Some(name) => {
                // The import gives the first package; what was asked for is inside.
                for part in &alias.parts[1..] {
                    self.qstr_op(op::LOAD_ATTR, *part, 0);
                }
                self.store_name(name);
            }
        }
    }

    pub(super) fn import_from(
        &mut self,
        line: u32,
        level: u32,
        module: Option<Name>,
        names: &ImportNames,
    ) -> Compiled {
        let module = module.unwrap_or(Name::EMPTY);
        match names {
            ImportNames::Star if !self.is_module(self.at) => {
                return self.error(line, "import * not at module level");
            }
            ImportNames::Star => {
                self.emit.small_int(level.into());
                self.load_str(Name::STAR);
                self.build(op::BUILD_TUPLE, 1);
                self.qstr_op(op::IMPORT_NAME, module, -1);
                self.emit.op(op::IMPORT_STAR, -1);
            }
            ImportNames::Names(names) => {
                self.emit.small_int(level.into());
                for (name, _) in names {
                    self.load_str(*name);
                }
                self.build(op::BUILD_TUPLE, names.len() as u32);
                self.qstr_op(op::IMPORT_NAME, module, -1);
                for (name, alias) in names {
                    self.qstr_op(op::IMPORT_FROM, *name, 1);
                    self.store_name(alias.unwrap_or(*name));
                }
                self.emit.op(op::POP_TOP, -1);
            }
        }
        Ok(())
    }
}
