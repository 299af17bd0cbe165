//! Everything compiled: entries, loops, exits, and what they depend on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU8, Ordering};

use rustc_hash::FxHashMap;

use vm::object::dict::Dict;
use vm::object::function::Code;
use vm::object::heap::{Gc, Marker};
use vm::object::value::Value;

use crate::codegen::{CodeAddr, ExitId, ExitLayout, Target};
use crate::deopt::Recipe;
use crate::ir::op::Ty;
use crate::ir::trace::{Const, Trace};
use crate::mode::Mode;
use crate::opt::{AliasSet, ParamSource, Range};

/// A loop's body.
pub struct LoopInfo {
    pub code: CodeAddr,
    pub types: Vec<Ty>,
    pub params: Vec<ParamSource>,
    pub ranges: Vec<Range>,
    pub clean_reads: Vec<u16>,
    pub hoisted: AliasSet,
}

/// A place in the bytecode with compiled code: an entry, and the loop behind it if there is one.
pub struct Root {
    pub place: *const u8,
    pub is_function: bool,
    /// For which machine its code is right.
    pub mode: Mode,
    /// Depth of the frame's stack at the place. A loop in a `finally` body runs at several, according to what the body
    /// resumes; the code is for one of them.
    pub depth: i32,
    pub entry: CodeAddr,
    /// Number of the entry in the log.
    pub entry_number: u32,
    /// Number of the loop in the log.
    pub loop_number: u32,
    pub body: Option<LoopInfo>,
    /// Not 0 once something the code took for constant has changed. Machine code tests it.
    pub invalid: Box<AtomicU8>,
    pub bridges: u32,
    /// Attempts to compile its loop for other types.
    pub retraces: u32,
    /// Whether entering pays is still to be seen.
    pub trial: Option<Trial>,
}

/// A loop that yields: a visit ends with the first item, and may be shorter than what entering costs.
#[derive(Clone, Copy, Default)]
pub struct Trial {
    visits: u32,
    /// Visits that came to their end in the first iteration.
    short: u32,
}

impl Trial {
    /// Visits of a trial for each exit that a bridge waits for: visits that a bridge would make longer are not to
    /// count against the loop before it has got its bridges.
    const PER_EXIT: u32 = 10;

    /// Counts a visit. True if it is clear now that most are too short.
    pub fn fails(&mut self, short: bool, bridge_threshold: u32) -> bool {
        self.visits += 1;
        self.short += u32::from(short);
        let is_over = self.visits >= bridge_threshold.max(100).saturating_mul(Trial::PER_EXIT);
        let fails = is_over && self.short > self.visits / 2;
        if is_over {
            *self = Trial::default();
        }
        fails
    }
}

/// A guard's exit.
pub struct Exit {
    pub layout: ExitLayout,
    pub recipe: Recipe,
    pub trace: Rc<Trace>,
    /// Index of the root whose tree it belongs to.
    pub root: usize,
    /// Number, in the log, of the entry or loop it belongs to, bridges between them included.
    pub part: u32,
    /// Leaves through it that count towards a bridge.
    pub count: u32,
    /// All leaves through it to the interpreter.
    pub left: u64,
    pub state: ExitState,
    /// What the bridges from the loop's body to here have written.
    pub effects: AliasSet,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitState {
    Counting,
    /// A bridge is attached.
    Bridged,
    /// Left to the interpreter.
    Dead,
}

/// What a trace relies on.
#[derive(Default)]
pub struct Dependencies {
    /// Namespaces whose watched entries it took for constants.
    pub dicts: Vec<Gc<Dict>>,
    /// Functions whose globals it knows.
    pub codes: Vec<&'static Code>,
}

/// See the module's description.
pub struct Store {
    pub roots: Vec<Root>,
    /// Header and mode → roots with a loop: one for each combination of types that came up, oldest first.
    loops: FxHashMap<(usize, Mode), Vec<usize>>,
    pub exits: FxHashMap<u32, Exit>,
    dependents: FxHashMap<usize, (Option<Gc<Dict>>, Vec<usize>)>,
    /// By code number: the roots that know whose globals the code has.
    code_dependents: FxHashMap<u32, (&'static Code, Vec<usize>)>,
    traces: Vec<Rc<Trace>>,
    pub next_number: u32,
    /// Where direct calls of functions go, by the functions' first instruction. Machine code knows their addresses.
    targets: RefCell<FxHashMap<usize, Box<Target>>>,
    /// Where they go while there is no code.
    missing: CodeAddr,
}

impl Store {
    pub fn new(missing: CodeAddr) -> Store {
        Store {
            roots: Vec::new(),
            loops: FxHashMap::default(),
            exits: FxHashMap::default(),
            dependents: FxHashMap::default(),
            code_dependents: FxHashMap::default(),
            traces: Vec::new(),
            next_number: 0,
            targets: RefCell::default(),
            missing,
        }
    }

    /// Where direct calls of the function go that begins at `place`.
    pub fn target(&self, place: *const u8) -> *const Target {
        let mut targets = self.targets.borrow_mut();
        let missing = self.missing.0;
        let fresh = || Box::new(Target { entry: Cell::new(missing), number: Cell::new(None) });
        &raw const **targets.entry(place as usize).or_insert_with(fresh)
    }

    /// From now on they go to this root, or nowhere.
    pub fn lead_calls(&self, place: *const u8, root: Option<usize>) {
        let root = root.map(|n| &self.roots[n]);
        self.target(place);
        if let Some(target) = self.targets.borrow().get(&(place as usize)) {
            target.entry.set(root.map_or(self.missing, |r| r.entry).0);
            target.number.set(root.map(|r| r.entry_number));
        }
    }

    /// Keeps a compiled trace's exits, and its constants alive.
    pub fn add_exits(
        &mut self,
        trace: &Rc<Trace>,
        layouts: Vec<ExitLayout>,
        root: usize,
        part: u32,
        effects: AliasSet,
    ) {
        self.traces.push(trace.clone());
        for layout in layouts {
            let ExitId(id) = layout.id;
            let recipe = Recipe::new(&layout, trace, &trace.snapshots[layout.snap.0 as usize]);
            let trace = trace.clone();
            let exit = Exit {
                recipe,
                layout,
                trace,
                root,
                part,
                count: 0,
                left: 0,
                state: ExitState::Counting,
                effects,
            };
            self.exits.insert(id, exit);
        }
    }

    pub fn add_dependencies(&mut self, deps: &Dependencies, root: usize) {
        for code in &deps.codes {
            let (_, roots) = self.code_dependents.entry(code.id).or_insert((code, Vec::new()));
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        for dict in &deps.dicts {
            let (kept, roots) = self.dependents.entry(dict.address()).or_default();
            *kept = Some(*dict);
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
    }

    /// The roots with a loop at this header.
    pub fn versions(&self, place: *const u8, mode: Mode) -> &[usize] {
        self.loops.get(&(place as usize, mode)).map_or(&[], Vec::as_slice)
    }

    /// The versions that a frame at this root's header could run just as well.
    pub fn versions_beside(&self, root: usize) -> impl Iterator<Item = usize> + '_ {
        let Root { place, mode, depth, .. } = self.roots[root];
        self.versions_at(place, depth, mode)
    }

    /// Those for a frame with so many values on its stack. A loop in a `finally` block is reached with one value there or
    /// with several, by how the block was entered.
    pub fn versions_at(&self, place: *const u8, depth: i32, mode: Mode) -> impl Iterator<Item = usize> + '_ {
        self.versions(place, mode).iter().copied().filter(move |version| self.roots[*version].depth == depth)
    }

    /// A root with a loop is one more of these.
    pub fn add_version(&mut self, root: usize) {
        let Root { place, mode, .. } = self.roots[root];
        self.loops.entry((place as usize, mode)).or_default().push(root);
    }

    /// Invalidates everything, or what depends on a table that has changed; gives the roots.
    pub fn invalidate(&mut self, is_all: bool) -> Vec<usize> {
        let mut stale = self.take_dirty();
        if is_all {
            stale.extend(0..self.roots.len());
        }
        stale.sort_unstable();
        stale.dedup();
        stale.retain(|root| self.roots[*root].invalid.swap(1, Ordering::Relaxed) == 0);
        stale.iter().for_each(|root| self.forget(*root));
        stale
    }

    /// Nobody is led to its code any more.
    fn forget(&mut self, root: usize) {
        let Root { place, mode, .. } = self.roots[root];
        if mode == Mode::Plain {
            self.lead_calls(place, None);
        }
        if let Some(versions) = self.loops.get_mut(&(place as usize, mode)) {
            versions.retain(|version| *version != root);
        }
    }

    /// The roots that depend on a table that has changed since the last time, or on whose globals a code has.
    fn take_dirty(&mut self) -> Vec<usize> {
        let mut stale: Vec<usize> = Vec::new();
        for (dict, roots) in self.dependents.values_mut() {
            if dict.is_some_and(|d| d.take_dirty()) {
                stale.append(roots);
            }
        }
        for (code, roots) in self.code_dependents.values_mut() {
            if code.roams.get() {
                stale.append(roots);
            }
        }
        stale
    }

    /// A new number for the log.
    pub fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number - 1
    }

    pub fn trace(&self, marker: &mut Marker) {
        for trace in &self.traces {
            for constant in &trace.consts {
                if let Const::Ref(bits) = constant {
                    marker.value(Value::from_bits(*bits));
                }
            }
            for frame in trace.snapshots.iter().flat_map(|s| &s.frames) {
                marker.object(frame.globals);
            }
        }
        self.dependents.values().filter_map(|(dict, _)| *dict).for_each(|dict| marker.object(dict));
    }
}
