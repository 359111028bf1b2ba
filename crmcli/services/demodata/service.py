"""Stories of trouble and of what went right again; `crmcli.services.demodata.script` says how they are written."""

TROUBLE = """
== trouble any | Damaged on the way
+0 in call connected 9m *2
The {part} of order {order} arrived broken in two; the box had a hole the size of a fist. {first} has pictures and is
cross with the carrier, less with us.
-> +1 urgent email: Send {first} a new {part} today
+0 in email | Pictures of the broken {part}
Here are the pictures. The driver had left before I could open the box.
+0 out email replied | A new {part} is on its way
Dear {first},

I am sorry. A new {part} goes off this afternoon, at our cost of course. Please keep the box for the carrier, they will
want to see it.
+3 out call connected 5m resolved *4
The new {part} is there and fits. Pressing went ahead on Saturday. Claim with the carrier is ours to fight.
+0 note | Claim with the carrier
Third broken box this year on that line. Pack the {part} between two boards from now on.

== trouble any | It squeaks
+0 in chat connected 7m
The spindle squeaks since <the last washing|it was moved>. {first} put grease on it.
+0 out chat connected 12m resolved
Talked {first} through it: wipe off all grease, wash with soda, then a drop of olive oil. It is silent again.
-> +7 low call: Ask {first} whether the spindle is still silent
+8 out call connected 3m *5
Silent. {first} laughed about the olive oil and told the neighbours.

== trouble business | The press stands still in the harvest
+0 in call connected 6m unresolved *1
{company}: the {press} does not build up pressure, in the middle of the harvest, eight tonnes of {apple} in the yard.
{first} was very short.
-> +0 urgent call: Ring {company} back within the hour
+0 out call connected 22m unresolved
Went through valves and seals on the telephone. It is the seal ring. Told {first} that somebody comes tomorrow morning.
+1 out in_person held 3h15m resolved | Repair on site
New seal ring, new oil, pressed until dark with them. The old ring had been cleaned with a wire brush.
-> +5 high call: After-care: does the {press} of {company} hold its pressure?
+5 out call connected 7m *4
Holds. {first} thanks for coming so quickly, and asks for two spare rings for the shelf.
+2 out post | Two seal rings
Sent two seal rings, no invoice for the first, with a soft brush.

== trouble any | Where is my parcel?
+0 in email | Where is my parcel?
Good morning, I ordered ten days ago ({order}) and nothing has come. The tracking page says "in the depot" since Monday.
+0 out email replied | Re: Where is my parcel?
Dear {first},

I have just rung the depot: the label was torn. They write a new one today. I watch it for you.
-> +2 high call: Has the parcel of {first} left the depot?
+2 out sms
Your parcel left the depot this morning and comes tomorrow before noon. Pomona Press Works
+1 in sms *4
It is here! Thank you for staying with it.

== trouble any | The wrong part
+0 in web_form | Wrong part in the box
I ordered a {part} for the {press}, the one in the box is for the smaller press. What shall I do with it?
+1 out email replied | Re: Wrong part in the box
Dear {first},

our mistake: the two lie side by side on the shelf. The right {part} leaves today. Please keep the other one or give it
to a neighbour, sending it back costs more than it is worth.
-> +6 normal email: Has {first} got the right {part}?
+7 in email *5
The right one is here. My neighbour is now your customer too, he just does not know it yet.

== trouble dealer | Two boxes short
+0 in email | Delivery {order} is two boxes short
We counted twice: two boxes of {tool} are missing from {order}. The delivery note says otherwise. Please check.
-> +1 high email: Check the packing list of {order}
+1 note | Packing list of {order}
{colleague} found both boxes under the bench. Ours to pay.
+0 out email replied | Found: your two boxes
Dear {first},

found, under the packing bench, where they had been hiding. They left with the noon van. A box of pruning wax goes with
them for your trouble.
+4 in call connected 4m resolved *4
Boxes arrived. They sell the wax, too.

== trouble any | The invoice that came twice
+0 in email *2 | Your invoice
You have charged us twice: {order} and again the same a week later. Please put it right.
-> +2 high email: Cancel the second invoice of {first}
+1 out email replied | Re: Your invoice
Dear {first},

you are right and we are sorry: two people meant well. The second invoice is void, the credit note is attached.
+2 in email *4
Thank you, that was quick. No harm done.

== trouble private | Apples too hard
+0 in chat connected 8m
{first} cannot turn the handle any further; the basket is full of quarters. Told: mill first, then press. They have no
mill.
-> +3 normal email: Offer {first} a {mill}
+2 out email | A mill, or patience
Dear {first},

whole quarters give little juice and a sore back. The {mill} does a crate in four minutes; until then, freeze the
apples overnight: that softens them as well.
+5 in email *4
Freezing works! The mill must wait until spring.
x> they freeze the apples instead
+30 out email | Spring
Dear {first}, a small question only: is it spring at yours? The {mill} would be ready.

== trouble any | Too loud for the neighbours
+0 in call connected 15m *2
The {mill} is louder than {first} expected, and the neighbours complain at six in the morning.
+1 out email replied | Making the mill quieter
Dear {first},

three things help, in this order:

1. a rubber mat below the feet (we send one),
2. tighten the four drum screws,
3. do not start before eight.

-> +10 normal call: Is the mill of {first} quieter?
+11 out call connected 6m resolved *4
Much quieter with the mat. Peace with the neighbours, sealed with two bottles.
"""

CARE = """
== care any | By video
+0 in email | Could you have a look?
The {part} looks different from the picture in the manual. Could you have a look before we start?
-> +2 normal meeting: Video call with {first} about the {part}
+1 out meeting held 25m resolved +1 | Video call about the {part}
Looked at it together: the {part} is on upside down. Turned, tightened, all well. Met the cat.
+3 in sms *5
First juice today. The cat had some.

== care any | The visit that was not needed
+0 in call connected 6m
The {press} loses a drop at the {part}. {first} would like somebody to come.
-> +7 normal in_person: Look at the {part} at {first}'s
+1 out email replied | Before we come
Dear {first},

before we drive: tighten the two screws below the {part} by a quarter turn, and put a dry cloth under it overnight.
+2 in email *5 | Dry
Dry as a bone. You may stay at home, thank you!
x> not needed any more, two screws were loose

== care any | Three questions
+0 in web_form *4 | Three questions
{first} answered the three questions of our letter:

- Would you buy it again? *Yes.*
- What annoys you? *Washing the cloth.*
- What shall we build next? *A press that washes its cloth.*

-> +10 low email: Thank {first} for the answers
+8 out email | Thank you for three answers
Dear {first},

the cloth that washes itself is not invented yet. But half a cup of soda in the water does most of it.

== care business | Insurance
+0 in email | Papers for the insurance
Our insurance wants to know the year and the weight of the {press}, and the last test of its pressure.
-> +3 normal email: Papers of the {press} for {company}
+2 out email replied | Papers for the insurance
Dear {first},

the sheet is attached: year, weight, and the test of our last visit. If they want a stamp, we have a pretty one.
+6 in email
They wanted the stamp.
+3 out post | The stamped sheet
Sent by post, stamped twice.

== care any | A year on
+0 out call no_answer
Yearly call about the {press}; nobody there.
+2 out call connected 10m *5
The {press} works as on the first day. {first} asks what to do against flies in the drip tray: a cloth, and rinse at
noon.
-> +21 low post: Send {first} the cleaning card
+16 out post | Cleaning card
Sent the new cleaning card and a sticker with the number of the workshop.

== care business | Maintenance before the harvest
+0 out email replied | Maintenance before the harvest
Dear {first},

before your season starts we would like to look after the {press}: seals, oil, pressure test, about two hours. We are
near {city} around {soon}. Shall we come by?
-> +5 normal call: Maintenance date for {company}
+3 in email
Yes please, in the morning if possible. Mind the dog, it is friendly but large.
+10 out in_person held 2h | Maintenance
Changed seals and oil; pressure holds for ten minutes. The dog slept on the tool bag. Next time: new {part}.
+2 out email | Report and invoice of the maintenance
Dear {first},

the report is attached. Everything is in order; the {part} will do one more season, not two.
-> +45 low email: Offer {company} a new {part}

== care any | How to keep the wood
+0 in web_form | Wintering the press
How do I bring the wooden parts through the winter? Last year there was a grey film on the rack.
+1 out email replied | Re: Wintering the press
Dear {first},

wash with hot water and soda, dry in the wind for two days, never in the sun, then store it where you would sleep
yourself. No oil on wood that touches juice.
+1 in email *5
Perfect, thank you. It sleeps in the guest room now.

== care business | A cellar course
+0 out email | Course: juice that keeps
Dear {first},

on {soon} we show in the workshop how to fill juice hot so that it keeps for two years. Two places are reserved for
{company}, lunch included.
-> +7 normal call: Does {company} come to the course?
+6 in call connected 4m +1
{first} comes and brings a colleague. One of the two eats no meat.
+12 in in_person held 5h *5 +1 | Course in the workshop
Both came, asked the best questions of the day, and filled forty bottles. {first} will write the lesson down for the
others at {company}.

== care any | The guarantee card
+0 in self_service | Guarantee registered
{first} registered the {press} on the web site; guarantee until two years from the purchase.
+1 out email | Your guarantee
Dear {first},

your {press} is registered. Keep this mail; the serial number is under the beam.

== care any | Will you come and fetch it?
+0 in call connected 7m
{first} asks whether we overhaul the {press}: the spindle has play after many seasons.
-> +6 normal in_person: Fetch the {press} of {first}
+7 out in_person held 40m | Fetched the press
Fetched the {press}. The nut is worn, the spindle is good. Two weeks.
+15 out call connected 6m resolved
Ready: new nut, planed the rack, new feet for nothing. {first} fetches it with the trailer.
+4 in in_person held 20m *5
{first} turned the handle, said nothing, and put two boxes of {apple} on the bench.
"""

AGAIN = """
== again any | Thought better of it
+0 in email | A larger press?
We have been thinking about a larger press. Could you ring us about it next week?
-> +5 high call: Advise {first} on a larger press
+3 in sms
Please don't ring: we have counted the trees again and stay with the {press}. Sorry!
x> they stay with the press they have
+0 out sms
Nothing to be sorry for, the {press} is glad. Pomona Press Works

== again any | Cloths and bags
+0 in email | Two more pressing bags
Hello, could I have two more pressing bags and a {part} for the {press}, please? The same address as last time.
+0 out email replied | Confirmation {order}
Dear {first},

on their way tomorrow: two bags, one {part}, {part_price} together. Invoice inside.
+5 in sms *5
All there, thank you. That was quick.

== again any | A ladder as well
+0 in call connected 9m
{first} is happy with the press and asks for the three-legged ladder, and whether a {tool} would do for the high
branches.
-> +2 normal email: Write to {first} about ladder and {tool}
+1 out email replied | Ladder and {tool}
Dear {first},

the ladder stands on any slope, that is its trick. The {tool} reaches 4 m from the ground, so you will hardly need more.
Both together: {part_price}, carriage free.
+3 in email | Yes please
Yes, please send both. I have promised my wife never to stand on a chair again.
+2 out email | Your ladder is on its way
It comes in one long parcel; please let the driver lean it, not lay it.

== again business | A second press
+0 in email | We have outgrown it
The {press} ran day and night and still the crates stood in the yard. We think about a second one, or a larger one.
What do you advise?
-> +3 high call: Advise {company} on a second press
+2 out call connected 24m
Talked about hours and hands. They have the hands for two presses, not the floor for a large one. A second {press} then,
and a {mill} between the two. Offer follows.
-> +2 high email: Offer {company} a second press
+2 out email | Offer {offer}
Dear {first},

a second {press}, {price}, less 8 % because you know how to clean it. The {mill} with a chute to both sides. Drawing
attached.
-> +8 high call: Ask {first} about offer {offer}
+7 out meeting held 50m +1 | Going through the offer
Looked at the drawing together. They move the mill to the window. {first} signs, number {order}.
+20 out in_person held 3h *5 | Second press set up
Both presses run. The yard was empty by evening, for the first time since they have their own orchard.

== again dealer | Refilling the shelf
+0 in self_service | Order {order}
{company} ordered on the dealer pages: {qty} x {tool}, pressing bags, pruning wax.
+1 out email | Confirmation {order}
Dear {first},

it leaves today. The {tool} has a new handle, the old ones are welcome back.
+5 in chat connected 3m
Where is the place for the batch number on the new handle? Under the ring.
-> +50 low call: Ask {company} how the shelf looks

== again private | The whole street presses
+0 in email | The whole street
Since the autumn the whole street presses in our garden. We now need a {mill}, because cutting {qty} crates by hand is
no longer funny. What does it cost to {city}?
+1 out email replied | Re: The whole street
Dear {first},

we would like to see that street! The {mill} fits your {press}; with the chute it fills straight into the basket.
-> +6 normal call: Ask {first} about the mill
+6 out call connected 8m
{first} collects money in the street first. Sounds like a yes.
+9 in self_service | Order {order}
{first} ordered the mill in the web shop. The comment field says: "from all of us in the street".
+8 in social *5
{first} posted a picture: seven children around the {mill}. Asked whether we may show it; we may.
"""
