"""Stories of first questions, offers and orders; `crmcli.services.demodata.script` says how they are written."""

MEETING = """
== meet any | The press for a few trees
+0 in web_form | Which press for {trees} trees?
We have {trees} old trees, mostly {apple}, and so far we <carry the apples to a neighbour|give half of them away>.
Which of your presses would suit us, and what does it cost to send it to {city}?
+1 out email replied | Re: Which press for {trees} trees?
Dear {first},

for {trees} trees the **{press}** is the right size: one filling an hour, cleaned in ten minutes.

- press: {price}
- pressing bags, two: included
- carriage to {city}: <about ten days|a week to ten days>

Would you like to try one first? We lend a demonstration press for a weekend.
-> +4 normal call: Ask {first} whether the {press} fits
+5 out call no_answer
Rang about the {press}; nobody there.
+1 out call connected 11m
{first} likes the {press} but wants to wait for the blossom and see how much fruit there will be. Ring again later.
-> +30 low call: Ask {first} how the blossom was

== meet business | Met at the fair
+0 in in_person 15m | <Spring fair, stand 14|At the harvest fair>
{first} of {company} watched the {press} working for a long while, then asked about yield per hour and cleaning.
Took the catalogue and the card.
-> +3 high email: Send {first} the yield figures of the {press}
+2 out email replied | The figures you asked for at the fair
Dear {first},

thank you for stopping at our stand. As promised, what we measured with the {press} last season:

| apple | juice per 100 kg |
|---|---|
| {apple} | 68 l |
| mixed windfalls | 61 l |

Fill, press and empty: 25 minutes with two people.
+4 in email
Thank you, that is more than we get out of our old press. Could somebody visit and look at our press house? The door
is <only 1.10 m wide|narrow and there are three steps>.
-> +10 normal meeting: Visit {company} and measure the door
+9 out meeting held 1h10m | Visit to the press house
Measured the door and the floor. The {press} goes in without its feet. They want an offer with a {mill} as well.
Decision by {first} together with the family.

== meet any | A friend's recommendation
+0 in call connected 8m
{first} pressed at a friend's who has our press, and would like the same. About {trees} trees, {apple} and some pears.
+0 out email replied | Our catalogue, and the press that your friend has
Dear {first},

how good to hear it was such a merry afternoon. Your friend has the **{press}** ({price}). The catalogue is attached;
page 12 shows what fits to it.
-> +7 normal call: Ask {first} what is still unclear
+6 out call left_voicemail 1m
Left a message: happy to answer questions, in the workshop until five.
+1 in chat connected 6m
{first} asked whether pears can be pressed too (yes, let them ripen, add a third of apples), and whether we take back
the old press. We do, for its iron.

== meet business | A question by letter
+0 in post | Enquiry
A handwritten letter with a drawing of the press house of {company}: three rows of trees, a cellar, "we need something
that two of us can lift". {first} asks for the catalogue on paper.
+3 out post | Catalogue and price list
Sent the catalogue on paper, the price list and a postcard of the workshop. Marked the {press} with a slip.
-> +14 low call: Ring {company}, did the catalogue arrive?
+13 out call connected 7m
It arrived, and is on the kitchen table. {first} will talk about it after the pruning.

== meet private | Found us in a film
+0 in social | Saw your press in a film
Hello! I saw your {press} in a film about old orchards. Do you sell to private people too? I have {trees} trees in
{city}.
+0 out social replied | Re: Saw your press in a film
Hello {first}, we do! Most of our presses stand in gardens. Shall we send the catalogue? Then please write your address
to us by mail rather than here.
+2 in email
Here is my address, thank you. And please tell me which ladder is the safe one, I am not as young as my trees.
-> +5 normal post: Send {first} the catalogue, mark the ladders
+3 out post | Catalogue
Catalogue sent, page 31 marked: the three-legged ladder.
"""

OFFERS = """
== offer business | An offer for the press house
+0 in call connected 14m
{first} wants an offer: one {press}, one {mill}, and spare cloths. Must be there before the early apples.
-> +2 high email: Write the offer for {company}
+1 out email | Offer {offer}
Dear {first},

here is our offer {offer}:

1. {press}: {price}
2. {mill}
3. {qty} press cloths

Delivered to {city}, set up and tried with your own apples. It holds for six weeks.
-> +7 high call: Ask {first} about offer {offer}
+8 out call connected 12m
{first} finds the mill dear. Explained the difference between drum and blade. They ask the bank first.
-> +10 urgent call: Decision about offer {offer}
+9 in email | Re: Offer {offer}
The bank agrees, my brother does not yet. Could you leave out the cloths and come down a little? We would then order
this month.
-> +2 urgent call: Answer {first} on the price of offer {offer}
+1 out email replied | Re: Offer {offer}
Dear {first},

without the cloths and with pick-up by your own van we can take <4|5> % off. That is as far as honest work goes. The
offer holds until {soon}.
-> +9 high call: Last question to {first} about offer {offer}

== offer dealer | Terms for a dealer
+0 in email | Selling your presses
{company} would like to sell your small presses and the tools. What are your terms, and do you deliver single pieces
straight to our customers?
-> +2 high email: Send {company} the dealer terms
+1 out email replied | Dealer terms
Dear {first},

gladly. From six pieces a year 22 %, from twenty 28 %. Single pieces go straight to your customer, neutral box, your
delivery note. Minimum order: none, we were small once as well.
+6 in call connected 18m +1
Asked about returns and about pictures for their shop. They start with {qty} pieces on trial if we take back what is
not sold by winter.
-> +5 high meeting: Agree the trial with {company}
+5 out meeting held 45m +1 | Video call about the trial
Agreed: {qty} pieces, payment after 60 days, back by the end of November what is left. {first} sends the order in
writing.
-> +7 normal email: Remind {first} of the written order

== offer private | A present
+0 in email | A present for a sixtieth birthday
I am looking for something for my <father|mother|aunt>, who has {trees} trees and a bad back. Is the {press} hard work?
It has to be here by {soon}.
+0 out email replied | Re: A present for a sixtieth birthday
Dear {first},

the {press} turns with one hand, and we can brass-engrave a name on the beam. {price} with engraving. If you order by
Friday it will be there in time.
-> +2 high call: Ask {first} for the name to engrave
+3 out sms
Good morning {first}, shall we reserve a {press} for the birthday? The engraver comes on Friday. Pomona Press Works
-> +2 urgent call: The birthday press of {first}

== knock any | A question that waits
+0 in web_form | Do you deliver to {city}?
I have {trees} trees and a question: do you deliver to {city}, and who sets the press up?

== offer any | The offer that came to nothing
+0 in web_form | Request for an offer
Please send an offer for a {press} and a {mill}, delivered to {city}.
+1 out email | Offer {offer}
Dear {first},

here is our offer {offer}: {press} {price}, and the {mill} that goes with it. Delivery about three weeks after your
order.
-> +10 normal call: Ask about offer {offer}
+9 out call busy
Busy.
+2 out call connected 5m
{first} bought a used one from a neighbour. No hard feelings, will come to us for cloths and bags.
x> bought a used press from a neighbour
"""

BUYING = """
== buy business | A press for the new season
+0 in email | Order: {press}
Dear all, please take this as our order according to offer {offer}: one {press}, one {mill}. Invoice to {company}.
+0 out email replied | Confirmation {order}
Dear {first},

thank you for the order; its number is **{order}**. We build your press in the next weeks and ring before we load it.
-> +16 normal call: Agree the delivery day of {order} with {company}
+15 out call connected 6m
Delivery on {soon}, by ten in the morning, with the tail lift. Somebody strong will be there.
+8 out in_person held 2h30m +1 | Set up and first pressing
Set up the {press} in the press house, pressed three crates of {apple} together. {first} and the cellar hand can do it
alone now. Showed the cleaning twice.
-> +14 normal call: After-care: how does the {press} work at {company}?
+13 out call connected 9m *5
All well. 400 litres on the first Saturday. They ask for a second set of cloths next year.

== buy private | Ordered in the shop
+0 in self_service | Order {order}
{first} ordered in the web shop: one {press}, two pressing bags. Paid by card.
+0 out email | Your order {order}
Dear {first},

your {press} is on its way to the packing bench. It leaves us this week; the carrier rings before it comes.
+6 out sms
Your press travels today and should be in {city} within three days. Pomona Press Works
-> +12 low email: Ask {first} how the first juice was
+11 out email replied | How was the first juice?
Dear {first},

did everything arrive well, and did the first juice taste as it should? If the spindle squeaks: a drop of olive oil,
never grease.
+2 in email *5
It tasted like when I was six years old. The neighbours now bring their apples as well. Thank you!

== buy any | By telephone, from the catalogue
+0 in call connected 13m
{first} orders from the catalogue: one {press}, a {tool}. Read the address twice. Wants to pay by invoice.
-> +1 normal email: Send {first} the confirmation {order}
+1 out email | Confirmation {order}
Dear {first},

as said on the telephone: one {press} ({price}), one {tool}. They leave us on {soon}.
+4 in call connected 4m
Could the parcel come on a Thursday? Only then somebody is at home. Told the carrier.
+9 out call connected 5m *4
Arrived on the Thursday. Everything there, one dent in the drip tray, {first} does not mind it.

== buy dealer | The spring order
+0 in email | Order for the spring
Hello, please send us for the season:

- {qty} x {tool}
- 6 x {press}
- a handful of catalogues

Our number for it: {order}.
+1 out email replied | Confirmation {order}
Dear {first},

everything is on the shelf except the presses, which follow on {soon}. Two parcels then; the second carriage is on us.
-> +11 normal email: Tell {company} when the presses leave
+10 out email | The presses of {order} left today
Six boxes on one pallet, with the catalogues on top. Please look at the corners before you sign.
+3 in self_service
{first} downloaded the pictures and the assembly sheets from the dealer pages.
+5 out call connected 8m *4
The pallet stood in the rain at the depot, the boxes are soft but the presses dry. They sold two on the first Saturday.
-> +60 low call: Ask {company} what is left on the shelf

== buy business | First the trial, then the order
+0 out in_person held 1h20m | Delivered the demonstration press
Took the {press} to {company} for a fortnight. They sign for it; no deposit.
-> +14 high call: Fetch the demonstration press, or sell it
+13 out call connected 10m
They do not want to give it back. {first} asks for the price of the very one that stands there.
+1 in email | We keep it
We have decided: the press stays. Please send the invoice, and a <second pressing bag|longer handle>.
+1 out email | Invoice and thanks
Dear {first},

what could be a nicer order? The invoice is attached, less a little for the fortnight of wear. Its number: {order}.
+10 in post | Payment, and a bottle
The payment is there, and a parcel with a bottle: "{apple}, from your press". On the shelf above the till now.

== buy any | Fetched in person
+0 in call connected 6m
{first} would rather fetch the {press} in person, and see where it comes from. Any day but Monday.
-> +4 normal sms: Tell {first} when the {press} is ready
+3 out sms
Your {press} is ready and stands by the door. We are here until five. Pomona Press Works
+2 in in_person held 40m | Fetched the press
{first} came with a trailer, was shown the workshop, and left with the {press}, a {tool} and sawdust on both knees.
Invoice {order} paid at the counter.
+20 out call connected 5m *4
Runs well. The {part} sits a little tight; it will give after a season.

== buy business | Step by step
+0 in meeting connected 40m | Call about the new press house
{company} builds a new press house and wants to buy in two steps: the {mill} now, the {press} when the floor is dry.
-> +3 high email: Confirm both steps to {company}
+2 out email | Both steps on one page
Dear {first},

1. now: {mill}, order {order}
2. when the floor is dry: {press}, {price}, the price stands until the end of the year

So you decide when the second step comes.
+14 in email replied | The floor is dry
The floor is dry, the mill has passed its first week. Please send the {press}.
+11 out in_person held 4h +1 | The {press} for the new press house
Set it up, levelled it twice: the floor is dry but not even. First juice at four o'clock, applause.
+9 out call connected 8m *5
Everything runs. They invite us to the opening.

== buy private | After the course
+0 in in_person held 3h *5 | Pressing course
{first} took the course in the workshop and did not want to let go of the {press}.
+2 in email | I want one
I have dreamt of it. One {press}, please, and the cookbook.
+0 out email replied | Confirmation {order}
Dear {first},

then we had better hurry: it leaves on {soon}. The cookbook is a present.
+9 in sms
It is here!!
-> +30 low call: Ask {first} for the first recipe

== buy dealer | Trying the small ones
+0 out call connected 15m
Asked {first} whether {company} would try the small presses with no risk: what is left at the end of the season comes
back.
-> +6 normal email: Send {company} the trial agreement
+4 out email | Trial without risk
Dear {first},

on one page, as promised: {qty} presses, carriage ours, returns ours. Please sign and keep a copy.
+5 in post | Signed
The agreement came back signed, with a question mark beside "season". Told them: until the last apple.
+8 out email | Order {order} left today
Six boxes, three layers. The picture shows how they stack.
+21 in call connected 7m *4
Half of them sold, most to people who only came for a {tool}.

== buy far | A long way
+0 in email | Order from far away
We would like to order one {press} with spare cloths. How does it come to {city}, and how long is it on the way?
-> +3 high email: Carriage to {city} for {first}
+2 out email replied | Carriage to {city}
Dear {first},

by sea, about five weeks, in a crate of poplar that makes a good compost bin afterwards. {price} for the press; the
carriage depends on the month, we take what it costs us. Your order would have the number {order}.
+3 in email | Yes, by sea
By sea is fine, the trees have time. Please paint our name on the crate, large.
-> +7 normal email: Papers for the customs to {first}
+6 out email | Papers for the customs
Dear {first},

the papers are attached: invoice, packing list, and the certificate for the wood. The ship leaves on {soon}.
+44 in social *5
{first} posted a picture: the crate with the large name, and four people on top of it.

== buy any | Second thoughts, then the order
+0 in chat connected 9m
{first} asked whether the {press} can be taken apart by one person. It can: four bolts, no tool.
+4 in self_service | Order {order}
{first} ordered in the web shop: one {press}, a {part} to be safe.
+1 out email | Your order {order}
Dear {first},

thank you! We pack it this week and send you the number of the parcel.
-> +25 normal email: Has the press arrived in {city}?
+24 out email replied | Has it arrived?
Dear {first},

the tracking page says so, but we would rather hear it from you.
+2 in email *4
It has, and it stands. One bolt was missing, I found one in the barn.
"""
