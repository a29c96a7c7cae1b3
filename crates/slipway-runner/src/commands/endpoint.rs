//! `task.setendpoint`: changes a service connection for the later steps of the job. They see it in their
//! environment, as tasks read it (§19).

use super::secret::add_secret;
use super::{Broken, Command, Turn, needed};
use crate::scope::lock;

pub(super) fn set_endpoint(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let id = needed(command, "id")?;
    let field = needed(command, "field")?;
    let value = command.message.as_str();
    let key = || needed(command, "key").map(str::to_uppercase);
    let name = match field.to_ascii_lowercase().as_str() {
        "url" => {
            if !value.contains("://") {
                return Err(format!("'{value}' is not an address."));
            }
            format!("ENDPOINT_URL_{id}")
        }
        "dataparameter" => format!("ENDPOINT_DATA_{id}_{}", key()?),
        "authparameter" => {
            let name = format!("ENDPOINT_AUTH_PARAMETER_{id}_{}", key()?);
            add_secret(turn.step, value);
            name
        }
        _ => {
            return Err(format!(
                "The field '{field}' is not one of authParameter, dataParameter, url."
            ));
        }
    };
    lock(&turn.step.job.endpoints).insert(name, value.to_owned());
    Ok(())
}
