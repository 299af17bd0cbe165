use rustc_hash::FxHashMap;

/// A name or short string, interned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

/// All names of one compilation.
#[derive(Debug)]
pub(crate) struct Names {
    texts: Vec<Box<str>>,
    index: FxHashMap<Box<str>, Name>,
}

macro_rules! known {
    ($($id:ident $text:literal,)+) => {
        /// Names the compiler itself speaks of.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "index list of the constants below")]
        enum Index { $($id),+ }

        impl Name {
            $(pub(crate) const $id: Name = Name(Index::$id as u32);)+
        }

        const KNOWN: &[&str] = &[$($text),+];
    };
}

known! {
    EMPTY "",
    STAR "*",
    MODULE "<module>",
    LAMBDA "<lambda>",
    LIST_COMP "<listcomp>",
    DICT_COMP "<dictcomp>",
    SET_COMP "<setcomp>",
    GEN_EXPR "<genexpr>",
    CLASS_CELL "__class__",
    DUNDER_NAME "__name__",
    DUNDER_MODULE "__module__",
    QUALNAME "__qualname__",
    REPL_PRINT "__repl_print__",
    AITER "__aiter__",
    ANEXT "__anext__",
    AENTER "__aenter__",
    AEXIT "__aexit__",
    DEBUG "__debug__",
    ASSERTION_ERROR "AssertionError",
    BASE_EXCEPTION "BaseException",
    STOP_ASYNC_ITERATION "StopAsyncIteration",
    SUPER "super",
    RANGE "range",
    CONST "const",
    MATH "math",
    FORMAT "format",
    MICROPYTHON "micropython",
    BYTECODE "bytecode",
    NATIVE "native",
    VIPER "viper",
    TEMPLATE "__template__",
    STAR_TUPLE "*tuple",
    STAR_SET "*set",
}

impl Names {
    pub(crate) fn new() -> Names {
        let mut names = Names { texts: Vec::new(), index: FxHashMap::default() };
        for text in KNOWN {
            names.intern(text);
        }
        names
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        if let Some(&name) = self.index.get(text) {
            return name;
        }
        let name = Name(self.texts.len() as u32);
        self.texts.push(text.into());
        self.index.insert(text.into(), name);
        name
    }

    pub(crate) fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }
}
