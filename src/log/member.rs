//! Members as keyed hashes: the same member has the same hash in one log, and nobody can tell who it is without the key.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::error::Failure;

/// Length of a key; bytes.
const KEY_BYTES: usize = 32;
/// Length of a hash; bytes. Half of HMAC-SHA256 keeps members apart as well as all of it.
const HASH_BYTES: usize = 16;

/// A hash of a Discord id.
pub(super) type Hash = [u8; HASH_BYTES];

/// The key of one log. `Debug` does not show it.
#[derive(Clone)]
pub struct Key([u8; KEY_BYTES]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Reads the key at `path`; makes one of random bytes, for the owner's eyes only, where there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold a key.
    pub fn at(path: &Path) -> Result<Self, Failure> {
        match fs::read(path) {
            Ok(bytes) => Self::of(path, &bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(path),
            Err(error) => Err(Failure::file(path)(error)),
        }
    }

    fn of(path: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        bytes.try_into().map(Self).map_err(|_| Failure::LogKey(path.to_owned()))
    }

    fn make(path: &Path) -> Result<Self, Failure> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|error| Failure::Internal(error.to_string()))?;
        // Written aside and linked into place whole: of two processes that make one, both read the first.
        let aside = path.with_extension(format!("new-{}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&aside).and_then(|mut file| file.write_all(&key).and_then(|()| file.sync_all()));
        let placed = written.and_then(|()| match fs::hard_link(&aside, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(&aside, path),
            _ => Ok(()),
        });
        let _ = fs::remove_file(&aside);
        placed.map_err(Failure::file(path))?;
        let bytes = fs::read(path).map_err(Failure::file(path))?;
        Self::of(path, &bytes)
    }

    /// The hash of a member (RFC 2104, with SHA-256).
    pub(super) fn member(&self, id: u64) -> Hash {
        self.hash(b"member", id)
    }

    /// The hash of an event.
    pub(super) fn event(&self, id: u64) -> Hash {
        self.hash(b"event", id)
    }

    /// What is hashed says what it is, so that an event and a member with one number are not alike.
    fn hash(&self, kind: &[u8], id: u64) -> Hash {
        let mut hash = [0; HASH_BYTES];
        // A key of any length will do for HMAC.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(kind);
            mac.update(&id.to_be_bytes());
            hash.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_hashes_as_the_standard_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let first = Key::at(&path).unwrap();
        assert_eq!(first.member(7), Key::at(&path).unwrap().member(7), "the key was kept");
        assert_ne!(first.member(7), first.member(8));
        assert_ne!(first.member(7), first.event(7));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left there");
        // Made with another implementation: HMAC-SHA256 with 32 bytes of 7 over "member" and 64 bits of 42.
        let known = Key([7; KEY_BYTES]);
        let hex: String = known.member(42).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "1789234c7495a2345f299bf140559f4a");
    }

    #[test]
    fn a_file_that_is_no_key_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "mine").unwrap();
        assert!(matches!(Key::at(&path), Err(Failure::LogKey(_))));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        Key::at(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
