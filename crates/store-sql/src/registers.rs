//! Registers of the world outside, and what organizations keep here.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::directory::{OperatorFeature, Participant, RoamingOperator, SignerDetails};
use potok_store::{GarObject, Notes, Outside, SignerPlace, StoreError};
use potok_types::{BoxId, ContentHash, Ticks, UserId};

use crate::{Backend, Batch, Failure, RegisterStmt, Row, Sql, SqlStore, SqlWrite, args};

fn folded(id: &str) -> String {
    id.to_lowercase()
}

fn operator(row: &dyn Row) -> Result<RoamingOperator, Failure> {
    let features: String = row.get(3)?;
    let feature = |line: &str| {
        let (name, description) = line.split_once('\t').unwrap_or((line, ""));
        OperatorFeature { name: name.to_owned(), description: description.to_owned() }
    };
    Ok(RoamingOperator {
        fns_id: row.get(0)?,
        name: row.get(1)?,
        is_active: row.get(2)?,
        features: features.lines().map(feature).collect(),
        box_id: row.get(4)?,
    })
}

fn participant(row: &dyn Row) -> Result<Participant, Failure> {
    Ok(Participant {
        id: row.get(0)?,
        inn: row.get(1)?,
        kpp: row.get(2)?,
        full_name: row.get(3)?,
        is_closed: row.get(4)?,
    })
}

fn gar_object(row: &dyn Row) -> Result<GarObject, Failure> {
    Ok(GarObject { key: row.get(0)?, fias_id: row.get(1)?, zip_code: row.get(2)? })
}

fn signer(row: &dyn Row) -> Result<SignerDetails, Failure> {
    Ok(SignerDetails {
        job_title: row.get(0)?,
        registration_certificate: row.get(1)?,
        signer_type: row.get(2)?,
        signer_info: row.get(3)?,
        powers: row.get(4)?,
        status: row.get(5)?,
        powers_base: row.get(6)?,
        org_powers_base: row.get(7)?,
    })
}

async fn put_participants(sql: &mut impl SqlWrite, all: &[Participant]) -> Result<(), Failure> {
    let ids: Vec<String> = all.iter().map(|one| folded(&one.id)).collect();
    let rows: Batch<'_> = all
        .iter()
        .zip(&ids)
        .map(|(one, id)| args![id, &one.id, &one.inn, one.kpp.as_ref(), &one.full_name, one.is_closed])
        .collect();
    sql.execute_each(RegisterStmt::PutParticipant, &rows).await
}

/// Values by key; those of `keys` that are not there are left out.
async fn values(
    sql: &mut impl Sql,
    box_id: BoxId,
    keys: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let questions: Batch<'_> = keys.iter().map(|key| args![box_id, key]).collect();
    let mut found = Vec::new();
    sql.each_of(RegisterStmt::KeyValue, &questions, |nth, row| {
        found.push((keys[nth].clone(), row.get(0)?));
        Ok(())
    })
    .await?;
    Ok(found)
}

async fn put_values(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    entries: &BTreeMap<String, String>,
    most: u64,
) -> Result<bool, Failure> {
    sql.enter(box_id).await?;
    let keys: Vec<String> = entries.keys().cloned().collect();
    let known = values(sql, box_id, &keys).await?.len() as u64;
    let count: Option<i64> = sql.row(RegisterStmt::CountKeys, &args![box_id], |row| row.get(0)).await?;
    if count.unwrap_or_default().unsigned_abs() + keys.len() as u64 - known > most {
        return Ok(false);
    }
    let rows: Batch<'_> = entries.iter().map(|(key, value)| args![box_id, key, value]).collect();
    sql.execute_each(RegisterStmt::PutKeyValue, &rows).await?;
    Ok(true)
}

/// Something said of a signer, by whom and when.
struct Said {
    box_id: BoxId,
    place: SignerPlace,
    details: SignerDetails,
    by: UserId,
    at: Ticks,
}

async fn put_signer(sql: &mut impl SqlWrite, said: &Said) -> Result<(), Failure> {
    let Said { box_id, place, details, by, at } = said;
    sql.enter(*box_id).await?;
    let args = args![
        *box_id,
        &place.thumbprint.0,
        place.title,
        details.job_title.as_ref(),
        details.registration_certificate.as_ref(),
        details.signer_type,
        details.signer_info.as_ref(),
        details.powers,
        details.status,
        details.powers_base.as_ref(),
        details.org_powers_base.as_ref(),
        *by,
        *at,
    ];
    sql.execute(RegisterStmt::PutSigner, &args).await.map(drop)
}

#[async_trait]
impl<B: Backend> Outside for SqlStore<B> {
    async fn roaming_operators(&self) -> Result<Vec<RoamingOperator>, StoreError> {
        self.ask("list operators", (), |sql, ()| Box::pin(sql.rows(RegisterStmt::Operators, &[], operator)))
            .await
    }

    async fn put_roaming_operator(&self, it: &RoamingOperator) -> Result<(), StoreError> {
        let lines = it.features.iter().map(|feature| format!("{}\t{}", feature.name, feature.description));
        let features = lines.collect::<Vec<_>>().join("\n");
        self.rewrite("write an operator", (it.clone(), features), |session, (it, features)| {
            Box::pin(async move {
                let args = args![&it.fns_id, &it.name, it.is_active, features, it.box_id];
                session.sql.execute(RegisterStmt::PutOperator, &args).await.map(drop)
            })
        })
        .await
    }

    async fn delete_roaming_operator(&self, fns_id: &str) -> Result<bool, StoreError> {
        self.write("delete an operator", fns_id.to_owned(), |session, id| {
            Box::pin(
                async move { Ok(session.sql.execute(RegisterStmt::DeleteOperator, &args![id]).await? == 1) },
            )
        })
        .await
    }

    async fn participant(&self, id: &str) -> Result<Option<Participant>, StoreError> {
        self.ask("find a participant", folded(id), |sql, id| {
            Box::pin(async move { sql.row(RegisterStmt::Participant, &args![id], participant).await })
        })
        .await
    }

    async fn participants_by_inn(&self, inn: &str) -> Result<Vec<Participant>, StoreError> {
        self.ask("find participants", inn.to_owned(), |sql, inn| {
            Box::pin(async move { sql.rows(RegisterStmt::ParticipantsByInn, &args![inn], participant).await })
        })
        .await
    }

    async fn put_participants(&self, participants: &[Participant]) -> Result<(), StoreError> {
        self.rewrite("write participants", participants.to_vec(), |session, all| {
            Box::pin(put_participants(&mut session.sql, all))
        })
        .await
    }

    async fn delete_participant(&self, id: &str) -> Result<bool, StoreError> {
        self.write("delete a participant", folded(id), |session, id| {
            Box::pin(async move {
                Ok(session.sql.execute(RegisterStmt::DeleteParticipant, &args![id]).await? == 1)
            })
        })
        .await
    }

    async fn gar_object(&self, key: &str) -> Result<Option<GarObject>, StoreError> {
        self.ask("find an address", key.to_owned(), |sql, key| {
            Box::pin(async move { sql.row(RegisterStmt::GarObject, &args![key], gar_object).await })
        })
        .await
    }

    async fn put_gar_objects(&self, objects: &[GarObject]) -> Result<(), StoreError> {
        self.rewrite("write addresses", objects.to_vec(), |session, all| {
            Box::pin(async move {
                let rows: Batch<'_> =
                    all.iter().map(|it| args![&it.key, &it.fias_id, it.zip_code.as_ref()]).collect();
                session.sql.execute_each(RegisterStmt::PutGarObject, &rows).await
            })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Notes for SqlStore<B> {
    async fn key_values(&self, box_id: BoxId, keys: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        self.ask("read values", (box_id, keys.to_vec()), |sql, (box_id, keys)| {
            Box::pin(values(sql, *box_id, keys))
        })
        .await
    }

    async fn put_key_values(
        &self,
        box_id: BoxId,
        entries: &[(String, String)],
        most: u64,
    ) -> Result<bool, StoreError> {
        let entries: BTreeMap<String, String> = entries.iter().cloned().collect();
        self.rewrite("write values", (box_id, entries, most), |session, (box_id, entries, most)| {
            Box::pin(put_values(&mut session.sql, *box_id, entries, *most))
        })
        .await
    }

    async fn signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
    ) -> Result<Option<SignerDetails>, StoreError> {
        self.ask("read what is said of a signer", (box_id, place), |sql, (box_id, place)| {
            Box::pin(async move {
                let args = args![*box_id, &place.thumbprint.0, place.title];
                sql.row(RegisterStmt::Signer, &args, signer).await
            })
        })
        .await
    }

    async fn put_signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
        details: &SignerDetails,
        by: UserId,
        at: Ticks,
    ) -> Result<(), StoreError> {
        let said = Said { box_id, place, details: details.clone(), by, at };
        self.rewrite("say something of a signer", said, |session, said| {
            Box::pin(put_signer(&mut session.sql, said))
        })
        .await
    }

    async fn signs_invoices(&self, box_id: BoxId, certificate: ContentHash) -> Result<bool, StoreError> {
        self.ask("find a certificate for invoices", (box_id, certificate), |sql, (box_id, hash)| {
            Box::pin(async move { sql.exists(RegisterStmt::InvoiceCertificate, &args![*box_id, hash]).await })
        })
        .await
    }

    async fn register_for_invoices(
        &self,
        box_id: BoxId,
        certificates: &[ContentHash],
        by: UserId,
        at: Ticks,
    ) -> Result<(), StoreError> {
        let given = (box_id, certificates.to_vec(), by, at);
        self.rewrite("register certificates for invoices", given, |session, (box_id, hashes, by, at)| {
            Box::pin(async move {
                session.sql.enter(*box_id).await?;
                let rows: Batch<'_> = hashes.iter().map(|hash| args![*box_id, hash, *by, *at]).collect();
                session.sql.execute_each(RegisterStmt::PutInvoiceCertificate, &rows).await
            })
        })
        .await
    }
}
