//! Having AWS Private CA write an audit report ([`super::audit_report`]).

use std::time::Duration;

use super::acmpca::AcmPca;
use crate::issuer::aws::unanswered;
use crate::issuer::{Announced, ErrorClass, IssuanceReport, IssuerError, Reporter};

/// Between two questions whether a report is written.
const REPORT_WAIT: Duration = Duration::from_secs(2);
/// How often that is asked.
const REPORT_TRIES: usize = 150;

impl Reporter for AcmPca {
    fn report(&self, _report: Announced<IssuanceReport>) -> Result<String, IssuerError> {
        let bucket = self.reports.bucket().unwrap_or_default();
        let begun = self.clock.now();
        let report = self
            .pca
            .request_report(&self.table.ca_arn, bucket)
            .map_err(unanswered(&self.name, "no audit report was begun"))?;
        // The service takes seconds, for large CAs minutes.
        let mut tries = 0;
        loop {
            let written = self.pca.report_is_written(&self.table.ca_arn, &report);
            if written.map_err(unanswered(&self.name, "the audit report is not there"))? {
                break;
            }
            tries += 1;
            if tries > REPORT_TRIES {
                let message = format!("the audit report {} is not written yet", report.id);
                return Err(self.error(ErrorClass::Retryable, message));
            }
            std::thread::sleep(REPORT_WAIT);
        }
        self.reports.remember(&report, begun)?;
        Ok(self.reports.fetching(&report))
    }
}
