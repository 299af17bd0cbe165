//! What `import` finds, and what it says when it finds nothing.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;

fn project(name: &str) -> Dir {
    let dir = Dir::new(name);
    for package in ["pk", "own", "json"] {
        std::fs::create_dir(dir.0.join(package)).unwrap();
    }
    dir.write("pk/__init__.py", "");
    dir.write("pk/missing.py", "import there_is_no_such_module\n");
    dir.write("pk/broken.py", "1 / 0\n");
    dir.write("pk/unwilling.py", "raise ImportError('own reason')\n");
    dir.write("own/json.py", "extra = 1\n");
    dir.write("own/sys.py", "extra = 1\n");
    dir.write("own/os.py", "from uos import *\nextra = 2\n");
    dir.write(
        "own/time.py",
        "import sys\npath, sys.path = sys.path, ()\ntry:\n    from time import *\nfinally:\n    sys.path = path\nextra = 3\n",
    );
    dir
}

#[test]
fn files_come_before_modules_of_ours() {
    let dir = project("extend");
    dir.write(
        "a.py",
        "import sys, json\nprint(json.dumps([1]))\ndel sys.modules['json']\nsys.path.insert(0, 'own')\n\
         import json, ujson, os, time, uos, utime\n\
         print(json.extra, ujson.dumps([2]), os.extra, os.sep, time.extra, hasattr(time, 'sleep'))\n\
         print(hasattr(uos, 'extra'), hasattr(utime, 'extra'), hasattr(sys, 'extra'), hasattr(__import__('sys'), 'extra'))\n",
    );
    let (code, printed, error) = dir.said(&["a.py"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(printed, "[1]\n1 [2] 2 / 3 True\nFalse False False False\n");
}

#[test]
fn the_reason_of_a_failing_import_is_told() {
    let dir = project("reason");
    dir.write(
        "a.py",
        "import sys\nfor name in ('missing', 'broken', 'unwilling', 'nothing'):\n    try:\n        exec('from pk import ' + name)\n    \
         except Exception as e:\n        print(name, type(e).__name__, e)\n\
         sys.modules['gone'] = sys.modules['pk.gone'] = None\n\
         for text in ('import gone', 'import gone.deeper', 'from pk import gone'):\n    try:\n        exec(text)\n    \
         except ImportError:\n        print('ImportError')\n",
    );
    let (code, printed, error) = dir.said(&["a.py"]);
    assert_eq!((code, error.as_str()), (0, ""));
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "missing ModuleNotFoundError No module named 'there_is_no_such_module'");
    assert!(lines[1].starts_with("broken ZeroDivisionError"), "{printed}");
    assert_eq!(lines[2], "unwilling ImportError own reason");
    assert!(lines[3].starts_with("nothing ImportError"), "{printed}");
    assert_eq!(lines[4..], ["ImportError"; 3]);
}
