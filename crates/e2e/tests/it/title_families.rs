//! Every family of formats goes the whole road: made of data, signed, posted, answered, taken apart, printed.

use bytes::Bytes;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{DocumentQuery, GenerateTitleXmlQuery, ParseTitleXmlQuery};
use potok_testkit::sdk::proto::events::{DocumentAttachment, MessagePatchToPostV2, RecipientTitleAttachment};
use potok_testkit::{Letter, World, test_signed};
use potok_types::{EntityId, MessageId};

use crate::printing::text;

/// A family of formats and a document of it.
struct Family {
    type_named_id: &'static str,
    function: &'static str,
    version: &'static str,
    /// The data of the first title; `{a}` and `{b}` stand for the boxes.
    first: &'static str,
    /// The data of the answer; empty when nobody answers.
    answer: &'static str,
    /// What both sides find in the data again.
    told: &'static [&'static str],
    /// What stands on paper.
    printed: &'static [&'static str],
}

const SIGNER: &str = r#"<Signers><SignerDetails LastName="Лебедева" FirstName="Анна" Inn="9901000010" Position="Директор"
  SignerOrganizationName="ООО" SignerType="1" SignerStatus="4" SignerPowers="{powers}"/></Signers>"#;

/// The same in order 970 and what was made after it.
const NAMED_SIGNER: &str = r#"<Signers><Signer><Fio LastName="Лебедева" FirstName="Анна"/>
  <Position PositionSource="Manual">Директор</Position></Signer></Signers>"#;

const FAMILIES: &[Family] = &[
    Family {
        type_named_id: "XmlTorg12",
        function: "default",
        version: "tovtorg_05_02_01",
        first: r#"<TovTorgSellerTitle Currency="643" DocumentDate="20.11.2026" DocumentNumber="Н-7" DocumentCreator="Склад"
              DocumentName="Товарная накладная">
            <Seller><OrganizationReference OrgType="1" BoxId="{a}"/></Seller>
            <Buyer><OrganizationReference OrgType="1" BoxId="{b}" Department="Склад № 3"/></Buyer>
            <Signers powers="2"/><Grounds/>
            <TransferInfo OperationInfo="Товары переданы" TransferDate="20.11.2026"/>
            <Table Total="120"><Item Product="Кедровый орех" Unit="166" Net="3" Price="40" TaxRate="20%" Vat="20"
              SubtotalWithVatExcluded="100" Subtotal="120"/></Table>
          </TovTorgSellerTitle>"#,
        answer: r#"<TovTorgBuyerTitle DocumentCreator="Склад" OperationContent="Товары приняты" AcceptanceDate="21.11.2026">
            <Signers powers="1"/></TovTorgBuyerTitle>"#,
        told: &["Кедровый орех", "Товары приняты"],
        printed: &["Товарная накладная", "Н-7", "Кедровый орех", "120.00", "Товары приняты"],
    },
    Family {
        type_named_id: "XmlAcceptanceCertificate",
        function: "default",
        version: "rezru_05_02_01",
        first: r#"<AcceptanceCertificate552SellerTitle Currency="643" DocumentDate="20.11.2026" DocumentNumber="А-3"
              DocumentCreator="Бухгалтерия" DocumentName="Акт">
            <Seller><OrganizationReference OrgType="1" BoxId="{a}"/></Seller>
            <Buyer><OrganizationReference OrgType="1" BoxId="{b}"/></Buyer>
            <Signers powers="2"/><Grounds><Ground Name="Договор" Number="12" Date="01.02.2026"/></Grounds>
            <Works><Work Total="500"><Item Name="Ремонт маяка" Price="500" Quantity="1" TaxRate="без НДС"
              Subtotal="500"/></Work></Works>
            <TransferInfo OperationInfo="Результаты работ переданы"/>
          </AcceptanceCertificate552SellerTitle>"#,
        answer: r#"<AcceptanceCertificate552BuyerTitle DocumentCreator="Бухгалтерия" OperationContent="Результаты приняты">
            <Signers powers="1"/></AcceptanceCertificate552BuyerTitle>"#,
        told: &["Ремонт маяка", "Результаты приняты"],
        printed: &["Акт", "А-3", "Ремонт маяка", "500.00", "Результаты приняты"],
    },
    Family {
        type_named_id: "UniversalCorrectionDocument",
        function: "КСЧФДИС",
        version: "ucd736_05_01_02",
        first: r#"<UniversalCorrectionDocument Function="КСЧФДИС" DocumentDate="20.11.2026" DocumentNumber="К-1"
              Currency="643" CurrencyName="1" DocumentCreator="Бухгалтерия">
            <Invoices><Invoice Date="01.11.2026" Number="СФ-9"/></Invoices>
            <Seller><OrganizationReference OrgType="1" BoxId="{a}"/></Seller>
            <Buyer><OrganizationReference OrgType="1" BoxId="{b}"/></Buyer>
            <Table><Items><Item Product="Янтарь"><TaxRate OriginalValue="20%" CorrectedValue="20%"/>
              <Unit OriginalValue="166" CorrectedValue="166"/><Quantity OriginalValue="10" CorrectedValue="8"/>
              <Price OriginalValue="50" CorrectedValue="50"/>
              <SubtotalWithVatExcluded OriginalValue="500" CorrectedValue="400"><AmountsDec>100</AmountsDec></SubtotalWithVatExcluded>
              <Vat OriginalValue="100" CorrectedValue="80"><AmountsDec>20</AmountsDec></Vat>
              <Subtotal OriginalValue="600" CorrectedValue="480"><AmountsDec>120</AmountsDec></Subtotal></Item></Items>
              <TotalsDec TotalWithVatExcluded="100" Vat="20" Total="120"/></Table>
            <EventContent OperationContent="Предлагаю изменить стоимость">
              <TransferDocDetails BaseDocumentName="УПД" BaseDocumentNumber="СФ-9" BaseDocumentDate="01.11.2026"/>
              <CorrectionBase BaseDocumentName="Соглашение"/></EventContent>
            <Signers powers="6"/>
          </UniversalCorrectionDocument>"#,
        answer: r#"<UniversalCorrectionDocumentBuyerTitle DocumentCreator="Бухгалтерия" OperationContent="Согласен">
            <Signers powers="3"/></UniversalCorrectionDocumentBuyerTitle>"#,
        told: &["Янтарь", "Согласен"],
        printed: &["К-1", "СФ-9", "Янтарь", "120.00", "Согласен"],
    },
    Family {
        type_named_id: "ReconciliationAct",
        function: "default",
        version: "reconciliationact405_05_01_01",
        first: r#"<ReconciliationActSenderTitle ReconciliationStartDate="01.07.2026" ReconciliationEndDate="30.09.2026"
              DocumentNumber="АС-4" Currency="643">
            <Sender><OrganizationReference OrgType="2" Ogrn="1027700132195" BoxId="{a}"/></Sender>
            <Recipient><OrganizationReference OrgType="2" Ogrn="1027700132206" BoxId="{b}"/></Recipient>
            <Table StartBalanceDebit="0" StartBalanceCredit="0" TurnoverDebit="100" TurnoverCredit="0"
              EndBalanceDebit="100" EndBalanceCredit="0"><ContractInfoItems><Item Number="Д-1" Date="01.02.2026"
              StartBalanceDebit="0" StartBalanceCredit="0" TurnoverDebit="100" TurnoverCredit="0"
              EndBalanceDebit="100" EndBalanceCredit="0"><DocumentInfoItems><Item Name="УПД" Number="77"
              Date="05.08.2026"><OperationInfoItems><Item RowNumber="1" Date="05.08.2026" Name="Поставка янтаря"
              SumDebit="100" SumCredit="0"/></OperationInfoItems></Item></DocumentInfoItems></Item></ContractInfoItems></Table>
            <Signers/>
          </ReconciliationActSenderTitle>"#,
        answer: r#"<ReconciliationActRecipientTitle SignOfDisagreement="2"><Signers/></ReconciliationActRecipientTitle>"#,
        told: &["Поставка янтаря", "SignOfDisagreement=\"2\""],
        printed: &["АС-4", "УПД", "Поставка янтаря"],
    },
    Family {
        type_named_id: "Torg2",
        function: "WithAdditionalInfo",
        version: "torg2_05_01_01",
        first: r#"<Torg2SenderTitle DocumentDate="20.11.2026" DocumentNumber="Т-2" DocumentName="ТОРГ-2" DocumentCreator="Склад">
            <CircumstancesAcceptanceInfo>
              <Seller><OrganizationReference OrgType="1" BoxId="{b}"/></Seller>
              <Buyer><OrganizationReference OrgType="1" BoxId="{a}"/></Buyer></CircumstancesAcceptanceInfo>
            <EvidenceAcceptanceInfo EventSummary="Недостача"><AcceptanceResults><AcceptanceResult>
              <Assets Product="Морошка"/><Shortfall Quantity="2" Subtotal="50"/></AcceptanceResult></AcceptanceResults>
            </EvidenceAcceptanceInfo>
            <DocumentAdditionalInfos><DocumentAdditionalInfo>2</DocumentAdditionalInfo></DocumentAdditionalInfos>
            <Signers powers="1"/>
          </Torg2SenderTitle>"#,
        answer: r#"<Torg2RecipientTitle DocumentCreator="Сбыт" AcceptanceSummaryDate="22.11.2026" AcceptanceSummary="Долг признан">
            <Signers powers="21"/></Torg2RecipientTitle>"#,
        told: &["Морошка", "Долг признан"],
        printed: &["Т-2", "Морошка", "50.00", "Долг признан"],
    },
    Family {
        type_named_id: "UniversalTransferDocument",
        function: "СЧФДОП",
        version: "utd_05_01_05",
        first: r#"<UniversalTransferDocument Function="СЧФДОП" DocumentDate="20.11.2026" DocumentNumber="У-155" Currency="643"
              DocumentCreator="Бухгалтерия">
            <Sellers><Seller><OrganizationReference OrgType="1" BoxId="{a}"/></Seller></Sellers>
            <Buyers><Buyer><OrganizationReference OrgType="1" BoxId="{b}"/></Buyer></Buyers>
            <Table Total="24" Vat="4"><Item Product="Клюква" TaxRate="20%" Vat="4" Subtotal="24"/></Table>
            <TransferInfo OperationInfo="Переданы"/><Signers powers="2"/>
          </UniversalTransferDocument>"#,
        answer: r#"<UniversalTransferDocumentBuyerTitle DocumentCreator="Склад" OperationContent="Принято">
            <Signers powers="1"/></UniversalTransferDocumentBuyerTitle>"#,
        told: &["Клюква", "Принято"],
        printed: &["У-155", "Клюква", "24.00"],
    },
    Family {
        type_named_id: "UniversalCorrectionDocument",
        function: "КСЧФДИС",
        version: "ucd29_05_02_01",
        first: r#"<UniversalCorrectionDocument Function="КСЧФДИС" DocumentDate="20.11.2026" DocumentNumber="К-29"
              Currency="643" DocumentName="УКД" DocumentCreator="Бухгалтерия">
            <Invoices><Invoice Date="01.11.2026" Number="СФ-29"/></Invoices>
            <Seller><OrganizationReference BoxId="{a}"/></Seller>
            <Buyer><OrganizationReference BoxId="{b}"/></Buyer>
            <Table><Items><Item OriginalNumber="1" Product="Жемчуг" TaxRate="TwentyTwoPercent" Unit="166">
              <Quantity OriginalValue="10" CorrectedValue="8"/><Price OriginalValue="50" CorrectedValue="50"/>
              <SubtotalWithVatExcluded OriginalValue="500" CorrectedValue="400"><AmountsDec>100</AmountsDec></SubtotalWithVatExcluded>
              <Vat OriginalValue="110" CorrectedValue="88"><AmountsDec>22</AmountsDec></Vat>
              <Subtotal OriginalValue="610" CorrectedValue="488"><AmountsDec>122</AmountsDec></Subtotal></Item></Items>
              <TotalsDec SubtotalWithVatExcluded="100" Vat="22" Subtotal="122"/></Table>
            <EventContent OperationContent="1" NotificationDate="20.11.2026">
              <TransferDocuments><TransferDocument DocumentName="УПД" DocumentNumber="СФ-29" DocumentDate="01.11.2026"/></TransferDocuments>
              <CorrectionBases><CorrectionBase DocumentName="Соглашение" DocumentNumber="3" DocumentDate="19.11.2026"/></CorrectionBases>
            </EventContent><Signers/>
          </UniversalCorrectionDocument>"#,
        answer: r#"<UniversalCorrectionDocumentBuyerTitle DocumentCreator="Бухгалтерия" OperationContent="1"
            OperationContentDetails="Согласен с уценкой"><Signers/></UniversalCorrectionDocumentBuyerTitle>"#,
        told: &["Жемчуг", "Согласен с уценкой"],
        printed: &["К-29", "СФ-29", "Жемчуг", "122.00", "Согласен с уценкой"],
    },
    Family {
        type_named_id: "XmlProformaInvoice",
        function: "default",
        version: "proformainvoice29_05_01_01",
        first: r#"<XmlProformaInvoice DocumentDate="20.11.2026" DocumentNumber="С-5" Function="0" Currency="643">
            <Seller><OrganizationReference BoxId="{a}"/></Seller>
            <Buyer><OrganizationReference BoxId="{b}"/></Buyer>
            <Table TotalWithVatExcluded="100" Vat="22" Total="122"><Item Product="Сидр" Unit="166" Quantity="1" Price="100"
              TaxRate="TwentyTwoPercent" SubtotalWithVatExcluded="100" Vat="22" Subtotal="122"/></Table>
            <Signers/>
          </XmlProformaInvoice>"#,
        answer: "",
        told: &["Сидр"],
        printed: &["С-5", "Сидр", "122.00"],
    },
    Family {
        type_named_id: "PerformedWorkAcceptanceCertificate",
        function: "default",
        version: "performedworkacceptancecertificate691_01_00_01",
        first: r#"<PerformedWorkAcceptanceCertificate DocumentDate="20.11.2026" DocumentNumber="КС-2" ObjectName="Маяк"
              ContractCurrency="643" Currency="643" DocumentCreator="Участок">
            <ContractDocument DocumentName="Договор" DocumentNumber="12" DocumentDate="01.02.2026"/>
            <Contractor><OrganizationReference BoxId="{a}"/></Contractor>
            <Customer><OrganizationReference BoxId="{b}"/></Customer>
            <WorkInfos><WorkInfo><Items><Item Product="Кладка стен" Unit="055" Quantity="5" Price="100"
              SubtotalWithVatExcluded="500" WithoutVat="true" Subtotal="500"/></Items></WorkInfo></WorkInfos>
            <TransferInfo OperationInfo="Результаты работ переданы"/>
            <Total TotalWithVatExcluded="500" Total="500" WithoutVat="true"/><Signers/>
          </PerformedWorkAcceptanceCertificate>"#,
        answer: r#"<PerformedWorkAcceptanceCertificateRecipientTitle DocumentCreator="Стройка" StateOrMunicipal="0"
            OperationContent="Работы приняты"><Signers/></PerformedWorkAcceptanceCertificateRecipientTitle>"#,
        told: &["Кладка стен", "Работы приняты"],
        printed: &["КС-2", "Маяк", "Кладка стен", "500.00", "Работы приняты"],
    },
];

fn data(text: &str, a: &str, b: &str) -> Raw {
    let text = match text.split_once("<Signers powers=\"") {
        Some((before, rest)) => {
            let (powers, after) = rest.split_once("\"/>").expect("the signers end");
            format!("{before}{}{after}", SIGNER.replace("{powers}", powers))
        }
        None => text.replace("<Signers/>", NAMED_SIGNER),
    };
    Raw(Bytes::from(text.replace("{a}", a).replace("{b}", b)))
}

#[tokio::test]
async fn every_family_goes_from_data_to_paper() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boxes = (a.box_id().to_string(), b.box_id().to_string());
    for family in FAMILIES {
        let Family { type_named_id, function, version, .. } = *family;
        let query = |person: &potok_testkit::Person, index| {
            GenerateTitleXmlQuery::new(person.box_id, type_named_id, function, version, index)
        };
        let of = format!("{type_named_id} {version}");
        let made = a
            .boss
            .client
            .generate_title_xml(&query(&a.boss, 0), data(family.first, &boxes.0, &boxes.1))
            .await
            .unwrap_or_else(|error| panic!("{of}: {error}"));
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = DocumentAttachment {
            type_named_id: type_named_id.to_owned(),
            function: Some(function.to_owned()),
            version: Some(version.to_owned()),
            signed_content: test_signed(made.0.clone()),
            ..DocumentAttachment::default()
        };
        let message = a.boss.post(&letter).await.unwrap_or_else(|error| panic!("{of}: {error}"));
        world.drain().await;
        let document = message.entities[0].entity_id.clone();
        let (letter_id, document_id) =
            (message.message_id.parse::<MessageId>().unwrap(), document.parse::<EntityId>().unwrap());
        let (mut titles, mut answer_id) = (vec![made], None);
        if !family.answer.is_empty() {
            let mut answer = query(&b.boss, 1);
            (answer.letter_id, answer.document_id) = (Some(letter_id), Some(document_id));
            let title = b
                .boss
                .client
                .generate_title_xml(&answer, data(family.answer, &boxes.0, &boxes.1))
                .await
                .unwrap_or_else(|error| panic!("{of}: {error}"));
            let patch = MessagePatchToPostV2 {
                message_id: message.message_id.clone(),
                recipient_titles: vec![RecipientTitleAttachment {
                    parent_entity_id: document,
                    signed_content: test_signed(title.0.clone()),
                    ..RecipientTitleAttachment::default()
                }],
                ..MessagePatchToPostV2::default()
            };
            let answered = b.boss.patch(patch).await.unwrap_or_else(|error| panic!("{of}: {error}"));
            answer_id = Some(answered.entities[0].entity_id.parse::<EntityId>().unwrap());
            world.drain().await;
            titles.push(title);
        }
        for ((index, title), words) in titles.into_iter().enumerate().zip(family.told) {
            let index = i64::try_from(index).unwrap();
            let parse = ParseTitleXmlQuery::new(b.boss.box_id, type_named_id, function, version, index);
            let parsed = b.boss.client.parse_title_xml(&parse, title).await.unwrap();
            let parsed = String::from_utf8(parsed.0.to_vec()).unwrap();
            assert!(parsed.contains(words), "{of}: {parsed}");
        }
        let print = DocumentQuery::new(b.boss.box_id, letter_id, document_id);
        let paper = b.boss.client.generate_print_form(&print).await.unwrap();
        if let Some(answer_id) = answer_id {
            let by_answer = DocumentQuery::new(b.boss.box_id, letter_id, answer_id);
            let same = b.boss.client.generate_print_form(&by_answer).await.unwrap();
            assert!(same.0 == paper.0, "{of}: an answer is printed with what it answers");
        }
        // Lines are broken where the columns end.
        let told = text(&paper.0).split_whitespace().collect::<Vec<_>>().join(" ");
        for words in family.printed {
            assert!(told.contains(words), "{of}: {words}: {told}");
        }
    }
    world.end().await;
}
