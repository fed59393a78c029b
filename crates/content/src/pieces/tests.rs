use potok_types::Ticks;

use super::*;

async fn all(mut pieces: Pieces) -> Result<Vec<u8>, ContentError> {
    let (mut whole, announced) = (Vec::new(), pieces.length());
    while let Some(piece) = pieces.next().await? {
        assert!(piece.len() as u64 <= PIECE_BYTES);
        #[cfg(unix)]
        if let Some(Place { file, at }) = pieces.place() {
            let mut there = vec![0; piece.len()];
            std::os::unix::fs::FileExt::read_exact_at(&*file, &mut there, at).unwrap();
            assert!(there == piece, "the piece is said to stand where something else does");
        }
        whole.extend_from_slice(&piece);
        assert_eq!(pieces.length(), announced - whole.len() as u64);
    }
    Ok(whole)
}

#[tokio::test]
async fn contents_come_one_after_the_other() {
    let contents = Contents::in_memory();
    let (mut parts, mut expected) = (Vec::new(), Vec::new());
    for (fill, size) in [(1, 10), (2, PIECE_BYTES), (3, 0), (4, 2 * PIECE_BYTES + 1)] {
        let bytes = vec![fill; size as usize];
        expected.extend_from_slice(&bytes);
        parts.push(contents.put(bytes.into(), Ticks::UNIX_EPOCH).await.unwrap());
    }
    assert_eq!(all(contents.pieces(parts)).await.unwrap(), expected);
    assert_eq!(all(contents.pieces([])).await.unwrap(), b"");
}

#[tokio::test]
async fn a_range_is_cut_out_of_all() {
    let contents = Contents::in_memory();
    let (mut parts, mut expected) = (Vec::new(), Vec::new());
    for (fill, size) in [(1, 10), (2, 2 * PIECE_BYTES + 7), (3, PIECE_BYTES)] {
        let bytes: Vec<u8> = (0..size).map(|nth| fill + (nth % 250) as u8).collect();
        expected.extend_from_slice(&bytes);
        parts.push(contents.put(bytes.into(), Ticks::UNIX_EPOCH).await.unwrap());
    }
    let length = expected.len() as u64;
    for (start, end) in [
        (0, length),
        (0, 1),
        (3, 9),
        (9, 11),
        (10, 11),
        (10 + PIECE_BYTES, 11 + PIECE_BYTES),
        (5, length - 5),
        (length - 1, length),
        (length - 3, length + 100),
        (7, 7),
        (length, length + 1),
    ] {
        let range = start as usize..end.min(length) as usize;
        assert_eq!(all(contents.pieces_of(parts.clone(), start..end)).await.unwrap(), expected[range]);
    }
}

/// The damage may lie outside of the range: who reads on later would notice, so nobody is told that it is sound.
#[tokio::test]
async fn a_range_of_damaged_bytes_is_not_given_whole() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let bytes = vec![7; 2 * PIECE_BYTES as usize];
    let content = contents.put(bytes.clone().into(), Ticks::UNIX_EPOCH).await.unwrap();
    let mut damaged = bytes;
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(folder.path().join(path(content.hash).to_string()), damaged).unwrap();
    let read = all(contents.pieces_of([content], 5..10)).await;
    assert!(matches!(read, Err(ContentError::Damaged { .. })));
}

#[tokio::test]
async fn what_is_damaged_or_gone_is_never_given_whole() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let bytes = vec![7; PIECE_BYTES as usize + 100];
    let content = contents.put(bytes.clone().into(), Ticks::UNIX_EPOCH).await.unwrap();
    let file = folder.path().join(path(content.hash).to_string());
    for place in [PIECE_BYTES as usize, 0] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        std::fs::write(&file, damaged).unwrap();
        let mut pieces = contents.pieces([content, content]);
        assert!(pieces.next().await.is_ok(), "the first piece may come, whatever is wrong");
        assert!(matches!(pieces.next().await, Err(ContentError::Damaged { .. })), "{place}");
        assert!(matches!(pieces.next().await, Ok(None)));
    }
    std::fs::write(&file, &bytes[..50]).unwrap();
    assert!(all(contents.pieces([content])).await.is_err());
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(all(contents.pieces([content])).await, Err(ContentError::Store { .. })));
}

/// Bytes of `length`, no two pieces of which are the same, kept piece by piece in `folder`.
async fn drafted(contents: &Contents, length: u64) -> (Bytes, ContentRef) {
    let bytes: Bytes = (0..length).map(|nth| (nth % 251) as u8).collect::<Vec<_>>().into();
    let mut draft = contents.draft(Ticks::UNIX_EPOCH);
    for start in (0..length as usize).step_by(300_000) {
        draft.write(bytes.slice(start..bytes.len().min(start + 300_000))).await.unwrap();
    }
    let kept = draft.keep().await.unwrap();
    (bytes, kept)
}

/// The file of a content is as it was when it was hashed, for all that its times say, and yet a byte has changed: so a disk
/// that fails looks.
fn damage_unseen(contents: &Contents, folder: &std::path::Path, content: ContentRef, at: u64) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let path = folder.join(path(content.hash).to_string());
    let sums = {
        let file = std::fs::File::open(&path).unwrap();
        let stamp = crate::sums::Stamp::of(&file).unwrap();
        contents.known.find(content.hash, stamp).expect("hashed").values()
    };
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[255]).unwrap();
    contents.known.note(content.hash, crate::sums::Stamp::of(&file).unwrap(), sums);
}

#[tokio::test]
async fn each_piece_of_a_file_that_was_hashed_here_is_given_only_when_it_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let (bytes, content) = drafted(&contents, 8 * PIECE_BYTES + 9).await;
    assert_eq!(all(contents.pieces([content])).await.unwrap(), bytes);
    damage_unseen(&contents, folder.path(), content, 3 * PIECE_BYTES + 5);
    let mut pieces = contents.pieces([content]);
    for number in 0..3 {
        assert!(pieces.next().await.is_ok_and(|piece| piece.is_some()), "piece {number}");
    }
    assert!(matches!(pieces.next().await, Err(ContentError::Damaged { .. })));
    // From now on it is asked for its hash, which it does not have.
    assert!(matches!(all(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
}

/// What is damaged beside it neither hinders a range nor is read.
#[tokio::test]
async fn of_a_file_that_was_hashed_here_only_the_pieces_of_the_range_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let (bytes, content) = drafted(&contents, 8 * PIECE_BYTES + 9).await;
    let (_, before) = drafted(&contents, 10).await;
    for damaged in [0, 7 * PIECE_BYTES] {
        damage_unseen(&contents, folder.path(), content, damaged);
    }
    for (start, end) in [
        (PIECE_BYTES, PIECE_BYTES + 1),
        (PIECE_BYTES + 7, 3 * PIECE_BYTES),
        (2 * PIECE_BYTES - 1, 7 * PIECE_BYTES),
        (8 * PIECE_BYTES, content.size_bytes),
    ] {
        let range = start as usize..end as usize;
        let found = all(contents.pieces_of([content], start..end)).await.unwrap();
        assert_eq!(found, bytes[range], "{start} to {end}");
        let found = all(contents.pieces_of([before, content], 10 + start..10 + end)).await.unwrap();
        assert_eq!(found, bytes[start as usize..end as usize], "{start} to {end}, behind another");
    }
}

/// Whoever was restarted knows no sums: the first reading takes the hash, and the next one has them.
#[tokio::test]
async fn a_file_that_was_not_hashed_here_is_hashed_once() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, content) = drafted(&Contents::in_folder(folder.path()).unwrap(), 5 * PIECE_BYTES + 1).await;
    let restarted = Contents::in_folder(folder.path()).unwrap();
    let file = std::fs::File::open(folder.path().join(path(content.hash).to_string())).unwrap();
    let stamp = crate::sums::Stamp::of(&file).unwrap();
    for is_known in [false, true, true] {
        assert_eq!(restarted.known.find(content.hash, stamp).is_some(), is_known);
        assert_eq!(
            all(restarted.pieces([content, content])).await.unwrap(),
            [&bytes[..], &bytes[..]].concat()
        );
    }
}

/// What goes out part by part, and how many parts that is.
async fn parts(mut pieces: Pieces) -> Result<(Vec<u8>, usize), ContentError> {
    let (mut whole, mut count, announced) = (Vec::new(), 0, pieces.length());
    while let Some(part) = pieces.next_part().await? {
        match part {
            Part::Read(bytes) => whole.extend_from_slice(&bytes),
            Part::InFile(Place { file, at }, length) => {
                let mut there = vec![0; length as usize];
                std::os::unix::fs::FileExt::read_exact_at(&*file, &mut there, at).unwrap();
                whole.extend_from_slice(&there);
            }
        }
        count += 1;
        assert_eq!(pieces.length(), announced - whole.len() as u64);
    }
    Ok((whole, count))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_was_found_sound_is_passed_over_and_looked_at_again_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let (bytes, content) = drafted(&contents, 11 * PIECE_BYTES + 9).await;
    let (_, before) = drafted(&contents, 10).await;
    let sums = || {
        let file = std::fs::File::open(folder.path().join(path(content.hash).to_string())).unwrap();
        contents.known.find(content.hash, crate::sums::Stamp::of(&file).unwrap()).unwrap()
    };
    for (lately, expected) in [(true, 2), (false, 12), (true, 2)] {
        if !lately {
            sums().forget_when();
        }
        assert_eq!(parts(contents.pieces([content])).await.unwrap(), (bytes.to_vec(), expected));
    }
    for (start, end) in [
        (0, 1),
        (5, PIECE_BYTES + 7),
        (PIECE_BYTES, 10 * PIECE_BYTES),
        (11 * PIECE_BYTES + 3, 11 * PIECE_BYTES + 9),
    ] {
        for forgets in [false, true] {
            if forgets {
                sums().forget_when();
            }
            let range = 10 + start..10 + end;
            let (found, _) = parts(contents.pieces_of([before, content, before], range)).await.unwrap();
            assert_eq!(found, bytes[start as usize..end as usize], "{start} to {end}");
        }
    }
    damage_unseen(&contents, folder.path(), content, 3 * PIECE_BYTES + 5);
    assert_eq!(parts(contents.pieces([content])).await.unwrap().1, 2, "a minute is the promise");
    sums().forget_when();
    assert!(matches!(parts(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
}

/// Whoever writes to a file has it looked at again, also while it is on its way.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_was_written_to_is_not_passed_over() {
    use std::os::unix::fs::FileExt as _;
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::in_folder(folder.path()).unwrap();
    let (_, content) = drafted(&contents, 20 * PIECE_BYTES).await;
    let mut pieces = contents.pieces([content]);
    assert!(pieces.next_part().await.is_ok_and(|part| part.is_some()));
    let file =
        std::fs::OpenOptions::new().write(true).open(folder.path().join(path(content.hash).to_string()));
    file.unwrap().write_all_at(&[255], 19 * PIECE_BYTES).unwrap();
    let rest = parts(pieces).await;
    assert!(matches!(rest, Err(ContentError::Damaged { .. })));
    assert!(matches!(parts(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
    std::fs::remove_file(folder.path().join(path(content.hash).to_string())).unwrap();
    let mut gone = contents.pieces([content]);
    assert!(matches!(gone.next_part().await, Err(ContentError::Store { .. })));
    assert!(matches!(gone.next_part().await, Ok(None)));
}
