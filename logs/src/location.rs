//! A place in a program, as logs write it: `FUNCTION;FILE:START-LINE~#OFFSET OPCODE`.

/// A place in a program, down to the bytecode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Location<'a> {
    /// The function's name; never holds `;`.
    pub function: &'a [u8],
    /// The file's name, any bytes.
    pub file: &'a [u8],
    /// The line the function starts on.
    pub start_line: u32,
    /// The line of the bytecode.
    pub line: u32,
    /// The offset of the bytecode in its function.
    pub offset: u32,
    /// The bytecode's name.
    pub opcode: &'a [u8],
}

impl<'a> Location<'a> {
    /// Reads either of PyPy's notations; other machines print what they like.
    pub fn parse(text: &'a [u8]) -> Option<Location<'a>> {
        crate::parse::location::location(text)
    }

    /// The notation used in headers and merge points.
    pub fn render(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.function.len() + self.file.len() + self.opcode.len() + 24);
        out.extend_from_slice(self.function);
        out.push(b';');
        out.extend_from_slice(self.file);
        out.extend_from_slice(format!(":{}-{}~#{} ", self.start_line, self.line, self.offset).as_bytes());
        out.extend_from_slice(self.opcode);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_pypy_does() {
        let location = Location {
            function: b"branchy",
            file: b"/srv/x.py",
            start_line: 3,
            line: 5,
            offset: 20,
            opcode: b"FOR_ITER",
        };
        assert_eq!(location.render(), b"branchy;/srv/x.py:3-5~#20 FOR_ITER");
    }
}
