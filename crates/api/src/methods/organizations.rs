//! Users, organizations and boxes.

use potok_types::access::{Administers, Anyone, BoxEmployee, BoxEmployeeIfNamed, KnownClient, User};
use potok_types::{BoxId, OrgId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, MY_BOX, MyBoxQuery, ORG, OrganizationQuery};
use crate::params::queries;
use crate::spec::dates::{R1, R1_ASSUMED};
use crate::{BoxIn, Deprecation, Empty, Example, NoQuery, Raw};

queries! {
    /// The query of `GetMyOrganizations`.
    GetMyOrganizationsQuery {
        ;
        /// Register organizations of the login certificate; true when absent.
        auto_register: Option<bool> = "autoRegister",
    }

    /// The query of `GetMyCertificates`.
    GetMyCertificatesQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// Add Goskey certificates; false when absent.
        include_goskey_certificates: Option<bool> = "includeGoskeyCertificates",
    }

    /// The query of `GetOrganization`.
    GetOrganizationQuery {
        ;
        /// The organization.
        org_id: Option<OrgId> = "orgId",
        /// The box.
        box_id: Option<BoxId> = "boxId",
        /// Id of the participant in the exchange.
        fns_participant_id: Option<String> = "fnsParticipantId",
        /// Taxpayer number.
        inn: Option<String> = "inn",
        /// Tax registration reason code.
        kpp: Option<String> = "kpp",
        /// Taxpayer code of a foreign organization.
        foreign_taxpayer_code: Option<String> = "foreignTaxpayerCode",
    }

    /// The query of `GetOrganizationsByInnKpp`.
    GetOrganizationsByInnKppQuery {
        /// Taxpayer number.
        inn: String = "inn";
        /// Tax registration reason code.
        kpp: Option<String> = "kpp",
        /// Fill the heads and branches in; false when absent.
        include_relations: Option<bool> = "includeRelations",
    }

    /// The query of `GetOrganizationsByForeignTaxpayerCode`.
    GetOrganizationsByForeignTaxpayerCodeQuery {
        /// Taxpayer code of a foreign organization.
        foreign_taxpayer_code: String = "foreignTaxpayerCode";
        /// Fill the heads and branches in; false when absent.
        include_relations: Option<bool> = "includeRelations",
    }

    /// The query of `GetOrganizationsByInnList`.
    GetOrganizationsByInnListQuery {
        ;
        /// The caller's box.
        my_box_id: Option<BoxId> = "myBoxId",
    }

    /// The query of `GetOrganizationsByInnList`.
    GetOrganizationsByInnListV1Query {
        ;
        /// The caller's organization.
        my_org_id: Option<OrgId> = "myOrgId",
    }

    /// Whose signer details, and for which title.
    ExtendedSignerDetailsQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        thumbprint: String = "thumbprint",
        /// The kind of title: a number from 0 to 26, or its name.
        document_title_type: String = "documentTitleType";
    }

    /// Whose signer details, and for which kind of title.
    ExtendedSignerDetailsV1Query {
        /// The box.
        box_id: BoxId = "boxId",
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        thumbprint: String = "thumbprint";
        /// For the buyer's title; false when absent.
        buyer: Option<bool> = "buyer",
        /// For a correction document.
        correction: bool = "correction",
    }

    /// The query of `ParseRussianAddress`.
    ParseAddressQuery {
        /// The address in words.
        address: String = "address";
    }

    /// The query of `ParseGarAddress`.
    ParseGarAddressQuery {
        /// The address in words.
        address: String = "address";
        /// By municipalities; true when absent, and false for the division by administration, whatever the name says.
        is_administrative_division: Option<bool> = "isAdministrativeDivision",
    }

    /// The query of `GetBoxesByInnKpp`.
    GetBoxesByInnKppQuery {
        /// Taxpayer number.
        inn: String = "inn";
        /// Tax registration reason code.
        kpp: Option<String> = "kpp",
    }
}

endpoints! {
    $ Organizations for_each_organizations_endpoint;

    /// Organizations in which the caller is an employee, with their boxes.
    GetMyOrganizations get_my_organizations = "GetMyOrganizations" 1, Get "/GetMyOrganizations",
    GetMyOrganizationsQuery, Empty => proto::OrganizationList {
        access: User,
        status_codes: &[200, 401, 403, 405, 409, 429, 500],
        example: Some(Example::PLAIN),
    }

    /// The user of the token.
    GetMyUserV2 get_my_user_v2 = "GetMyUser" 2, Get "/V2/GetMyUser",
    NoQuery, Empty => proto::UserV2 {
        access: User,
        status_codes: &[200, 401, 405, 429, 500],
        example: Some(Example::PLAIN),
    }

    /// The user of the token.
    GetMyUser get_my_user = "GetMyUser" 1, Get "/GetMyUser",
    NoQuery, Empty => proto::User {
        access: User,
        status_codes: &[200, 401, 405, 429, 500],
        example: Some(Example::PLAIN),
        deprecation: R1_ASSUMED,
    }

    /// Changes the user of the token.
    UpdateMyUser update_my_user = "UpdateMyUser" 1, Post "/UpdateMyUser",
    NoQuery, proto::users::UserToUpdate => proto::UserV2 {
        access: User,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: Deprecation::Obsolete,
        example: Some(Example::new("", r#"{"FullName":{"FullName":{"LastName":"Орлова","FirstName":"Мария"}}}"#)),
        note: "405 is also the answer to another login: the account has one, and it was not confirmed by mail",
    }

    /// What the caller may do in an organization.
    GetMyPermissions get_my_permissions = "GetMyPermissions" 1, Get "/GetMyPermissions",
    OrganizationQuery, Empty => proto::OrganizationUserPermissions {
        access: BoxEmployee,
        box_in: ORG,
        status_codes: &[200, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("orgId={org}")),
        deprecation: R1,
        replaced_by: Some("GetMyEmployee"),
    }

    /// The caller as an employee of the box.
    GetMyEmployee get_my_employee = "GetMyEmployee" 1, Get "/GetMyEmployee",
    BoxQuery, Empty => proto::employees::Employee {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Certificates bound to the caller.
    GetMyCertificates get_my_certificates = "GetMyCertificates" 1, Get "/GetMyCertificates",
    GetMyCertificatesQuery, Empty => proto::certificates::CertificateList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// One organization, by exactly one of its keys.
    GetOrganization get_organization = "GetOrganization" 1, Get "/GetOrganization",
    GetOrganizationQuery, Empty => proto::Organization {
        access: KnownClient,
        box_in: BoxIn::OptionalQuery("boxId"),
        status_codes: &[200, 400, 401, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Organizations with a taxpayer number.
    GetOrganizationsByInnKpp get_organizations_by_inn_kpp =
        "GetOrganizationsByInnKpp" 1, Get "/GetOrganizationsByInnKpp",
    GetOrganizationsByInnKppQuery, Empty => proto::OrganizationList {
        access: KnownClient,
        status_codes: &[200, 400, 401, 403, 405, 429, 500],
        example: Some(Example::query("inn={inn}")),
    }

    /// Foreign organizations with a taxpayer code.
    GetOrganizationsByForeignTaxpayerCode get_organizations_by_foreign_taxpayer_code =
        "GetOrganizationsByForeignTaxpayerCode" 1, Get "/GetOrganizationsByForeignTaxpayerCode",
    GetOrganizationsByForeignTaxpayerCodeQuery, Empty => proto::OrganizationList {
        access: KnownClient,
        status_codes: &[200, 400, 401, 403, 405, 429, 500],
        example: Some(Example::query("foreignTaxpayerCode=DE-1")),
    }

    /// Organizations by a list of taxpayer numbers, with the state of partnership.
    GetOrganizationsByInnListV2 get_organizations_by_inn_list_v2 =
        "GetOrganizationsByInnList" 2, Post "/V2/GetOrganizationsByInnList",
    GetOrganizationsByInnListQuery, proto::GetOrganizationsByInnListRequest
    => proto::GetOrganizationsByInnListResponse {
        access: BoxEmployeeIfNamed,
        box_in: BoxIn::OptionalQuery("myBoxId"),
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new("myBoxId={box}", r#"{"InnList":["{inn}"]}"#)),
    }

    /// Organizations by a list of taxpayer numbers, with the state of partnership.
    GetOrganizationsByInnList get_organizations_by_inn_list =
        "GetOrganizationsByInnList" 1, Post "/GetOrganizationsByInnList",
    GetOrganizationsByInnListV1Query, proto::GetOrganizationsByInnListRequest
    => proto::GetOrganizationsByInnListResponse {
        access: BoxEmployeeIfNamed,
        box_in: BoxIn::OptionalOrganization("myOrgId"),
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new("myOrgId={org}", r#"{"InnList":["{inn}"]}"#)),
        deprecation: R1,
    }

    /// One box with its organization.
    GetBox get_box = "GetBox" 1, Get "/GetBox",
    BoxQuery, Empty => proto::Box {
        access: KnownClient,
        box_in: BOX,
        status_codes: &[200, 400, 401, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Users registered in an organization.
    GetOrganizationUsersV2 get_organization_users_v2 =
        "GetOrganizationUsers" 2, Get "/V2/GetOrganizationUsers",
    BoxQuery, Empty => proto::OrganizationUsersList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Users registered in an organization.
    GetOrganizationUsers get_organization_users = "GetOrganizationUsers" 1, Get "/GetOrganizationUsers",
    OrganizationQuery, Empty => proto::OrganizationUsersList {
        access: BoxEmployee,
        box_in: ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("orgId={org}")),
        deprecation: R1_ASSUMED,
    }

    /// What an organization may use, and whether it is blocked.
    GetOrganizationFeatures get_organization_features =
        "GetOrganizationFeatures" 1, Get "/GetOrganizationFeatures",
    BoxQuery, Empty => proto::organizations::OrganizationFeatures {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Changes requisites of an organization.
    UpdateOrganizationProperties update_organization_properties =
        "UpdateOrganizationProperties" 1, Post "/UpdateOrganizationProperties",
    NoQuery, proto::OrganizationPropertiesToUpdate[org_id: BoxIn::BodyOrganization("OrgId")] => Empty {
        access: Administers<BoxEmployee>,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new("", r#"{"OrgId":"{org}","Ogrn":{"Value":"1027700000000"}}"#)),
        documented: false,
    }

    /// Registers an organization by certificate.
    Register register = "Register" 1, Post "/Register",
    NoQuery, proto::registration::RegistrationRequest => proto::registration::RegistrationResponse {
        access: User,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        example: Some(Example::new("", r#"{"Thumbprint":"0000000000000000000000000000000000000000"}"#)),
    }

    /// Confirms a registration.
    RegisterConfirm register_confirm = "RegisterConfirm" 1, Post "/RegisterConfirm",
    NoQuery, proto::registration::RegistrationConfirmRequest => Empty {
        access: User,
        status_codes: &[200, 400, 401, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new("", r#"{"Thumbprint":"0000000000000000000000000000000000000000","DataToSign":"","Signature":""}"#).answered(400)),
    }

    /// Operators reachable by roaming.
    GetRoamingOperators get_roaming_operators = "GetRoamingOperators" 1, Get "/GetRoamingOperators",
    BoxQuery, Empty => proto::RoamingOperatorList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Participants of the exchange by taxpayer number or participant id.
    SearchFnsParticipants search_fns_participants = "SearchFnsParticipants" 1, Post "/SearchFnsParticipants",
    MyBoxQuery, proto::fns_participants::SearchFnsParticipantsRequest
    => proto::fns_participants::SearchFnsParticipantsResponse {
        access: BoxEmployee,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new("myBoxId={box}", r#"{"Inn":"7701000010","Kpp":"770101001"}"#)),
    }

    /// The organization of a participant of another operator.
    GetOrCreateRoamingOrganizationByFnsParticipantId get_or_create_roaming_organization_by_fns_participant_id =
        "GetOrCreateRoamingOrganizationByFnsParticipantId" 1, Post "/GetOrCreateRoamingOrganizationByFnsParticipantId",
    MyBoxQuery, proto::GetOrCreateRoamingOrganizationByFnsParticipantIdRequest => proto::Organization {
        access: BoxEmployee,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new("myBoxId={box}", r#"{"FnsParticipantId":"2AE-7701000010"}"#).answered(409)),
    }

    /// Whether a certificate is registered for signing invoices of the box.
    CanSendInvoice can_send_invoice = "CanSendInvoice" 1, Post "/CanSendInvoice",
    BoxQuery, Raw => Empty {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}", "no certificate").answered(400)),
        note: "403 is a business answer here: the certificate is not registered",
    }

    /// Registers certificates for invoices with the tax service.
    SendFnsRegistrationMessage send_fns_registration_message =
        "SendFnsRegistrationMessage" 1, Post "/SendFnsRegistrationMessage",
    BoxQuery, proto::invoicing::FnsRegistrationMessageInfo => Empty {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new("boxId={box}", r#"{"Certificates":[]}"#).answered(400)),
        note: "that an administrator is needed is our choice",
    }

    /// Stores who signs titles with a certificate, and in what capacity.
    PostExtendedSignerDetailsV2 post_extended_signer_details_v2 =
        "PostExtendedSignerDetails" 2, Post "/V2/ExtendedSignerDetails",
    ExtendedSignerDetailsQuery, proto::invoicing::signers::ExtendedSignerDetailsToPost
    => proto::invoicing::signers::ExtendedSignerDetails {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}&thumbprint=0&documentTitleType=0", "{}").answered(400)),
    }

    /// Who signs titles with a certificate, and in what capacity.
    GetExtendedSignerDetailsV2 get_extended_signer_details_v2 =
        "GetExtendedSignerDetails" 2, Get "/V2/ExtendedSignerDetails",
    ExtendedSignerDetailsQuery, Empty => proto::invoicing::signers::ExtendedSignerDetails {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&thumbprint=0&documentTitleType=0").answered(400)),
    }

    /// Stores who signs titles with a certificate, and in what capacity.
    PostExtendedSignerDetails post_extended_signer_details =
        "PostExtendedSignerDetails" 1, Post "/ExtendedSignerDetails",
    ExtendedSignerDetailsV1Query, proto::invoicing::signers::ExtendedSignerDetailsToPost
    => proto::invoicing::signers::ExtendedSignerDetails {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}&thumbprint=0", "{}").answered(400)),
        deprecation: R1_ASSUMED,
    }

    /// Who signs titles with a certificate, and in what capacity.
    GetExtendedSignerDetails get_extended_signer_details =
        "GetExtendedSignerDetails" 1, Get "/ExtendedSignerDetails",
    ExtendedSignerDetailsV1Query, Empty => proto::invoicing::signers::ExtendedSignerDetails {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&thumbprint=0").answered(400)),
        deprecation: R1_ASSUMED,
    }

    /// Splits an address into its parts.
    ParseRussianAddress parse_russian_address = "ParseRussianAddress" 1, Get "/ParseRussianAddress",
    ParseAddressQuery, Empty => proto::RussianAddress {
        access: Anyone,
        status_codes: &[200, 400, 405, 429, 500],
        example: Some(Example::query("address=%D0%B3%20%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0")),
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("ParseGarAddress"),
    }

    /// Splits an address into its parts by the state address register.
    ParseGarAddress parse_gar_address = "ParseGarAddress" 1, Get "/V1/ParseGarAddress",
    ParseGarAddressQuery, Empty => proto::GarAddress {
        access: User,
        status_codes: &[200, 400, 401, 405, 429, 500],
        example: Some(Example::query("address=%D0%B3%20%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0")),
        note: "200 without a body: the register does not have the address",
    }

    /// Boxes of the user of the token.
    GetBoxesByAuthToken get_boxes_by_auth_token = "GetBoxesByAuthToken" 1, Get "/GetBoxesByAuthToken",
    NoQuery, Empty => Raw {
        access: User,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("GetMyOrganizations"),
        note: "BoxList: the structure is not in the published schema, so the bytes are handed on as they are",
    }

    /// Boxes of an organization.
    GetBoxesByInnKpp get_boxes_by_inn_kpp = "GetBoxesByInnKpp" 1, Get "/GetBoxesByInnKpp",
    GetBoxesByInnKppQuery, Empty => Raw {
        access: KnownClient,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("GetOrganizationsByInnKpp"),
        note: "BoxList: the structure is not in the published schema, so the bytes are handed on as they are",
    }

    /// One box.
    GetBoxInfo get_box_info = "GetBoxInfo" 1, Get "/GetBoxInfo",
    BoxQuery, Empty => Raw {
        access: KnownClient,
        box_in: BOX,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("GetBox"),
        note: "BoxInfo: the structure is not in the published schema, so the bytes are handed on as they are",
    }
}
