"""Header rows of real exports of business systems: what each column is taken for."""

from importlib import import_module

import pytest

from crmcli.importers.base import CERTAIN
from crmcli.importers.targets import parse
from tests.importers.tables import SAMPLES, best, source, targets

HEADERS = SAMPLES / "csv-headers"
# Format, and the columns with a meaning; all others are passed over.
EXPECTED = {
    "hubspot_contacts": (
        "hubspot",
        """
        Record ID -> external.hubspot
        First Name -> given_name
        Last Name -> family_name
        Email -> email
        Phone Number -> phone
        Contact owner -> set.owner_name
        Lead Status -> lead_status
        Create Date -> set.create_date
        Contact Type -> set.contact_type
        Lifecycle Stage -> lifecycle_stage
        Lead Source -> lead_source
        Stage of Journey -> set.stage_of_journey
        Next appointment date -> set.next_appointment_date
        Associated Company -> company
        """,
    ),
    "hubspot_companies": (
        "hubspot-companies",
        """
        Record ID -> external.hubspot-company
        Company name -> name
        Website URL -> url.website
        Company owner -> set.owner_name
        Create Date -> set.create_date
        Legal entity address -> address
        """,
    ),
    "hubspot_deals": (
        "hubspot-deals",
        """
        Record ID -> external.hubspot-deal
        Deal Name -> name
        Deal Stage -> stage
        Amount -> amount
        Deal owner -> owner_name
        Associated Company IDs -> company.external.hubspot-company
        Associated Contact IDs -> contact.external.hubspot
        Lead source -> lead_source
        Integration type -> set.integration_type
        Dedicated server -> set.dedicated_server
        Product (event type) -> set.product_event_type
        Live date -> set.live_date
        Date entered current stage -> set.date_entered_current_stage
        Customer tier -> set.customer_tier
        """,
    ),
    "salesforce_contacts_report": (
        "salesforce",
        """
        Salutation -> honorific_prefix
        First Name -> given_name
        Last Name -> family_name
        Title -> job_title
        Mailing Street -> address.work.street
        Mailing City -> address.work.city
        Mailing State/Province -> address.work.region
        Mailing Zip/Postal Code -> address.work.postcode
        Mailing Country -> address.work.country
        Phone -> phone.work
        Mobile -> phone.mobile
        Fax -> phone.fax
        Email -> email
        Account Owner -> set.account_owner
        Account Name -> company
        """,
    ),
    "salesforce_leads_report": (
        "salesforce-leads",
        """
        Lead Owner -> set.owner_name
        First Name -> given_name
        Last Name -> family_name
        Title -> job_title
        Company / Account -> company
        Lead Source -> lead_source
        Rating -> set.rating
        Street -> address.street
        Email -> email
        """,
    ),
    "pipedrive_deals_people_partial": (
        "pipedrive-deals",
        """
        Deal - ID -> external.pipedrive-deal
        Deal - Title -> name
        Deal - Owner -> owner_name
        Deal - Contact person -> contact
        Deal - Stage -> stage
        Deal - Status -> type
        Deal - Lost reason -> lost_reason
        Deal - Deal created -> created_at
        Person - ID -> contact.external.pipedrive
        Person - Name -> contact
        Person - Email - Work -> contact.email
        Person - Phone - Work -> contact.phone
        Person - Phone - Mobile -> contact.phone
        """,
    ),
    "mailchimp_audience": (
        "mailchimp",
        """
        Email Address -> email
        First Name -> given_name
        Last Name -> family_name
        MEMBER_RATING -> set.member_rating
        OPTIN_TIME -> consent.marketing/email
        CONFIRM_TIME -> consent.marketing/email
        TIMEZONE -> timezone
        CC -> set.country
        REGION -> set.region
        EUID -> external.mailchimp
        NOTES -> notes
        TAGS -> tag
        """,
    ),
    "shopify_customers_new": (
        "shopify",
        """
        Customer ID -> external.shopify
        First Name -> given_name
        Last Name -> family_name
        Email -> email
        Accepts Email Marketing -> consent.marketing/email
        Default Address Company -> company
        Default Address Address1 -> address.street
        Default Address Address2 -> address.extended_address
        Default Address City -> address.city
        Default Address Province Code -> address.region
        Default Address Country Code -> address.country
        Default Address Zip -> address.postcode
        Default Address Phone -> phone
        Phone -> phone
        Accepts SMS Marketing -> consent.marketing/sms
        Total Spent -> set.total_spent
        Total Orders -> set.total_orders
        Note -> notes
        Tax Exempt -> set.tax_exempt
        Tags -> tag
        """,
    ),
    "shopify_customers_old": (
        "shopify",
        """
        First Name -> given_name
        Last Name -> family_name
        Email -> email
        Accepts Email Marketing -> consent.marketing/email
        Company -> company
        Address1 -> address.street
        Address2 -> address.extended_address
        City -> address.city
        Province -> address.region
        Country Code -> address.country
        Zip -> address.postcode
        Phone -> phone
        Accepts SMS Marketing -> consent.marketing/sms
        Total Spent -> set.total_spent
        Total Orders -> set.total_orders
        Tags -> tag
        Note -> notes
        Tax Exempt -> set.tax_exempt
        """,
    ),
    "shopify_orders": (
        "shopify-orders",
        """
        Name -> number
        Email -> email
        Financial Status -> financial_status
        Paid at -> paid_at
        Fulfillment Status -> fulfillment_status
        Fulfilled at -> shipped_at
        Currency -> currency
        Subtotal -> subtotal
        Shipping -> shipping
        Taxes -> taxes
        Total -> total
        Discount Code -> set.discount_code
        Discount Amount -> discounts
        Shipping Method -> set.shipping_method
        Created at -> ordered_at
        Lineitem quantity -> quantity
        Lineitem name -> product
        Lineitem price -> price
        Lineitem fulfillment status -> line_status
        Lineitem sku -> sku
        Billing Name -> customer_name
        Billing Address1 -> address.billing.street
        Billing Address2 -> address.billing.extended_address
        Billing City -> address.billing.city
        Billing Zip -> address.billing.postcode
        Billing Province -> address.billing.region
        Billing Country -> address.billing.country
        Billing Phone -> phone
        Shipping Address1 -> address.shipping.street
        Shipping Address2 -> address.shipping.extended_address
        Shipping City -> address.shipping.city
        Shipping Zip -> address.shipping.postcode
        Shipping Province -> address.shipping.region
        Shipping Country -> address.shipping.country
        Notes -> notes
        Note Attributes -> set.note_attributes
        Cancelled at -> cancelled_at
        Payment Method -> payment_method
        Refunded Amount -> refunded
        Id -> external.shopify-order
        Tags -> tag
        Source -> source
        Lineitem discount -> discount
        Phone -> phone
        """,
    ),
    "stripe_customers": (
        "stripe",
        """
        id -> external.stripe
        Description -> notes
        Email -> email
        Name -> name
        Created (UTC) -> set.stripe_created
        Delinquent -> set.stripe_delinquent
        Plan -> set.stripe_plan
        Status -> set.stripe_status
        Total Spend -> set.stripe_total_spend
        Payment Count -> set.stripe_payment_count
        Refunded Volume -> set.stripe_refunded_volume
        Dispute Losses -> set.stripe_dispute_losses
        tag (metadata) -> set.tag
        """,
    ),
}


@pytest.mark.skipif(not HEADERS.is_dir(), reason=f"{HEADERS} is not there")
@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_columns_of_a_real_header_mean(name: str) -> None:
    expected, lines = EXPECTED[name]
    formats = import_module(f"crmcli.importers.{expected.partition('-')[0]}").FORMATS
    file = source((HEADERS / f"{name}.csv").read_bytes(), f"{name}.csv")
    assert best(formats, file) == (expected, CERTAIN)
    made = next(made for made in formats if made.name == expected)
    found = targets(made, file)
    assert {title: target for title, target in found.items() if target} == dict(
        line.strip().split(" -> ") for line in lines.strip().splitlines()
    )
    assert all(parse(target, made.noun) for target in found.values() if target)
