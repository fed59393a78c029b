//! `potok admin import`: a file is checked whole, is imported once, and changes nothing the second time.

use std::path::Path;

use serde_json::{Value, json};

use crate::process::admin;

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn file(position: &str) -> Value {
    json!({"organizations": [
        {
            "name": "ООО «Ромашка»", "inn": "7701000010", "kpp": "770101001", "test": true,
            "departments": [{"path": "Продажи"}, {"path": "Продажи/Опт", "kpp": "770201001"}],
            "employees": [
                {"login": "boss@a", "last_name": "Иванов", "first_name": "Иван", "position": position,
                 "administrator": true, "access": "all", "may": ["all"]},
                {"login": "clerk@a", "department": "Продажи/Опт", "access": "selected",
                 "selected": ["Продажи"], "may": ["SignDocuments"]},
            ],
        },
        {"name": "АО «Лютик»", "inn": "7802000020", "employees": [{"login": "BOSS@a", "access": "all"}]},
    ]})
}

fn organizations(data: &Path) -> Value {
    admin(data, &["organization", "list"]).unwrap()
}

#[test]
fn a_file_is_imported_and_the_second_time_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = write(folder.path(), "all.json", &file("Директор").to_string());
    let checked = admin(&data, &["import", "--check", &first]).unwrap();
    assert_eq!(checked["read"], json!({"organizations": 2, "employees": 3}));
    assert_eq!(organizations(&data), json!([]));

    let done = admin(&data, &["import", &first]).unwrap();
    let new = json!({"organizations": 2, "departments": 2, "users": 2, "employees": 3});
    assert_eq!((&done["new"], &done["changed"]), (&new, &json!(0)));
    let all = organizations(&data);
    let departments = all[1]["departments"].as_array().unwrap();
    assert_eq!(all[1]["name"], "ООО «Ромашка»");
    assert_eq!(departments[1]["parent"], departments[0]["department_id"]);

    let again = admin(&data, &["import", &first]).unwrap();
    let nothing = json!({"organizations": 0, "departments": 0, "users": 0, "employees": 0});
    assert_eq!((&again["new"], &again["changed"]), (&nothing, &json!(0)));
    assert_eq!(organizations(&data), all);
    let other = write(folder.path(), "other.json", &file("Генеральный директор").to_string());
    let other = admin(&data, &["import", &other]).unwrap();
    assert_eq!((&other["new"], &other["changed"]), (&nothing, &json!(1)));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut wrong = file("Директор");
    wrong["organizations"][0]["departments"][1]["kpp"] = json!("1");
    wrong["organizations"][0]["employees"][1]["department"] = json!("Склад");
    wrong["organizations"][1]["inn"] = json!("78");
    let wrong = write(folder.path(), "wrong.json", &wrong.to_string());
    let told = admin(&data, &["import", &wrong]).unwrap_err();
    for words in [
        "nothing was imported, 3 things are wrong",
        "organizations[0].departments[1]: KPP \"1\" must be nine digits",
        "organizations[0].employees[1]: there is no department \"Склад\" in the organization",
        "organizations[1]: inn: \"78\" must be 10 or 12 digits",
    ] {
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(organizations(&data), json!([]));
    let csv = "organization;inn;login;department;may\nО;7701000010;a@a;Юг;fly\nО;7701000010;b@a;Юг;all\n";
    let csv = write(folder.path(), "people.csv", csv);
    let told = admin(&data, &["import", &csv]).unwrap_err();
    assert!(told.contains("line 2: unknown action \"fly\""), "{told}");
    assert_eq!(organizations(&data), json!([]));
    let csv = "organization;inn;login;department;may\nО;7701000010;a@a;Юг;SignDocuments\nО;7701000010;b@a;Юг/Дон;all\n";
    let csv = write(folder.path(), "people.csv", csv);
    let done = admin(&data, &["import", &csv]).unwrap();
    let new = json!({"organizations": 1, "departments": 2, "users": 2, "employees": 2});
    assert_eq!(done["new"], new);
}

#[test]
fn why_somebody_may_do_something_is_told_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = write(folder.path(), "all.json", &file("Директор").to_string());
    admin(&data, &["import", &path]).unwrap();
    let box_id = organizations(&data)[1]["box_id"].as_str().unwrap().to_owned();
    let ask = |login: &str, target: &str, action: &str| {
        let told = admin(&data, &["explain-access", login, target, action]).unwrap();
        let last = told["steps"].as_array().unwrap().last().unwrap()["found"].as_str().unwrap().to_owned();
        (told["is_allowed"].as_bool().unwrap(), last)
    };
    let (yes, last) = ask("clerk@a", &box_id, "SignDocuments");
    assert!(yes && last.contains("SignDocuments"), "{last}");
    let (yes, last) = ask("clerk@a", &box_id, "CreateDocuments");
    assert!(!yes && last.contains("permission CreateDocuments is needed"), "{last}");
    let (yes, last) = ask("clerk@a", &box_id, "see");
    assert!(yes && last.contains("SelectedDepartments") && last.contains("Продажи ("), "{last}");
    let (yes, last) = ask("clerk@a", &box_id, "GetEmployees");
    assert!(!yes && last.contains("IsAdministrator"), "{last}");
    assert!(ask("boss@a", &box_id, "/admin/CreateDepartment").0);
    let (yes, last) = ask("nobody@a", &box_id, "see");
    assert!(!yes && last.contains("there is no user with login"), "{last}");
    let none = "4c422f4e-7ecd-492d-a652-3aa45007da1b";
    let (yes, last) = ask("boss@a", &format!("{none}:{none}"), "see");
    assert!(!yes && last.contains("none of these boxes has message"), "{last}");
    admin(&data, &["box", "suspend", &box_id]).unwrap();
    let (yes, last) = ask("boss@a", &box_id, "see");
    assert!(!yes && last.contains("Необходима оплата"), "{last}");
    admin(&data, &["explain-access", "boss@a", &box_id, "fly"]).unwrap_err();
}
