//! The outer form of a bundle: a tar archive of which every byte is determined by the names and contents.
//!
//! POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"): plain files, mode 0600, owner 0, time 0, no prefix; a size
//! from 8 GiB on in the base-256 form that GNU tar, bsdtar and Python read too. Own code and not a library, because a
//! reader that is to refuse every other byte has to know the one header that it accepts, and then there is nothing left
//! for a library to do.

use std::io::{self, Read};

use certroll_base::encoding::{Hasher, Sha256};

/// Headers and contents begin at multiples of this.
pub const BLOCK: u64 = 512;
/// Two blocks of zeros end an archive.
pub const END: u64 = 2 * BLOCK;
/// The first size that eleven octal digits cannot write.
const OCTAL_LIMIT: u64 = 1 << 33;

/// The header of a file. Names of bundles are ASCII and at most 100 bytes; of a longer one the rest is left out.
pub fn header(name: &str, size: u64) -> [u8; BLOCK as usize] {
    let mut block = [0; BLOCK as usize];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &name.as_bytes()[..name.len().min(100)]);
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    if size < OCTAL_LIMIT {
        put(124, format!("{size:011o}\0").as_bytes());
    } else {
        put(124, &[0x80, 0, 0, 0]);
        put(128, &size.to_be_bytes());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// The name and size in a header, if it is the one that [`header`] writes for them.
pub fn read_header(block: &[u8; BLOCK as usize]) -> Option<(String, u64)> {
    let end = block[..100].iter().position(|byte| *byte == 0).unwrap_or(100);
    let name = str::from_utf8(&block[..end]).ok()?;
    let size = if block[124] == 0x80 {
        u64::from_be_bytes(block[128..136].try_into().ok()?)
    } else {
        u64::from_str_radix(str::from_utf8(&block[124..135]).ok()?, 8).ok()?
    };
    (header(name, size) == *block).then(|| (name.to_owned(), size))
}

/// How many zeros follow a content of that size.
pub fn padding(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}

/// Bytes that can be read at any place: a file, or memory.
pub trait RandomAccess {
    /// How many there are.
    ///
    /// # Errors
    /// Unknown.
    fn size(&self) -> io::Result<u64>;

    /// Reads some bytes from that place on; 0 at the end only.
    ///
    /// # Errors
    /// They cannot be read.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl RandomAccess for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveMember {
    /// Its name.
    pub name: String,
    /// Where its content begins.
    pub offset: u64,
    /// How long its content is.
    pub size: u64,
}

impl ArchiveMember {
    /// Where the next header is.
    pub fn end(&self) -> u64 {
        self.offset + self.size + padding(self.size)
    }
}

/// Why bytes are not an archive as certroll writes it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// They cannot be read.
    #[error("the bundle cannot be read")]
    Io(#[from] io::Error),
    /// They end too early.
    #[error("the bundle breaks off: it ends before byte {0}, where more must follow")]
    Short(u64),
    /// A header is not canonical, padding is not zero, or bytes follow the end.
    #[error("the bundle is damaged at byte {0}: this is not how certroll writes an archive")]
    Damaged(u64),
}

/// The file whose header is at `offset`, its padding checked; `None` at the end of the archive, which is checked too.
///
/// # Errors
/// [`ArchiveError`].
pub fn member<S: RandomAccess + ?Sized>(source: &S, offset: u64) -> Result<Option<ArchiveMember>, ArchiveError> {
    let mut block = [0; BLOCK as usize];
    fill(source, &mut block, offset)?;
    if block == [0; BLOCK as usize] {
        fill(source, &mut block, offset + BLOCK)?;
        let whole = source.size()? == offset + END && block == [0; BLOCK as usize];
        return if whole { Ok(None) } else { Err(ArchiveError::Damaged(offset + BLOCK)) };
    }
    let (name, size) = read_header(&block).ok_or(ArchiveError::Damaged(offset))?;
    let member = ArchiveMember { name, offset: offset + BLOCK, size };
    let content_end = member.offset.checked_add(size).filter(|end| end.checked_add(BLOCK).is_some());
    let content_end = content_end.ok_or(ArchiveError::Damaged(offset))?;
    let mut padding = [0; BLOCK as usize];
    let padding = &mut padding[..(member.end() - content_end) as usize];
    fill(source, padding, content_end)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(ArchiveError::Damaged(content_end));
    }
    Ok(Some(member))
}

fn fill<S: RandomAccess + ?Sized>(source: &S, mut buffer: &mut [u8], mut offset: u64) -> Result<(), ArchiveError> {
    while !buffer.is_empty() {
        match source.read_at(buffer, offset)? {
            0 => return Err(ArchiveError::Short(offset)),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// The content of a file as it is read through, hashed on the way.
pub struct HashedContent<'a, S: RandomAccess + ?Sized> {
    source: &'a S,
    next: u64,
    end: u64,
    hash: Hasher,
}

impl<'a, S: RandomAccess + ?Sized> HashedContent<'a, S> {
    /// The content of that member, from its beginning.
    pub fn of(source: &'a S, member: &ArchiveMember) -> Self {
        Self { source, next: member.offset, end: member.offset + member.size, hash: Hasher::default() }
    }

    /// SHA-256 of what was read.
    pub fn sha256(&self) -> Sha256 {
        self.hash.sha256()
    }
}

impl<S: RandomAccess + ?Sized> Read for HashedContent<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        if length == 0 {
            return Ok(0);
        }
        let read = self.source.read_at(&mut buffer[..length], self.next)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.hash.update(&buffer[..read]);
        self.next += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, content) in files {
            out.extend(header(name, content.len() as u64));
            out.extend(*content);
            out.resize(out.len() + padding(content.len() as u64) as usize, 0);
        }
        out.resize(out.len() + END as usize, 0);
        out
    }

    fn members(bytes: &[u8]) -> Result<Vec<ArchiveMember>, ArchiveError> {
        let (mut found, mut offset) = (Vec::new(), 0);
        while let Some(member) = member(bytes, offset)? {
            offset = member.end();
            found.push(member);
        }
        Ok(found)
    }

    #[test]
    fn every_size_is_read_as_it_was_written() {
        for size in [0, 1, 511, 512, OCTAL_LIMIT - 1, OCTAL_LIMIT, u64::MAX / 2] {
            assert_eq!(read_header(&header("a/b.c", size)), Some(("a/b.c".to_owned(), size)));
        }
        let bytes = archive(&[("a", b"one"), ("b", &[7; 512]), ("c", b"")]);
        let found = members(&bytes).unwrap();
        assert_eq!(
            found.iter().map(|m| (m.name.as_str(), m.size)).collect::<Vec<_>>(),
            [("a", 3), ("b", 512), ("c", 0)]
        );
        let mut content = HashedContent::of(&bytes[..], &found[0]);
        let mut text = String::new();
        content.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), content.sha256()), ("one", certroll_base::encoding::sha256(b"one")));
    }

    #[test]
    fn every_bit_outside_the_contents_counts() {
        let bytes = archive(&[("a", b"one"), ("b", b"two")]);
        let known = members(&bytes).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let inside = known.iter().any(|m| (m.offset..m.offset + m.size).contains(&(bit as u64 / 8)));
            let accepted = members(&changed).is_ok_and(|found| found == known);
            assert_eq!(accepted, inside, "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(members(&bytes[..length]).is_err(), "cut to {length}");
        }
        assert!(members(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_size_beyond_everything_is_refused() {
        for size in [u64::MAX, u64::MAX - 512, u64::MAX - 1024] {
            assert!(member(&header("a", size)[..], 0).is_err());
        }
    }
}
