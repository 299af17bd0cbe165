//! How to unwind from generated code, as DWARF says it.
//!
//! Everything generated keeps a frame pointer: it is pushed by the first instruction and pinned from the second on,
//! until the function returns or goes on in another (`mov rsp, rbp; pop rbp; ret` or `jmp`). So three rows describe a
//! function, and each of its ends two more; with them a debugger unwinds from every single instruction.

/// x86-64's numbers for registers.
const RBP: u8 = 6;
const RSP: u8 = 7;
const RETURN: u8 = 16;

// What rows are made of.
const ADVANCE: u8 = 0x40;
const ADVANCE_4: u8 = 0x04;
const OFFSET: u8 = 0x80;
const RESTORE: u8 = 0xc0;
const REMEMBER_STATE: u8 = 0x0a;
const RESTORE_STATE: u8 = 0x0b;
const DEF_CFA: u8 = 0x0c;
const DEF_CFA_REGISTER: u8 = 0x0d;
const DEF_CFA_OFFSET: u8 = 0x0e;

/// A pointer that is the distance from where it stands, in four bytes.
const RELATIVE: u8 = 0x1b;

/// There are rows for this machine's code.
pub const AVAILABLE: bool = cfg!(target_arch = "x86_64");

/// `push rbp; mov rbp, rsp`
const PROLOGUE: [u8; 4] = [0x55, 0x48, 0x89, 0xe5];
/// `mov rsp, rbp`
const DROP_FRAME: [u8; 3] = [0x48, 0x89, 0xec];
/// `pop rbp`
const POP: u8 = 0x5d;

/// A `.debug_frame` section for code at an absolute address.
pub fn debug_frame(address: u64, code: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Version 1 of a common part without extras.
    let mut common = vec![0xff, 0xff, 0xff, 0xff, 1, 0];
    common.extend(common_rows());
    push_record(&mut out, common);
    let mut function = vec![0, 0, 0, 0];
    function.extend(address.to_le_bytes());
    function.extend((code.len() as u64).to_le_bytes());
    function.extend(rows(code));
    push_record(&mut out, function);
    out
}

/// `.eh_frame` and behind it `.eh_frame_hdr`, with the length of the latter, for code that begins as many bytes before
/// them as it has, rounded up to eight.
pub fn eh_frame(code: &[u8]) -> (Vec<u8>, usize) {
    let distance = code.len().next_multiple_of(8) as i64;
    let mut out = Vec::new();
    let mut common = vec![0, 0, 0, 0, 1, b'z', b'R', 0];
    let rows_of_common = common_rows();
    common.extend(&rows_of_common[..3]);
    common.extend([1, RELATIVE]);
    common.extend(&rows_of_common[3..]);
    push_record(&mut out, common);
    let record = out.len();
    // From this field back to the common part.
    let mut function = (record as u32 + 4).to_le_bytes().to_vec();
    let begin = record as i64 + 8;
    function.extend(((-distance - begin) as i32).to_le_bytes());
    function.extend((code.len() as u32).to_le_bytes());
    function.push(0);
    function.extend(rows(code));
    push_record(&mut out, function);
    out.extend([0; 4]);
    let header = header(distance, out.len() as i64, record as i64);
    let len = header.len();
    out.extend(header);
    (out, len)
}

/// A table of one function, for binary search.
fn header(distance: i64, frame_len: i64, record: i64) -> Vec<u8> {
    const UDATA4: u8 = 0x03;
    const SDATA4_FROM_HERE: u8 = 0x3b;
    let mut header = vec![1, RELATIVE, UDATA4, SDATA4_FROM_HERE];
    let numbers = [-frame_len - 4, 1, -distance - frame_len, record - frame_len];
    header.extend(numbers.iter().flat_map(|number| (*number as i32).to_le_bytes()));
    header
}

/// Alignments, the return address's column, and the state at a function's first instruction.
fn common_rows() -> Vec<u8> {
    const CODE_ALIGN: u8 = 1;
    const DATA_ALIGN_MINUS_8: u8 = 0x78;
    vec![CODE_ALIGN, DATA_ALIGN_MINUS_8, RETURN, DEF_CFA, RSP, 8, OFFSET | RETURN, 1]
}

/// What changes in the course of a function.
fn rows(code: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if !code.starts_with(&PROLOGUE) {
        return out;
    }
    out.extend([ADVANCE | 1, DEF_CFA_OFFSET, 16, OFFSET | RBP, 2, ADVANCE | 3, DEF_CFA_REGISTER, RBP]);
    let mut at = PROLOGUE.len();
    for (popped, end) in epilogues(code) {
        advance(&mut out, popped - at);
        out.extend([REMEMBER_STATE, DEF_CFA, RSP, 8, RESTORE | RBP]);
        advance(&mut out, end - popped);
        out.push(RESTORE_STATE);
        at = end;
    }
    out
}

fn advance(out: &mut Vec<u8>, by: usize) {
    if by < 0x40 {
        out.push(ADVANCE | by as u8);
    } else {
        out.push(ADVANCE_4);
        out.extend((by as u32).to_le_bytes());
    }
}

/// Where the frame is gone: from behind each `pop rbp` to behind the `ret` or `jmp` that follows.
fn epilogues(code: &[u8]) -> Vec<(usize, usize)> {
    let is_pop = |n: &usize| {
        let leaves = || n.checked_sub(3).is_some_and(|from| code[from..*n] == DROP_FRAME);
        code[*n] == POP && (leaves() || n + 2 == code.len())
    };
    (PROLOGUE.len()..code.len())
        .filter(is_pop)
        .filter_map(|pop| Some((pop + 1, pop + 1 + leaving_length(&code[pop + 1..])?)))
        .collect()
}

/// The length of a `ret`, or of a `jmp` through a register.
fn leaving_length(code: &[u8]) -> Option<usize> {
    match code {
        [0xc3, ..] => Some(1),
        [0xff, 0xe0..=0xe7, ..] => Some(2),
        [0x41, 0xff, 0xe0..=0xe7, ..] => Some(3),
        _ => None,
    }
}

/// Adds a record with its length, filled up to eight bytes with rows that say nothing.
fn push_record(out: &mut Vec<u8>, mut record: Vec<u8>) {
    let padded = (record.len() + 4).next_multiple_of(8) - 4;
    record.resize(padded, 0);
    out.extend((padded as u32).to_le_bytes());
    out.extend(record);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `push rbp; mov rbp, rsp; nop; mov rsp, rbp; pop rbp; jmp rax; mov rsp, rbp; pop rbp; ret`
    const CODE: [u8; 16] =
        [0x55, 0x48, 0x89, 0xe5, 0x90, 0x48, 0x89, 0xec, 0x5d, 0xff, 0xe0, 0x48, 0x89, 0xec, 0x5d, 0xc3];

    #[test]
    fn every_end_of_a_function_is_found() {
        assert_eq!(epilogues(&CODE), [(9, 11), (15, 16)]);
        assert_eq!(epilogues(&[0x55, 0x48, 0x89, 0xe5, 0xff, 0xd6, 0x5d, 0xc3]), [(7, 8)]);
    }

    #[test]
    fn pointers_lead_back_to_the_code() {
        let (bytes, header) = eh_frame(&CODE);
        let frame_len = bytes.len() - header;
        let number = |at: usize| i64::from(i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()));
        let record = 4 + number(0) as usize;
        assert_eq!(record as i64 + 4 - number(record + 4), 0, "the common part");
        assert_eq!(record as i64 + 8 + number(record + 8), -16, "the code");
        assert_eq!(number(record + 12), 16, "its length");
        let table = frame_len + 4;
        assert_eq!(table as i64 + number(table), 0, "the frames");
        assert_eq!(frame_len as i64 + number(table + 8), -16, "the code");
        assert_eq!(frame_len as i64 + number(table + 12), record as i64, "its record");
    }
}
