//! Public keys whose private half can be computed (CA/Browser Forum Baseline Requirements 6.1.1.3 and 6.1.6).
//!
//! Looked for are: exponents and moduli that are no RSA, factors that trial division finds, primes so close together that Fermat's
//! method finds them, and the structure that a library of one maker of chips left in its primes (ROCA, CVE-2017-15361). That
//! two moduli share a prime is found by [`RsaModuli`]. Larger single factors would take minutes to find, and are not looked for.

use std::sync::OnceLock;

use der::Decode;
use der::asn1::{Any, BitString, UintRef};
use num_bigint::BigUint;
use num_integer::Integer;
use spki::SubjectPublicKeyInfo;

/// Steps of Fermat's method; the Baseline Requirements ask for 100.
const FERMAT_STEPS: u32 = 100;
/// Trial division finds factors below this.
const TRIAL_BOUND: usize = 1 << 18;
/// RFC 8017 has no limit; verifiers have (FIPS 186-5: below 2^256).
const LONGEST_EXPONENT: u64 = 256;
/// The primes that ROCA shows in.
const LAST_ROCA_PRIME: u32 = 167;

/// The numbers of an RSA public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaNumbers {
    modulus: BigUint,
    exponent: BigUint,
}

impl RsaNumbers {
    /// Those of a SubjectPublicKeyInfo; `None` when it holds no RSA key.
    pub fn of(spki: &[u8]) -> Option<Self> {
        let key = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki).ok()?;
        if key.algorithm.oid.to_string() != "1.2.840.113549.1.1.1" {
            return None;
        }
        let numbers = Vec::<UintRef<'_>>::from_der(key.subject_public_key.raw_bytes()).ok()?;
        let [modulus, exponent] = numbers.as_slice() else { return None };
        let number = |number: &UintRef<'_>| BigUint::from_bytes_be(number.as_bytes());
        Some(Self { modulus: number(modulus), exponent: number(exponent) })
    }

    /// The public exponent, where it is at most that long; a longer one is weak by itself.
    pub fn exponent(&self) -> Option<u64> {
        u64::try_from(&self.exponent).ok()
    }
}

/// What is wrong with a public key by its numbers alone, in words: `its primes are so close together ..`.
pub fn find(spki: &[u8]) -> Option<String> {
    let numbers = RsaNumbers::of(spki)?;
    let exponent = &numbers.exponent;
    if !exponent.bit(0) || *exponent < BigUint::from(3_u8) {
        return Some(format!("its exponent is {exponent}, with which RSA does not work"));
    }
    if exponent.bits() > LONGEST_EXPONENT {
        return Some(format!("its exponent has {} bits, and {LONGEST_EXPONENT} are the most", exponent.bits()));
    }
    let modulus = &numbers.modulus;
    // Two primes of 64 bits: what is shorter is weak by its size, and would only disturb what follows.
    if modulus.bits() < 128 {
        return Some(format!("its modulus has {} bits", modulus.bits()));
    }
    if !modulus.bit(0) {
        return Some("its modulus is even".to_owned());
    }
    if has_small_factor(modulus) {
        return Some(format!("its modulus has a factor below {TRIAL_BOUND}, which trial division finds"));
    }
    if has_roca(modulus) {
        return Some("its modulus has the structure of keys made by a faulty chip (ROCA, CVE-2017-15361)".to_owned());
    }
    let close = fermat(modulus);
    close.then(|| "its primes are so close together that Fermat's method finds them".to_owned())
}

/// The product is reduced first: a greatest common divisor of numbers so unlike takes long.
fn has_small_factor(modulus: &BigUint) -> bool {
    (small_primes() % modulus).gcd(modulus) != BigUint::from(1_u8)
}

/// The product of all odd primes below [`TRIAL_BOUND`].
fn small_primes() -> &'static BigUint {
    static PRODUCT: OnceLock<BigUint> = OnceLock::new();
    PRODUCT.get_or_init(|| {
        let mut composite = vec![false; TRIAL_BOUND];
        let mut factors = Vec::new();
        for number in (3..TRIAL_BOUND).step_by(2) {
            if composite.get(number) == Some(&true) {
                continue;
            }
            factors.push(BigUint::from(number));
            (number * number..TRIAL_BOUND).step_by(number).for_each(|multiple| composite[multiple] = true);
        }
        product(factors)
    })
}

/// Of pairs, then of pairs of those: the cheapest order.
fn product(mut factors: Vec<BigUint>) -> BigUint {
    while factors.len() > 1 {
        factors = factors.chunks(2).map(|pair| pair.iter().product()).collect();
    }
    factors.pop().unwrap_or_else(|| BigUint::from(1_u8))
}

/// Modulo each of these primes such a modulus is a power of 65537, by chance in one of 2^27 others.
fn has_roca(modulus: &BigUint) -> bool {
    let is_prime = |number: u32| (2..number).take_while(|d| d * d <= number).all(|d| !number.is_multiple_of(d));
    (3..=LAST_ROCA_PRIME).filter(|number| is_prime(*number)).all(|prime| {
        let wanted = modulus % prime;
        let mut power = 1_u32;
        // The group has fewer than `prime` elements.
        (0..prime).any(|_| {
            power = power * (65_537 % prime) % prime;
            BigUint::from(power) == wanted
        })
    })
}

/// Looks for `modulus = a^2 - b^2` with `a` just above the root.
fn fermat(modulus: &BigUint) -> bool {
    let mut a = modulus.sqrt();
    if &a * &a < *modulus {
        a += 1_u8;
    }
    for _ in 0..FERMAT_STEPS {
        let square = &a * &a - modulus;
        // Most numbers are no squares modulo 64; roots are taken of the others alone.
        let low = square.iter_u64_digits().next().unwrap_or_default() % 64;
        if (0..32).any(|root: u64| root * root % 64 == low) {
            let root = square.sqrt();
            if &root * &root == square {
                return true;
            }
        }
        a += 1_u8;
    }
    false
}

/// RSA moduli, against which a further one can be held: two that share a prime give both their private keys away.
#[derive(Clone, Debug, Default)]
pub struct RsaModuli(Vec<BigUint>);

impl RsaModuli {
    /// Adds the modulus of a SubjectPublicKeyInfo, if it has one.
    pub fn add(&mut self, spki: &[u8]) {
        self.0.extend(RsaNumbers::of(spki).map(|numbers| numbers.modulus));
    }

    /// Whether a key shares a prime with one of them, and is not the same.
    pub fn share_prime(&self, spki: &[u8]) -> bool {
        let Some(RsaNumbers { modulus, .. }) = RsaNumbers::of(spki) else { return false };
        let one = BigUint::from(1_u8);
        let others = self.0.iter().filter(|other| **other != modulus);
        let all = others.fold(one.clone(), |product, other| product * other % &modulus);
        let shared = all.gcd(&modulus);
        shared != one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyPair, public_key};

    fn prime(from: &BigUint) -> BigUint {
        let passes = |n: &BigUint| {
            let two = BigUint::from(2_u8);
            !has_small_factor(n) && two.modpow(&(n - 1_u8), n) == BigUint::from(1_u8)
        };
        let mut n = from | BigUint::from(1_u8);
        while !passes(&n) {
            n += 2_u8;
        }
        n
    }

    /// Odd numbers of that many bits, different ones for different seeds.
    fn start(bits: u32, seed: u8) -> BigUint {
        let digits = certroll_base::encoding::sha256(&[seed]);
        let own = BigUint::from_bytes_be(&digits) << (bits - 256);
        own | (BigUint::from(3_u8) << (bits - 2))
    }

    fn spki(modulus: &BigUint, exponent: u64) -> Vec<u8> {
        public_key::rsa(&modulus.to_bytes_be(), &BigUint::from(exponent).to_bytes_be()).unwrap()
    }

    #[test]
    fn weak_keys_are_named_and_good_ones_pass() {
        let good = KeyPair::generate("rsa:2048".parse().unwrap()).unwrap();
        assert_eq!(find(good.spki()), None);
        assert_eq!(find(KeyPair::generate("ec:p256".parse().unwrap()).unwrap().spki()), None);
        let (p, q) = (prime(&start(512, 1)), prime(&start(512, 2)));
        let modulus = &p * &q;
        assert_eq!(find(&spki(&modulus, 65_537)), None);
        assert_eq!(find(&spki(&modulus, 3)), None);
        let close = prime(&(&p + 2_u8));
        let mut many = 65_539_u32;
        let small = loop {
            many += 2;
            if (2..300).all(|d| !many.is_multiple_of(d)) {
                break BigUint::from(many);
            }
        };
        for (modulus, exponent, word) in [
            (&modulus, 1, "exponent is 1"),
            (&modulus, 65_536, "exponent is 65536"),
            (&(&p * close), 65_537, "Fermat"),
            (&(&p * &p), 65_537, "Fermat"),
            (&(&modulus * small), 65_537, "trial division"),
            (&(&modulus + 1_u8), 65_537, "even"),
            (&BigUint::from(15_u8), 65_537, "4 bits"),
        ] {
            let found = find(&spki(modulus, exponent)).unwrap_or_default();
            assert!(found.contains(word), "{word}: {found}");
        }
        let long = public_key::rsa(&modulus.to_bytes_be(), &[1; 33]).unwrap();
        assert!(find(&long).unwrap().contains("exponent has 257 bits"));
    }

    #[test]
    fn the_structure_of_roca_is_seen() {
        let is_prime = |n: u32| (2..n).all(|d| !n.is_multiple_of(d));
        let primes = (2..=LAST_ROCA_PRIME).filter(|n| is_prime(*n));
        let m = primes.fold(BigUint::from(1_u8), |product, prime| product * prime);
        let of = |k: u32, power: u32| prime_of(&m, k, power);
        let modulus = of(1, 11) * of(5, 23);
        assert!(has_roca(&modulus) && find(&spki(&modulus, 65_537)).unwrap().contains("ROCA"));
    }

    /// A number `k * m + 65537^power mod m`, whether prime or not.
    fn prime_of(m: &BigUint, k: u32, power: u32) -> BigUint {
        let base = BigUint::from(65_537_u32).modpow(&BigUint::from(power), m);
        let mut number = (m << 300_u32) * k + base;
        while has_small_factor(&number) {
            number += m;
        }
        number
    }

    #[test]
    fn a_shared_prime_is_found() {
        let [p, q, r, s] = [1, 2, 3, 4].map(|seed| prime(&start(512, seed)));
        let mut known = RsaModuli::default();
        known.add(&spki(&(&p * &q), 65_537));
        known.add(&spki(&(&r * &s), 65_537));
        assert!(known.share_prime(&spki(&(&p * &s), 65_537)));
        assert!(!known.share_prime(&spki(&(&p * &q), 65_537)), "the same key shares both");
        let other = KeyPair::generate("rsa:2048".parse().unwrap()).unwrap();
        assert!(!known.share_prime(other.spki()));
    }
}
