//! Certificate Manager for the suite over all destinations.

use certroll_base::encoding::{from_hex, hex, sha256};

use super::AwsHome;
use super::replay::Replay;
use crate::destinations::Bench;
use crate::home::{Ran, TestHome};

pub(crate) struct AcmBench {
    aws: AwsHome,
    replay: Replay,
}

impl AcmBench {
    pub(crate) fn new() -> Self {
        let (aws, replay) = AwsHome::replayed();
        aws.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
        Self { aws, replay }
    }
}

impl Bench for AcmBench {
    fn home(&self) -> &TestHome {
        &self.aws.home
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.aws.run(arguments)
    }

    fn new_place(&self) -> Vec<String> {
        vec!["--install".to_owned(), "acm:new".to_owned()]
    }

    fn observed(&self, address: &str) -> Option<String> {
        let arn = address.strip_prefix("acm:")?;
        let known = self.replay.state().known;
        known.iter().find(|one| one.arn == arn).map(|one| hex(&sha256(&from_hex(&one.der).expect("it is hexadecimal"))))
    }

    fn break_next(&self) {
        self.replay.set(|state| state.throttled = 1);
    }

    fn repair(&self) {
        self.replay.set(|state| state.throttled = 0);
    }

    fn keeps_predecessor(&self) -> bool {
        false
    }
}
