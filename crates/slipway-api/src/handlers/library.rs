//! The Library: variable groups, variables of the pipeline, secure files.

use base64::Engine as _;
use slipway_core::ErrorKind;
use slipway_secrets::azure_devops::{self, Project, SignIn};
use slipway_secrets::{ExposeSecret as _, SecretString};
use slipway_store::{
    GroupOrigin, GroupVariableRow, PipelineVariableRow, SecureFileRow, VariableGroupRow,
};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::library::{checked_name, checked_variable, group_change, refused_name};
use crate::vault::SecretKey;

/// What Azure DevOps takes at most.
const MOST_FILE_BYTES: usize = 10 * 1024 * 1024;

/// Where secrets are kept.
pub async fn secrets_get(app: &App, _: Nothing) -> Result<SecretsView, ApiError> {
    app.secrets_view().await
}

/// Locks the encrypted file with a passphrase, or takes it away.
pub async fn secrets_passphrase(
    app: &App,
    request: SecretsPassphrase,
) -> Result<SecretsView, ApiError> {
    let passphrase =
        Some(request.passphrase.0).filter(|text| !text.is_empty()).map(SecretString::from);
    app.with_secrets(move |secrets| secrets.set_passphrase(passphrase.as_ref())).await?;
    app.secrets_view().await
}

/// A project's groups by name.
pub async fn variable_group_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<VariableGroupView>, ApiError> {
    app.project(&request.project_id).await?;
    let rows = app.store.variable_groups(&request.project_id).await?;
    Ok(rows.into_iter().map(group_view).collect())
}

/// A group.
pub async fn variable_group_get(
    app: &App,
    request: VariableGroupRequest,
) -> Result<VariableGroupView, ApiError> {
    app.project(&request.project_id).await?;
    app.group_row(&request.project_id, &request.name).await.map(group_view)
}

fn group_view(row: VariableGroupRow) -> VariableGroupView {
    let variable = |row: GroupVariableRow| GroupVariableView {
        name: row.name,
        value: row.value,
        is_secret: row.is_secret,
        set_at: row.set_at,
    };
    VariableGroupView {
        name: row.name,
        description: row.description,
        origin: row.origin.map(|origin| GroupOriginView {
            organization: origin.organization,
            project: origin.project,
            key_vault: origin.key_vault,
            read_at: origin.read_at,
        }),
        variables: row.variables.into_iter().map(variable).collect(),
        changed_at: row.changed_at,
    }
}

fn key_of(row: &VariableGroupRow, name: &str) -> SecretKey {
    SecretKey::OfGroup {
        project: row.project_id.clone(),
        group: row.name.clone(),
        name: name.to_owned(),
    }
}

/// Adds or replaces a group. Of a group that was read only the values of secrets can be set.
pub async fn variable_group_save(
    app: &App,
    request: VariableGroupSave,
) -> Result<VariableGroupView, ApiError> {
    app.project(&request.project_id).await?;
    let name = checked_name("variable group", &request.name)?;
    let previous = request.previous_name.as_deref().map(str::trim).unwrap_or(&name).to_owned();
    let known = app.store.variable_group(&request.project_id, &previous).await?;
    let is_renamed = !name.eq_ignore_ascii_case(&previous);
    if is_renamed && app.store.variable_group(&request.project_id, &name).await?.is_some() {
        let message = format!("There is a variable group '{name}' already.");
        return Err(refused_name(message, "Choose another name."));
    }
    let before = known.as_ref().map(|row| row.variables.as_slice()).unwrap_or_default();
    let now = app.now_ms();
    let change = group_change(before, request.variables, now)?;
    let origin = known.as_ref().and_then(|row| row.origin.clone());
    if let (Some(known), Some(origin)) = (&known, &origin) {
        let told = |row: &GroupVariableRow| (row.name.clone(), row.value.clone(), row.is_secret);
        let is_changed =
            is_renamed || !change.rows.iter().map(told).eq(known.variables.iter().map(told));
        if is_changed {
            let message =
                format!("The group '{}' was read from {}.", known.name, origin.organization);
            return Err(ApiError::refused("group_read", message)
                .with_hint("Change it there and read it again; here only secrets get values."));
        }
    }
    let description = match &origin {
        Some(_) => known.as_ref().map(|row| row.description.clone()).unwrap_or_default(),
        None => request.description.trim().to_owned(),
    };
    let row = VariableGroupRow {
        project_id: request.project_id,
        name,
        description,
        origin,
        variables: change.rows,
        changed_at: now,
    };
    // Values first: a crash in between leaves a value nobody names, never a name without its value.
    if let Some(known) = known.as_ref().filter(|_| is_renamed) {
        for variable in row.variables.iter().filter(|it| it.is_secret && it.set_at.is_some()) {
            if let Some(value) = app.secret(key_of(known, &variable.name)).await? {
                let value = value.expose_secret().to_owned();
                app.set_secret(key_of(&row, &variable.name), value).await?;
            }
        }
    }
    for (name, value) in change.set {
        app.set_secret(key_of(&row, &name), value).await?;
    }
    app.store.put_variable_group(&row).await?;
    for name in &change.forget {
        app.forget_secret(key_of(known.as_ref().unwrap_or(&row), name)).await?;
    }
    if let Some(known) = known.filter(|_| is_renamed) {
        forget_group(app, &known).await?;
    }
    Ok(group_view(row))
}

async fn forget_group(app: &App, row: &VariableGroupRow) -> Result<(), ApiError> {
    app.store.delete_variable_group(&row.project_id, &row.name).await?;
    for variable in row.variables.iter().filter(|variable| variable.is_secret) {
        app.forget_secret(key_of(row, &variable.name)).await?;
    }
    Ok(())
}

/// Forgets a group with its secrets; one that is not there is forgotten already.
pub async fn variable_group_remove(
    app: &App,
    request: VariableGroupRequest,
) -> Result<Done, ApiError> {
    app.project(&request.project_id).await?;
    let known = app.store.variable_group(&request.project_id, request.name.trim()).await?;
    if let Some(row) = known {
        forget_group(app, &row).await?;
    }
    Ok(Done {})
}

/// Sets the value of one secret, which a group or the pipeline's settings must have.
pub async fn secret_set(app: &App, request: SecretSet) -> Result<Done, ApiError> {
    app.project(&request.project_id).await?;
    let name = checked_variable(&request.name)?;
    let Some(group) = request.group else {
        let rows = app.store.pipeline_variables(&request.project_id).await?;
        let known = rows.into_iter().find(|row| row.name.eq_ignore_ascii_case(&name));
        let save = PipelineVariableSave {
            project_id: request.project_id,
            is_settable: known.as_ref().is_some_and(|row| row.is_settable),
            name: known.map_or(name, |row| row.name),
            value: Some(request.value),
            is_secret: true,
        };
        return pipeline_variable_save(app, save).await.map(|_| Done {});
    };
    let mut row = app.group_row(&request.project_id, &group).await?;
    let key = key_of(&row, &name);
    let now = app.now_ms();
    let is_read = row.origin.is_some();
    match row.variables.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&name)) {
        Some(known) if known.is_secret || !is_read => {
            known.is_secret = true;
            known.value = None;
            known.set_at = Some(now);
        }
        None if !is_read => row.variables.push(GroupVariableRow {
            name,
            value: None,
            is_secret: true,
            set_at: Some(now),
        }),
        _ => {
            let message =
                format!("The group '{}' of Azure DevOps has no secret '{name}'.", row.name);
            return Err(ApiError::refused("group_read", message)
                .with_hint("Make it a secret there and read the groups again."));
        }
    }
    row.changed_at = now;
    app.set_secret(key, request.value.0).await?;
    app.store.put_variable_group(&row).await?;
    Ok(Done {})
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    organization: String,
    project: String,
    sign_in: AzureSignIn,
}

fn connection_key(project: &slipway_core::ProjectId) -> String {
    format!("azure_devops.{project}")
}

/// The connection to Azure DevOps.
pub async fn azure_devops_get(
    app: &App,
    request: ProjectRequest,
) -> Result<AzureDevOpsView, ApiError> {
    app.project(&request.project_id).await?;
    let kept = app.store.setting(&connection_key(&request.project_id)).await?;
    let kept = kept.and_then(|text| serde_json::from_str::<Connection>(&text).ok());
    let Some(kept) = kept else {
        return Ok(AzureDevOpsView {
            organization: String::new(),
            project: String::new(),
            sign_in: AzureSignIn::PersonalAccessToken,
            has_token: false,
        });
    };
    let has_token = match kept.sign_in {
        AzureSignIn::AzureCli => false,
        AzureSignIn::PersonalAccessToken => {
            let key = SecretKey::AzureDevOps { project: request.project_id };
            app.secret(key).await?.is_some()
        }
    };
    Ok(AzureDevOpsView {
        organization: kept.organization,
        project: kept.project,
        sign_in: kept.sign_in,
        has_token,
    })
}

/// Reads the groups of an Azure DevOps project and keeps them for use without a network.
pub async fn variable_group_read(
    app: &App,
    request: VariableGroupRead,
) -> Result<GroupsRead, ApiError> {
    let project = app.project(&request.project_id).await?;
    let from = Project {
        organization: request.organization.trim().trim_end_matches('/').to_owned(),
        project: checked_name("project", &request.project)?,
    };
    let key = SecretKey::AzureDevOps { project: project.id.clone() };
    let given = request.token.filter(|token| !token.0.trim().is_empty());
    let sign_in = match (request.sign_in, &given) {
        (AzureSignIn::AzureCli, _) => SignIn::Bearer(azure_devops::token_of_azure_cli().await?),
        (AzureSignIn::PersonalAccessToken, Some(token)) => {
            app.masker.add(token.0.trim());
            SignIn::Pat(SecretString::from(token.0.trim().to_owned()))
        }
        (AzureSignIn::PersonalAccessToken, None) => {
            let kept = app.secret(key.clone()).await?.ok_or_else(|| {
                ApiError::refused("token_missing", "There is no personal access token yet.")
                    .with_hint("Make one in Azure DevOps with the scope Variable Groups (Read).")
            })?;
            SignIn::Pat(kept)
        }
    };
    let groups = azure_devops::read_groups(&from, &sign_in).await?;
    // Kept once it has worked.
    if let Some(token) = given {
        app.set_secret(key, token.0.trim().to_owned()).await?;
    }
    let connection = Connection {
        organization: from.organization.clone(),
        project: from.project.clone(),
        sign_in: request.sign_in,
    };
    let text = serde_json::to_string(&connection)
        .map_err(|error| ApiError::new(ErrorKind::Bug, "connection", error.to_string()))?;
    app.store.set_setting(&connection_key(&project.id), &text).await?;
    let mut answer = GroupsRead { read: Vec::new(), kept: Vec::new(), unset: Vec::new() };
    for group in groups {
        keep_read(app, &project.id, &from, group, &mut answer).await?;
    }
    Ok(answer)
}

async fn keep_read(
    app: &App,
    project: &slipway_core::ProjectId,
    from: &Project,
    group: azure_devops::Group,
    answer: &mut GroupsRead,
) -> Result<(), ApiError> {
    let known = app.store.variable_group(project, &group.name).await?;
    if known.as_ref().is_some_and(|row| row.origin.is_none()) {
        answer.kept.push(group.name);
        return Ok(());
    }
    let before = known.map(|row| row.variables).unwrap_or_default();
    let set_at = |name: &str| {
        let same = before.iter().find(|row| row.is_secret && row.name.eq_ignore_ascii_case(name));
        same.and_then(|row| row.set_at)
    };
    let variables: Vec<GroupVariableRow> = group
        .variables
        .into_iter()
        .map(|variable| GroupVariableRow {
            set_at: if variable.is_secret { set_at(&variable.name) } else { None },
            name: variable.name,
            value: variable.value,
            is_secret: variable.is_secret,
        })
        .collect();
    let is_unset = |row: &&GroupVariableRow| row.is_secret && row.set_at.is_none();
    let unset = variables.iter().filter(is_unset).map(|row| format!("{}/{}", group.name, row.name));
    answer.unset.extend(unset);
    let now = app.now_ms();
    let row = VariableGroupRow {
        project_id: project.clone(),
        name: group.name,
        description: group.description,
        origin: Some(GroupOrigin {
            organization: from.organization.clone(),
            project: from.project.clone(),
            id: group.id,
            key_vault: group.key_vault,
            read_at: now,
        }),
        variables,
        changed_at: now,
    };
    app.store.put_variable_group(&row).await?;
    answer.read.push(row.name);
    Ok(())
}

/// The variables of the pipeline's settings.
pub async fn pipeline_variable_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<PipelineVariableView>, ApiError> {
    app.project(&request.project_id).await?;
    let rows = app.store.pipeline_variables(&request.project_id).await?;
    Ok(rows.into_iter().map(variable_view).collect())
}

pub(crate) fn variable_view(row: PipelineVariableRow) -> PipelineVariableView {
    PipelineVariableView {
        name: row.name,
        value: row.value,
        is_secret: row.is_secret,
        is_settable: row.is_settable,
        changed_at: row.changed_at,
    }
}

/// Adds or replaces a variable of the pipeline.
pub async fn pipeline_variable_save(
    app: &App,
    request: PipelineVariableSave,
) -> Result<PipelineVariableView, ApiError> {
    app.project(&request.project_id).await?;
    let name = checked_variable(&request.name)?;
    let rows = app.store.pipeline_variables(&request.project_id).await?;
    let known = rows.into_iter().find(|row| row.name.eq_ignore_ascii_case(&name));
    let key = SecretKey::OfPipeline { project: request.project_id.clone(), name: name.clone() };
    let was_secret = known.as_ref().is_some_and(|row| row.is_secret);
    let given = request.value.map(|value| value.0);
    let mut value = given.or_else(|| known.and_then(|row| row.value));
    if request.is_secret {
        match value.take() {
            Some(value) => app.set_secret(key.clone(), value).await?,
            None if was_secret => {}
            None => return Err(refused_name(format!("'{name}' has no value."), "Write one.")),
        }
    } else if value.is_none() && was_secret {
        let message = format!("'{name}' was a secret; its value is not shown again.");
        return Err(refused_name(message, "Write a value for it, or leave it a secret."));
    }
    let row = PipelineVariableRow {
        project_id: request.project_id,
        name,
        value: if request.is_secret { None } else { Some(value.unwrap_or_default()) },
        is_secret: request.is_secret,
        is_settable: request.is_settable,
        changed_at: app.now_ms(),
    };
    app.store.put_pipeline_variable(&row).await?;
    if was_secret && !row.is_secret {
        app.forget_secret(key).await?;
    }
    Ok(variable_view(row))
}

/// Forgets a variable of the pipeline.
pub async fn pipeline_variable_remove(
    app: &App,
    request: PipelineVariableRemove,
) -> Result<Done, ApiError> {
    app.project(&request.project_id).await?;
    let name = request.name.trim().to_owned();
    app.store.delete_pipeline_variable(&request.project_id, &name).await?;
    app.forget_secret(SecretKey::OfPipeline { project: request.project_id, name }).await?;
    Ok(Done {})
}

/// A project's secure files by name.
pub async fn secure_file_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<SecureFileView>, ApiError> {
    app.project(&request.project_id).await?;
    let rows = app.store.secure_files(&request.project_id).await?;
    Ok(rows.into_iter().map(file_view).collect())
}

fn file_view(row: SecureFileRow) -> SecureFileView {
    SecureFileView { name: row.name, size_bytes: row.size_bytes, added_at: row.added_at }
}

/// Adds or replaces a secure file.
pub async fn secure_file_add(
    app: &App,
    request: SecureFileAdd,
) -> Result<SecureFileView, ApiError> {
    app.project(&request.project_id).await?;
    let name = checked_name("secure file", &request.name)?;
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        let message = format!("A secure file cannot be called '{name}'.");
        return Err(refused_name(message, "Write a file's name without a folder."));
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(request.content.0.as_bytes());
    let bytes =
        bytes.map_err(|_| refused_name("The content is not base64.".to_owned(), "Send it so."))?;
    if bytes.len() > MOST_FILE_BYTES {
        let message = format!("'{name}' is larger than 10 MB, the most a secure file may be.");
        return Err(refused_name(message, "Keep it elsewhere, encrypted, and its key here."));
    }
    let before = app.store.secure_file(&request.project_id, &name).await?;
    let row = SecureFileRow {
        project_id: request.project_id,
        name,
        id: app.next_id(),
        size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        added_at: app.now_ms(),
    };
    let id = row.id.clone();
    app.with_secrets(move |secrets| secrets.put_file(&id, &bytes)).await?;
    app.store.put_secure_file(&row).await?;
    if let Some(before) = before {
        app.with_secrets(move |secrets| secrets.remove_file(&before.id)).await?;
    }
    Ok(file_view(row))
}

/// Forgets a secure file; one that is not there is forgotten already.
pub async fn secure_file_remove(app: &App, request: SecureFileRemove) -> Result<Done, ApiError> {
    app.project(&request.project_id).await?;
    let name = request.name.trim();
    if let Some(row) = app.store.secure_file(&request.project_id, name).await? {
        app.store.delete_secure_file(&request.project_id, name).await?;
        app.with_secrets(move |secrets| secrets.remove_file(&row.id)).await?;
    }
    Ok(Done {})
}
