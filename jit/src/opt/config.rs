//! The passes, and which of them are switched on.

/// One pass.
pub struct PassInfo {
    pub name: &'static str,
    pub doc: &'static str,
}

macro_rules! passes {
    ($( $(#[doc = $doc:literal])* $name:ident $text:literal; )*) => {
        /// A pass of the optimiser, in the order in which an operation meets them.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Pass { $( $(#[doc = $doc])* $name ),* }

        /// The table of all passes.
        pub const PASSES: &[PassInfo] = &[$(PassInfo { name: $text, doc: concat!($($doc),*) }),*];
    };
}

passes! {
    /// Constants, algebraic identities, boxing undone, guards on what is known.
    Fold "fold";
    /// Integer ranges: overflow checks and bounds checks that cannot fail go away.
    Ranges "ranges";
    /// Checks of the same word or flag are made once.
    Guards "guards";
    /// Pure operations are computed once.
    Cse "cse";
    /// Loads see earlier loads and stores; stores that change nothing go away.
    Forward "forward";
    /// The first iteration is peeled off, so that what does not change is computed once before the loop.
    Peel "peel";
    /// Objects that no one sees are made only when a guard fails.
    Escape "escape";
    /// Operations whose results no one uses go away.
    Dce "dce";
}

/// The set of passes to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    enabled: u16,
    /// Traces are checked on their way in and out.
    pub verify: bool,
}

impl Config {
    pub const fn all() -> Config {
        Config { enabled: (1 << PASSES.len()) - 1, verify: cfg!(debug_assertions) }
    }

    pub const fn none() -> Config {
        Config { enabled: 0, verify: cfg!(debug_assertions) }
    }

    /// Names separated by commas; `-name` switches off. A list that begins with `-name` starts from all passes, any
    /// other from none; `all` and `none` stand for themselves.
    pub fn parse(list: &str) -> Result<Config, String> {
        let mut config = if list.starts_with('-') { Config::all() } else { Config::none() };
        for word in list.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            config = config.apply(word)?;
        }
        Ok(config)
    }

    fn apply(self, word: &str) -> Result<Config, String> {
        let (name, on) = word.strip_prefix('-').map_or((word, true), |name| (name, false));
        match (name, PASSES.iter().position(|p| p.name == name)) {
            ("all", _) => Ok(Config::all()),
            ("none", _) => Ok(Config::none()),
            (_, Some(n)) => Ok(self.with_bit(n, on)),
            _ => Err(format!("unknown optimiser pass '{name}'")),
        }
    }

    fn with_bit(self, bit: usize, on: bool) -> Config {
        let rest = self.enabled & !(1 << bit);
        Config { enabled: rest | (on as u16) << bit, ..self }
    }

    pub fn verifying(self, verify: bool) -> Config {
        Config { verify, ..self }
    }

    pub fn with(self, pass: Pass, on: bool) -> Config {
        self.with_bit(pass as usize, on)
    }

    pub fn has(self, pass: Pass) -> bool {
        self.enabled >> pass as u8 & 1 != 0
    }
}

impl Default for Config {
    fn default() -> Config {
        Config::all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_switch_passes() {
        let only = Config::parse("cse,fold").unwrap();
        assert!(only.has(Pass::Cse) && only.has(Pass::Fold) && !only.has(Pass::Peel));
        let without = Config::parse("-peel").unwrap();
        assert!(without.has(Pass::Cse) && !without.has(Pass::Peel));
        assert_eq!(Config::parse("all,-cse").unwrap(), Config::all().with(Pass::Cse, false));
        assert!(Config::parse("speed").is_err());
    }
}
