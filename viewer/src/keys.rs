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
    BackTab,
    Enter,
    Escape,
    Backspace,
}

/// A part of the program to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    Overview,
    Loops,
    Code,
    Timeline,
    Latency,
    Aborts,
    Diff,
    Log,
    /// Only beside a program that runs.
    Output,
}

impl Screen {
    /// Every screen, in the order of their digits.
    pub const ALL: [Screen; 9] = [
        Screen::Overview,
        Screen::Loops,
        Screen::Code,
        Screen::Timeline,
        Screen::Latency,
        Screen::Aborts,
        Screen::Diff,
        Screen::Log,
        Screen::Output,
    ];

    /// What the tabs call it.
    pub const fn word(self) -> &'static str {
        match self {
            Screen::Overview => "overview",
            Screen::Loops => "loops",
            Screen::Code => "code",
            Screen::Timeline => "timeline",
            Screen::Latency => "latency",
            Screen::Aborts => "aborts",
            Screen::Diff => "diff",
            Screen::Log => "log",
            Screen::Output => "output",
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    First,
    Last,
    PaneBefore,
    PaneBehind,
    Open,
    Back,
    Fold,
    FoldAll,
    Enlarge,
    Interleave,
    Assembler,
    Bytecode,
    Stage,
    Heat,
    Raw,
    ZoomIn,
    ZoomOut,
    ZoomAll,
    Mark,
    Sort,
    Reverse,
    Search,
    SearchAgain,
    SearchBack,
    NextDifference,
    DifferenceBefore,
    Filter,
    ScrollLeft,
    ScrollRight,
    Copy,
    Edit,
    SaveText,
    SaveSvg,
    Pause,
    Refresh,
    To(Screen),
    ScreenBefore,
    ScreenBehind,
    Help,
    Suspend,
    Redraw,
    Interrupt,
    WriteLine,
    Quit,
}

impl Action {
    /// Does it only show another screen?
    pub(crate) const fn shows_a_screen(self) -> bool {
        matches!(self, Action::To(_) | Action::ScreenBefore | Action::ScreenBehind | Action::Help)
    }
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
    /// A word for the bottom line on the screens where it matters most.
    pub hint: Option<(&'static str, &'static [Screen])>,
}

const fn bind(keys: &'static [Key], shown: &'static str, action: Action, help: &'static str) -> Binding {
    Binding { keys, shown, action, help, hint: None }
}

const fn hint(binding: Binding, word: &'static str, screens: &'static [Screen]) -> Binding {
    Binding { hint: Some((word, screens)), ..binding }
}

const LISTS: &[Screen] = &[Screen::Overview, Screen::Loops, Screen::Aborts];
const TREES: &[Screen] = &[Screen::Loops];
const CODE: &[Screen] = &[Screen::Code];
const PANES: &[Screen] = &[Screen::Code, Screen::Diff];
const TIME: &[Screen] = &[Screen::Timeline];
const EVERYWHERE: &[Screen] = &Screen::ALL;

/// Every key there is.
pub const BINDINGS: &[Binding] = &[
    bind(&[Key::Down, Key::Char('j')], "↓ j", Action::Down, "one down"),
    bind(&[Key::Up, Key::Char('k')], "↑ k", Action::Up, "one up"),
    bind(&[Key::Left, Key::Char('h')], "← h", Action::Left, "pane before; fold; earlier"),
    bind(&[Key::Right, Key::Char('l')], "→ l", Action::Right, "pane behind; unfold; later"),
    bind(&[Key::PageDown, Key::Control('d'), Key::Control('f')], "PgDn ^D", Action::PageDown, "a page down"),
    bind(&[Key::PageUp, Key::Control('u')], "PgUp ^U", Action::PageUp, "a page up"),
    bind(&[Key::Home, Key::Char('g')], "Home g", Action::First, "the first"),
    bind(&[Key::End, Key::Char('G')], "End G", Action::Last, "the last"),
    hint(bind(&[Key::Tab], "Tab", Action::PaneBehind, "next pane"), "pane", PANES),
    bind(&[Key::BackTab], "S-Tab", Action::PaneBefore, "previous pane"),
    hint(
        bind(&[Key::Enter], "Enter", Action::Open, "open: a loop, a guard's bridge, an inlined call"),
        "open",
        &[Screen::Overview, Screen::Loops, Screen::Code, Screen::Timeline],
    ),
    hint(bind(&[Key::Backspace], "Bksp", Action::Back, "return to where Enter was pressed"), "back", CODE),
    hint(bind(&[Key::Char(' ')], "Space", Action::Fold, "fold or unfold"), "fold", TREES),
    bind(&[Key::Char('Z')], "Z", Action::FoldAll, "fold or unfold everything"),
    hint(
        bind(&[Key::Char('z')], "z", Action::Enlarge, "one pane over the whole screen, and back"),
        "zoom",
        PANES,
    ),
    hint(
        bind(
            &[Key::Char('i')],
            "i",
            Action::Interleave,
            "source, bytecode and operations, or old and new, in one column",
        ),
        "interleave",
        CODE,
    ),
    hint(bind(&[Key::Char('a')], "a", Action::Assembler, "show or hide machine code"), "asm", CODE),
    bind(&[Key::Char('b')], "b", Action::Bytecode, "show or hide bytecode"),
    hint(
        bind(&[Key::Char('v')], "v", Action::Stage, "the trace optimised, recorded, rewritten"),
        "stage",
        CODE,
    ),
    bind(&[Key::Char('t')], "t", Action::Heat, "heat as a share of time, or as counts"),
    bind(&[Key::Char('x')], "x", Action::Raw, "operations as the log has them, or readable"),
    hint(
        bind(&[Key::Char('+'), Key::Char('=')], "+", Action::ZoomIn, "zoom in, or into the span"),
        "in",
        TIME,
    ),
    hint(bind(&[Key::Char('-')], "-", Action::ZoomOut, "zoom out"), "out", TIME),
    bind(&[Key::Char('0')], "0", Action::ZoomAll, "the whole run"),
    hint(bind(&[Key::Char('m')], "m", Action::Mark, "start or end a span of time"), "span", TIME),
    hint(bind(&[Key::Char('o')], "o", Action::Sort, "next order of loops"), "order", LISTS),
    bind(&[Key::Char('O')], "O", Action::Reverse, "the other way around"),
    hint(bind(&[Key::Char('/')], "/", Action::Search, "search in this pane"), "search", EVERYWHERE),
    bind(&[Key::Char('n')], "n", Action::SearchAgain, "next match"),
    bind(&[Key::Char('N')], "N", Action::SearchBack, "previous match"),
    hint(
        bind(&[Key::Char('d')], "d", Action::NextDifference, "next difference of two traces"),
        "next",
        &[Screen::Diff],
    ),
    bind(&[Key::Char('D')], "D", Action::DifferenceBefore, "previous difference"),
    hint(
        bind(&[Key::Char('f')], "f", Action::Filter, "only loops whose name or place holds"),
        "filter",
        TREES,
    ),
    bind(&[Key::Char('<')], "<", Action::ScrollLeft, "text to the right"),
    bind(&[Key::Char('>')], ">", Action::ScrollRight, "text to the left"),
    bind(&[Key::Char('y')], "y", Action::Copy, "copy the line to the clipboard"),
    bind(&[Key::Char('e')], "e", Action::Edit, "open the line in $EDITOR"),
    bind(&[Key::Char('s')], "s", Action::SaveText, "save what the screen shows as text"),
    bind(&[Key::Char('S')], "S", Action::SaveSvg, "save it as SVG"),
    bind(&[Key::Char('p')], "p", Action::Pause, "stop or go on following the log"),
    bind(&[Key::Char('r')], "r", Action::Refresh, "read the log again"),
    bind(&[Key::Char('1')], "1", Action::To(Screen::Overview), "where the run went, and what stands out"),
    bind(&[Key::Char('2')], "2", Action::To(Screen::Loops), "loops and their bridges"),
    bind(&[Key::Char('3')], "3", Action::To(Screen::Code), "source, bytecode, trace, machine code"),
    bind(&[Key::Char('4')], "4", Action::To(Screen::Timeline), "the run over time"),
    bind(&[Key::Char('5')], "5", Action::To(Screen::Latency), "how long visits took"),
    bind(&[Key::Char('6')], "6", Action::To(Screen::Aborts), "traces that were given up"),
    bind(&[Key::Char('7')], "7", Action::To(Screen::Diff), "two logs compared"),
    bind(&[Key::Char('8')], "8", Action::To(Screen::Log), "the log: what is in it and what is wrong"),
    bind(&[Key::Char('9')], "9", Action::To(Screen::Output), "what the program has written (run --live)"),
    hint(
        bind(&[Key::Char('w')], "w", Action::WriteLine, "write a line to the program's input (run --live)"),
        "write",
        &[Screen::Output],
    ),
    bind(&[Key::Char(']')], "]", Action::ScreenBehind, "next screen"),
    bind(&[Key::Char('[')], "[", Action::ScreenBefore, "previous screen"),
    hint(bind(&[Key::Char('?')], "?", Action::Help, "this help"), "help", EVERYWHERE),
    bind(&[Key::Control('z')], "^Z", Action::Suspend, "back to the shell; fg returns"),
    bind(&[Key::Control('l')], "^L", Action::Redraw, "draw everything anew"),
    bind(&[Key::Control('c')], "^C", Action::Interrupt, "interrupt the program (run --live), else leave"),
    hint(bind(&[Key::Char('q')], "q", Action::Quit, "leave"), "quit", EVERYWHERE),
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
        assert_eq!(action(Key::Char('3')), Some(Action::To(Screen::Code)));
        assert_eq!(action(Key::Char('ß')), None);
    }
}
