"""What the columns of Salesforce mean: labels as reports have them, API names as Data Loader does, both folded."""

# Columns of Salesforce itself, and of references to users and settings.
_NOISE = dict.fromkeys(
    (
        "masterrecordid", "createdbyid", "lastmodifiedbyid", "lastmodifieddate", "systemmodstamp", "lastvieweddate",
        "lastreferenceddate", "ownerid", "recordtypeid", "photourl", "jigsaw", "jigsawcontactid", "jigsawcompanyid",
        "individualid", "cleanstatus", "reportstoid", "last modified date", "last modified by", "created by",
        "isunreadbyowner", "convertedaccountid", "convertedcontactid", "convertedopportunityid", "pricebookid",
        "pricebook2id", "hasopportunitylineitem", "fiscalquarter", "fiscalyear", "fiscal",
        "expectedrevenue", "campaignid", "contactid", "mailinglatitude", "mailinglongitude", "mailinggeocodeaccuracy",
        "billinglatitude", "billinglongitude", "billinggeocodeaccuracy", "otherlatitude", "otherlongitude",
        "othergeocodeaccuracy", "shippinglatitude", "shippinglongitude", "shippinggeocodeaccuracy", "latitude",
        "longitude", "geocodeaccuracy", "isemailbounced",
    ),
    "",
)  # fmt: skip
_RECORD = {
    **_NOISE,
    "id": "external.salesforce",
    "isdeleted": "set.isdeleted",
    "description": "notes",
    "created date": "set.created_date",
    "createddate": "set.created_date",
    "currencyisocode": "currency",
}
_COMMON = {
    **_RECORD,
    "phone": "phone.work",
    "fax": "phone.fax",
    "website": "url.website",
    "industry": "set.company_industry",
}
_PERSON = {
    **_COMMON,
    "salutation": "honorific_prefix",
    "first name": "given_name",
    "firstname": "given_name",
    "middle name": "additional_name",
    "middlename": "additional_name",
    "last name": "family_name",
    "lastname": "family_name",
    "suffix": "honorific_suffix",
    "name": "name",
    "full name": "name",
    "title": "job_title",
    "department": "department",
    "email": "email",
    "email address": "email",
    "business phone": "phone.work",
    "mobile": "phone.mobile",
    "mobile phone": "phone.mobile",
    "mobilephone": "phone.mobile",
    "home phone": "phone.home",
    "homephone": "phone.home",
    "other phone": "phone.other",
    "otherphone": "phone.other",
    "business fax": "phone.fax",
    "asst. phone": "set.assistant_phone",
    "assistantphone": "set.assistant_phone",
    "assistant": "set.assistant",
    "assistantname": "set.assistant",
    "lead source": "lead_source",
    "leadsource": "lead_source",
    "email opt out": "consent.marketing/email",
    "hasoptedoutofemail": "consent.marketing/email",
    "fax opt out": "set.fax_opt_out",
    "hasoptedoutoffax": "set.fax_opt_out",
    "do not call": "consent.marketing/call",
    "donotcall": "consent.marketing/call",
    "rating": "set.rating",
    "reports to": "set.reports_to",
    "contact owner": "set.owner_name",
    "lead owner": "set.owner_name",
    "account owner": "set.account_owner",
}
CONTACT = {
    **_PERSON,
    "contact id": "external.salesforce",
    "contact name": "name",
    "birthdate": "birth_date",
    "account name": "company",
    "account.name": "company",
    "account id": "company.external.salesforce",
    "accountid": "company.external.salesforce",
    "account site": "",
}
LEAD = {
    **_PERSON,
    "lead id": "external.salesforce",
    "company": "company",
    "company / account": "company",
    "lead status": "lead_status",
    "status": "lead_status",
    "converted": "set.isconverted",
    "isconverted": "set.isconverted",
    "no. of employees": "set.company_employees",
    "numberofemployees": "set.company_employees",
}
ACCOUNT = {
    **_COMMON,
    "account id": "external.salesforce",
    "account name": "name",
    "name": "name",
    "phone": "phone",
    "industry": "industry",
    "employees": "employee_count",
    "number of employees": "employee_count",
    "numberofemployees": "employee_count",
    "account description": "notes",
    "account owner": "set.owner_name",
    "parent account": "set.parent_account",
    "parentid": "",
}
OPPORTUNITY = {
    **_RECORD,
    "opportunity id": "external.salesforce",
    "opportunity name": "name",
    "created date": "created_at",
    "createddate": "created_at",
    "name": "name",
    "closed": "set.isclosed",
    "isclosed": "set.isclosed",
    "won": "set.iswon",
    "iswon": "set.iswon",
    "stage": "stage",
    "stagename": "stage",
    "amount": "amount",
    "amount currency": "currency",
    "opportunity currency": "currency",
    "probability (%)": "probability",
    "probability": "probability",
    "close date": "close_date",
    "closedate": "close_date",
    "forecast category": "forecast_category",
    "forecastcategory": "forecast_category",
    "forecastcategoryname": "",
    "type": "set.type",
    "lead source": "lead_source",
    "leadsource": "lead_source",
    "next step": "set.next_step",
    "nextstep": "set.next_step",
    "loss reason": "lost_reason",
    "opportunity owner": "owner_name",
    "account name": "company",
    "account id": "company.external.salesforce",
    "accountid": "company.external.salesforce",
    "contact name": "contact",
    "contact: full name": "contact",
    "primary contact": "contact",
}
_PARTS = {
    "street": "street",
    "city": "city",
    "state": "region",
    "state/province": "region",
    "zip/postal code": "postcode",
    "postalcode": "postcode",
    "country": "country",
}
# What each address is called in a label and, without the space, in an API name; a lead has just one.
_ADDRESSES = {"mailing": "work", "other": "other", "billing": "billing", "shipping": "shipping", "": ""}
ADDRESSES = {
    f"{kind}{space}{title}": ".".join(filter(None, ("address", label, part)))
    for kind, label in _ADDRESSES.items()
    for space in ((" ", "") if kind else ("",))
    for title, part in _PARTS.items()
}
# The codes that stand beside the names where an organisation uses lists of states and countries.
ADDRESSES |= {
    f"{kind}{space}{title}": ""
    for kind in _ADDRESSES
    for space in ((" ", "") if kind else ("",))
    for title in ("statecode", "countrycode", "state code", "country code", "state/province code")
}
