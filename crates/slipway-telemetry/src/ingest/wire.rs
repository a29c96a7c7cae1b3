//! The envelope as it stands on the wire (Bond: `Envelope`, `Data`, and the nine data types).
//!
//! The data types are read as one struct of all their fields: a client may write `baseData` before
//! `baseType`, and this way nothing has to be read twice.

use serde::Deserialize;

use super::lenient::{Bag, List, Number, Text};

#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(default, borrow)]
    pub(super) name: Text<'a>,
    #[serde(default, borrow)]
    pub(super) time: Text<'a>,
    #[serde(default, rename = "sampleRate")]
    pub(super) sample_rate: Number,
    #[serde(default, borrow, rename = "iKey", alias = "ikey", alias = "IKey")]
    pub(super) ikey: Text<'a>,
    #[serde(default, borrow)]
    pub(super) tags: Option<Tags<'a>>,
    #[serde(default, borrow)]
    pub(super) data: Option<Data<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Tags<'a> {
    #[serde(default, borrow, rename = "ai.operation.id")]
    pub(super) operation_id: Text<'a>,
    #[serde(default, borrow, rename = "ai.operation.name")]
    pub(super) operation_name: Text<'a>,
    #[serde(default, borrow, rename = "ai.operation.parentId")]
    pub(super) operation_parent_id: Text<'a>,
    #[serde(default, borrow, rename = "ai.operation.syntheticSource")]
    pub(super) synthetic_source: Text<'a>,
    #[serde(default, borrow, rename = "ai.cloud.role")]
    pub(super) role_name: Text<'a>,
    #[serde(default, borrow, rename = "ai.cloud.roleInstance")]
    pub(super) role_instance: Text<'a>,
    #[serde(default, borrow, rename = "ai.application.ver")]
    pub(super) app_version: Text<'a>,
    #[serde(default, borrow, rename = "ai.internal.sdkVersion")]
    pub(super) sdk_version: Text<'a>,
    #[serde(default, borrow, rename = "ai.user.id")]
    pub(super) user_id: Text<'a>,
    #[serde(default, borrow, rename = "ai.session.id")]
    pub(super) session_id: Text<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Data<'a> {
    #[serde(default, borrow, rename = "baseType")]
    pub(super) base_type: Text<'a>,
    #[serde(default, borrow, rename = "baseData")]
    pub(super) base_data: Option<Base<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Base<'a> {
    #[serde(default, borrow)]
    pub(super) id: Text<'a>,
    #[serde(default, borrow)]
    pub(super) name: Text<'a>,
    #[serde(default, borrow)]
    pub(super) duration: Text<'a>,
    #[serde(default, borrow)]
    pub(super) success: Text<'a>,
    #[serde(default, borrow)]
    pub(super) response_code: Text<'a>,
    #[serde(default, borrow)]
    pub(super) result_code: Text<'a>,
    #[serde(default, borrow)]
    pub(super) source: Text<'a>,
    #[serde(default, borrow)]
    pub(super) url: Text<'a>,
    #[serde(default, borrow)]
    pub(super) data: Text<'a>,
    #[serde(default, borrow)]
    pub(super) target: Text<'a>,
    #[serde(default, borrow, rename = "type")]
    pub(super) dependency_type: Text<'a>,
    #[serde(default, borrow)]
    pub(super) message: Text<'a>,
    #[serde(default, borrow)]
    pub(super) severity_level: Text<'a>,
    #[serde(default, borrow)]
    pub(super) problem_id: Text<'a>,
    #[serde(default, borrow)]
    pub(super) exceptions: List<ExceptionDetails<'a>>,
    #[serde(default, borrow)]
    pub(super) metrics: List<DataPoint<'a>>,
    #[serde(default, borrow)]
    pub(super) run_location: Text<'a>,
    #[serde(default, borrow)]
    pub(super) perf_total: Text<'a>,
    #[serde(default, borrow)]
    pub(super) category_name: Text<'a>,
    #[serde(default, borrow)]
    pub(super) counter_name: Text<'a>,
    #[serde(default)]
    pub(super) value: Number,
    #[serde(default)]
    pub(super) properties: Bag<false>,
    #[serde(default)]
    pub(super) measurements: Bag<true>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExceptionDetails<'a> {
    #[serde(default, borrow)]
    pub(super) type_name: Text<'a>,
    #[serde(default, borrow)]
    pub(super) message: Text<'a>,
    #[serde(default, borrow)]
    pub(super) stack: Text<'a>,
    #[serde(default, borrow)]
    pub(super) parsed_stack: List<StackFrame<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StackFrame<'a> {
    #[serde(default)]
    pub(super) level: Number,
    #[serde(default, borrow)]
    pub(super) method: Text<'a>,
    #[serde(default, borrow)]
    pub(super) assembly: Text<'a>,
    #[serde(default, borrow)]
    pub(super) file_name: Text<'a>,
    #[serde(default)]
    pub(super) line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DataPoint<'a> {
    #[serde(default, borrow)]
    pub(super) name: Text<'a>,
    #[serde(default)]
    pub(super) value: Number,
    #[serde(default)]
    pub(super) count: Number,
    #[serde(default)]
    pub(super) min: Number,
    #[serde(default)]
    pub(super) max: Number,
    #[serde(default)]
    pub(super) std_dev: Number,
}
