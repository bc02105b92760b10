//! What goes on record of a CA that is taken over, with its rows: one transaction.

use std::sync::Arc;

use serde_json::Map;

use super::known::Known;
use super::names;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CrlFacts, Outcome, Why};
use crate::audit::record::value::Id;
use crate::lifecycle::issuance::authority_key::OwnKey;
use crate::lifecycle::issuance::authority_row;
use crate::lifecycle::layout::in_force;
use crate::lifecycle::session::Session;
use crate::store::{
    Authority, CertificateEntry, Change, CrlEntry, IMPORTED_IN_ONE_RECORD, NewCertificate, RequestSpec,
    imported_revocation_facts,
};
use certroll_base::encoding;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::validity::RenewBefore;

/// A CA with everything that is taken over of it.
pub(super) struct Import<'a> {
    pub(super) authority: &'a Authority,
    pub(super) own: &'a Certificate,
    /// The certificates above it, where no CA of the home is.
    pub(super) path: &'a [Certificate],
    pub(super) key: &'a OwnKey,
    pub(super) known: &'a Known,
    pub(super) why: Option<Arc<Why>>,
}

/// The records and the rows.
///
/// The order is part of the schema: the certificates follow the record of the CA at once, as many as it says, and none comes
/// later (docs/audit-log.md).
pub(super) fn drafted(session: &Session, import: &Import<'_>, named: Vec<NewCertificate>) -> (Vec<Draft>, Vec<Change>) {
    let (name, op) = (import.authority.name.as_str(), Id::new(session.clock.now()));
    let draft = |event| session.journal.draft(event, Outcome::Ok, op);
    let own = own_row(import);
    let mut key = import.key.record(session, name);
    key.why.clone_from(&import.why);
    let mut records = vec![key, authority_record(draft(Event::CaImported), import, &own)];
    let mut changes = vec![Change::ExpectCurrent { name: name.to_owned(), id: None }];
    let chain = import.path.iter().map(|one| one.as_der().to_vec()).collect();
    let new = NewCertificate { entry: own, der: import.own.as_der().to_vec(), key: None, chain };
    changes.push(Change::AddCertificate(Box::new(new)));
    for (item, one) in (0..).zip(&named) {
        let mut record = draft(Event::CertImported);
        record.item = Some(item);
        record.cert = Some(one.entry.facts());
        records.push(record);
    }
    for some in import.known.revoked_alone().chunks(IMPORTED_IN_ONE_RECORD) {
        records.push(Draft { x: imported_revocation_facts(name, some), ..draft(Event::CrlImported) });
    }
    records.push(authority_row::about(&session.journal, Event::IssuerAdd, op, name));
    records.extend(named.iter().flat_map(|one| revocation(session, &one.entry)));
    changes.extend(named.into_iter().map(|one| Change::AddCertificate(Box::new(one))));
    changes.push(Change::AddAuthority(import.authority.clone()));
    changes.push(in_force::remember_issuer(import.authority));
    changes.extend(import.known.crl.as_ref().map(|crl| Change::AddCrl(kept(name, crl))));
    (records, changes)
}

/// The row of the CA itself. Its renewal asks for what it is.
fn own_row(import: &Import<'_>) -> CertificateEntry {
    let (own, name) = (import.own, &import.authority.name);
    let is_root = import.authority.parent.is_none() && import.path.is_empty();
    let issuer = match &import.authority.parent {
        Some(parent) => parent.clone(),
        None if is_root => name.clone(),
        None => own.issuer.to_string(),
    };
    let template = if is_root { "root-ca" } else { "issuing-ca" };
    let request = RequestSpec {
        template: template.to_owned(),
        issuer: issuer.clone(),
        subject: Some(own.subject.to_string()),
        names: Vec::new(),
        parameters: std::collections::BTreeMap::new(),
        lifetime: None,
        key: Some(PublicKeyKind::from(import.key.algorithm)),
    };
    CertificateEntry {
        template: template.to_owned(),
        request_digest: request.digest(name),
        request: Some(request),
        renew_before: RenewBefore::default(),
        ..names::row(own, name.clone(), &issuer, &[])
    }
}

fn authority_record(mut record: Draft, import: &Import<'_>, own: &CertificateEntry) -> Draft {
    let known = import.known;
    record.why.clone_from(&import.why);
    record.cert = Some(own.facts());
    record.crl = known.crl.as_ref().map(|crl| {
        let kept = kept(&import.authority.name, crl);
        CrlFacts {
            iss: kept.authority,
            number: kept.number,
            sha256: encoding::sha256(&kept.der).into(),
            entries: crl.entries.len() as u64,
            this: kept.this_update,
            next: kept.next_update,
            covers: None,
        }
    });
    record.x = Map::from_iter([
        ("ca".to_owned(), import.authority.name.clone().into()),
        ("certificates".to_owned(), known.certificates.len().into()),
        ("revoked".to_owned(), known.revoked.len().into()),
        ("left_out".to_owned(), known.left_out.into()),
        ("crl_number".to_owned(), known.crl_number.into()),
    ]);
    record
}

/// A revocation that happened before, under an operation of its own.
fn revocation(session: &Session, entry: &CertificateEntry) -> Vec<Draft> {
    let Some((at, reason)) = entry.revoked else { return Vec::new() };
    let op = Id::new(session.clock.now());
    let why = Arc::new(Why { code: "imported".to_owned(), reason: Some(reason.to_string()), ..Why::default() });
    let events = [(Event::CertRevokeIntent, Outcome::Pending), (Event::CertRevoked, Outcome::Ok)];
    let record = |(event, outcome)| {
        let mut draft = session.journal.draft(event, outcome, op);
        draft.why = Some(why.clone());
        draft.cert = Some(entry.facts());
        draft.x.insert("happened".to_owned(), at.to_rfc3339_millis().into());
        draft.x.insert("late".to_owned(), true.into());
        draft
    };
    events.map(record).into()
}

/// The last CRL as the store keeps it; one that does not say until when it is good is past its time.
fn kept(name: &str, crl: &Crl) -> CrlEntry {
    CrlEntry {
        authority: name.to_owned(),
        number: crl.number.unwrap_or_default(),
        this_update: crl.this_update,
        next_update: crl.next_update.unwrap_or(crl.this_update),
        der: crl.der.clone(),
        covers: None,
    }
}
