//! The bytecode of the function a loop is in.

use super::extent::Extent;
use super::{Line, Mark, Missing, Pane, Text, printable};
use logs::Log;
use logs::log::{Instruction, Listing};

pub(super) fn pane(log: &Log<'_>, extent: &Extent) -> Pane {
    let Some(listing) = log.listings.iter().find(|listing| is_of(listing, extent)) else {
        return Pane::Missing(Missing {
            what: format!("the log does not hold the bytecode of '{}'", extent.function),
            how:
                "'loopscope run --log FILE' writes it; in PYPYLOG, the prefix loopscope-bytecode does; PyPy \
                  itself never does"
                    .to_owned(),
        });
    };
    let instructions: Vec<Instruction<'_>> = log.instructions(listing).collect();
    let head = instructions.iter().position(|instruction| is_head(instruction, extent));
    let lines = instructions.iter().enumerate().map(|(index, instruction)| Line {
        number: instruction.offset,
        text: line(instruction),
        mark: match () {
            () if Some(index) == head => Mark::Head,
            () if extent.offsets.contains(&instruction.offset) => Mark::Inside,
            () => Mark::Outside,
        },
    });
    let title = format!("{} at line {}", extent.function, listing.first_line);
    Pane::Text(Text { title, lines: lines.collect(), at: head.unwrap_or(0) })
}

fn is_of(listing: &Listing<'_>, extent: &Extent) -> bool {
    listing.function == extent.function.as_bytes()
        && listing.file == extent.file.as_bytes()
        && extent.start_line.is_none_or(|line| line == listing.first_line)
}

/// By offset, or by line and name where the log knows no offset.
fn is_head(instruction: &Instruction<'_>, extent: &Extent) -> bool {
    match extent.offset {
        Some(offset) => instruction.offset == offset,
        None => instruction.line == extent.line && instruction.opcode == extent.opcode.as_bytes(),
    }
}

fn line(instruction: &Instruction<'_>) -> String {
    let (opcode, args) = (printable(instruction.opcode), printable(instruction.args));
    format!("{:>4}  {opcode:<24} {args}", instruction.line).trim_end().to_owned()
}
