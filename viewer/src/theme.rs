//! Colours, or none: everything that matters is also a word, a mark or a place.
//!
//! The terminal's own sixteen colours fit its background, dark or light; only the scale of heat, where a terminal has
//! 256 colours, must know which it is.

use ratatui::style::{Color, Modifier, Style};

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    None,
    Sixteen,
    Many,
}

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    pub depth: Depth,
    /// Is the background light?
    pub light: bool,
}

/// From lukewarm to hot, on a dark background and on a light one.
const HEAT: [[u8; 6]; 2] = [[109, 150, 186, 221, 215, 203], [66, 64, 94, 130, 166, 160]];

impl Theme {
    /// By its share, 0 to 1.
    pub fn heat(self, share: f64) -> Style {
        const STEPS: [f64; 6] = [0.002, 0.01, 0.03, 0.08, 0.2, 0.4];
        let step = STEPS.iter().rposition(|least| share >= *least);
        match (self.depth, step) {
            (_, None) => self.dim(),
            (Depth::None, Some(step)) if step >= 4 => Style::new().add_modifier(Modifier::BOLD),
            (Depth::None, _) => Style::new(),
            (Depth::Sixteen, Some(4..)) => self.colored(Hue::Red),
            (Depth::Sixteen, Some(2..=3)) => self.colored(Hue::Yellow),
            (Depth::Sixteen, _) => Style::new(),
            (Depth::Many, Some(step)) => Style::new().fg(Color::Indexed(HEAT[usize::from(self.light)][step])),
        }
    }

    /// The line that the keys move.
    pub fn selected(self, focused: bool) -> Style {
        match (focused, self.depth, self.light) {
            (true, Depth::Many, false) => bar(Color::Indexed(231), Color::Indexed(24)),
            (true, Depth::Many, true) => bar(Color::Indexed(16), Color::Indexed(153)),
            // Whatever colours stand in the line would be backgrounds of its words.
            (true, ..) => bar(Color::Reset, Color::Reset).add_modifier(Modifier::REVERSED),
            (false, Depth::Many, false) => Style::new().bg(Color::Indexed(237)),
            (false, Depth::Many, true) => Style::new().bg(Color::Indexed(254)),
            (false, ..) => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// What belongs to the line that is looked at.
    pub fn linked(self) -> Style {
        self.colored(Hue::Cyan)
    }

    /// A title; brighter if the keys go there.
    pub fn title(self, focused: bool) -> Style {
        if focused { self.colored(Hue::Cyan).add_modifier(Modifier::BOLD) } else { Style::new() }
    }

    /// A frame.
    pub fn border(self, focused: bool) -> Style {
        if focused { self.colored(Hue::Cyan) } else { self.dim() }
    }

    /// What a trace goes through.
    pub fn inside(self) -> Style {
        Style::new()
    }

    /// Where a loop starts.
    pub fn head(self) -> Style {
        self.colored(Hue::Green).add_modifier(Modifier::BOLD)
    }

    /// A guard.
    pub fn guard(self) -> Style {
        self.colored(Hue::Yellow)
    }

    /// A label, or the end of a trace.
    pub fn label(self) -> Style {
        self.colored(Hue::Green)
    }

    /// A call.
    pub fn call(self) -> Style {
        self.colored(Hue::Magenta)
    }

    /// Something is wrong.
    pub fn alarm(self) -> Style {
        self.colored(Hue::Red).add_modifier(Modifier::BOLD)
    }

    /// What can be overlooked.
    pub fn dim(self) -> Style {
        match self.depth {
            Depth::Many => Style::new().fg(Color::Indexed(if self.light { 242 } else { 245 })),
            _ => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Bold.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    fn colored(self, hue: Hue) -> Style {
        match (self.depth, self.light) {
            (Depth::None, _) => Style::new(),
            (_, false) => Style::new().fg(hue.dark()),
            (Depth::Sixteen, true) => Style::new().fg(hue.sixteen_on_light()),
            (Depth::Many, true) => Style::new().fg(hue.many_on_light()),
        }
    }
}

/// One colour from end to end.
fn bar(ink: Color, paper: Color) -> Style {
    Style::new().fg(ink).bg(paper).remove_modifier(Modifier::DIM)
}

/// What colours mean, whatever they look like.
#[derive(Clone, Copy, Debug)]
enum Hue {
    Red,
    Yellow,
    Green,
    Cyan,
    Magenta,
}

impl Hue {
    /// The terminal's own, which its owner has chosen for a dark background.
    const fn dark(self) -> Color {
        match self {
            Hue::Red => Color::Red,
            Hue::Yellow => Color::Yellow,
            Hue::Green => Color::Green,
            Hue::Cyan => Color::Cyan,
            Hue::Magenta => Color::Magenta,
        }
    }

    /// On white, yellow, green and cyan of most terminals have less than half of the contrast that reading takes.
    const fn sixteen_on_light(self) -> Color {
        match self {
            Hue::Red => Color::Red,
            Hue::Yellow => Color::Magenta,
            Hue::Green | Hue::Cyan | Hue::Magenta => Color::Blue,
        }
    }

    /// At least 4.5 to 1 against white.
    const fn many_on_light(self) -> Color {
        match self {
            Hue::Red => Color::Indexed(160),
            Hue::Yellow => Color::Indexed(130),
            Hue::Green => Color::Indexed(28),
            Hue::Cyan => Color::Indexed(24),
            Hue::Magenta => Color::Indexed(127),
        }
    }
}
