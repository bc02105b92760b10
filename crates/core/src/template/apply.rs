//! Template and inputs make the content of a certificate.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Template;
use super::document::TemplateKind;
use super::error::{TemplateError, TemplateProblem};
use super::parameter::{self, Parameter};
use super::pattern::PatternValues;
use certroll_base::clock::Timestamp;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::{DnsName, GeneralName};
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::{Lifetime, Validity};

/// What is given for one certificate.
#[derive(Clone, Copy, Debug)]
pub struct TemplateInputs<'a> {
    /// What `{name}` stands for.
    pub name: &'a str,
    /// The subject, in place of the template's pattern.
    pub subject: Option<&'a DistinguishedName>,
    /// Further subject alternative names.
    pub names: &'a [GeneralName],
    /// Values of the template's parameters.
    pub parameters: &'a BTreeMap<String, String>,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// The present, from which the lifetime counts.
    pub now: Timestamp,
    /// The extensions, as [`Template::profile`] of the same template returned them.
    pub profile: &'a Arc<ExtensionProfile>,
}

impl Template {
    /// The content of one certificate.
    ///
    /// The alternative names are those of the template, then the given ones, each once.
    ///
    /// # Errors
    /// [`TemplateError::Input`] naming this template and the input or field at fault.
    pub fn apply(&self, inputs: &TemplateInputs<'_>) -> Result<CertificateContent, TemplateError> {
        parameter::visible(inputs.name).map_err(|problem| self.refuse("name", problem))?;
        let values = PatternValues { name: inputs.name, parameters: self.values(inputs.parameters)? };
        let subject = match inputs.subject {
            Some(given) => given.clone(),
            None => self.subject.apply(&values, &self.parameters).map_err(|problem| self.refuse("subject", problem))?,
        };
        let names = self.names(&values, inputs.names)?;
        let hosts = host_names(&names);
        if let Some(host) = hosts.iter().find(|host| host.has_underscore() && !self.underscore) {
            let found = format!("`{host}` has an underscore, which no host name has");
            return Err(self.refuse("san", TemplateProblem::Unfit(found)));
        }
        // One host, one spelling: clients compare common name and alternative names.
        let subject = subject.spelled_as(&hosts);
        if self.san_required && names.is_empty() {
            let missing = "at least one is required, and the name gives none by itself: it is neither a DNS name nor \
                           another kind that the template looks for";
            return Err(self.refuse("san", TemplateProblem::Rule(missing)));
        }
        if subject.is_empty() && self.kind != TemplateKind::EndEntity {
            return Err(self.refuse("subject", TemplateProblem::Rule("a CA needs one that is not empty")));
        }
        if subject.is_empty() && names.is_empty() {
            return Err(
                self.refuse("subject", TemplateProblem::Rule("it is empty, and there is no alternative name either"))
            );
        }
        let validity = Validity::starting(inputs.now, inputs.lifetime.unwrap_or(self.lifetime));
        Ok(CertificateContent { subject, names, validity, extensions: Arc::clone(inputs.profile) })
    }

    fn values<'a>(
        &'a self,
        given: &'a BTreeMap<String, String>,
    ) -> Result<Vec<Option<std::borrow::Cow<'a, str>>>, TemplateError> {
        let known = |name: &str| self.parameters.iter().any(|parameter| parameter.name() == name);
        if let Some(unknown) = given.keys().find(|name| !known(name)) {
            let known: Vec<_> = self.parameters.iter().map(Parameter::name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(self.refuse(&format!("parameters.{unknown}"), TemplateProblem::Parameter { known }));
        }
        let value = |parameter: &'a Parameter| {
            let name = parameter.name();
            parameter.value(given.get(name)).map_err(|problem| self.refuse(&format!("parameters.{name}"), problem))
        };
        self.parameters.iter().map(value).collect()
    }

    fn names(&self, values: &PatternValues<'_>, given: &[GeneralName]) -> Result<Vec<GeneralName>, TemplateError> {
        let mut names = Vec::with_capacity(self.names.len() + given.len());
        for pattern in &self.names {
            let name = pattern.apply(values, &self.parameters).map_err(|problem| self.refuse("san", problem))?;
            names.extend(name.filter(|name| !names.contains(name)));
        }
        for name in given {
            if let Some(why) = name.objection() {
                let found = format!("the alternative name `{name}` cannot be certified: {why}");
                return Err(self.refuse("san", TemplateProblem::Unfit(found)));
            }
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        Ok(names)
    }

    pub(super) fn refuse(&self, field: &str, problem: TemplateProblem) -> TemplateError {
        TemplateError::Input { template: self.name.clone(), field: field.to_owned(), problem }
    }
}

fn host_names(names: &[GeneralName]) -> Vec<DnsName> {
    let host = |name: &GeneralName| match name {
        GeneralName::Dns(host) => Some(host.clone()),
        _ => None,
    };
    names.iter().filter_map(host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{IssuerPointers, Overrides, shipped};
    use certroll_pki::x509::extensions::BasicConstraints;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn applied(
        template: &str,
        name: &str,
        names: &[&str],
        parameters: &[(&str, &str)],
    ) -> Result<CertificateContent, String> {
        let template = shipped::find(template).unwrap().unwrap();
        let profile = template.profile(&IssuerPointers::default(), &Overrides::default()).unwrap();
        let names: Vec<_> = names.iter().map(|name| GeneralName::parse(name).unwrap()).collect();
        let parameters = parameters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let inputs = TemplateInputs {
            name,
            subject: None,
            names: &names,
            parameters: &parameters,
            lifetime: None,
            now: NOW,
            profile: &profile,
        };
        template.apply(&inputs).map_err(|error| {
            let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            format!("{error}: {reason}")
        })
    }

    fn shown(content: &CertificateContent) -> (String, Vec<String>) {
        (content.subject.to_string(), content.names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_of_the_template_come_first_and_each_once() {
        let content = applied("jms-broker", "b1.example.net", &["b.example.net", "b1.example.net", "10.0.0.1"], &[]);
        let (subject, names) = shown(&content.unwrap());
        assert_eq!(subject, "CN=b1.example.net");
        assert_eq!(names, ["dns:b1.example.net", "dns:b.example.net", "ip:10.0.0.1"]);
        let content = applied("jms-broker", "10.0.0.1", &[], &[]).unwrap();
        assert_eq!(shown(&content).1, ["ip:10.0.0.1"]);
        assert_eq!(content.validity, Validity::starting(NOW, "90d".parse().unwrap()));
    }

    #[test]
    fn common_name_and_alternative_name_are_one() {
        for (name, shown_name) in
            [("Broker.Example.NET", "broker.example.net"), ("b\u{fc}ro.example.net", "xn--bro-hoa.example.net")]
        {
            let (subject, names) = shown(&applied("jms-broker", name, &["BROKER.example.net"], &[]).unwrap());
            assert_eq!(subject, format!("CN={shown_name}"));
            assert_eq!(names[0], format!("dns:{shown_name}"));
        }
    }

    #[test]
    fn an_underscore_is_for_templates_that_say_so() {
        let refused = applied("jms-broker", "b.example.net", &["_mqtt._tcp.example.net"], &[]).unwrap_err();
        assert!(refused.contains("`_mqtt._tcp.example.net` has an underscore"), "{refused}");
        let text = shipped::find("jms-broker").unwrap().unwrap().text().replace("key =", "underscore = true\nkey =");
        let template = Template::parse("t.toml", &text).unwrap();
        let profile = template.profile(&IssuerPointers::default(), &Overrides::default()).unwrap();
        let inputs = TemplateInputs {
            name: "_mqtt._tcp.example.net",
            subject: None,
            names: &[],
            parameters: &BTreeMap::new(),
            lifetime: None,
            now: NOW,
            profile: &profile,
        };
        assert_eq!(template.apply(&inputs).unwrap().names.len(), 1);
    }

    #[test]
    fn parameters_go_where_the_patterns_say_and_are_left_out_together() {
        let given = [("serial", "7"), ("hw_type", "1.3.6.1.4.1.32473.1"), ("eui64", "00-11-22-33-44-55-66-77")];
        let (subject, names) = shown(&applied("meter", "meter-7", &[], &given).unwrap());
        assert_eq!(subject, "CN=meter-7, serialNumber=7");
        assert_eq!(names, ["hwm:1.3.6.1.4.1.32473.1:0011223344556677"]);
        let (subject, names) = shown(&applied("meter", "meter-7", &[], &[]).unwrap());
        assert_eq!((subject.as_str(), names.len()), ("CN=meter-7", 0));
        let (subject, _) = shown(&applied("root-ca", "Root", &[], &[("organization", "Smith, O=Evil")]).unwrap());
        assert_eq!(subject, r"O=Smith\, O\=Evil, CN=Root");
    }

    #[test]
    fn wrong_inputs_name_template_and_field() {
        for (template, name, parameters, field, part) in [
            ("jms-broker", "broker 1", &[][..], "`san`", "at least one is required"),
            ("jms-client", "", &[], "`name`", "visible characters"),
            ("jms-client", "a\0b", &[], "`name`", "visible characters"),
            ("jms-client", &"x".repeat(65), &[], "`subject`", "at most 64 characters"),
            ("jms-client", "a", &[("serial", "7")], "`parameters.serial`", "expected none"),
            ("meter", "m", &[("seriel", "7")], "`parameters.seriel`", "eui64, hw_type, serial"),
            ("meter", "m", &[("eui64", "0011")], "`parameters.eui64`", "16 hexadecimal digits"),
            ("meter", "m", &[("eui64", "0011223344556677")], "`san`", "hw_type was not given"),
            ("meter", "m", &[("serial", "7_1")], "`subject`", "serialNumber"),
        ] {
            let error = applied(template, name, &[], parameters).unwrap_err();
            let named = error.contains(&format!("template `{template}`")) && error.contains(field);
            assert!(named && error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_long_host_name_stays_an_alternative_name_only() {
        let host = format!("{}.example.net", "x".repeat(60));
        let content = applied("jms-broker", &host, &[], &[]).unwrap();
        assert!(content.subject.is_empty());
        assert_eq!(content.names, [GeneralName::parse(&host).unwrap()]);
    }

    #[test]
    fn a_given_subject_and_lifetime_win() {
        let template = shipped::find("jms-client").unwrap().unwrap();
        let profile = template.profile(&IssuerPointers::default(), &Overrides::default()).unwrap();
        let subject = DistinguishedName::parse("O=Example, CN=other").unwrap();
        let inputs = TemplateInputs {
            name: "importer",
            subject: Some(&subject),
            names: &[],
            parameters: &BTreeMap::new(),
            lifetime: Some(Lifetime::Never),
            now: NOW,
            profile: &profile,
        };
        let content = template.apply(&inputs).unwrap();
        assert_eq!((&content.subject, content.validity.not_after), (&subject, Timestamp::NO_EXPIRY));
        let empty = DistinguishedName::empty();
        let error = template.apply(&TemplateInputs { subject: Some(&empty), ..inputs }).unwrap_err();
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("no alternative name either"));
    }

    #[test]
    fn overrides_are_for_authorities() {
        let chosen =
            Overrides { path_length: Some(2), permitted: vec!["dns:example.net".parse().unwrap()], excluded: vec![] };
        let pointers = IssuerPointers { crl: vec!["http://crl.example.net/ca.crl".into()], ..Default::default() };
        let issuing = shipped::find("issuing-ca").unwrap().unwrap().profile(&pointers, &chosen).unwrap();
        assert_eq!(issuing.basic_constraints, BasicConstraints::Ca { path_length: Some(2) });
        assert_eq!((issuing.permitted.len(), &issuing.crl_distribution_points), (1, &pointers.crl));
        assert!(shipped::find("meter").unwrap().unwrap().profile(&pointers, &chosen).is_err());
        let responder = shipped::find("ocsp-responder").unwrap().unwrap();
        assert!(responder.profile(&pointers, &Overrides::default()).unwrap().crl_distribution_points.is_empty());
    }
}
