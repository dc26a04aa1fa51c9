//! How far a build is, told while it goes on.

/// A step of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Notes are read and written.
    Reading {
        /// So many.
        notes: usize,
        /// Of how many.
        of: usize,
        /// Their bytes.
        bytes: u64,
        /// The bytes of all.
        of_bytes: u64,
    },
    /// Segments of the index are written as one: so many bytes of it, of about how many.
    Merging(u64, u64),
}

/// Is told how far a build is.
pub type Progress<'p> = &'p mut dyn FnMut(Step);
