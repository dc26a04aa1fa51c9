//! Bytes of a file into the text of a note, whatever its encoding.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{Note, NoteId, Warning, WarningKind};

/// How much of a file is looked at to tell text from binary data; bytes.
const SNIFF_BYTES: usize = 8192;

/// A file that gave no note, and why.
pub type Unreadable = Warning;

/// Reads and parses the note at `path`.
///
/// UTF-8 is expected; a byte order mark, UTF-16 with one, and GB18030 (GBK) are understood, the latter two with
/// a warning.
///
/// # Errors
/// [`Unreadable`] when the file cannot be opened, is larger than `bytes_max`, or is no text.
pub fn read_note(path: &Path, id: NoteId, bytes_max: u64) -> Result<Note, Unreadable> {
    let bytes = read_bytes(path, bytes_max).map_err(|kind| unreadable(&id, kind))?;
    parse_bytes(id, &bytes)
}

fn unreadable(id: &NoteId, kind: WarningKind) -> Unreadable {
    Warning { note: id.clone(), line: 1, kind }
}

/// Parses the bytes of a note's file, as [`read_note`] does.
///
/// # Errors
/// [`Unreadable`] when they are no text.
pub fn parse_bytes(id: NoteId, bytes: &[u8]) -> Result<Note, Unreadable> {
    let (text, odd) = decode(bytes).map_err(|kind| unreadable(&id, kind))?;
    let mut note = Note::parse(id.clone(), text);
    if let Some(kind) = odd {
        note.warnings.insert(0, unreadable(&id, kind));
    }
    Ok(note)
}

/// Reads the bytes of the note at `path`.
///
/// # Errors
/// When the file cannot be opened, or is larger than `bytes_max`.
pub fn read_bytes(path: &Path, bytes_max: u64) -> Result<Vec<u8>, WarningKind> {
    let unreadable = |error: std::io::Error| WarningKind::Unreadable(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let too_large = |bytes| WarningKind::TooLarge { bytes, limit: bytes_max };
    if size > bytes_max {
        return Err(too_large(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // A file that grows while it is read stays bounded too.
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let read = bytes.len() as u64;
    if read > bytes_max { Err(too_large(read)) } else { Ok(bytes) }
}

fn decode(bytes: &[u8]) -> Result<(String, Option<WarningKind>), WarningKind> {
    for (mark, encoding) in [(&[0xFF, 0xFE][..], UTF_16LE), (&[0xFE, 0xFF][..], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, _) = encoding.decode_without_bom_handling(rest);
            return Ok((text.into_owned(), Some(WarningKind::Encoding(encoding.name().to_owned()))));
        }
    }
    if bytes.iter().take(SNIFF_BYTES).any(|&b| b == 0) {
        return Err(WarningKind::Binary);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    if let Some(text) =
        GB18030.decode_without_bom_handling_and_without_replacement(bytes).filter(|text| reads_as_chinese(text))
    {
        return Ok((text.into_owned(), Some(WarningKind::Encoding("GB18030".to_owned()))));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let broken = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
    if broken * 10 > text.chars().count() {
        Err(WarningKind::Binary)
    } else {
        Ok((text, Some(WarningKind::BrokenBytes)))
    }
}

/// Almost any bytes are some GB18030; real Chinese text is mostly common Han characters and ASCII.
fn reads_as_chinese(text: &str) -> bool {
    let odd = text
        .chars()
        .filter(|&c| {
            !c.is_ascii() && !matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{2000}'..='\u{30FF}' | '\u{FF00}'..='\u{FFEF}')
        })
        .count();
    odd * 20 <= text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let gbk = GB18030.encode("### 容器\n什么是容器？").0.into_owned();
        assert_eq!(
            decode(&gbk).unwrap(),
            ("### 容器\n什么是容器？".to_owned(), Some(WarningKind::Encoding("GB18030".to_owned())))
        );
        assert_eq!(decode("\u{feff}容器".as_bytes()).unwrap(), ("容器".to_owned(), None));
        assert_eq!(decode(&[0xFF, 0xFE, 0x2D, 0x4E]).unwrap().0, "中");
        assert_eq!(decode(b"ELF\0\x01").unwrap_err(), WarningKind::Binary);
        assert_eq!(decode(b"mostly plain text with one \xff byte").unwrap().1, Some(WarningKind::BrokenBytes));
    }
}
