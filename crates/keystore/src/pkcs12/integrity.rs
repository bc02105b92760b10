//! The MAC of a PKCS#12 file (RFC 7292 section 4): HMAC with a key made from the password.

use der::Encode;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::{Digest, FixedOutputReset};
use hmac::{KeyInit, Mac, SimpleHmac};
use pkcs8::spki::AlgorithmIdentifierRef;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

use super::derivation::{Purpose, derive};
use super::pbmac1::{self, PBMAC1, Pbmac1};
use super::syntax::{DigestInfo, MacData};
use crate::bundle::{Profile, WriteOptions};
use crate::error::KeystoreError;
use certroll_base::random;
use certroll_base::secret::Secret;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SHA512_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.5");
const SHA512_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6");
/// Length of the salt that is written.
const SALT_LEN: usize = 20;

/// What a MAC is made of, the digest apart.
struct MacInputs<'a> {
    password: &'a Secret,
    salt: &'a [u8],
    iterations: u32,
    data: &'a [u8],
}

impl MacInputs<'_> {
    fn mac<D: Digest + FixedOutputReset + BlockSizeUser + Clone>(&self) -> Result<SimpleHmac<D>, KeystoreError> {
        let length = <D as Digest>::output_size();
        let key = derive::<D>(self.password, self.salt, self.iterations, Purpose::Mac, length)?;
        let mut mac = <SimpleHmac<D> as KeyInit>::new_from_slice(&key)
            .map_err(|_| KeystoreError::Damaged("its MAC cannot be computed"))?;
        mac.update(self.data);
        Ok(mac)
    }

    fn fits<D: Digest + FixedOutputReset + BlockSizeUser + Clone>(&self, found: &[u8]) -> Result<bool, KeystoreError> {
        Ok(self.mac::<D>()?.verify_slice(found).is_ok())
    }

    fn made<D: Digest + FixedOutputReset + BlockSizeUser + Clone>(&self) -> Result<Vec<u8>, KeystoreError> {
        Ok(self.mac::<D>()?.finalize().into_bytes().to_vec())
    }
}

/// Checks that `data` was put there by one who knows the password.
///
/// # Errors
/// [`KeystoreError::WrongPassword`], an algorithm that is not known, or too many iterations.
pub(super) fn verify(mac: &MacData<'_>, data: &[u8], password: &Secret) -> Result<(), KeystoreError> {
    if mac.mac.algorithm.oid == PBMAC1 {
        let fits = Pbmac1::of(&mac.mac.algorithm)?.fits(password, data, mac.mac.digest.as_bytes())?;
        return if fits { Ok(()) } else { Err(KeystoreError::WrongPassword) };
    }
    let (salt, iterations) = (mac.salt.as_bytes(), mac.iterations);
    let (inputs, found) = (MacInputs { password, salt, iterations, data }, mac.mac.digest.as_bytes());
    let fits = match mac.mac.algorithm.oid {
        SHA1 => inputs.fits::<Sha1>(found)?,
        SHA224 => inputs.fits::<Sha224>(found)?,
        SHA256 => inputs.fits::<Sha256>(found)?,
        SHA384 => inputs.fits::<Sha384>(found)?,
        SHA512 => inputs.fits::<Sha512>(found)?,
        SHA512_224 => inputs.fits::<Sha512_224>(found)?,
        SHA512_256 => inputs.fits::<Sha512_256>(found)?,
        other => {
            return Err(KeystoreError::Unsupported(format!("a PKCS#12 MAC of type {other}")));
        }
    };
    if fits { Ok(()) } else { Err(KeystoreError::WrongPassword) }
}

/// DER of the MacData over `data`.
pub(super) fn seal(data: &[u8], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
    let (password, iterations) = (options.password, options.iterations);
    if options.profile == Profile::Fips {
        return pbmac1::seal(data, password, iterations);
    }
    let salt: [u8; SALT_LEN] = random::bytes();
    let inputs = MacInputs { password, salt: &salt, iterations, data };
    let (oid, digest) = match options.profile {
        Profile::Compatible => (SHA1, inputs.made::<Sha1>()?),
        _ => (SHA256, inputs.made::<Sha256>()?),
    };
    let encoded = || {
        let algorithm = AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::NULL) };
        let mac = DigestInfo { algorithm, digest: OctetStringRef::new(&digest)? };
        MacData { mac, salt: OctetStringRef::new(&salt)?, iterations }.to_der()
    };
    encoded().map_err(KeystoreError::Pkcs12)
}
