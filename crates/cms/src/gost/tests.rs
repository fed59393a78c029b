use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::test_data::hex;

/// RFC 7091 §7: key, digest as the number e, nonce, public key, signature r and s; all big-endian.
struct Example {
    set: ParameterSet,
    d: &'static str,
    e: &'static str,
    k: &'static str,
    x: &'static str,
    y: &'static str,
    r: &'static str,
    s: &'static str,
}

const EXAMPLES: [Example; 2] = [
    Example {
        set: ParameterSet::Test256,
        d: "7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28",
        e: "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
        k: "77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3",
        x: "7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
        y: "26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
        r: "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
        s: "01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
    },
    Example {
        set: ParameterSet::Test512,
        d: "0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B1020\
            72E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
        e: "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591\
            7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
        k: "0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F3658\
            86748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
        x: "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD\
            5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        y: "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61\
            EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        r: "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3\
            5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
        s: "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5\
            823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    },
];

fn reversed(text: &str) -> Vec<u8> {
    let mut bytes = hex(text);
    bytes.reverse();
    bytes
}

#[test]
fn examples_of_rfc_7091_hold() {
    for example in EXAMPLES {
        let key = PrivateKey::from_le_bytes(example.set, &reversed(example.d)).unwrap();
        let public = [reversed(example.x), reversed(example.y)].concat();
        assert_eq!(key.public_key().as_bytes(), public, "{:?}: public key", example.set);

        let digest = reversed(example.e);
        let signature = [hex(example.s), hex(example.r)].concat();
        let made =
            with_curve!(example.set, |C, L| sign_with_nonce::<C, L>(&key.scalar, &digest, &hex(example.k)));
        assert_eq!(made, Some(signature.clone()), "{:?}: signature", example.set);
        assert!(key.public_key().verify(&digest, &signature), "{:?}: verification", example.set);
    }
}

#[test]
fn base_points_lie_on_their_curves_and_have_order_q() {
    for set in ParameterSet::ALL {
        with_curve!(set, |C, L| {
            let base = Point::<C, L>::BASE;
            let (x, y) = base.to_affine().unwrap();
            assert!(Point::<C, L>::from_affine(&x, &y).is_some(), "{set:?}: base point");
            assert!(base.multiply_vartime(&order::<C, L>()).is_identity(), "{set:?}: order");
            assert!(!base.is_identity());
        });
    }
}

#[test]
fn both_multiplications_agree_with_repeated_addition() {
    for set in ParameterSet::ALL {
        with_curve!(set, |C, L| {
            let mut sum = Point::<C, L>::IDENTITY;
            for times in 0u64..=70 {
                let scalar = Uint::<L>::from_u64(times);
                let expected = sum.to_affine();
                assert_eq!(C::base_table().multiply(&scalar).to_affine(), expected, "{set:?} {times}: table");
                assert_eq!(
                    C::base_table().multiply_vartime(&scalar).to_affine(),
                    expected,
                    "{set:?} {times}: fast table"
                );
                assert_eq!(
                    Point::<C, L>::BASE.multiply_vartime(&scalar).to_affine(),
                    expected,
                    "{set:?} {times}: signed digits"
                );
                sum = sum.add(&Point::BASE);
            }
            let twice = Point::<C, L>::BASE.double().to_affine();
            assert_eq!(twice, Point::<C, L>::BASE.add(&Point::BASE).to_affine(), "{set:?}: doubling");
        });
    }
}

/// The largest scalars, where a carry leaves the last digit.
#[test]
fn multiplications_agree_at_the_end_of_the_range() {
    for set in ParameterSet::ALL {
        with_curve!(set, |C, L| {
            for below in 1u64..=40 {
                let scalar = order::<C, L>().wrapping_sub(&Uint::from_u64(below));
                let negative = C::base_table().multiply(&Uint::from_u64(below)).to_affine().unwrap();
                let point = Point::<C, L>::BASE.multiply_vartime(&scalar).to_affine().unwrap();
                assert_eq!(point.0, negative.0, "{set:?} q-{below}");
                assert_ne!(point.1, negative.1, "{set:?} q-{below}");
                assert_eq!(C::base_table().multiply(&scalar).to_affine(), Some(point), "{set:?} q-{below}");
            }
        });
    }
}

#[test]
fn points_of_a_small_subgroup_are_refused() {
    // (x, 0) has order two wherever it exists; on the curves with cofactor 4 at least one such x does.
    let roots = [(ParameterSet::Tc26A256, "3"), (ParameterSet::Tc26C512, "3")];
    for (set, _) in roots {
        let length = set.key_len();
        let key = PrivateKey::generate(set, &mut StdRng::seed_from_u64(7)).public_key();
        let twisted = with_curve!(set, |C, L| {
            let root = order_two_point::<C, L>();
            let (x, y) = key.as_bytes().split_at(length);
            let honest =
                Point::<C, L>::from_affine(&Uint::from_le_slice(x), &Uint::from_le_slice(y)).unwrap();
            let (x, y) = honest.add(&root).to_affine().unwrap();
            let (root_x, root_y) = root.to_affine().unwrap();
            [[le_bytes(&x), le_bytes(&y)].concat(), [le_bytes(&root_x), le_bytes(&root_y)].concat()]
        });
        for bytes in twisted {
            assert_eq!(PublicKey::from_bytes(set, &bytes), Err(KeyError::Point), "{set:?}");
        }
    }
}

/// Takes random points of the curve q times: what remains has an order that divides the cofactor.
fn order_two_point<C: Curve<L>, const L: usize>() -> Point<C, L> {
    let mut x = Uint::<L>::from_u64(2);
    loop {
        x = x.wrapping_add(&Uint::from_u64(1));
        let field = curve::Field::<C, L>::new(&x);
        let right = (field.square() + C::A) * field + C::B;
        // p = 3 mod 4 in both sets, so a root is a power.
        let exponent = curve::Field::<C, L>::MODULUS.get().shr(2).wrapping_add(&Uint::from_u64(1));
        let y = right.pow(&exponent);
        let Some(point) = Point::<C, L>::from_affine(&x, &y.retrieve()) else { continue };
        let small = point.multiply_vartime(&order::<C, L>());
        let double = small.double();
        if double.to_affine().is_some() {
            return double;
        }
        if small.to_affine().is_some() {
            return small;
        }
    }
}

#[test]
fn keys_out_of_range_are_refused() {
    for set in ParameterSet::ALL {
        let length = set.key_len();
        let error = |bytes: &[u8]| PrivateKey::from_le_bytes(set, bytes).err();
        assert_eq!(error(&vec![0; length]), Some(KeyError::Range), "{set:?}: zero");
        assert_eq!(error(&vec![255; length]), Some(KeyError::Range), "{set:?}: above q");
        let order = with_curve!(set, |C, L| le_bytes(&order::<C, L>()));
        assert_eq!(error(&order), Some(KeyError::Range), "{set:?}: q");
        assert_eq!(error(&order[1..]), Some(KeyError::Length { expected: length, actual: length - 1 }));
        for bytes in [vec![0; 2 * length], vec![255; 2 * length], vec![1; 2 * length]] {
            assert_eq!(PublicKey::from_bytes(set, &bytes), Err(KeyError::Point), "{set:?}");
        }
    }
}

#[test]
fn identifiers_lead_back_to_their_sets() {
    for set in ParameterSet::ALL {
        assert_eq!(ParameterSet::from_oid(&set.oid()), Some(set));
    }
}

#[test]
fn debug_does_not_show_a_private_key() {
    let key = PrivateKey::generate(ParameterSet::CryptoProA, &mut StdRng::seed_from_u64(1));
    assert_eq!(format!("{key:?}"), "PrivateKey { set: CryptoProA, .. }");
}

#[test]
fn a_digest_that_is_zero_modulo_q_counts_as_one() {
    for set in ParameterSet::ALL {
        let key = PrivateKey::generate(set, &mut StdRng::seed_from_u64(3));
        let zero = vec![0; set.key_len()];
        let mut one = zero.clone();
        one[0] = 1;
        let signature = key.sign(&zero).unwrap();
        assert!(key.public_key().verify(&zero, &signature));
        assert!(key.public_key().verify(&one, &signature));
    }
}

fn any_set() -> impl Strategy<Value = ParameterSet> {
    proptest::sample::select(ParameterSet::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn masks_are_factors(set in any_set(), seed: u64) {
        let random = &mut StdRng::seed_from_u64(seed);
        let [key, mask, other] = [(); 3].map(|()| PrivateKey::generate(set, random).as_le_bytes().to_vec());
        let one: Vec<u8> = std::iter::once(1).chain(std::iter::repeat_n(0, set.key_len() - 1)).collect();
        let read = |parts: &[&Vec<u8>]| {
            PrivateKey::from_masked(set, &parts.iter().flat_map(|part| part.iter().copied()).collect::<Vec<_>>())
        };
        let bytes = |parts: &[&Vec<u8>]| read(parts).unwrap().as_le_bytes().to_vec();
        prop_assert_eq!(&bytes(&[&key]), &key);
        prop_assert_eq!(&bytes(&[&key, &one]), &key);
        prop_assert_eq!(&bytes(&[&key, &one, &one]), &key);
        prop_assert_eq!(bytes(&[&key, &mask]), bytes(&[&mask, &key]));
        let once = bytes(&[&key, &mask]);
        prop_assert_eq!(bytes(&[&once, &other]), bytes(&[&key, &mask, &other]));
        let zero = vec![0; set.key_len()];
        prop_assert_eq!(read(&[&key, &zero]).unwrap_err(), KeyError::Range);
        let many = vec![&one; 2 + MAX_MASKS];
        prop_assert!(read(&many).is_err());
        prop_assert!(read(&[]).is_err());
        prop_assert!(PrivateKey::from_masked(set, &key[1..]).is_err());
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does(
        set in any_set(), seed: u64, digest: [u8; 64], flip in 0usize..4096,
    ) {
        let key = PrivateKey::generate(set, &mut StdRng::seed_from_u64(seed));
        let public = key.public_key();
        prop_assert_eq!(&PublicKey::from_bytes(set, public.as_bytes()), &Ok(public.clone()));
        let digest = &digest[..set.key_len()];
        let signature = key.sign(digest).unwrap();
        prop_assert!(public.verify(digest, &signature));

        let mut bad = signature.clone();
        bad[flip / 8 % signature.len()] ^= 1 << (flip % 8);
        prop_assert!(!public.verify(digest, &bad), "a bit of the signature");
        let mut bad = digest.to_vec();
        bad[flip / 8 % digest.len()] ^= 1 << (flip % 8);
        prop_assert!(!public.verify(&bad, &signature), "a bit of the digest");
        let mut bad = public.as_bytes().to_vec();
        let at = flip / 8 % bad.len();
        bad[at] ^= 1 << (flip % 8);
        let other = PublicKey::from_bytes(set, &bad);
        prop_assert!(other.is_err() || !other.unwrap().verify(digest, &signature), "a bit of the key");
        prop_assert!(!public.verify(digest, &signature[1..]));
        prop_assert!(!public.verify(&digest[1..], &signature));
        let swapped = [&signature[set.key_len()..], &signature[..set.key_len()]].concat();
        prop_assert!(!public.verify(digest, &swapped), "r and s exchanged");
    }
}
