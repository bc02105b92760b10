//! For tests: a broker's certificate that nothing is wrong with, to be spoiled one way at a time.

use std::sync::Arc;

use crate::policy::{KeyOrigin, Policy, PolicyFacts, RsaExponent, SubjectKind};
use certroll_base::clock::Timestamp;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile};
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::Validity;

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(super) struct Fixture {
    pub(super) template: &'static str,
    pub(super) kind: SubjectKind,
    pub(super) content: CertificateContent,
    pub(super) key: PublicKeyKind,
    pub(super) key_origin: KeyOrigin,
    pub(super) issuer_validity: Option<Validity>,
    pub(super) issuer_key: Option<PublicKeyKind>,
    pub(super) key_known: bool,
    pub(super) rsa_exponent: Option<RsaExponent>,
}

impl Fixture {
    pub(super) fn broker() -> Self {
        let extensions = ExtensionProfile {
            basic_constraints: BasicConstraints::EndEntity,
            key_usage: vec!["digitalSignature".parse().unwrap()],
            extended_key_usage: vec!["serverAuth".parse().unwrap()],
            crl_distribution_points: vec!["http://crl.example.net/ca.crl".into()],
            ..ExtensionProfile::default()
        };
        Self {
            template: "jms-broker",
            kind: SubjectKind::EndEntity,
            content: CertificateContent {
                subject: DistinguishedName::parse("O=Example, CN=b.example.net").unwrap(),
                names: vec![GeneralName::parse("b.example.net").unwrap()],
                validity: Validity::starting(NOW, "90d".parse().unwrap()),
                extensions: Arc::new(extensions),
            },
            key: "rsa:3072".into(),
            key_origin: KeyOrigin::Generated,
            issuer_validity: Some(Validity::starting(NOW, "10y".parse().unwrap())),
            issuer_key: Some("ec:p256".into()),
            key_known: false,
            rsa_exponent: Some(RsaExponent::Small(65_537)),
        }
    }

    pub(super) fn extensions(&mut self) -> &mut ExtensionProfile {
        Arc::make_mut(&mut self.content.extensions)
    }

    pub(super) fn name(&mut self, name: &str) {
        self.content.names.push(GeneralName::parse(name).unwrap());
    }

    pub(super) fn live(&mut self, lifetime: &str) {
        self.content.validity = Validity::starting(NOW, lifetime.parse().unwrap());
    }

    pub(super) fn facts(&self) -> PolicyFacts<'_> {
        PolicyFacts {
            template: self.template,
            kind: self.kind,
            content: &self.content,
            key: &self.key,
            key_origin: self.key_origin,
            issuer_validity: self.issuer_validity.as_ref(),
            issuer_key: self.issuer_key.as_ref(),
            key_known: self.key_known,
            rsa_exponent: self.rsa_exponent,
        }
    }
}

/// The statements of a policy that consists of one block with this line.
fn statements(rule: &str, fixture: &Fixture) -> Vec<String> {
    let text = format!("name = \"p\"\nsummary = \"p\"\n[[rules]]\n{rule}\n");
    let refusals = Policy::parse("p.toml", &text).unwrap().check(&fixture.facts());
    assert!(refusals.iter().all(|refusal| refusal.policy == "p" && rule.starts_with(refusal.rule)), "{rule}");
    refusals.iter().map(ToString::to_string).collect()
}

/// A line of a policy, a way to break it, and what is said then.
pub(super) type Case<'a> = (&'a str, fn(&mut Fixture), &'a [&'a str]);

/// Each rule lets the broker pass, and objects to the spoiled one with exactly these statements.
pub(super) fn check(cases: &[Case<'_>]) {
    for (rule, spoil, expected) in cases {
        let mut fixture = Fixture::broker();
        assert_eq!(statements(rule, &fixture), [""; 0], "{rule}");
        spoil(&mut fixture);
        assert_eq!(statements(rule, &fixture), *expected, "{rule}");
    }
}
