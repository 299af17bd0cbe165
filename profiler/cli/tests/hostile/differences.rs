//! What is known to differ from CPython, by kind: design of MicroPython's, or of CPython's insides.

/// A kind: the calls it is about (`type.method`, or all of them), and what the two results are like.
struct Kind {
    calls: &'static [&'static str],
    expected: &'static str,
    found: &'static str,
}

const fn all(expected: &'static str, found: &'static str) -> Kind {
    Kind { calls: &[], expected, found }
}

const fn of(calls: &'static [&'static str]) -> Kind {
    Kind { calls, expected: "", found: "" }
}

const KINDS: &[Kind] = &[
    // Methods that do not exist here.
    all("", "AttributeError"),
    // An index that does not fit a machine word.
    all("IndexError", "OverflowError"),
    // The same by the name of a slot, which CPython calls with a machine word.
    Kind { calls: &["deque.__getitem__"], expected: "OverflowError", found: "IndexError" },
    Kind { calls: &["deque.__setitem__"], expected: "OverflowError", found: "IndexError" },
    Kind { calls: &["deque.__delitem__"], expected: "OverflowError", found: "IndexError" },
    // Slices can be hashed, as in later versions of CPython.
    of(&["dict.__setitem__(slice", "dict.get(slice", "dict.pop(slice", "dict.setdefault(slice"]),
    of(&["OrderedDict.__setitem__(slice", "OrderedDict.get(slice", "OrderedDict.setdefault(slice"]),
    of(&["dict.__getitem__(slice", "dict.__contains__(slice", "dict.__delitem__(slice"]),
    of(&["OrderedDict.__getitem__(slice", "OrderedDict.__contains__(slice", "OrderedDict.pop(slice"]),
    // CPython's array makes room before it converts the item; arrays of other types are compared in another way.
    of(&[
        "array.append",
        "array.insert",
        "array.extend",
        "array.__setitem__",
        "array.fromlist",
        "array.index",
    ]),
    // Optional arguments of another type or number than CPython's.
    of(&[
        "bytes.hex",
        "bytearray.hex",
        "memoryview.hex",
        "memoryview.tobytes",
        "str.format_map",
        "str.splitlines",
        "bytes.splitlines",
    ]),
    of(&["bytearray.splitlines", "str.translate", "bytes.translate", "bytearray.translate"]),
    of(&["int.to_bytes", "int.from_bytes", "str.maketrans", "bytes.maketrans", "bytearray.maketrans"]),
    of(&["str.encode", "bytes.decode", "bytearray.decode", "str.format"]),
    // Streams: MicroPython's write(data, offset, length), and no checks of closed or changed buffers.
    of(&["BytesIO.", "StringIO."]),
    // A bytearray that changes while CPython has its buffer exported cannot be resized there.
    all("BufferError", ""),
    // Nothing is exported, so nothing is given back: a view can be used afterwards.
    of(&["memoryview.release"]),
    // CPython asks the parts of a slice twice there.
    of(&["bytearray.__setitem__(slice", "bytearray.__setitem__(grow0", "bytearray.__setitem__(1,grow0"]),
    // CPython 3.11 goes on with the length from before the arguments were read, and may crash.
    of(&["bytearray.count(shrink", "bytearray.find(shrink", "bytearray.rfind(shrink"]),
    of(&["bytearray.index(shrink", "bytearray.rindex(shrink", "bytearray.__contains__(shrink"]),
    of(&["bytearray.count(clear", "bytearray.find(clear", "bytearray.rfind(clear"]),
    of(&["bytearray.index(clear", "bytearray.rindex(clear", "bytearray.__contains__(clear"]),
    of(&["OrderedDict.move_to_end(slice"]),
    // CPython's ordered dict wants something with a length there.
    Kind { calls: &["OrderedDict.update"], expected: "TypeError", found: "" },
];

/// `text` is a line of `call: expected, not found`.
pub fn is_known(text: &str) -> bool {
    let Some((call, rest)) = text.split_once(": ") else { return false };
    let Some((expected, found)) = rest.rsplit_once(", not ") else { return false };
    if is_chance(call) {
        return true;
    }
    KINDS.iter().any(|kind| {
        (kind.calls.is_empty() || kind.calls.iter().any(|prefix| call.starts_with(prefix)))
            && expected.starts_with(kind.expected)
            && found.starts_with(kind.found)
    })
}

/// CPython 3.11 reads and writes where the bytes were before an argument made them grow, so what it finds and leaves there
/// is chance. (That all our modes agree is asked all the same.)
fn is_chance(call: &str) -> bool {
    call.starts_with("bytearray.") && call.contains("grow")
}
