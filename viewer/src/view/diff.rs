//! Two logs compared.

use super::pane::{Title, rule};
use super::{Canvas, missing};
use crate::model::Lack;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let inner = rule(canvas, area, &Title { text: "two logs compared", focused: true });
    missing::lack(canvas, inner, &Lack::Other);
}
