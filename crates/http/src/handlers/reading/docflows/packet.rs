//! `POST /V{2–5}/GetDocflowsByPacketId`: the documents of a packet.

use bytes::Bytes;
use potok_api::Endpoint;
use potok_api::methods::{
    BoxQuery, GetDocflowsByPacketIdV2, GetDocflowsByPacketIdV3, GetDocflowsByPacketIdV4,
    GetDocflowsByPacketIdV5,
};
use potok_translate::docflow::{DocflowVersion, V2, V3, V4, V5};
use potok_translate::read::docflows;
use potok_types::access::FilteredDocuments;
use potok_types::limits;
use potok_wire::proto::docflow::GetDocflowsByPacketIdRequest;

use super::super::with_contents;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocflowsByPacketIdV2, _>(answer::<_, V2>);
    all.on::<GetDocflowsByPacketIdV3, _>(answer::<_, V3>);
    all.on::<GetDocflowsByPacketIdV4, _>(answer::<_, V4>);
    all.on::<GetDocflowsByPacketIdV5, _>(answer::<_, V5>);
}

/// Any version of it.
async fn answer<E, V>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowsByPacketIdRequest,
            Access = FilteredDocuments,
            Response = V::Packet,
        >,
    V: DocflowVersion,
{
    let body = &call.body;
    let (packet, after) = docflows::packet(body)?;
    let count = body.count.unwrap_or(limits::PAGE as i32);
    let inject_content = body.inject_entity_content();
    let found = call.reading().docflows_by_packet(&call.permit, packet, after, count).await?;
    let documents = with_contents(call.reading(), &call.permit, budget(inject_content), |contents| {
        let documents = found.documents.iter().filter_map(|(found, place)| {
            Some((shown::<V>(found, inject_content, contents)?, Bytes::from(place.to_bytes())))
        });
        documents.collect()
    });
    let next = found.next.map(|next| Bytes::from(next.to_bytes()));
    call.answer_long(V::packet(documents.await?, next)).await
}
