//! The page.

use super::markup::Markup;
use super::{Head, Summary};

/// The whole document.
pub(super) fn render(summary: &Summary, head: &Head) -> String {
    let mut page = Markup::default();
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").text(&head.origin);
    page.raw("</title></head><body><p>").number(summary.records).raw(" records</p></body></html>\n");
    page.finish()
}
