# General
app-name = Aplec · managers’ desk
back = Go back
menu-collectives = Your collectives
menu-portal = My account
menu-sign-out = Sign out
nav-overview = Overview
nav-requests = Requests
nav-people = People
nav-services = Services
nav-audit = Record
nav-settings = Collective

# Choosing a collective
collectives-title = Your collectives
collectives-lede = Choose the collective you want to look after now.
collectives-nothing-waits = Nothing is waiting.
collectives-waiting = { $n ->
    [one] { $n } request is waiting
   *[other] { $n } requests are waiting
}
nothing-title = You do not manage any collective
nothing-lede = { $person }, this place is for the managers of collectives.
nothing-text = If somebody proposed you as a manager, accept the mandate in your account first. Otherwise ask a manager of your collective.
nothing-portal = Go to your account
nothing-steward = You are one of the stewards. This desk only shows the collectives you manage.

# Overview
overview-lede = What is waiting, who is here and what to look at.
overview-requests = Requests waiting
overview-oldest = The oldest: { $since }
overview-people = Active members
overview-managers = Managers
overview-one-manager-title = You should have another manager
overview-one-manager = { $collective } has fewer than two managers. When the only one is away, nobody can validate or help people.
overview-queue = Waiting longest
overview-all-requests = All requests
overview-members-by-state = Members by state
overview-all-people = Everybody

# States, roles, kinds
state-requested = requested
state-invited = invited
state-active = active
state-suspended = paused
state-lapsed = lapsed
state-ended = ended
state-refused = refused
states-requested = Requested
states-invited = Invited
states-active = Active
states-suspended = Paused
states-lapsed = Lapsed
states-ended = Ended
states-refused = Refused
role-manager = manager
role-coordinator = coordinator
role-service-manager = manager of a service
kind-join = Wants to join
kind-access = Asks for a service
kind-support = Asks for help
kind-recovery = Cannot sign in
service-role-admin = administrator
service-role-editor = editor
service-role-member = member
service-role-viewer = reader
service-role-moderator = moderator
door-open = open
door-expired = past its end
door-membership-not-active = closed: not an active member
door-offer-withdrawn = closed: the service is no longer offered
door-collective-not-active = closed: the collective is not active
door-service-not-active = closed: the service is stopped
door-person-not-active = closed: the account is not active

# The queue
queue-title = Requests
queue-lede = Who is waiting for an answer from { $collective }, the oldest first. Any manager can answer.
queue-kinds = Kind of request
queue-all = All
queue-empty-title = Nobody is waiting
queue-empty-text = When somebody asks to join, for a service or for help, it appears here and you get a mail.
request-asks = Asks for
request-addresses = Verified address
request-address-domain = an address at { $domain }
request-no-address = none
request-since = Waiting since
request-from = Handed over by
request-rerouted-from = from { $collective }
request-no-text = Left no message.
request-decided-accepted = This request is already answered: accepted.
request-decided-refused = This request is already answered: refused.
request-decided-withdrawn = This request no longer waits for an answer: it was taken back.
request-look-join = Review and validate
request-look-access = Review and open the door
request-look-help = Review
request-refuse = Refuse the request
request-reroute = Hand over to another collective
request-otherwise = If it is not for you
person-username = Username

accept-title = Answer
accept-detail = The ticked doors open at once, in the name of { $collective }.
accept-access-detail = The door opens at once, in the name of { $collective }.
accept-terms = Role, space and date for { $service }
accept-fresh-sign-in = One welcome mail is sent. New services show after signing in again.
accept-join-button = Validate { $person } at { $collective }
accept-access-button = Open the door for { $person } on behalf of { $collective }
accept-help-button = It is resolved: { $person }, { $collective }
refuse-title = Refuse
refuse-heading = Refuse the request of { $person } at { $collective }
refuse-reason = Why
refuse-reason-hint = The person reads this as you write it.
refuse-button = Refuse the request of { $person } at { $collective }
reroute-title = Hand over
reroute-heading = Hand the request of { $person } over
reroute-lede = Choosing the wrong collective happens every day. The person does not have to type anything again.
reroute-search = Search for a collective
reroute-to = Collective
reroute-button = Hand over the request that { $person } made to { $collective }
reroute-none-title = No collective
reroute-none-text = Try another part of the name.
reroute-note = Only collectives that chose to be listed appear here. The others are reached by their link.

# People
people-title = People
people-lede = Who belongs to { $collective }.
people-search = Search by name, username or address
people-states = State
people-all = All
people-empty-title = Nobody yet
people-empty-text = Invite somebody or share the collective’s link.
people-none-yet = Nobody yet.
people-none-title = Nobody found
people-none-text = Try another part of the name, or look at every state.
people-note = Only the people of this collective are shown.
people-count = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
people-doors = { $n ->
    [0] no open door
    [one] { $n } open door
   *[other] { $n } open doors
}
member-until = until { $date }
member-title = Member of { $collective }
member-title-requested = Wants to join { $collective }
member-title-invited = Invited to { $collective }
member-since = Since
member-ends = Until
member-email = Address
member-email-unseen = you may not see it
member-language = Language
member-home = home collective
member-pending = has never signed in yet
member-request-title = The request
member-request-text = They asked to join and still wait for an answer.
member-looked = This person can see that you looked at this page.
doors-title = Doors
doors-detail = The access that { $collective } opened for this person.
doors-service = Service
doors-terms = Terms
doors-no-terms = the service’s own
doors-state = State
doors-actions = Actions
doors-change = Change { $service }
doors-close = Close { $service }
doors-none-title = No open doors
doors-none-text = { $collective } opened no service for this person.
doors-others = Only the doors that { $collective } opened are here. Others may have opened their own.
told-title = What the services know of it
told-detail = Changes of the last 30 days to the doors that { $collective } opened.
told-since = Change
told-state = What became of it
told-confirmed = The service confirmed it: { $at }.
told-waiting = The service is being told.
told-trying-again = The service has not answered yet and we try again. Last try: { $at }.
told-given-up = The service never answered and we no longer try: { $at }. A session there lasts until the service ends it.
told-cannot-be-told = This service cannot be told: access there ends when its own session ends.
offers-title = Open a door
offers-detail = Services that { $collective } can open for this person.
offers-open = Open { $service }
acts-title = The membership
acts-detail = This is only about { $person } at { $collective }: neither the account nor other collectives.

# Acts on a membership
reason-label = Reason
reason-hint = Optional. The person can read it and it stays in the record.
suspend-title = Pause
suspend-heading = Pause { $person } at { $collective }
suspend-button = Pause { $person } at { $collective }
suspend-text = This closes the doors { $collective } opened; others may have opened their own. The account of { $person } stays, and you can undo this at any time.
suspend-doors = These doors will close
resume-title = Resume
resume-heading = Resume { $person } at { $collective }
resume-button = Resume { $person } at { $collective }
resume-text = { $person } becomes an active member of { $collective } again and the doors it opened open again.
resume-doors = These doors will open again
end-title = End
end-heading = End the membership of { $person } at { $collective }
end-button = End the membership of { $person } at { $collective }
end-text = This closes the doors { $collective } opened; others may have opened their own. To come back, { $person } has to ask or be invited. Neither the account nor data at the services is erased.
end-doors = These doors will close
uninvite-title = Take the invitation back
uninvite-heading = Take back the invitation of { $collective } to { $person }
uninvite-button = Take back the invitation of { $collective } to { $person }
uninvite-text = { $person } can no longer accept it. The same address can be invited again at any time.
uninvite-doors = These doors will close

# The mail that leads in, again
resend-invitation-section = The invitation
resend-invitation-detail = It was not answered yet. Mails get lost: you can send it again.
resend-invitation-heading = Send the invitation to { $person } again
resend-invitation-button = Send the invitation from { $collective } again
resend-invitation-text = { $person } gets another mail from { $collective } with a link that works for thirty days. It can be sent up to three times a day.
resend-welcome-section = The welcome
resend-welcome-detail = They became a member not long ago. If the welcome mail was lost, you can send it again.
resend-welcome-heading = Send the welcome to { $person } again
resend-welcome-button = Send the welcome from { $collective } again
resend-welcome-text = { $person } gets another mail from { $collective } that tells how to sign in. It can be sent up to three times a day.

# Managing the collective together
management-title = Management
management-propose = If they accept, { $person } will look after { $collective } with you. At least two managers are recommended.
management-take-back = { $person } was proposed as a manager of { $collective } on { $since }. They have not accepted yet.
management-end-mandate = { $person } has managed { $collective } since { $since }.
management-resign = You have managed { $collective } since { $since }.
propose-title = Propose a manager
propose-heading = Propose { $person } as a manager of { $collective }
propose-button = Propose { $person } as a manager of { $collective }
propose-text = They get a mail and decide in their own account; nothing changes until they accept. As a manager of { $collective } they can do what you can: validate people, open and close doors and propose other managers.
take-back-title = Take the proposal back
take-back-heading = Take back the proposal to { $person }
take-back-button = Take back the proposal of { $collective } to { $person }
take-back-text = { $person } can no longer accept it. They remain a member of { $collective } with the same doors.
end-mandate-title = End a mandate
end-mandate-heading = End the mandate of { $person } as a manager of { $collective }
end-mandate-button = End the mandate of { $person } at { $collective }
end-mandate-text = { $person } stops being a manager of { $collective } right now. They remain a member with the same doors, and the services are told of the change.
resign-title = Stop being a manager
resign-heading = Stop being a manager of { $collective }
resign-button = Stop being a manager of { $collective }
resign-text = You will no longer be able to validate or help the people of { $collective } from this desk. You remain a member with the same doors.
resigned-title = The mandate has ended
resigned-text = Thank you for what you did. You remain a member of the collective.
step-up-note = This is a delicate step: if you signed in more than five minutes ago, we will ask for your password again.

# Doors
terms-role = Role
terms-quota = Space
terms-quota-hint = For example “5 GB”. Empty: what the service gives.
terms-quota-ceiling = For example “5 GB”; at most { $most }. Empty: what the service gives.
terms-ends-at = Last day
terms-ends-at-hint = Empty: no end.
terms-until = until { $date }
open-title = Open a door
open-heading = Open { $service } for { $person }
open-lede = In the name of { $collective }.
open-button = Open { $service } for { $person } on behalf of { $collective }
change-title = Change a door
change-heading = Change { $service } for { $person }
change-lede = Only the door { $collective } opened.
change-button = Save the changes for { $person } at { $service } ({ $collective })
change-now = Now: { $terms }. What you had not touched already stands like that in the form.
close-title = Close a door
close-heading = Close { $service } for { $person }
close-text = This closes the door { $collective } opened to { $service }; others may have opened their own. { $person } stays a member of { $collective }.
close-button = Close { $service } for { $person } on behalf of { $collective }

# What an act did
effect-closed-being-told = { $service }: the door is closed and the service is being told to end the session.
effect-closed-cannot-be-told = { $service }: the door is closed, but a session there keeps running until the service ends it.
effect-closed-no-session = { $service }: the door is closed; there was no session from here.
effect-told = { $service }: the service is being told of the change.
effect-later = { $service }: sees the change when the person signs in again.
effect-more = { $n ->
    [one] And one more service
   *[other] And { $n } more services
}
effect-tokens = This closes what this collective opened; others may have opened their own doors. At a service that does not ask us every time, access given before expires
effect-sign-in-again = New access shows after the person signs in again.
done-accept-join = { $person } is a member of { $what } now.
done-accept = The request of { $person } at { $what } is resolved.
done-refuse = The request of { $person } at { $what } was refused. They can read why.
done-reroute = The request of { $person } is with the other collective now.
done-suspend = { $person } is paused at { $what }.
done-resume = { $person } is an active member of { $what } again.
done-end = { $person } is no longer a member of { $what }.
done-uninvite = The invitation of { $what } to { $person } is taken back.
done-open = { $what } is open for { $person }.
done-change = The changes for { $person } at { $what } are saved.
done-close = { $what }: the door of { $person } is closed.
done-invite = The invitation from { $what } is on its way to { $person }.
done-propose = { $person } has been asked to be a manager of { $what }. They still have to accept.
done-take-back = The proposal to { $person } was taken back.
done-end-mandate = { $person } is no longer a manager of { $what }.
done-resign = You are no longer a manager of { $what }.
done-resend = The mail from { $what } was sent to { $person } again.
done-settings = The changes of { $what } are saved.

# Inviting
invite-action = Invite somebody
invite-title = Invite
invite-heading = Invite somebody to { $collective }
invite-lede = They get a mail with a link and decide whether to accept. If they already have an account, they can use it.
invite-email = E-mail address
invite-name = Name
invite-name-hint = Optional: how the mail addresses them.
invite-language = Language of the mail
invite-button = Send the invitation from { $collective }
join-link-title = The collective’s link
join-link-text = Anyone who follows it can ask to join; you will find them among the requests.

# Services
services-title = Services
services-lede = The services { $collective } can open for its people.
services-note = Being a member does not mean having a service: a manager opens each door.
services-none-title = No services
services-none-text = No service has been offered to this collective yet. Talk to the stewards.
services-roles = Roles
services-default-role = { $role } (default)
services-ceiling = Maximum space per person
services-new-members = New members
services-automatic = get it as soon as they are validated
services-by-hand = a manager decides for each one
services-doors = Open doors
services-visit = Go to the service
offer-active = available
offer-service-paused = service stopped
offer-withdrawn = no longer offered

# Record
audit-title = Record
audit-lede = Everything that happened at { $collective }, the newest first.
audit-when = When
audit-what = What
audit-whom = About whom
audit-who = By whom
audit-somebody = a person
audit-operator = operations, from the server
audit-system = the software
audit-none-title = Nothing has happened yet
audit-none-text = Everything managers do will stand here.
audit-note = Everybody can read what was done about them.
fact-person-registered = Registered
fact-person-email-verified = Verified the address
fact-person-activated = The account became active
fact-person-language-changed = Chose another language
fact-person-profile-changed = Their details changed
fact-person-viewed = Somebody looked at the page
fact-credential-password-set = A password was set
fact-collective-founded = The collective was founded
fact-collective-edited = The collective was changed
fact-request-join = Asked to join
fact-request-access = Asked for a service
fact-request-accepted = Request accepted
fact-request-refused = Request refused
fact-request-withdrawn = Request withdrawn by whoever made it
fact-request-rerouted = Request handed over
fact-membership-activated = Became a member
fact-membership-suspended = Paused
fact-membership-resumed = Resumed
fact-membership-extended = Extended to another date
fact-membership-made-home = The collective vouches for them
fact-membership-working-groups-joined = Joined working groups
fact-membership-lapsed = Lapsed
fact-membership-ended = Membership ended
fact-membership-invited = Invited
fact-membership-invitation-resent = The mail that leads in was sent again
fact-mandate-proposed = Proposed as manager
fact-mandate-accepted = Accepted the mandate
fact-mandate-ended = Mandate ended
fact-offer-made = Service offered
fact-offer-edited = Offer changed
fact-grant-given = Door opened
fact-grant-changed = Door changed
fact-grant-withdrawn = Door closed

# The collective
settings-title = { $collective }
settings-name = Name
settings-language = Language of mails
settings-language-hint = For people who chose none.
settings-listed = Shown in the public list of collectives
settings-is-listed = on the public list
settings-is-not-listed = not on the public list
settings-listed-hint = Otherwise people join by the link.
settings-button = Save the changes of { $collective }
settings-slug = Services know this collective as “{ $slug }”; that stays even when the name changes.

# A form shown again
draft-invalid = Something needs another look. What you wrote is still here.
draft-signed-in-again = You signed in again and what you wrote is still here. Check it and send it again.
draft-stale = The form was old. What you wrote is still here: check it and send it again.
draft-changed = Somebody else changed this meanwhile. See how it is now and send again if needed.
draft-too-many = That was very fast, and this was not sent. What you wrote is still here: wait a minute and send it again.
draft-unavailable = The account server does not answer. Send it again in a while.
kept-title = What you wrote is not lost
kept-text = Do not close this page before you have sent it again.
kept-long-title = This is too long to be kept while you sign in again
kept-long-text = Your session is over. What you wrote is below: do not close this page, sign in in another tab, then send it again.
kept-sign-in = Sign in in another tab, then come back here
kept-send = Send it again
field-empty = This cannot be empty.
field-too-long = This is too long.
field-control-characters = There are characters that cannot be shown.
field-invalid = This is not valid.
field-unknown = There is no such thing.
field-not-offered = The collective is not offered this.
field-above-ceiling = This is more than the collective may give.
field-in-the-past = It has to be in the future.
field-quota = Write it like this: 5 GB.
field-date = Write it like this: 2026-03-31.
field-choose = Choose one.

# Errors
error-home = Go to the start
error-look-again = Look again
error-sign-in-again = Sign in again
error-instance = If you tell somebody, give them this code: { $id }
error-bad-request-title = That was not understood
error-bad-request-text = The address or form is not what we expected. Go back and try again.
error-cross-site-title = The form is not from here
error-cross-site-text = Nothing was done. Go back to the page and send it from there.
error-session-refused-title = The session does not work
error-session-refused-text = You signed in, but the server does not accept the session. Try again; if it stays so, talk to the stewards.
error-sign-in-title = You are not signed in
error-sign-in-text = Signing in could not be finished, perhaps because it took too long or belonged to another tab.
error-forbidden-title = This is not yours to do
error-forbidden-text = Another manager or the stewards can do it.
error-not-found-title = There is nothing here
error-not-found-text = The address may be misspelt, gone, or not of your collective.
error-conflict-title = Not as things stand
error-conflict-text = Things have changed: perhaps somebody has done it already.
error-changed-title = Somebody else changed this
error-changed-text = While you looked at it, somebody made a change. Nothing of what you asked was done.
error-too-large-title = This is too long
error-too-large-text = Shorten the text and send it again.
error-too-many-title = A little too fast
error-too-many-text = You asked for many things in a short time. Wait a minute and try again.
error-unavailable-title = We cannot reach it right now
error-unavailable-text = The account server does not answer. Nothing is lost: try again in a while.
error-unexpected-title = Something went wrong
error-unexpected-text = It is not your fault. Try again; if it goes on, tell the stewards.
code-own-membership = Nobody decides about themselves: ask another manager or, if there is none, the stewards.
code-last-manager = This is the collective’s last manager. Somebody else has to accept the mandate first.
code-already-decided = This request is already answered.
code-already-open = The collective already holds this door open.
code-already-member = They are already a member.
code-already-manager = They manage the collective already.
code-already-proposed = You have proposed it already and they did not answer yet.
code-too-many-invitations = Enough people were invited from here today. Try again tomorrow.
code-too-many-mails = It was sent often enough today. Ask them to look into their spam folder, or try again tomorrow.
code-no-address = There is no mail address to send it to.
code-wrong-state = Its state has changed and this is no longer possible. See how it is now.
code-address-not-verified = The address is not verified yet. You can answer once it is.
code-account-not-open = The account is stopped or closing. Talk to the stewards.
code-membership-not-active = Not an active member now: resume the membership first.
code-not-asked-for = The request asks for something else.
code-not-a-join-request = Only requests to join can be handed over.
code-unknown-target = That collective cannot take the request. Choose another from the list.
code-already-asked = They asked to join already: answer the request.
code-not-offered = The collective is no longer offered this service.
code-service-not-active = The service is stopped.
code-access-denied = Access was not given.
signed-out-title = You are signed out
signed-out-text = See you soon.
signed-out-again = Sign in again
