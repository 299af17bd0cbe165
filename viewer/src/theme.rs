//! Colours, or none: everything that matters is also a word, a mark or a place.

use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// May there be colours?
    pub color: bool,
}

impl Theme {
    /// By its share of the run in percent.
    pub fn share(self, percent: f64) -> Style {
        match percent {
            share if share >= 20.0 => self.colored(Color::Red),
            share if share >= 5.0 => self.colored(Color::Yellow),
            _ => Style::new(),
        }
    }

    /// The line that is looked at.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A title; brighter if the keys go there.
    pub fn title(self, focused: bool) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if focused { style.patch(self.colored(Color::Cyan)) } else { style }
    }

    /// A frame.
    pub fn border(self, focused: bool) -> Style {
        if focused { self.colored(Color::Cyan) } else { self.dim() }
    }

    /// Where a loop starts.
    pub fn head(self) -> Style {
        self.colored(Color::Green).add_modifier(Modifier::BOLD)
    }

    /// What a loop goes through.
    pub fn inside(self) -> Style {
        Style::new()
    }

    /// What can be overlooked.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn colored(self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }
}
