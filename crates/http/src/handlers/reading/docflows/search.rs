//! `POST /SearchDocflows` and `POST /V{2–5}/SearchDocflows`: documents found by words or tags.

use potok_api::Endpoint;
use potok_api::methods::BoxQuery;
use potok_domain::query::{SearchRequest, SearchScope};
use potok_translate::docflow::DocflowVersion;
use potok_types::access::FilteredDocuments;
use potok_types::limits;
use potok_wire::proto::docflow as wire;
use potok_wire::proto::docflow::SearchDocflowsRequest;

use super::super::with_contents;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

/// Any version of it.
pub(super) async fn answer<E, V>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = SearchDocflowsRequest,
            Access = FilteredDocuments,
            Response = V::Search,
        >,
    V: DocflowVersion,
{
    let found = call.app().search_docflows(&call.permit, request(&call.body)?).await?;
    let inject_content = call.body.inject_entity_content();
    let documents = with_contents(call.app(), &call.permit, budget(inject_content), |contents| {
        found.documents.iter().filter_map(|found| shown::<V>(found, inject_content, contents)).collect()
    });
    Ok(call.answer(&V::search(documents.await?, found.have_more)))
}

fn request(body: &SearchDocflowsRequest) -> Result<SearchRequest, ApiError> {
    let number = body.scope.unwrap_or(0);
    let scope = match wire::SearchScope::try_from(number) {
        Ok(wire::SearchScope::SearchScopeAny) => SearchScope::Any,
        Ok(wire::SearchScope::SearchScopeIncoming) => SearchScope::Incoming,
        Ok(wire::SearchScope::SearchScopeOutgoing) => SearchScope::Outgoing,
        Ok(wire::SearchScope::SearchScopeDeleted) => SearchScope::Deleted,
        Ok(wire::SearchScope::SearchScopeInternal) => SearchScope::Internal,
        Err(_) => {
            return Err(ApiError::bad_request(format!(
                "SearchDocflowsRequest.Scope {number} is unknown: a number from 0 to 4 is expected"
            )));
        }
    };
    Ok(SearchRequest {
        text: body.query_string.clone(),
        scope,
        first_index: body.first_index.unwrap_or(0),
        count: body.count.unwrap_or(limits::PAGE as i32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_has_its_default() {
        let body = SearchDocflowsRequest { query_string: "7".to_owned(), ..SearchDocflowsRequest::default() };
        let request = request(&body).unwrap();
        assert_eq!((request.scope, request.first_index, request.count), (SearchScope::Any, 0, 100));
        assert_eq!(request.text, "7");
    }

    #[test]
    fn an_unknown_scope_is_named() {
        let body = SearchDocflowsRequest { scope: Some(5), ..SearchDocflowsRequest::default() };
        assert!(request(&body).unwrap_err().text.contains("Scope 5"));
        let body = SearchDocflowsRequest { scope: Some(3), ..SearchDocflowsRequest::default() };
        assert_eq!(request(&body).unwrap().scope, SearchScope::Deleted);
    }
}
