//! JSON: the report as it is.

use super::Render;
use crate::Report;
use std::io::{self, Write};

/// The schema `loopscope-report/1`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Render for Json {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, report)?;
        out.write_all(b"\n")
    }
}
