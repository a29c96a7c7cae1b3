//! What the Library holds: groups, variables of the pipeline, names of secure files, what a run was given.

use slipway_core::RunId;
use slipway_store::{
    GroupOrigin, GroupVariableRow, PipelineVariableRow, RunInputRow, SecureFileRow,
    VariableGroupRow,
};

use crate::support::{home_with_run, p};

const VALUE: &str = "s3cret-given-by-mistake";

#[tokio::test]
async fn groups_come_back_and_never_with_the_value_of_a_secret() {
    let home = home_with_run().await;
    let variable = |name: &str, value: Option<&str>, is_secret| GroupVariableRow {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        is_secret,
        set_at: is_secret.then_some(5),
    };
    let mut group = VariableGroupRow {
        project_id: p(),
        name: "Vault".to_owned(),
        description: "of the shop".to_owned(),
        origin: Some(GroupOrigin {
            organization: "https://dev.azure.com/contoso".to_owned(),
            project: "Shop".to_owned(),
            id: 7,
            key_vault: None,
            read_at: 9,
        }),
        variables: vec![variable("z", Some("1"), false), variable("a", Some(VALUE), true)],
        changed_at: 9,
    };
    home.store.put_variable_group(&group).await.unwrap();
    group.variables[1].value = None;
    let found = home.store.variable_group(&p(), "vAULT").await.unwrap();
    assert_eq!(found.as_ref(), Some(&group), "whatever the case, in order, without the value");
    group.name = "VAULT".to_owned();
    group.origin = None;
    home.store.put_variable_group(&group).await.unwrap();
    assert_eq!(home.store.variable_groups(&p()).await.unwrap(), [group], "it is replaced");
    let given = PipelineVariableRow {
        project_id: p(),
        name: "token".to_owned(),
        value: Some(VALUE.to_owned()),
        is_secret: true,
        is_settable: true,
        changed_at: 1,
    };
    home.store.put_pipeline_variable(&given).await.unwrap();
    let found = home.store.pipeline_variables(&p()).await.unwrap();
    assert_eq!(found, [PipelineVariableRow { value: None, ..given }], "a variable loses it too");
    home.store.delete_variable_group(&p(), "vault").await.unwrap();
    home.store.delete_pipeline_variable(&p(), "TOKEN").await.unwrap();
    assert!(home.store.variable_groups(&p()).await.unwrap().is_empty(), "gone");
    assert!(home.store.pipeline_variables(&p()).await.unwrap().is_empty(), "gone too");
    home.store.close().await;
    for entry in std::fs::read_dir(home.dir.path()).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let is_there = bytes.windows(VALUE.len()).any(|window| window == VALUE.as_bytes());
        assert!(!is_there, "{} never held it", entry.path().display());
    }
}

#[tokio::test]
async fn secure_files_and_inputs_of_runs_come_back() {
    let home = home_with_run().await;
    let file = SecureFileRow {
        project_id: p(),
        name: "sign.pfx".to_owned(),
        id: "f1".to_owned(),
        size_bytes: 12,
        added_at: 3,
    };
    home.store.put_secure_file(&file).await.unwrap();
    assert_eq!(home.store.secure_file(&p(), "SIGN.pfx").await.unwrap(), Some(file), "it is there");
    home.store.delete_secure_file(&p(), "sign.PFX").await.unwrap();
    assert!(home.store.secure_files(&p()).await.unwrap().is_empty(), "gone");
    let run = RunId::new("r1");
    assert_eq!(home.store.run_input(&run).await.unwrap(), RunInputRow::default(), "nothing given");
    let input = RunInputRow {
        file: Some("ci/other.yml".to_owned()),
        parameters: vec![("deploy".to_owned(), "true".to_owned())],
        variables: vec![("a".to_owned(), "b".to_owned())],
        secret_names: vec!["token".to_owned()],
    };
    home.store.put_run_input(&run, &input).await.unwrap();
    assert_eq!(home.store.run_input(&run).await.unwrap(), input, "as it was given");
}
