//! Files and lines of functions. The crate that makes the profile has no way to state them, so they are put into what
//! it wrote: columns of the tables of functions and frames that it leaves empty.

use crate::report::Place;
use serde_json::{Value, json};
use std::collections::HashMap;

/// States the places of the functions that have one, by name.
pub(super) fn state(profile: &mut Value, places: &HashMap<&str, &Place>) {
    for thread in profile["threads"].as_array_mut().into_iter().flatten() {
        state_in(thread, places);
    }
}

fn state_in(thread: &mut Value, places: &HashMap<&str, &Place>) {
    let strings = thread["stringArray"].as_array().cloned().unwrap_or_default();
    let mut added: Vec<Value> = Vec::new();
    let place_of = |name: &Value| {
        let text = name.as_u64().and_then(|index| strings.get(index as usize)).and_then(Value::as_str);
        text.and_then(|text| places.get(text))
    };
    let functions = &mut thread["funcTable"];
    let found: Vec<Option<&Place>> =
        items(&functions["name"]).iter().map(|name| place_of(name).copied()).collect();
    let mut file_of = |place: &Place| {
        let file = json!(place.file);
        let known = added.iter().position(|other| *other == file).unwrap_or_else(|| {
            added.push(file);
            added.len() - 1
        });
        json!(strings.len() + known)
    };
    functions["fileName"] = column(&found, &mut file_of);
    functions["lineNumber"] = column(&found, &mut |place| json!(place.line));
    let frames = &mut thread["frameTable"];
    let of_frame =
        |function: &Value| function.as_u64().and_then(|index| found.get(index as usize).copied().flatten());
    let found: Vec<Option<&Place>> = items(&frames["func"]).iter().map(of_frame).collect();
    frames["line"] = column(&found, &mut |place| json!(place.line));
    if let Some(strings) = thread["stringArray"].as_array_mut() {
        strings.extend(added);
    }
}

fn items(column: &Value) -> &[Value] {
    column.as_array().map_or(&[], Vec::as_slice)
}

fn column(places: &[Option<&Place>], value: &mut dyn FnMut(&Place) -> Value) -> Value {
    places.iter().map(|place| place.map_or(Value::Null, &mut *value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_frames_get_their_places() {
        let place = Place { function: "f".into(), file: "a.py".into(), line: 3, opcode: String::new() };
        let mut profile = json!({"threads": [{
            "stringArray": ["interpreter", "loop0 f (a.py:3)"],
            "funcTable": {"name": [0, 1], "fileName": [null, null], "lineNumber": [null, null]},
            "frameTable": {"func": [1, 0], "line": [null, null]},
        }]});
        state(&mut profile, &HashMap::from([("loop0 f (a.py:3)", &place)]));
        let thread = &profile["threads"][0];
        assert_eq!(thread["stringArray"][2], "a.py");
        assert_eq!(thread["funcTable"]["fileName"], json!([null, 2]));
        assert_eq!(thread["funcTable"]["lineNumber"], json!([null, 3]));
        assert_eq!(thread["frameTable"]["line"], json!([3, null]));
    }
}
