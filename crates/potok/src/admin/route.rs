//! `potok admin route`.

use std::error::Error;
use std::str::FromStr;

use clap::Subcommand;
use potok_app::App;
use potok_app::admin::NewStage;
use potok_domain::RequestTarget;
use potok_domain::directory::ResolutionRoute;
use potok_types::{BoxId, DepartmentId, RouteId};
use serde_json::{Value, json};

use super::{Said, list};

/// Routes of approval.
#[derive(Subcommand)]
pub(crate) enum RouteCommand {
    /// Creates a route; documents are put on it with ResolutionRouteAssignments
    Create {
        /// Box of the organization
        #[arg(long = "box", value_name = "BOX")]
        box_id: BoxId,
        /// Name
        #[arg(long)]
        name: String,
        /// Who is asked, one after the other: logins and ids of departments, separated by commas
        #[arg(long, value_name = "STAGES", value_delimiter = ',', required = true)]
        stages: Vec<Stage>,
    },
    /// Lists the routes of an organization
    List {
        /// Box of the organization
        #[arg(long = "box", value_name = "BOX")]
        box_id: BoxId,
    },
    /// Deletes a route; documents that are on it stay as they are
    Delete {
        /// Box of the organization
        #[arg(long = "box", value_name = "BOX")]
        box_id: BoxId,
        /// The route
        #[arg(value_name = "ROUTE")]
        route: RouteId,
    },
}

/// Who is asked. A login that looks like an id of a department is none.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    Login(String),
    Department(DepartmentId),
}

impl FromStr for Stage {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::Login(text.to_owned()), Self::Department))
    }
}

pub(super) async fn run(app: &App, command: RouteCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        RouteCommand::Create { box_id, name, stages } => {
            let admin = app.admin();
            let mut asked = Vec::with_capacity(stages.len());
            for stage in stages {
                asked.push(match stage {
                    Stage::Login(login) => NewStage::User(admin.user(&login).await?.id),
                    Stage::Department(id) => NewStage::Department(id),
                });
            }
            let created = admin.create_route(box_id, &name, &asked).await?;
            let subject = format!("{} of box {box_id}", created.id);
            Ok(Said::new(line(&created), route(&created)).changed("route.create", &subject))
        }
        RouteCommand::List { box_id } => Ok(list(&app.admin().routes(box_id).await?, line, route)),
        RouteCommand::Delete { box_id, route } => {
            app.admin().delete_route(box_id, route).await?;
            let text = format!("route {route} is deleted");
            let said = Said::new(text, json!({"route_id": route.to_string()}));
            Ok(said.changed("route.delete", &format!("{route} of box {box_id}")))
        }
    }
}

fn name_of(stage: &RequestTarget) -> &str {
    match stage {
        RequestTarget::User { name, .. } | RequestTarget::Department { name, .. } => name,
    }
}

fn line(route: &ResolutionRoute) -> String {
    let stages: Vec<&str> = route.stages.iter().map(name_of).collect();
    format!("{}  {}: {}", route.id, route.name, stages.join(" → "))
}

fn route(route: &ResolutionRoute) -> Value {
    let stage = |stage: &RequestTarget| match stage {
        RequestTarget::User { id, name } => json!({"user_id": id.to_string(), "name": name}),
        RequestTarget::Department { id, name } => json!({"department_id": id.to_string(), "name": name}),
    };
    json!({
        "route_id": route.id.to_string(),
        "name": route.name,
        "stages": route.stages.iter().map(stage).collect::<Vec<_>>(),
    })
}
