use proptest::prelude::*;

use super::ContentKind::{Certificate, Main, Other};
use super::*;

/// A content of `size` bytes whose name tells `name` and nothing else.
fn content(name: u8, size: u64) -> ContentRef {
    ContentRef { hash: ContentHash::from_bytes([name; 32]), size_bytes: size }
}

/// Names of the contents that fit.
fn fits(budget: ContentBudget, walk: &[(ContentKind, u64)]) -> Vec<u8> {
    let mut plan = ContentPlan::planning(budget);
    for (name, (kind, size)) in walk.iter().enumerate() {
        assert_eq!(plan.take(*kind, &content(name as u8, *size), true), None, "nothing is loaded yet");
    }
    plan.hashes().iter().map(|hash| hash.as_bytes()[0]).collect()
}

#[test]
fn what_does_not_fit_is_skipped_and_the_last_byte_may_be_used() {
    let budget = ContentBudget::Shared(10);
    assert_eq!(fits(budget, &[(Main, 10)]), [0]);
    assert_eq!(fits(budget, &[(Main, 11)]), [0; 0]);
    assert_eq!(fits(budget, &[(Main, 4), (Other, 7), (Main, 6), (Other, 1), (Other, 0)]), [0, 2, 4]);
}

#[test]
fn main_documents_and_the_rest_do_not_take_from_each_other() {
    let walk = [(Main, 8), (Other, 9), (Main, 3), (Other, 2), (Main, 2), (Other, 1)];
    assert_eq!(fits(ContentBudget::Separate { main: 10, other: 10, certificates: 0 }, &walk), [0, 1, 4, 5]);
    assert_eq!(fits(ContentBudget::Shared(10), &walk), [0, 3]);
}

#[test]
fn the_budget_of_docflows_is_a_mebibyte_each() {
    let mebibyte = 1_048_576;
    assert_eq!(fits(ContentBudget::DOCFLOWS, &[(Main, mebibyte), (Other, mebibyte)]), [0, 1]);
    assert_eq!(fits(ContentBudget::DOCFLOWS, &[(Main, mebibyte + 1), (Main, mebibyte), (Main, 1)]), [1]);
    assert_eq!(fits(ContentBudget::MESSAGE, &[(Main, mebibyte - 1), (Other, 2), (Other, 1)]), [0, 2]);
}

#[test]
fn what_is_not_wanted_costs_nothing() {
    let mut plan = ContentPlan::planning(ContentBudget::Shared(5));
    plan.take(Main, &content(0, 5), false);
    plan.take(Main, &content(1, 5), true);
    assert_eq!(plan.hashes(), [content(1, 5).hash]);
}

#[test]
fn nothing_at_all_is_carried_without_a_budget() {
    let mut plan = ContentPlan::nothing();
    assert_eq!(plan.take(Main, &content(0, 0), true), None);
    assert_eq!(plan.hashes(), []);
}

#[test]
fn a_content_that_stands_twice_is_loaded_once_and_counted_twice() {
    let walk = [content(7, 4), content(7, 4), content(7, 4)];
    let budget = ContentBudget::Shared(9);
    let mut plan = ContentPlan::planning(budget);
    walk.iter().for_each(|content| assert_eq!(plan.take(Other, content, true), None));
    assert_eq!(plan.hashes(), [content(7, 4).hash]);

    let bytes = Bytes::from_static(b"four");
    let mut plan = ContentPlan::filling(budget, HashMap::from([(content(7, 4).hash, bytes.clone())]));
    let taken: Vec<_> = walk.iter().map(|content| plan.take(Other, content, true)).collect();
    assert_eq!(taken, [Some(bytes.clone()), Some(bytes), None]);
}

proptest! {
    #[test]
    fn the_second_pass_gives_what_the_first_one_planned_and_no_more_than_fits(
        walk in prop::collection::vec((any::<bool>(), 0_u64..50, any::<bool>()), 0..60),
        main in 0_u64..200,
        other in 0_u64..200,
        is_shared in any::<bool>(),
    ) {
        let budget = if is_shared { ContentBudget::Shared(main) } else { ContentBudget::Separate { main, other, certificates: other } };
        let kind = |is_main: bool| if is_main { Main } else { Other };
        let bytes = |name: usize, size: u64| Bytes::from(vec![name as u8; size as usize]);
        let walk: Vec<_> = walk.iter().enumerate().map(|(name, (is_main, size, wanted))| {
            (kind(*is_main), ContentRef::of(&bytes(name, *size)), bytes(name, *size), *wanted)
        }).collect();

        let mut plan = ContentPlan::planning(budget);
        for (kind, content, _, wanted) in &walk {
            prop_assert_eq!(plan.take(*kind, content, *wanted), None);
        }
        let planned: HashSet<_> = plan.hashes().iter().copied().collect();
        prop_assert_eq!(planned.len(), plan.hashes().len(), "each is named once");
        let loaded = walk.iter().filter(|(_, content, ..)| planned.contains(&content.hash))
            .map(|(_, content, bytes, _)| (content.hash, bytes.clone())).collect();

        let mut plan = ContentPlan::filling(budget, loaded);
        let mut spent = HashMap::from([(true, 0), (false, 0)]);
        for (kind, content, bytes, wanted) in &walk {
            let purse = spent.get_mut(&(is_shared || *kind == Main)).unwrap();
            let limit = if is_shared || *kind == Main { main } else { other };
            let should_fit = *wanted && *purse + content.size_bytes <= limit;
            let taken = plan.take(*kind, content, *wanted);
            prop_assert_eq!(taken.is_some(), should_fit, "greedy: taken exactly when it fits");
            if let Some(taken) = taken {
                prop_assert_eq!(&taken, bytes);
                *purse += content.size_bytes;
            }
        }
        prop_assert!(spent[&true] <= main && spent[&false] <= other);
    }
}

#[test]
fn certificates_take_nothing_from_what_they_certify() {
    let budget = ContentBudget::Separate { main: 0, other: 4, certificates: 4 };
    let mut plan = ContentPlan::planning(budget);
    for (kind, name, size) in [(Certificate, 1, 3), (Other, 2, 4), (Certificate, 3, 2), (Main, 4, 1)] {
        plan.take(kind, &content(name, size), true);
    }
    assert_eq!(plan.hashes(), [content(1, 3).hash, content(2, 4).hash]);
}
