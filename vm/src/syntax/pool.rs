/// Whether `text`, being longer than a short string, is a qstr of mpy-cross itself.
pub(super) fn is_in_mpy_cross(text: &str) -> bool {
    LONG_QSTRS.binary_search(&text).is_ok()
}

/// The names longer than ten bytes that mpy-cross knows before it reads anything, sorted.
const LONG_QSTRS: &[&str] = &[];
