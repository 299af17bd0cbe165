//! Which files lie where in each process, and who called whom there.

use crate::record::{Mapping, User};
use framehop::x86_64::{CacheX86_64, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{ExplicitModuleSectionInfo, Module, Unwinder};
use object::{Object, ObjectSection, ObjectSegment, ReadCache};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Callers that are looked at for one sample.
const DEEPEST: usize = 128;

/// All processes.
#[derive(Default)]
pub(crate) struct Spaces {
    files: FxHashMap<PathBuf, Option<Arc<Tables>>>,
    spaces: FxHashMap<u32, Space>,
    cache: CacheX86_64,
}

/// One of them.
#[derive(Clone, Default)]
struct Space {
    /// Where files lie: from, to.
    files: BTreeMap<u64, u64>,
    unwinder: UnwinderX86_64<Arc<[u8]>>,
}

/// What a file says of its functions' frames.
struct Tables {
    header: Option<Section>,
    frames: Option<Section>,
    /// Offset in the file, length, address.
    segments: Vec<(u64, u64, u64)>,
}

#[derive(Clone)]
struct Section {
    bytes: Arc<[u8]>,
    address: u64,
}

impl fmt::Debug for Spaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} processes, {} files", self.spaces.len(), self.files.len())
    }
}

impl Spaces {
    /// A process maps a part of a file, or memory that is none's.
    pub(crate) fn map(&mut self, process: u32, mapping: &Mapping) {
        let space = self.spaces.entry(process).or_default();
        space.unmap(mapping.start, mapping.start.saturating_add(mapping.length));
        if mapping.file.as_os_str().is_empty() || mapping.file.starts_with("//anon") {
            return;
        }
        let file = mapping.file.clone();
        let tables = self.files.entry(file).or_insert_with_key(|file| Tables::of(file).map(Arc::new));
        space.map(mapping, tables.as_deref());
    }

    /// A process is a copy of another.
    pub(crate) fn fork(&mut self, parent: u32, child: u32) {
        if let Some(space) = self.spaces.get(&parent).cloned() {
            self.spaces.insert(child, space);
        }
    }

    /// A process forgets all it had.
    pub(crate) fn exec(&mut self, process: u32) {
        self.spaces.insert(process, Space::default());
    }

    /// Is it known what lies at that address?
    pub(crate) fn knows(&self, process: u32, address: u64) -> bool {
        self.spaces.get(&process).is_some_and(|space| space.holds(address))
    }

    /// The innermost caller that lies in no file: machine code that was made at run time. What runs in such code itself
    /// has none.
    pub(crate) fn caller(&mut self, process: u32, user: &User) -> Option<u64> {
        let space = self.spaces.get(&process)?;
        if !space.holds(user.ip) {
            return None;
        }
        let registers = UnwindRegsX86_64::new(user.ip, user.sp, user.bp);
        let mut word = |address: u64| {
            let at = usize::try_from(address.wrapping_sub(user.sp)).map_err(drop)?;
            let bytes = at.checked_add(8).and_then(|end| user.stack.get(at..end)).ok_or(())?;
            bytes.try_into().map(u64::from_ne_bytes).map_err(drop)
        };
        let mut frames = space.unwinder.iter_frames(user.ip, registers, &mut self.cache, &mut word);
        frames.next().ok()??;
        for _ in 0..DEEPEST {
            let address = frames.next().ok()??.address();
            // A call returns behind itself.
            if !space.holds(address.saturating_sub(1)) {
                return Some(address);
            }
        }
        None
    }
}

impl Space {
    fn holds(&self, address: u64) -> bool {
        self.files.range(..=address).next_back().is_some_and(|(_, end)| address < *end)
    }

    fn unmap(&mut self, start: u64, end: u64) {
        while let Some((&from, _)) = self.files.range(..end).next_back().filter(|(_, to)| **to > start) {
            self.files.remove(&from);
            self.unwinder.remove_module(from);
        }
    }

    fn map(&mut self, mapping: &Mapping, tables: Option<&Tables>) {
        let range = mapping.start..mapping.start.saturating_add(mapping.length);
        self.files.insert(range.start, range.end);
        let Some(tables) = tables else { return };
        let Some(base) = tables.base(mapping) else { return };
        let section = |section: &Option<Section>| {
            let section = section.clone()?;
            Some((section.address..section.address + section.bytes.len() as u64, section.bytes))
        };
        let (header_at, header) = section(&tables.header).unzip();
        let (frames_at, frames) = section(&tables.frames).unzip();
        let sections = ExplicitModuleSectionInfo {
            eh_frame_hdr_svma: header_at,
            eh_frame_hdr: header,
            eh_frame_svma: frames_at,
            eh_frame: frames,
            ..ExplicitModuleSectionInfo::default()
        };
        let name = mapping.file.to_string_lossy().into_owned();
        self.unwinder.add_module(Module::new(name, range, base, sections));
    }
}

impl Tables {
    /// Nothing if the file cannot be read, or is none that can be executed.
    fn of(file: &Path) -> Option<Tables> {
        let cache = ReadCache::new(File::open(file).ok()?);
        let file = object::File::parse(&cache).ok()?;
        let section = |name: &str| {
            let section = file.section_by_name(name)?;
            Some(Section { bytes: section.data().ok()?.into(), address: section.address() })
        };
        let segment = |segment: object::Segment<'_, '_, _>| {
            let (offset, length) = segment.file_range();
            (offset, length, segment.address())
        };
        Some(Tables {
            header: section(".eh_frame_hdr"),
            frames: section(".eh_frame"),
            segments: file.segments().map(segment).collect(),
        })
    }

    /// Where the file's address 0 lies.
    fn base(&self, mapping: &Mapping) -> Option<u64> {
        let page = |offset: u64| offset & !0xfff;
        let (from, to) = (mapping.offset, mapping.offset.saturating_add(mapping.length));
        let (offset, _, address) = self.segments.iter().find(|(offset, length, _)| {
            let end = offset.saturating_add(*length);
            page(*offset) <= from && from < end && to > page(*offset)
        })?;
        Some(mapping.start.wrapping_sub(address.wrapping_sub(*offset).wrapping_add(from)))
    }
}
