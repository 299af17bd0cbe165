//! The text of an uncaught exception.

use crate::error::Raise;
use crate::vm::Vm;

impl Vm {
    /// The traceback as MicroPython prints it, ending with a line end.
    pub fn traceback_text(&mut self, raise: Raise) -> String {
        let lines = raise.0.traceback.borrow().clone();
        let mut text = String::new();
        if !lines.is_empty() {
            text.push_str("Traceback (most recent call last):\n");
        }
        for line in lines.iter().rev() {
            text.push_str(&format!("  File \"{}\", line {}", line.file().text, line.line()));
            if let Some(function) = line.function() {
                text.push_str(&format!(", in {}", function.text));
            }
            text.push('\n');
        }
        let name = raise.0.class.name.text.to_string();
        let message = self.str_of(raise.0.into()).unwrap_or_default();
        text.push_str(&if message.is_empty() {
            format!("{name}:\n")
        } else {
            format!("{name}: {message}\n")
        });
        text
    }
}
