//! Files of SQLite as a disk sees them: every write, cut and sync in the order in which they were done, noted by a shim under SQLite's
//! own files.
//!
//! This is the one place of unsafe code here, and only tests have it: SQLite takes such a shim as a table of C functions. It is
//! sound because it keeps to three rules. Memory of a file is laid out as `szOsFile` tells SQLite: [`File`], then what the original
//! needs, which is aligned as pointers are. Every call is handed on to the original with its own pointers, so whatever it promises SQLite is
//! promised still. And nothing here outlives what SQLite gave: bytes and names are copied before a call returns.

#![expect(unsafe_code, reason = "SQLite takes a shim under its files as a table of C functions")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::null;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi;

/// What was done to the files of a folder, or what was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Write {
        file: String,
        at: u64,
        bytes: Vec<u8>,
    },
    /// The file is so long from here on.
    Cut {
        file: String,
        length: u64,
    },
    /// What was done to the file before is on the disk; and which files there are, when the folder was synced with it.
    Sync {
        file: String,
        names: bool,
    },
    Delete {
        file: String,
        is_synced: bool,
    },
    /// Whoever wrote was told so of this message.
    Acknowledged(potok_types::MessageId),
}

/// The folder whose files are watched, and what was done there.
struct Recording {
    folder: PathBuf,
    steps: Vec<Step>,
}

static RECORDING: Mutex<Option<Recording>> = Mutex::new(None);
static ORIGINAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());

fn recording() -> MutexGuard<'static, Option<Recording>> {
    RECORDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches the files of `folder` from here on.
pub(crate) fn record(folder: &Path) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(install);
    *recording() = Some(Recording { folder: folder.to_owned(), steps: Vec::new() });
}

/// Notes that whoever wrote was told so.
pub(crate) fn acknowledge(message: potok_types::MessageId) {
    note(&mut recording(), Step::Acknowledged(message));
}

/// Ends the watch: what was done.
pub(crate) fn recorded() -> Vec<Step> {
    recording().take().map(|recording| recording.steps).unwrap_or_default()
}

fn note(recording: &mut Option<Recording>, step: Step) {
    if let Some(recording) = recording {
        recording.steps.push(step);
    }
}

/// A file, and behind it in memory the original's.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Where it is; null where it has no name.
    path: *mut PathBuf,
    /// The original syncs the folder with the first sync of the file: a log or a journal that may be new.
    is_new: bool,
}

/// The name of a file of the watched folder.
fn name(recording: &Option<Recording>, path: Option<&Path>) -> Option<String> {
    let recording = recording.as_ref()?;
    let path = path.filter(|path| path.parent() == Some(&recording.folder))?;
    Some(path.file_name()?.to_str()?.to_owned())
}

/// The original's file.
///
/// # Safety
/// `file` was made by SQLite for this shim.
unsafe fn original(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` counts both.
    unsafe { file.cast::<u8>().add(size_of::<File>()).cast() }
}

/// # Safety
/// As [`original`]; the path lives as long as the file is open.
unsafe fn path<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a Path> {
    // SAFETY: it is null, or what `open` put there.
    unsafe { (*file.cast::<File>()).path.as_ref().map(PathBuf::as_path) }
}

/// Hands a call on to the original.
macro_rules! forward {
    ($($name:ident: $method:ident($($arg:ident: $kind:ty),*);)+) => {$(
        unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $arg: $kind)*) -> c_int {
            // SAFETY: the original is open as long as the file is, and gets what SQLite gave.
            unsafe {
                let file = original(file);
                match (*(*file).pMethods).$method {
                    Some(method) => method(file $(, $arg)*),
                    None => ffi::SQLITE_MISUSE,
                }
            }
        }
    )+};
}

forward! {
    read: xRead(to: *mut c_void, length: c_int, at: i64);
    write_on: xWrite(from: *const c_void, length: c_int, at: i64);
    cut_on: xTruncate(length: i64);
    sync_on: xSync(flags: c_int);
    close_on: xClose();
    length: xFileSize(length: *mut i64);
    lock: xLock(level: c_int);
    unlock: xUnlock(level: c_int);
    check_reserved_lock: xCheckReservedLock(found: *mut c_int);
    control: xFileControl(what: c_int, with: *mut c_void);
    sector_size: xSectorSize();
    characteristics: xDeviceCharacteristics();
    shm_map: xShmMap(page: c_int, size: c_int, extend: c_int, to: *mut *mut c_void);
    shm_lock: xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap: xShmUnmap(delete: c_int);
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: as in `forward`.
    unsafe {
        let file = original(file);
        if let Some(method) = (*(*file).pMethods).xShmBarrier {
            method(file);
        }
    }
}

/// Does something to a file and notes it; nothing else is done to a watched file meanwhile, so the notes have the order of the disk.
unsafe fn noted(
    file: *mut ffi::sqlite3_file,
    step: impl FnOnce(String) -> Step,
    done: impl FnOnce() -> c_int,
) -> c_int {
    let mut recording = recording();
    // SAFETY: the caller's.
    let name = name(&recording, unsafe { path(file) });
    if name.is_none() {
        drop(recording);
        return done();
    }
    let code = done();
    if let Some(name) = name.filter(|_| code == ffi::SQLITE_OK) {
        note(&mut recording, step(name));
    }
    code
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    length: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite gives `length` bytes.
    unsafe {
        let bytes = || std::slice::from_raw_parts(from.cast::<u8>(), length as usize).to_vec();
        noted(
            file,
            |file| Step::Write { file, at: at as u64, bytes: bytes() },
            || write_on(file, from, length, at),
        )
    }
}

unsafe extern "C" fn cut(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: what SQLite gave is handed on.
    unsafe { noted(file, |file| Step::Cut { file, length: length as u64 }, || cut_on(file, length)) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: what SQLite gave is handed on.
    unsafe {
        let names = std::mem::replace(&mut (*file.cast::<File>()).is_new, false);
        noted(file, |file| Step::Sync { file, names }, || sync_on(file, flags))
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` made the path, and nobody uses the file any more.
    unsafe {
        let path = std::mem::replace(&mut (*file.cast::<File>()).path, std::ptr::null_mut());
        if !path.is_null() {
            drop(Box::from_raw(path));
        }
        close_on(file)
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without the third version nothing is written past this by memory that is mapped.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(cut),
    xSync: Some(sync),
    xFileSize: Some(length),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// # Safety
/// A name of SQLite, or null.
unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    // SAFETY: it ends with a zero.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned().into())
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    opened: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives memory of `szOsFile` bytes, and closes what has methods.
    unsafe {
        (*file).pMethods = null();
        let vfs = ORIGINAL.load(Ordering::Acquire);
        let Some(open) = (*vfs).xOpen else { return ffi::SQLITE_MISUSE };
        let code = open(vfs, name, original(file), flags, opened);
        if code == ffi::SQLITE_OK {
            let path = path_of(name).map_or(std::ptr::null_mut(), |path| Box::into_raw(Box::new(path)));
            (*file.cast::<File>()).path = path;
            let is_log = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
            (*file.cast::<File>()).is_new = is_log && flags & ffi::SQLITE_OPEN_CREATE != 0;
            (*file).pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name_given: *const c_char, sync: c_int) -> c_int {
    // SAFETY: what SQLite gave is handed on.
    unsafe {
        let vfs = ORIGINAL.load(Ordering::Acquire);
        let Some(delete) = (*vfs).xDelete else { return ffi::SQLITE_MISUSE };
        let mut recording = recording();
        let name = name(&recording, path_of(name_given).as_deref());
        let code = delete(vfs, name_given, sync);
        if let Some(file) = name.filter(|_| code == ffi::SQLITE_OK) {
            note(&mut recording, Step::Delete { file, is_synced: sync != 0 });
        }
        code
    }
}

/// Puts the shim under every connection that is opened from here on.
fn install() {
    // SAFETY: the original lives as long as the process, and so does what is registered.
    unsafe {
        let vfs = ffi::sqlite3_vfs_find(null());
        assert!(!vfs.is_null(), "SQLite has files");
        ORIGINAL.store(vfs, Ordering::Release);
        let shim = ffi::sqlite3_vfs {
            szOsFile: (*vfs).szOsFile + size_of::<File>() as c_int,
            pNext: std::ptr::null_mut(),
            zName: c"recording".as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..*vfs
        };
        let code = ffi::sqlite3_vfs_register(Box::leak(Box::new(shim)), 1);
        assert_eq!(code, ffi::SQLITE_OK, "the shim is taken");
    }
}
