//! What a client is answered: it decides by status and per-item codes what to send again.
//!
//! Exporters drop an item for 400, 402 and 413, and repeat it for 401, 403, 408, 429, 500, 502, 503
//! and 504. <https://github.com/microsoft/ApplicationInsights-Home/blob/master/EndpointSpecs/ENDPOINT-PROTOCOL.md>

use serde::Serialize;

use super::TelemetryItem;

/// Why one item was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemError {
    /// Position in the payload.
    pub index: usize,
    pub status_code: u16,
    pub message: String,
}

/// The items of a body and the answer to its sender.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackReply {
    /// Items to keep.
    pub items: Vec<TelemetryItem>,
    /// Items that were understood and count as accepted, but are not worth a row.
    pub set_aside: Vec<TelemetryItem>,
    pub received: usize,
    pub errors: Vec<ItemError>,
    /// Status and reason if the body as a whole was refused.
    pub whole_error: Option<(u16, String)>,
}

impl TrackReply {
    /// Refuses a body as a whole.
    pub fn refused(status: u16, message: String) -> Self {
        Self { whole_error: Some((status, message)), ..Self::default() }
    }

    /// How many items were accepted.
    pub fn accepted(&self) -> usize {
        self.items.len() + self.set_aside.len()
    }

    /// Refuses items after reading: for an unknown key, or because the store did not take them.
    pub fn refuse_where(&mut self, judge: impl Fn(&TelemetryItem) -> Option<(u16, String)>) {
        let errors = &mut self.errors;
        let mut keep = |item: &TelemetryItem| match judge(item) {
            None => true,
            Some((status_code, message)) => {
                errors.push(ItemError { index: item.index, status_code, message });
                false
            }
        };
        self.items.retain(&mut keep);
        self.set_aside.retain(&mut keep);
        self.errors.sort_by_key(|error| error.index);
    }

    /// The status to answer with.
    pub fn status(&self) -> u16 {
        match &self.whole_error {
            Some((status, _)) => *status,
            None => response_status(self.received, self.accepted(), &self.errors),
        }
    }

    /// The body to answer with.
    pub fn json(&self, app_id: Option<&str>) -> String {
        match &self.whole_error {
            Some((status, message)) => {
                let whole = ItemError { index: 0, status_code: *status, message: message.clone() };
                response_json(self.received, 0, &[whole], app_id)
            }
            None => response_json(self.received, self.accepted(), &self.errors, app_id),
        }
    }
}

/// 200 if all were accepted, 206 if some were, else the status of the first item refused.
pub fn response_status(received: usize, accepted: usize, errors: &[ItemError]) -> u16 {
    if accepted >= received && errors.is_empty() {
        200
    } else if accepted > 0 {
        206
    } else {
        errors.first().map_or(400, |error| error.status_code)
    }
}

/// The body `{"itemsReceived","itemsAccepted","errors"}`; `errors` is always there.
pub fn response_json(
    received: usize,
    accepted: usize,
    errors: &[ItemError],
    app_id: Option<&str>,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        items_received: usize,
        items_accepted: usize,
        errors: &'a [ItemError],
        #[serde(skip_serializing_if = "Option::is_none")]
        app_id: Option<&'a str>,
    }
    let body = Body { items_received: received, items_accepted: accepted, errors, app_id };
    serde_json::to_string(&body).expect("BUG: numbers and texts always become JSON")
}
