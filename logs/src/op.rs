//! One line of a trace, taken apart.

use crate::location::Location;
use crate::parse::op as grammar;

/// A line of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceLine<'a> {
    /// `# ...`: the header, or a remark.
    Comment(&'a [u8]),
    /// `[p0, i1]`, without the brackets.
    InputArgs(&'a [u8]),
    /// An operation.
    Op(Op<'a>),
    /// The end marker, with the offset of the end of the code.
    End(Option<u32>),
}

impl<'a> TraceLine<'a> {
    /// Takes a line apart; `None` if it is none of these.
    pub fn parse(line: &'a [u8]) -> Option<TraceLine<'a>> {
        grammar::trace_line(line)
    }
}

/// An operation: `+OFFSET: RESULT = NAME(ARGS, descr=DESCR) [FAIL_ARGS] # REMARK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op<'a> {
    /// Offset of its code in the block.
    pub offset: Option<u32>,
    /// The variable it defines.
    pub result: Option<&'a [u8]>,
    /// Its name; any word.
    pub name: &'a [u8],
    /// Its arguments as they stand there, without the description.
    pub args: &'a [u8],
    /// Its description: a field, a call, a guard, a target.
    pub descr: Option<&'a [u8]>,
    /// A guard's live values.
    pub fail_args: Option<&'a [u8]>,
    /// What stands behind it. In our logs: the operation's own name, where PyPy has no word for it.
    pub remark: Option<&'a [u8]>,
}

impl<'a> Op<'a> {
    /// The line it is read from.
    pub fn render(&self) -> Vec<u8> {
        let offset = self.offset.map(|offset| format!("+{offset}: ").into_bytes()).unwrap_or_default();
        let (result, is) = self.result.map_or((&b""[..], &b""[..]), |result| (result, b" = "));
        let comma: &[u8] = if self.descr.is_some() && !self.args.is_empty() { b", " } else { b"" };
        let (key, descr) = self.descr.map_or((&b""[..], &b""[..]), |descr| (b"descr=", descr));
        let (open, fail_args, close) =
            self.fail_args.map_or((&b""[..], &b""[..], &b""[..]), |args| (b" [", args, b"]"));
        let (sign, remark) = self.remark.map_or((&b""[..], &b""[..]), |remark| (b" # ", remark));
        [
            &offset, result, is, self.name, b"(", self.args, comma, key, descr, b")", open, fail_args, close,
            sign, remark,
        ]
        .concat()
    }

    /// What whoever wrote the log calls it.
    pub fn own_name(&self) -> &'a [u8] {
        self.remark.unwrap_or(self.name)
    }

    /// The arguments one by one.
    pub fn arguments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        items(self.args)
    }

    /// A guard's live values one by one.
    pub fn fail_arguments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        items(self.fail_args.unwrap_or_default())
    }

    /// Does it check something?
    pub fn is_guard(&self) -> bool {
        self.name.starts_with(b"guard_")
    }

    /// The guard's number.
    pub fn guard(&self) -> Option<u64> {
        self.descr.and_then(grammar::guard)
    }

    /// The label it is or jumps to.
    pub fn target_token(&self) -> Option<u64> {
        self.descr.and_then(grammar::target_token)
    }

    /// The loop it calls.
    pub fn called_loop(&self) -> Option<i64> {
        self.descr.and_then(grammar::called_loop)
    }

    /// The place in the program it marks.
    pub fn merge_point(&self) -> Option<MergePoint<'a>> {
        if self.name == b"debug_merge_point" { grammar::merge_point(self.args) } else { None }
    }
}

/// The bytecode that the following operations come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergePoint<'a> {
    /// 0 in the loop's own function, deeper in inlined calls.
    pub depth: u32,
    /// Tells calls apart; old logs have none.
    pub call: Option<u64>,
    /// The place as it stands there.
    pub name: &'a [u8],
    /// The place, if it is in a notation we know.
    pub location: Option<Location<'a>>,
}

/// Splits at the commas that stand in no parenthesis.
fn items(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(list).filter(|list| !list.is_empty());
    std::iter::from_fn(move || {
        let list = rest?;
        let end = comma(list).unwrap_or(list.len());
        rest = list.get(end + 1..).map(<[u8]>::trim_ascii_start);
        Some(&list[..end])
    })
}

fn comma(list: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    list.iter().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *byte == b',' && depth == 0
    })
}
