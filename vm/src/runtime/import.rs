//! Modules: running a main program, and `import`.

use crate::bytecode;
use crate::compile;
use crate::error::{R, Raise};
use crate::object::class::Module;
use crate::object::dict::Dict;
use crate::object::exception::TraceLine;
use crate::object::function::Args;
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::sequence::{List, Tuple};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A new module object, with `__name__` set; not yet in `sys.modules`.
    pub fn new_module(&mut self, name: &str) -> Gc<Module> {
        let name = self.intern(name);
        let globals = self.new_dict();
        globals.set_name(self.names.name, name.into());
        self.heap.alloc(Module { header: Header::new(Kind::Module), name, globals })
    }

    /// Compiles `source` and runs it as the body of a module with these globals.
    pub fn run_source(&mut self, source: &str, file: &str, globals: Gc<Dict>) -> R {
        let options = compile::Options {
            opt_level: self.opt_level,
            annotations: true,
            wide: true,
            debug: true,
            ..Default::default()
        };
        match compile::compile(source, file, &options) {
            Ok(module) => self.run_module(&module, globals),
            Err(error) => Err(self.compile_error(error)),
        }
    }

    /// Runs a compiled module's body.
    pub fn run_module(&mut self, module: &bytecode::Module, globals: Gc<Dict>) -> R {
        let code = self.load_module(module)?;
        let body = self.function(code, globals);
        self.call_args(body, Args::positional(&[]))
    }

    /// The Python exception for a compiler's complaint, with its place as traceback.
    pub fn compile_error(&mut self, error: compile::CompileError) -> Raise {
        let class = match error.kind {
            compile::ErrorKind::SyntaxError => self.exceptions.SyntaxError,
            compile::ErrorKind::IndentationError => self.exceptions.IndentationError,
            compile::ErrorKind::RuntimeError => self.exceptions.RuntimeError,
            compile::ErrorKind::NotImplementedError => self.exceptions.NotImplementedError,
        };
        let raise = self.raise_message(class, &error.message);
        let file = self.intern(&error.file);
        raise.0.traceback.borrow_mut().push(TraceLine::Source { file, line: error.line });
        raise
    }

    /// `__import__(name, globals, fromlist, level)`.
    pub fn import(&mut self, name: &str, globals: Gc<Dict>, from: Value, level: usize) -> R {
        let full = self.absolute_name(name, globals, level)?;
        let mut module = Value::NONE;
        let mut first = Value::NONE;
        for (end, _) in full.match_indices('.').chain([(full.len(), "")]) {
            let parent = module;
            module = self.import_one(&full[..end], parent)?;
            if first.is_none() {
                first = module;
            }
        }
        if from.is_none() {
            return Ok(first);
        }
        self.import_submodules(module, &full, from)?;
        Ok(module)
    }

    /// `from package import module` imports submodules that are not attributes yet.
    fn import_submodules(&mut self, module: Value, full: &str, from: Value) -> R<()> {
        let Some(package) = module.cast::<Module>() else { return Ok(()) };
        if package.globals.get_name(self.names.path).is_none() {
            return Ok(());
        }
        let names = self.collect_list(from)?;
        for name in names.items.iter() {
            let Some(name) = name.cast::<Str>() else { continue };
            if &*name.text != "*" && package.globals.get_name(name).is_none() {
                // What is no module may still be a name, which is somebody else's error.
                self.find_or_import(&format!("{full}.{}", name.text), module)?;
            }
        }
        Ok(())
    }

    fn absolute_name(&mut self, name: &str, globals: Gc<Dict>, level: usize) -> R<String> {
        if level == 0 {
            return Ok(name.to_owned());
        }
        let here = globals
            .get_name(self.names.name)
            .and_then(|n| n.cast::<Str>())
            .map_or(String::new(), |n| n.text.to_string());
        let is_package = globals.get_name(self.names.path).is_some();
        let up = if is_package { level - 1 } else { level };
        let mut parts: Vec<&str> = here.split('.').collect();
        if up >= parts.len() + is_package as usize || here == "__main__" {
            return Err(self.import_error("can't perform relative import"));
        }
        parts.truncate(parts.len() - up);
        if !name.is_empty() {
            parts.push(name);
        }
        Ok(parts.join("."))
    }

    fn import_one(&mut self, full: &str, parent: Value) -> R {
        match self.find_or_import(full, parent)? {
            Some(module) => Ok(module),
            None => {
                let class = self.exceptions.ModuleNotFoundError;
                Err(self.raise_message(class, &format!("No module named '{full}'")))
            }
        }
    }

    /// A module that was imported before, or is now; `None` if there is none.
    fn find_or_import(&mut self, full: &str, parent: Value) -> R<Option<Value>> {
        let top = parent.is_none();
        let fixed = crate::builtins::fixed_name(full).filter(|_| top);
        // Without a path, what is asked for is built in, even if a file of that name was imported.
        let wants_built_in = fixed.is_some_and(|ours| ours != full) || (top && self.search_path().is_empty());
        if wants_built_in && let Some(module) = self.built_in(fixed.unwrap_or(full))? {
            return Ok(Some(module));
        }
        let key = self.intern(full);
        if let Some(module) = self.modules.get_name(key) {
            if module.is_none() {
                return Err(self.import_error(format!("import of {full} halted; None in sys.modules")));
            }
            return Ok(Some(module));
        }
        if fixed.is_some() {
            return self.built_in(full);
        }
        let short = full.rsplit('.').next().unwrap_or(full);
        let mut found = self.find_module(short, parent, Lookup::Modules)?;
        if found.is_none() {
            if (top || self.is_ours(parent))
                && let Some(module) = self.built_in(full)?
            {
                return Ok(Some(self.settle_in(parent, short, module)));
            }
            found = self.find_module(short, parent, Lookup::Directories)?;
        }
        let Some(found) = found else { return Ok(None) };
        let module = self.run_found(full, found)?;
        Ok(Some(self.settle_in(parent, short, module)))
    }

    /// A module is an attribute of the package it is in.
    fn settle_in(&mut self, parent: Value, short: &str, module: Value) -> Value {
        if let Some(parent) = parent.cast::<Module>() {
            let short = self.intern(short);
            parent.globals.set_name(short, module);
        }
        module
    }

    /// The module is one that [`Vm::built_in`] gave.
    fn is_ours(&mut self, module: Value) -> bool {
        let own = module.cast::<Module>().and_then(|module| self.built_in.get_name(module.name));
        own == Some(module)
    }

    /// A module of ours, whatever files and imported modules there are of its name.
    fn built_in(&mut self, name: &str) -> R<Option<Value>> {
        let key = self.intern(name);
        if let Some(module) = self.built_in.get_name(key) {
            // What was deleted there comes back, as what it was.
            if self.modules.get_name(key).is_none() {
                self.modules.set_name(key, module);
            }
            return Ok(Some(module));
        }
        if key == self.names.builtins {
            return Ok(Some(self.builtins_module()));
        }
        if let Some(def) = crate::builtins::module(name) {
            return Ok(Some(self.load_builtin_module(def)));
        }
        match crate::builtins::embedded(name) {
            Some(source) => self.run_embedded(name, source).map(Some),
            None => Ok(None),
        }
    }

    /// Calls what has this name in a module of ours that is written in Python.
    pub(crate) fn call_library(&mut self, module: &str, name: &str, args: &[Value]) -> R {
        let (name, globals) = (self.intern(name), self.new_dict());
        let from = self.tuple(&[name.into()]);
        let module = self.import(module, globals, from, 0)?;
        let callee = self.load_attr(module, name)?;
        self.call(callee, args)
    }

    /// Makes a module of ours known, unless the program has one of its own under the name.
    fn register_built_in(&mut self, module: Gc<Module>) {
        self.built_in.set_name(module.name, module.into());
        if self.modules.get_name(module.name).is_none() {
            self.modules.set_name(module.name, module.into());
        }
    }

    /// The module whose namespace every other one falls back on.
    pub(crate) fn builtins_module(&mut self) -> Value {
        let (name, globals) = (self.names.builtins, self.builtins);
        // A namespace without a name of its own has this one.
        globals.set_name(self.names.name, name.into());
        let module = self.heap.alloc(Module { header: Header::new(Kind::Module), name, globals });
        self.register_built_in(module);
        module.into()
    }

    /// What the program has put in the place of `__import__`.
    pub fn own_import(&mut self) -> Option<Value> {
        let import = self.builtins.get_name(self.names.import)?;
        (import.kind() != Kind::Native).then_some(import)
    }

    fn load_builtin_module(&mut self, def: &'static crate::builtins::ModuleDef) -> Value {
        let module = self.new_module(def.name);
        for function in def.functions {
            self.install_function(module.globals, function);
        }
        if let Some(setup) = def.setup {
            setup(self, module.globals);
        }
        module.close();
        self.register_built_in(module);
        module.into()
    }

    /// Runs a module that is embedded as source.
    fn run_embedded(&mut self, name: &str, source: &str) -> R {
        let module = self.new_module(name);
        self.register_built_in(module);
        if let Err(raise) = self.run_source(source, &format!("<{name}>"), module.globals) {
            self.built_in.remove_name(module.name);
            if self.modules.get_name(module.name) == Some(module.into()) {
                self.modules.remove_name(module.name);
            }
            return Err(raise);
        }
        Ok(module.into())
    }

    /// The file that holds a module, searched in the parent's `__path__` or in `sys.path`.
    fn find_module(&mut self, short: &str, parent: Value, what: Lookup) -> R<Option<FoundModule>> {
        let dirs = match parent.cast::<Module>() {
            Some(parent) => match parent.globals.get_name(self.names.path).and_then(|p| p.cast::<Str>()) {
                Some(path) => vec![path.text.to_string()],
                None => return Ok(None),
            },
            None => self.search_path(),
        };
        for dir in &dirs {
            if let Some(found) = self.find_in_dir(dir, short, what)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// `sys.path`, which the program may have given another value.
    fn search_path(&mut self) -> Vec<String> {
        let (sys, name) = (self.intern("sys"), self.intern("path"));
        let module = self.built_in.get_name(sys).and_then(|module| module.cast::<Module>());
        let path = module.and_then(|module| module.globals.get_name(name)).unwrap_or(self.path);
        let items = match (path.cast::<List>(), path.cast::<Tuple>()) {
            (Some(list), _) => list.items.to_vec(),
            (_, Some(tuple)) => tuple.items().to_vec(),
            _ => Vec::new(),
        };
        items.iter().filter_map(|p| p.cast::<Str>()).map(|p| p.text.to_string()).collect()
    }

    fn find_in_dir(&mut self, dir: &str, short: &str, what: Lookup) -> R<Option<FoundModule>> {
        let path = if dir.is_empty() { short.to_owned() } else { format!("{dir}/{short}") };
        let package = self.host.is_dir(&path);
        if what == Lookup::Directories {
            let found = FoundModule { file: String::new(), bytes: Vec::new(), package: Some(path) };
            return Ok(package.then_some(found));
        }
        let inside = package.then(|| format!("{path}/__init__"));
        for stem in inside.into_iter().chain([path.clone()]) {
            for extension in ["py", "mpy"] {
                let file = format!("{stem}.{extension}");
                if let Ok(bytes) = self.read_file(&file)? {
                    let package = (stem != path).then(|| path.clone());
                    return Ok(Some(FoundModule { file, bytes, package }));
                }
            }
        }
        Ok(None)
    }

    fn run_found(&mut self, full: &str, found: FoundModule) -> R {
        let module = self.new_module(full);
        let file = self.str(found.file.as_str());
        module.globals.set_name(self.names.file, file);
        if let Some(path) = &found.package {
            let path = self.str(path.as_str());
            module.globals.set_name(self.names.path, path);
        }
        self.modules.set_name(module.name, module.into());
        if found.file.is_empty() {
            return Ok(module.into());
        }
        if let Err(raise) = self.run_file(&found.file, &found.bytes, module.globals) {
            self.modules.remove_name(module.name);
            return Err(raise);
        }
        Ok(module.into())
    }

    /// Runs the contents of a `.py` or `.mpy` file.
    pub fn run_file(&mut self, file: &str, bytes: &[u8], globals: Gc<Dict>) -> R {
        if file.ends_with(".mpy") {
            return match bytecode::mpy::read(bytes) {
                Ok(module) => self.run_module(&module, globals),
                Err(error) => Err(self.value_error(error.message())),
            };
        }
        match std::str::from_utf8(bytes) {
            Ok(source) => self.run_source(source, file, globals),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u32;
                let message = "source is not UTF-8".to_owned();
                let kind = compile::ErrorKind::SyntaxError;
                Err(self.compile_error(compile::CompileError {
                    kind,
                    message,
                    file: file.to_owned(),
                    line,
                    column: 1,
                }))
            }
        }
    }
}

/// What `sys.path` is searched for. A directory without `__init__` is a package only if there is nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lookup {
    Modules,
    Directories,
}

struct FoundModule {
    file: String,
    bytes: Vec<u8>,
    /// The directory, for a package.
    package: Option<String>,
}
