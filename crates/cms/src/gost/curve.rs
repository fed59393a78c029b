//! Arithmetic of the curves of GOST R 34.10: points, and their multiples.
//!
//! The addition formulas are the complete ones of Renes, Costello and Batina (2015, algorithms 1 and 3), so that one
//! sequence of operations serves equal points, opposite points and zero: secret scalars meet no special case. On the
//! two curves with cofactor 4 they are complete inside the subgroup of order q, where all our points lie; outside of
//! it a sum may become (0 : 0 : 0), which [`Point::is_identity`] does not take for zero.

use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{CtAssign, CtEq, Uint};

/// Bits of a scalar that one step of a multiplication consumes.
const WINDOW_BITS: usize = 4;
/// Points of one window: the multiples 0 to 15.
const WINDOW_SIZE: usize = 1 << WINDOW_BITS;
/// Windows in one 64-bit word of a scalar.
const WINDOWS_PER_WORD: usize = 64 / WINDOW_BITS;

/// One parameter set as a type, so that both moduli are known when compiling and a point carries no parameters.
pub(super) trait Curve<const L: usize>: Sized + 'static {
    /// The field prime p.
    type P: ConstMontyParams<L>;
    /// The prime order q of the base point.
    type Q: ConstMontyParams<L>;
    /// Coefficient a of y² = x³ + ax + b.
    const A: Field<Self, L>;
    /// Coefficient b.
    const B: Field<Self, L>;
    /// Three times b.
    const B3: Field<Self, L>;
    /// Whether a is −3, as in most sets: then it multiplies by additions.
    const A_IS_MINUS_3: bool;
    /// x of the base point.
    const X: Field<Self, L>;
    /// y of the base point.
    const Y: Field<Self, L>;
    /// Points of the curve for each point of the subgroup.
    const COFACTOR: u8;

    /// Multiples of the base point, made at the first use.
    fn base_table() -> &'static BaseTable<Self, L>;
}

/// An element of the field of curve `C`.
pub(super) type Field<C, const L: usize> = ConstMontyForm<<C as Curve<L>>::P, L>;
/// A scalar: an integer modulo the order of the base point.
pub(super) type Scalar<C, const L: usize> = ConstMontyForm<<C as Curve<L>>::Q, L>;

/// A point in homogeneous coordinates: x = X/Z, y = Y/Z; zero has Z = 0.
pub(super) struct Point<C: Curve<L>, const L: usize> {
    x: Field<C, L>,
    y: Field<C, L>,
    z: Field<C, L>,
}

impl<C: Curve<L>, const L: usize> Clone for Point<C, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Curve<L>, const L: usize> Copy for Point<C, L> {}

impl<C: Curve<L>, const L: usize> Point<C, L> {
    /// Zero of the group.
    pub(super) const IDENTITY: Self =
        Self { x: Field::<C, L>::ZERO, y: Field::<C, L>::ONE, z: Field::<C, L>::ZERO };

    /// The base point of the set.
    pub(super) const BASE: Self = Self { x: C::X, y: C::Y, z: Field::<C, L>::ONE };

    /// The point with these coordinates, if it lies on the curve.
    pub(super) fn from_affine(x: &Uint<L>, y: &Uint<L>) -> Option<Self> {
        let modulus = Field::<C, L>::MODULUS;
        if x >= modulus.as_ref() || y >= modulus.as_ref() {
            return None;
        }
        let (x, y) = (Field::<C, L>::new(x), Field::<C, L>::new(y));
        let right = (x.square() + C::A) * x + C::B;
        (y.square() == right).then_some(Self { x, y, z: Field::<C, L>::ONE })
    }

    /// Both coordinates; `None` for zero.
    pub(super) fn to_affine(self) -> Option<(Uint<L>, Uint<L>)> {
        let inverse: Option<Field<C, L>> = self.z.invert().into();
        let inverse = inverse?;
        Some(((self.x * inverse).retrieve(), (self.y * inverse).retrieve()))
    }

    /// Whether this is zero. (0 : 0 : 0), which no honest sum gives, is not.
    pub(super) fn is_identity(&self) -> bool {
        self.z == Field::<C, L>::ZERO && self.y != Field::<C, L>::ZERO
    }

    /// The sum of two points.
    pub(super) fn add(&self, other: &Self) -> Self {
        let xx = self.x * other.x;
        let yy = self.y * other.y;
        let zz = self.z * other.z;
        let xy = (self.x + self.y) * (other.x + other.y) - (xx + yy);
        let xz = (self.x + self.z) * (other.x + other.z) - (xx + zz);
        let yz = (self.y + self.z) * (other.y + other.z) - (yy + zz);

        let sum = C::B3 * zz + times_a::<C, L>(&xz);
        let minus = yy - sum;
        let plus = yy + sum;
        let azz = times_a::<C, L>(&zz);
        let slope = xx.double() + xx + azz;
        let cross = C::B3 * xz + times_a::<C, L>(&(xx - azz));
        Self { x: xy * minus - yz * cross, y: minus * plus + slope * cross, z: yz * plus + xy * slope }
    }

    /// Twice this point.
    pub(super) fn double(&self) -> Self {
        let xx = self.x.square();
        let yy = self.y.square();
        let zz = self.z.square();
        let xy2 = (self.x * self.y).double();
        let xz2 = (self.x * self.z).double();
        let yz2 = (self.y * self.z).double();

        let sum = times_a::<C, L>(&xz2) + C::B3 * zz;
        let minus = yy - sum;
        let plus = yy + sum;
        let azz = times_a::<C, L>(&zz);
        let cross = times_a::<C, L>(&(xx - azz)) + C::B3 * xz2;
        let slope = xx.double() + xx + azz;
        Self {
            x: minus * xy2 - yz2 * cross,
            y: minus * plus + slope * cross,
            z: (yz2 * yy).double().double(),
        }
    }

    fn negate(&self) -> Self {
        Self { x: self.x, y: -self.y, z: self.z }
    }

    /// This point taken `scalar` times, in the same time and with the same memory accesses for every scalar.
    pub(super) fn multiply(&self, scalar: &Uint<L>) -> Self {
        let mut multiples = [Self::IDENTITY; WINDOW_SIZE];
        for index in 1..WINDOW_SIZE {
            multiples[index] = multiples[index - 1].add(self);
        }
        let mut sum = Self::IDENTITY;
        for index in (0..L * WINDOWS_PER_WORD).rev() {
            for _ in 0..WINDOW_BITS {
                sum = sum.double();
            }
            sum = sum.add(&chosen(&multiples, window_of(scalar, index)));
        }
        sum
    }

    /// This point taken `scalar` times. Takes longer for some scalars than for others: for public ones only.
    pub(super) fn multiply_vartime(&self, scalar: &Uint<L>) -> Self {
        // Signed digits of five bits need only the odd multiples 1, 3, … 15.
        let twice = self.double();
        let mut odd = [*self; 8];
        for index in 1..odd.len() {
            odd[index] = odd[index - 1].add(&twice);
        }
        let mut sum = Self::IDENTITY;
        for digit in signed_digits(scalar).into_iter().rev() {
            sum = sum.double();
            let multiple = &odd[usize::from(digit.unsigned_abs() / 2)];
            match digit.signum() {
                1 => sum = sum.add(multiple),
                -1 => sum = sum.add(&multiple.negate()),
                _ => {}
            }
        }
        sum
    }
}

/// The product with coefficient a. Which way it goes is known when compiling.
fn times_a<C: Curve<L>, const L: usize>(value: &Field<C, L>) -> Field<C, L> {
    if C::A_IS_MINUS_3 { -(value.double() + value) } else { C::A * value }
}

/// The scalar as digits 0, ±1, ±3, … ±15 by powers of two, lowest first, at most one in five of them not zero.
fn signed_digits<const L: usize>(scalar: &Uint<L>) -> Vec<i8> {
    let mut words: Vec<u64> = scalar.as_words().to_vec();
    words.push(0);
    let mut digits = Vec::with_capacity(64 * L + 1);
    let mut position = 0;
    let mut carry = 0u64;
    while position <= 64 * L {
        let bit = (words[position / 64] >> (position % 64)) & 1;
        if bit ^ carry == 0 {
            digits.push(0);
            position += 1;
            continue;
        }
        let low = words[position / 64] >> (position % 64);
        let high = match position % 64 {
            0 => 0,
            shift => words.get(position / 64 + 1).map_or(0, |word| word << (64 - shift)),
        };
        let value = ((low | high) & 31) + carry;
        carry = u64::from(value > 16);
        let digit = i8::try_from(value).expect("five bits and a carry fit") - if carry == 1 { 32 } else { 0 };
        digits.push(digit);
        digits.extend([0; 4]);
        position += 5;
    }
    digits
}

/// The multiples 0 to 15 of the base point times each power of 16, so that its product needs no doubling.
pub(super) struct BaseTable<C: Curve<L>, const L: usize> {
    windows: Vec<[Point<C, L>; WINDOW_SIZE]>,
}

impl<C: Curve<L>, const L: usize> BaseTable<C, L> {
    pub(super) fn new() -> Self {
        let mut windows = Vec::with_capacity(L * WINDOWS_PER_WORD);
        let mut power = Point::<C, L>::BASE;
        for _ in 0..L * WINDOWS_PER_WORD {
            let mut window = [Point::IDENTITY; WINDOW_SIZE];
            for index in 1..WINDOW_SIZE {
                window[index] = window[index - 1].add(&power);
            }
            power = window[WINDOW_SIZE - 1].add(&power);
            windows.push(window);
        }
        Self { windows }
    }

    /// The base point taken `scalar` times, in the same time and with the same memory accesses for every scalar.
    pub(super) fn multiply(&self, scalar: &Uint<L>) -> Point<C, L> {
        let mut sum = Point::IDENTITY;
        for (index, window) in self.windows.iter().enumerate() {
            sum = sum.add(&chosen(window, window_of(scalar, index)));
        }
        sum
    }

    /// The same product for public scalars, faster.
    pub(super) fn multiply_vartime(&self, scalar: &Uint<L>) -> Point<C, L> {
        let mut sum = Point::IDENTITY;
        for (index, window) in self.windows.iter().enumerate() {
            let digit = usize::try_from(window_of(scalar, index)).expect("four bits fit");
            if digit != 0 {
                sum = sum.add(&window[digit]);
            }
        }
        sum
    }
}

/// The point of a window at a secret place: all of them are looked at.
fn chosen<C: Curve<L>, const L: usize>(window: &[Point<C, L>; WINDOW_SIZE], digit: u64) -> Point<C, L> {
    let mut chosen = window[0];
    for (candidate, point) in (0u64..).zip(window) {
        let here = candidate.ct_eq(&digit);
        chosen.x.ct_assign(&point.x, here);
        chosen.y.ct_assign(&point.y, here);
        chosen.z.ct_assign(&point.z, here);
    }
    chosen
}

/// Four bits of the scalar, the lowest window first.
fn window_of<const L: usize>(scalar: &Uint<L>, index: usize) -> u64 {
    let word = scalar.as_words()[index / WINDOWS_PER_WORD];
    (word >> (WINDOW_BITS * (index % WINDOWS_PER_WORD))) & (WINDOW_SIZE as u64 - 1)
}
