"""Stories of news, partings and others, single moments, and letters in the customers' own languages."""

NEWS = """
== news any | The newsletter
+0 in web_form | Newsletter
{first} signed up for the newsletter and ticked "pruning" and "pressing".
+1 out email | Welcome
Dear {first},

four letters a year, one for each season, and never more than a page. The first: how to prune a young {apple}.
+40 in email
A short question on your letter: does that hold for standard trees as well?
+1 out email replied | Re: pruning
It does, only with more sky. Cut to the outer bud, and stop while you still like the tree.

== news any | The calendar
+0 out post | The orchard calendar
Sent the orchard calendar, with a card.
+12 in social *5
{first} thanks for the calendar; it hangs in the kitchen.

== news any | Open day
+0 out email | Open day in the workshop
Dear {first},

on {soon} the workshop is open from ten to five: presses to try, children turn the mill, soup at noon.
+8 in email replied
I would love to come. Is there a train?
+0 out email replied | Re: Open day in the workshop
There is, and we fetch you at the station in the van that smells of apples.
+9 in in_person held 35m *5 | Open day
{first} came by train, pressed a basket, and asked what the {press} costs. Took a catalogue.
"""

PARTING = """
== leave any | Giving up the orchard
+0 in call connected 16m
{first} gives up the orchard: the knees. Asks whether we know somebody for the {press}.
-> +7 normal email: Find somebody for the press of {first}
+5 out email replied | Somebody for your press
Dear {first},

a school in the next valley would give it a good home, and pay what you think right.
+6 in email
They have been here, and the press has left. It was hard to see it go, and good to see who took it. Thank you for the
years.
+1 note | {first} has stopped
No more offers. Birthday card yes, that was asked for.

== leave business | Bought elsewhere
+0 out call connected 12m *2
Asked {company} about the new season. {first} says they bought from a larger maker: delivery in three days, we
take three weeks.
-> +120 low call: Ask {company} how the other press does
+2 out email | Thank you for the years
Dear {first},

thank you for telling us plainly. We keep parts for your {press} for as long as it stands.
+1 note | Why we lost {company}
Lead time, not price. The third one this year. For the next meeting.
x> they do not want to be called
"""

STOP = """
== stop any | Please stop writing
+0 out email bounced | Our spring letter
Dear {first}, the spring letter is here: grafting, step by step.
+3 out email | Our spring letter
Dear {first}, the spring letter is here: grafting, step by step. (Sent again, the first one came back.)
-> +14 low call: Ask {first} about the {press}
+4 in email *1 | Stop
I never asked for this. Please delete me from your list and do not write or call again.
+0 out email | You are off our list
Dear {first}, we have taken you off every list, and will not write again. We are sorry for the trouble.
x> asked not to be contacted
+0 note | Do not contact
Set to do-not-contact. No letters, no calls, no calendar.
"""

OTHER = """
== other business | Accounts
+0 in email | Our tax number on the invoice
For our books the invoices need our number and the words for "reverse charge". Could you write the last one again?
-> +3 normal email: Send {first} the corrected invoice
+2 out email replied | Corrected invoice
Dear {first},

with number and words, in both languages. From now on always so.
+90 in call connected 4m
Asked for a statement of the year; sent while still on the telephone.
+1 in email
All amounts agree. That happens less often than you think.

== other reporter | The reporter
+0 in call connected 11m
{first} writes about old crafts and would like to watch a press being built.
-> +4 normal email: Send {first} three dates for the visit
+2 out email replied | Three dates
Dear {first},

come on any Tuesday: then the beech is cut and there is something to see. Please no pictures of the glue recipe.
+12 in in_person held 2h | Visit of the press
{first} spent two hours at the bench and another at the coffee. Asked good questions, got sawdust in the recorder.
+16 in email
The text is attached. Is "forty years of apple juice" right?
+1 out email replied | Re: the text
Nearly: thirty-eight. Otherwise we are blushing.

== other carrier | The carrier's round table
+0 out meeting not_held | Talk about broken boxes
Waited half an hour in the meeting room; {first} had the wrong week.
+1 in call connected 5m
{first} apologises; new date agreed.
+6 out meeting held 50m | Talk about broken boxes
Went through the claims of the year. They put our boxes on top from now on, and pay two of three.
-> +60 normal call: Ask {first} whether the boxes travel on top
+20 in email
The notice for the loaders is up in all depots, see the picture. The press on it is not yours, but it is broken as
well.

== other timber | Wood for next year
+0 out call busy
Line busy.
+0 out call connected 14m
Ordered beech for next year's racks: twelve planks, quarter-sawn, air-dry. {first} keeps the good ones for us.
-> +40 high in_person: Look at the beech at {first}'s yard
+30 out in_person held 1h | Choosing beech
Chose eleven planks out of forty. The twelfth had a bullet in it, very old, {first} keeps it on the desk.
"""

MOMENTS = """
== moment any | Missed call
+0 in call no_answer
Called while we were at the saw; no message.

== moment any | Voicemail
+0 out call left_voicemail 1m
Left a message: the {part} is in, shall we send it?

== moment any | Wrong number
+0 out call wrong_number 1m
The number in the file belongs to a bakery now. A friendly one.

== moment any | Opening hours
+0 in chat connected 2m
Asked for our opening hours: Monday to Friday, eight to five, Saturday by appointment.

== moment any | Birthday
+0 out post | Birthday card
Sent the birthday card with the blossom.

== moment any | A picture
+0 in social *5
Posted a picture of the {press} under the oldest tree. Thanked and liked.

== moment any | Assembly sheet
+0 in self_service
Downloaded the assembly sheet of the {press}.

== moment any | A scion
+0 in post | Scions of {apple}
A parcel with five scions of {apple}, wrapped in moss. For the trial row behind the workshop.

== moment any | Pruning course
+0 in web_form | Place in the pruning course
One place in the pruning course, please. I bring my own saw.

== moment any | Invoice
+0 in email | Question about the invoice
Is carriage included in the invoice {order}, or does it come on top? (It is included; answered by telephone.)

== moment any | Reminder
+0 out sms
Good morning {first}, a reminder of our visit tomorrow at ten. Pomona Press Works

== moment any | Passing by
+0 in in_person 10m
Passed by with a basket of {apple} and stayed for a coffee.

== moment business | Passing by on the round
+0 out in_person 20m
Stopped at {company} on the way back. Crates everywhere, everybody in good spirits.

== moment business | New hand in the cellar
+0 note | People
{first} told us that {company} has a new hand in the cellar. Ask for the name next time.

== moment any | Catalogue
+0 out post | New catalogue
Sent the new catalogue.

== moment any | Out of office
+0 out email replied | Short question
A short question about the {part}. Answer: away until Monday.

== moment any | Bounced
+0 out email bounced | The new price list
The mailbox is full.

== moment any | Busy
+0 out call busy
Busy twice.

== moment any | Praise
+0 in call connected 3m *5
Only rang to say that the juice won a ribbon at the village show.

== moment any | Tip
+0 note | How to reach {first}
Best before breakfast. Never on pressing days.

== moment any | Stars
+0 in self_service *4
Gave the {press} four stars: "one off for the weight, as I have to carry it".

== moment dealer | Window
+0 in social
{company} put our {tool} into the shop window. Looks fine.

== moment business | Tasting
+0 in meeting held 1h *5 +1 | Tasting
Invited to taste the first juice of {apple}. Brought bread.

== moment any | Chat about pears
+0 in chat connected 5m
Asked about perry. Sent the page on pears.

== moment any | Feedback
+0 in web_form *3
The form on the web site: "Good press, the manual could have larger letters."

== moment any | Short visit
+0 in in_person 15m *4
Fetched a {part} at the counter and tried the new mill.

== moment any | Season's greetings
+0 out email | A quiet evening to you
No offer, no question: thank you for the year, and a quiet evening.

== moment any | Text
+0 in sms
Can I fetch the {part} on Friday at four?

== moment business | Fair
+0 in in_person 10m
Met {first} of {company} between two stands; greeted, laughed, ran on.
"""

LETTERS = """
== letter de | Ein Dank
+0 in email *5 | Vielen Dank
Guten Tag, die Presse läuft wunderbar, und der Saft schmeckt wie früher bei den Großeltern. Vielen Dank! Eine Frage
noch: Kann man das Presstuch in der Maschine waschen?
+1 out email replied | Re: Vielen Dank
Guten Tag, das freut uns sehr. Ja, bei 60 Grad und ohne Weichspüler. Herzliche Grüße aus der Werkstatt

== letter fr | Un mot gentil
+0 in email *5 | Merci
Bonjour, le pressoir fonctionne à merveille et toute la famille est ravie. Où peut-on acheter des toiles de rechange ?
+1 out email replied | Re: Merci
Bonjour, quel plaisir de vous lire ! Les toiles sont à la page 18 du catalogue, nous vous en envoyons deux.

== letter es | Unas palabras
+0 in email *5 | Gracias
Buenos días: la prensa llegó ayer y ya hemos hecho los primeros veinte litros. ¡Muchas gracias por todo!
+1 out email replied | Re: Gracias
¡Qué alegría! Buena cosecha y hasta pronto.

== letter pt | Um agradecimento
+0 in email *5 | Obrigado
Bom dia! A prensa chegou bem e o suco ficou ótimo. Obrigado pela ajuda com a montagem.
+1 out email replied | Re: Obrigado
Que bom! Boa colheita e até breve.

== letter pl | Podziękowanie
+0 in email *5 | Dziękujemy
Dzień dobry, prasa działa znakomicie, sok jest pyszny. Czy można dokupić drugi worek do tłoczenia?
+1 out email replied | Re: Dziękujemy
Dzień dobry, bardzo się cieszymy. Worek wyślemy jutro. Pozdrawiamy!

== letter sv | Ett tack
+0 in email *5 | Tack
Hej! Pressen fungerar fint och musten är underbar. Hälsa alla i verkstaden!
+1 out email replied | Re: Tack
Hej! Vad roligt att höra. Hälsningar från oss alla.

== letter uk | Подяка
+0 in email *5 | Дякуємо
Добрий день! Прес працює чудово, сік дуже смачний. Дякуємо за допомогу!
+1 out email replied | Re: Дякуємо
Добрий день! Ми дуже раді. Гарного врожаю!

== letter el | Ευχαριστίες
+0 in email *5 | Ευχαριστώ
Καλημέρα σας, η πρέσα δουλεύει πολύ καλά και ο χυμός είναι υπέροχος. Ευχαριστούμε!
+1 out email replied | Re: Ευχαριστώ
Καλημέρα, χαιρόμαστε πολύ. Καλή σοδειά!

== letter ar | شكر
+0 in email *5 | شكرا جزيلا
صباح الخير، المكبس يعمل بشكل ممتاز والعصير لذيذ جدا. شكرا لكم.
+1 out email replied | شكرا لكم
صباح النور، يسعدنا ذلك كثيرا. موسم طيب!

== letter he | תודה
+0 in email *5 | תודה רבה
בוקר טוב, המכבש עובד מצוין והמיץ טעים מאוד. תודה רבה על העזרה.
+1 out email replied | תודה
בוקר טוב, שמחנו לשמוע. עונה טובה!

== letter zh | 感谢
+0 in email *5 | 谢谢
您好！榨汁机已经收到，用起来很顺手，果汁非常好喝。谢谢你们的帮助！
+1 out email replied | 回复：谢谢
您好！很高兴收到您的来信。祝您丰收！

== letter ja | お礼
+0 in email *5 | お礼
お世話になっております。プレス機は順調に動いており、りんごジュースも大変好評です。ありがとうございました。
+1 out email replied | Re: お礼
ご連絡ありがとうございます。皆様に喜んでいただけて何よりです。今後ともよろしくお願いいたします。

== letter ko | 감사
+0 in email *5 | 감사합니다
안녕하세요. 착즙기가 잘 도착했고 주스가 아주 맛있습니다. 도와주셔서 감사합니다.
+1 out email replied | Re: 감사합니다
안녕하세요. 소식 감사합니다. 풍년을 기원합니다.

== letter hi | धन्यवाद
+0 in email *5 | धन्यवाद
नमस्ते, मशीन बहुत अच्छी चल रही है और रस बहुत स्वादिष्ट है। आपकी मदद के लिए धन्यवाद।
+1 out email replied | Re: धन्यवाद
नमस्ते, यह जानकर बहुत खुशी हुई। अच्छी फसल की शुभकामनाएँ।

== letter th | ขอบคุณ
+0 in email *5 | ขอบคุณค่ะ
สวัสดีค่ะ เครื่องคั้นใช้งานได้ดีมาก น้ำผลไม้อร่อยมาก ขอบคุณค่ะ
+1 out email replied | Re: ขอบคุณ
สวัสดีค่ะ ดีใจที่ได้ยินค่ะ ขอให้เก็บเกี่ยวได้ดีนะคะ
"""

IDEAS = """
-> +0 low post: Birthday card for {first}
-> +2 urgent call: Ring {first} back about the carriage
-> +3 normal call: Yearly call: how is the {press}?
-> +5 high email: Answer {first} on the guarantee
-> +9 low email: Invite {first} to the open day
-> +14 high call: Ask {first} about a visit in the season
-> +17 normal email: Send {first} the new price list
-> +24 normal meeting: Plan the tasting with {first}
-> +33 low post: Orchard calendar for {first}
-> +47 normal in_person: Bring {first} the jar of pruning wax
-> +75 low email: Ask {first} for a picture of the press
-> +120 normal sms: Tell {first} when the van comes by
"""
