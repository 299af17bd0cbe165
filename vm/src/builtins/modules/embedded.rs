//! Modules written in Python, compiled when they are first imported.

macro_rules! sources {
    ($($module:literal $file:literal,)*) => {
        /// Modules with their source.
        const SOURCES: &[(&str, &str)] = &[$(($module, include_str!(concat!("../py/", $file, ".py")))),*];
    };
}

sources! {
    "__future__" "__future__",
    "_coverage" "_coverage",
    "_debugger" "_debugger",
    "_instance_dict" "_instance_dict",
    "_testinternalcapi" "_testinternalcapi",
    "_tracer" "_tracer",
    "abc" "abc",
    "argparse" "argparse",
    "base64" "base64",
    "bdb" "bdb",
    "binascii" "binascii",
    "bisect" "bisect",
    "collections" "collections",
    "collections.abc" "collections_abc",
    "contextlib" "contextlib",
    "copy" "copy",
    "dataclasses" "dataclasses",
    "doctest" "doctest",
    "enum" "enum",
    "fractions" "fractions",
    "functools" "functools",
    "graphlib" "graphlib",
    "heapq" "heapq",
    "inspect" "inspect",
    "itertools" "itertools",
    "json" "json",
    "keyword" "keyword",
    "numbers" "numbers",
    "operator" "operator",
    "os" "os",
    "pprint" "pprint",
    "queue" "queue",
    "random" "random",
    "re" "re",
    "statistics" "statistics",
    "string" "string",
    "textwrap" "textwrap",
    "timeit" "timeit",
    "traceback" "traceback",
    "types" "types",
    "typing" "typing",
    "warnings" "warnings",
}

/// The source of an embedded module.
pub fn embedded(name: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}
