//! The keys: one table, from which they are dispatched and the help is made.

/// A key, whatever the terminal calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Char(char),
    /// With Control held.
    Control(char),
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Tab,
    Enter,
    Escape,
    Backspace,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    PaneBefore,
    PaneBehind,
    Sort,
    Search,
    SearchAgain,
    SearchBack,
    Help,
    Quit,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Any of these does it.
    pub keys: &'static [Key],
    /// How the help shows them.
    pub shown: &'static str,
    /// What is done.
    pub action: Action,
    /// How the help says it.
    pub help: &'static str,
}

const fn bind(keys: &'static [Key], shown: &'static str, action: Action, help: &'static str) -> Binding {
    Binding { keys, shown, action, help }
}

/// Every key there is.
pub const BINDINGS: &[Binding] = &[
    bind(&[Key::Down, Key::Char('j')], "↓ j", Action::Down, "next loop, or one line down"),
    bind(&[Key::Up, Key::Char('k')], "↑ k", Action::Up, "previous loop, or one line up"),
    bind(&[Key::PageDown, Key::Control('d')], "PgDn ^D", Action::PageDown, "ten down"),
    bind(&[Key::PageUp, Key::Control('u')], "PgUp ^U", Action::PageUp, "ten up"),
    bind(&[Key::Home, Key::Char('g')], "Home g", Action::First, "the first"),
    bind(&[Key::End, Key::Char('G')], "End G", Action::Last, "the last"),
    bind(&[Key::Right, Key::Char('l'), Key::Tab], "→ l Tab", Action::PaneBehind, "next pane"),
    bind(&[Key::Left, Key::Char('h')], "← h", Action::PaneBefore, "previous pane"),
    bind(&[Key::Char('s')], "s", Action::Sort, "sort by ticks, visits, name"),
    bind(&[Key::Char('/')], "/", Action::Search, "search a loop by name, function or file"),
    bind(&[Key::Char('n')], "n", Action::SearchAgain, "next match"),
    bind(&[Key::Char('N')], "N", Action::SearchBack, "previous match"),
    bind(&[Key::Char('?')], "?", Action::Help, "this help"),
    bind(&[Key::Char('q'), Key::Control('c')], "q", Action::Quit, "leave"),
];

/// What the key does, if anything.
pub fn action(key: Key) -> Option<Action> {
    BINDINGS.iter().find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let keys: Vec<Key> = BINDINGS.iter().flat_map(|binding| binding.keys).copied().collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{key:?}");
        }
    }

    #[test]
    fn the_table_dispatches() {
        assert_eq!(action(Key::Char('j')), Some(Action::Down));
        assert_eq!(action(Key::Char('z')), None);
    }
}
