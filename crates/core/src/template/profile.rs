//! What certificates of one template under one issuer share: their extensions, built once.

use std::sync::Arc;

use super::definition::Template;
use super::document::TemplateKind;
use super::error::{TemplateError, TemplateProblem};
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile, Subtree};

/// Where an issuer publishes what a verifier needs; a template takes of it what it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerPointers {
    /// URIs of the CRL.
    pub crl: Vec<String>,
    /// URIs of OCSP responders.
    pub ocsp: Vec<String>,
    /// URIs of the issuer's certificate.
    pub ca_issuers: Vec<String>,
}

/// What may be chosen for a CA beyond its template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Another pathLenConstraint.
    pub path_length: Option<u8>,
    /// The permitted subtrees, for a template that has none.
    pub permitted: Vec<Subtree>,
    /// Further excluded subtrees.
    pub excluded: Vec<Subtree>,
}

impl Template {
    /// The extensions of all certificates of this template under an issuer with these pointers.
    ///
    /// Computed once and shared: [`Template::apply`] and the encoder of certificates take it as it is.
    ///
    /// # Errors
    /// An override for a template that is no CA's, or permitted subtrees beside those of the template.
    pub fn profile(
        &self,
        pointers: &IssuerPointers,
        overrides: &Overrides,
    ) -> Result<Arc<ExtensionProfile>, TemplateError> {
        let mut profile = self.extensions.clone();
        self.add_overrides(&mut profile, overrides)?;
        let taken = |wanted: bool, list: &[String]| if wanted { list.to_vec() } else { Vec::new() };
        let wanted = self.pointers;
        profile.crl_distribution_points = taken(wanted.crl, &pointers.crl);
        profile.ocsp = taken(wanted.ocsp, &pointers.ocsp);
        profile.ca_issuers = taken(wanted.ca_issuers, &pointers.ca_issuers);
        Ok(Arc::new(profile))
    }

    fn add_overrides(&self, profile: &mut ExtensionProfile, overrides: &Overrides) -> Result<(), TemplateError> {
        let only_ca = "only a CA can have it, and this template describes none";
        let given = [
            ("path_length", overrides.path_length.is_some()),
            ("permitted", !overrides.permitted.is_empty()),
            ("excluded", !overrides.excluded.is_empty()),
        ];
        if let Some((field, _)) = given.iter().find(|(_, given)| *given && self.kind == TemplateKind::EndEntity) {
            return Err(self.refuse(field, TemplateProblem::Rule(only_ca)));
        }
        if overrides.path_length.is_some() {
            profile.basic_constraints = BasicConstraints::Ca { path_length: overrides.path_length };
        }
        if !overrides.permitted.is_empty() {
            if !profile.permitted.is_empty() {
                let fixed = "the template fixes the permitted subtrees; more of them would widen what it permits";
                return Err(self.refuse("permitted", TemplateProblem::Rule(fixed)));
            }
            profile.permitted.clone_from(&overrides.permitted);
        }
        profile.excluded.extend(overrides.excluded.iter().cloned());
        let excluded = |one: &Subtree| profile.excluded.iter().any(|tree| tree.contains(one));
        if !profile.permitted.is_empty() && profile.permitted.iter().all(excluded) {
            let nothing = "everything that is permitted is excluded as well: the CA could sign nothing";
            return Err(self.refuse("permitted", TemplateProblem::Rule(nothing)));
        }
        Ok(())
    }
}
