# What the pages say.

# --- common
page-sign-in = Sign in
page-sign-out = Sign out
page-my-account = My account

# --- fields that appear on several pages
field-name-empty = Write a name.
field-name-long = The name is too long: 120 characters at most.
field-name-control = The name contains characters that cannot be shown.
field-username-short = A username has at least 3 characters.
field-username-long = A username has at most 30 characters.
field-username-characters = Use only letters without accents, digits and, between them, dots, hyphens or underscores.
field-username-reserved = This name is reserved. Choose another one.
field-username-taken = Somebody has this name already. Choose another one.
field-email-invalid = Write a whole address, such as laia@example.cat.
field-password-short = Too short: it needs at least 15 characters. A sentence you remember makes a good password.
field-password-long = A password has at most 128 characters.
field-password-guessable = This password is too easy to guess. Try four words that do not belong together.
field-password-again = Type the password again: for safety the form does not keep it.
field-text-long = The text is too long: 2,000 characters at most.
field-text-control = The text contains characters that cannot be shown.

# --- start
home-title = One door to the services of your collective
home-text = { $cluster } belongs to the people and collectives in it. With one account you reach the services that your collective opened for you.
home-join = Ask to join a collective

# --- signing in
login-title = Sign in
login-to-service = to go to { $service }
login-identifier = Username or e-mail address
login-password = Password
login-own-device = This device is mine
login-own-device-hint = You stay signed in for longer. Leave it unticked on a shared computer.
login-submit = Sign in
login-wrong-title = You could not sign in
login-wrong = The name and the password do not match. Check them and try again.
login-throttled = There were too many tries in a row. You can try again { $when }.
login-throttled-soon = There were too many tries in a row. Wait a few seconds and try again.
login-not-allowed = Nobody can sign in with this account right now. If you have just registered, first open the link in the mail we sent you; otherwise talk to a manager of your collective.
login-new = No account yet?
login-join = Ask to join a collective
login-forgotten = Lost your password? Ask a manager of your collective for help.

# --- choosing an account
choose-title = With which account?
choose-to-service = to go to { $service }
choose-other = Sign in with another account

# --- consent
consent-title = { $service } wants to know who you are
consent-text = If you agree, { $service } will receive this from your account:
consent-owner = Who looks after it
consent-host = Where the answer goes
consent-person = Your account
consent-scope-openid = An identifier of yours for this service
consent-scope-profile = Your name, username and language
consent-scope-email = Your e-mail address
consent-scope-groups = Those of your groups that matter to this service
consent-scope-collectives = Every collective you are a member of, and what you do there
consent-scope-services = Every service you can enter
consent-scope-offline_access = To ask for this also while you are away
consent-scope-manage = To act in your name at the managers’ desk
consent-agree = I agree
consent-refuse = No, go back
consent-note = We will remember it and not ask again, unless the service asks for more.

# --- without access
no-access-title = You do not have access to { $service }
no-access-title-plain = You cannot enter now
no-access-ask-text = A manager of your collective can open this door for you.
no-access-nobody = None of your collectives has this service. Talk to their managers: perhaps they want to ask for it.
no-access-no-membership = You are not an active member of any collective with this service right now.
no-access-resting = Your membership is paused or has lapsed, so the door is closed. Talk to the managers: they can open it again.
no-access-managers = The managers of { $collective }
no-access-managers-none = { $collective } has no active manager right now.
no-access-paused = This service is paused. Try again later.
no-access-disabled = This service is switched off.
no-access-mandate = The desk is for the managers of collectives. If you should be one, accept the mandate in your account or talk to the other managers.
no-access-person = Your account is not active yet: a manager has to validate your request.
no-access-outside = Your account is not active yet, because no collective has let you in. Ask to join one and, once a manager has validated you, enter the service again.
no-access-which = Which collective do you ask?
no-access-text = What do you want it for?
no-access-text-hint = A line or two help the manager decide. You may leave it empty.
no-access-submit = Ask for access
no-access-asked = Request sent to { $collective } { $when }. We will tell you by mail; when they say yes, go back to the service and sign in again.
no-access-sent-title = Request sent
no-access-back = Back to the service
no-access-choose = Choose one of your collectives.
no-access-already = You already have access to this service. Go back to it and sign in.
no-access-too-many = You asked for many things today. Try again tomorrow.

# --- registering
join-title = Which collective are you from?
join-text = Each collective validates its own people. If you have a link from yours, use it: it brings you straight there.
join-search = Search for a collective
join-empty-title = Nothing found
join-empty-text = Some collectives are not in this list: ask them for their link.
join-none-text = No collective is in the list yet. Ask yours for its link.
join-have-account = Do you have an account?
join-step-form = Who you are
join-step-mail = Your mail
join-step-validation = Validation
join-form-title = Join { $collective }
join-form-text = A manager of { $collective } will read your request and validate you.
join-field-name = What shall we call you?
join-field-name-hint = A pseudonym is fine.
join-field-username = Username
join-field-username-hint = To sign in. Only letters without accents, digits, dots and hyphens; it is hard to change later.
join-field-email = E-mail address
join-field-email-hint = We will send you a link to check that it is yours.
join-field-password = Password
join-field-password-hint = 15 characters or more: a sentence you remember. Spaces and accents are welcome.
join-field-text = Who are you?
join-field-text-hint = A line or two so that the manager recognises you. Only the managers of { $collective } will read it.
join-submit = Send the request
join-wrong-collective = Not this one? Choose another collective
join-mail-title = Look at your mail
join-mail-text = We sent a message to { $address }. Open it and follow its link to go on.
join-mail-hint = The link works for 24 hours. If you cannot find it, look at the spam folder; if the address is misspelt, start again.
join-mail-again = Start again

# --- verifying an address
verify-title = Confirm your address
verify-text = Confirm that { $address } is yours and that you asked for this:
verify-text-plain = Confirm that { $address } is yours.
verify-collective = Collective
verify-password-text = Choose now the password you will sign in with. It takes the place of the one typed with the request.
verify-submit = Yes, it is my address
verify-not-me = Wasn’t it you? Close this page: nothing happens without your yes.
verify-done-title = Address confirmed
verify-done-text = From now on you can sign in with it.
verify-already-title = This address is confirmed already
verify-already-text = There is nothing more to do here: you can sign in.
verify-taken-title = This address belongs to another account
verify-taken-text = There is an account that signs in with this address. Sign in with that one.
waiting-title = Now wait a little
waiting-text = { $collective } received your request. When a manager validates you, we will tell you by mail.
waiting-text-plain = The address is yours. Now ask to join a collective.
waiting-managers = If you are in a hurry, talk to { $names }.
waiting-account = Meanwhile, look at your account

# --- activating an account
welcome-title = Welcome
welcome-text = { $collective } has made you an account. All that is left is to choose a password.
welcome-text-plain = All that is left is to choose a password.
welcome-name = Name
welcome-username = Username
welcome-submit = Save the password
welcome-done-title = The account is yours
welcome-done-text = Sign in with the username { $username } and the password you have just chosen.

# --- one’s account
account-nav-services = Services
account-nav-collectives = Collectives
account-nav-security = Security and language
account-services-title = Hello, { $name }
account-services-text = These are the services you can enter.
account-services-empty-title = No services yet
account-services-empty-text = When a manager opens one for you, you will find it here.
account-via = opened by { $name }
account-quota = { $quota }
account-closed-title = You can also ask for
account-closed-text = Services that your collectives have.
account-ask = Ask for { $service }
account-waiting = Requested
account-to-answer = { $n ->
    [one] Something waits for your answer
   *[other] { $n } things wait for your answer
}
account-awaiting = Your account waits for a manager to validate it. We will tell you by mail.
account-outside = No collective has let you in yet. Ask to join one: a manager will read the request and answer you.
account-collectives-title = Your collectives
account-collectives-empty-title = You are not a member of any collective
account-collectives-empty-text = Services always come through a collective.
account-collectives-join = Ask to join another
account-membership-requested = waiting
account-membership-invited = invited
account-membership-active = active
account-membership-suspended = paused
account-membership-lapsed = lapsed
account-membership-ended = ended
account-membership-refused = not accepted
account-membership-home = home collective
account-role-manager = manager
account-role-coordinator = coordinator
account-role-service_manager = manager of { $service }
account-role-community_steward = steward: community
account-role-operations_steward = steward: operations
account-membership-since = Member since { $date }
account-membership-until = until { $date }
account-membership-managers = Managers: { $names }
account-invitation-title = { $collective } invites you to be a member
account-invitation-text = If you accept, its managers can open services for you and will see your name and address.
account-invitation-accept = Accept the invitation of { $collective }
account-invitation-decline = No, thank you
account-mandate-title = { $collective } proposes a mandate to you
account-mandate-text-manager = You will be a manager of { $collective }: you will validate people, open and close services and give first help. Everything you do is written down.
account-mandate-text-coordinator = You will coordinate a working group of { $collective }.
account-mandate-text-service_manager = You will manage { $service } in the name of { $collective }: you can admit people to it.
account-mandate-text-community_steward = You will be a steward at the community desk: collectives, and the support they pass on.
account-mandate-text-operations_steward = You will be a steward of operations: services, keys and jobs. You will read no person’s data.
account-mandate-accept = Accept the mandate in { $collective }
account-mandate-decline = Not now
account-requests-title = What you asked for
account-request-join = To join { $collective }
account-request-access = { $service }, from { $collective }
account-request-support = Help from { $collective }
account-request-column = What
account-request-when = When
account-request-state = Answer
account-request-act = Action
account-request-open = waiting
account-request-accepted = accepted
account-request-refused = not accepted
account-request-withdrawn = withdrawn
account-request-reason = Reason: { $reason }
account-request-withdraw = Withdraw the request
account-security-title = Security and language
account-facts = Your account
account-fact-name = Name
account-fact-username = Username
account-fact-email = E-mail address
account-fact-email-none = None
account-password-title = Change your password
account-password-current = Current password
account-password-new = New password
account-password-elsewhere = End the other sessions
account-password-elsewhere-hint = Do so if you suspect that somebody else knows it.
account-password-submit = Change the password
account-password-wrong = This is not the current password.
account-password-done = The password has changed.
account-sessions-title = Open sessions
account-sessions-text = If you do not recognise one, end it and change your password.
account-session-here = this browser
account-session-elsewhere = another browser
account-session-browser = Where
account-session-column = Opened
account-session-used = Used
account-session-end = End this session
account-session-end-label = End the session opened { $when }
account-session-ended = The session is over and the services are being told.
account-language-title = Language
account-language-field = Language of pages and mails
account-language-submit = Save the language
account-language-done = From now on we will speak English.
account-desk = The managers’ desk
account-accepted = You accepted.
account-declined = All right: you did not accept.
account-withdrawn = You withdrew the request.
account-ask-title = Ask for { $service }
account-gone = It is not there any more: perhaps somebody changed it meanwhile.

# --- what was done with the account
account-nav-record = Record
account-record-title = What was done with your account
account-record-text = Who did what, when and why: also who looked at your page.
account-record-note = A manager who looks at your page more than once on the same day appears once. Your own sign-ins are not written down here.
account-record-empty-title = Nothing has happened yet
account-record-empty-text = When somebody does something with your account, you will read it here.
account-record-what = What
account-record-where = Where
account-record-who = Who
account-record-when = When
account-record-reason = Reason:
account-record-newest = Newest
account-record-older = Older
account-record-oneself = you
account-record-manager = { $name }, { $collective }
account-record-erased = a person who has no account any more
account-record-operator = operations, at the server
account-record-system = the software
account-record-other = Something this page cannot explain yet
account-did-person-registered = The account was made
account-did-person-email-verified = Your address was confirmed
account-did-person-activated = The account became active
account-did-person-language-changed = The language was changed
account-did-person-profile-changed = Your details were changed
account-did-person-viewed = Your page was looked at
account-did-credential-password-set = A new password was set
account-did-request-join = Request to join
account-did-request-access = Request for a service
account-did-request-accepted = Your request was accepted
account-did-request-refused = Your request was not accepted
account-did-request-withdrawn = Your request was withdrawn
account-did-request-rerouted = Your request was handed over to { $collective }
account-did-membership-activated = You became a member
account-did-membership-suspended = Your membership was paused
account-did-membership-resumed = Your membership is active again
account-did-membership-extended = The end of your membership was moved
account-did-membership-made-home = It is your home collective
account-did-membership-working-groups-joined = You joined working groups
account-did-membership-lapsed = Your membership lapsed
account-did-membership-ended = Your membership ended
account-did-membership-invited = You were invited
account-did-membership-invitation-resent = The mail that leads in was sent again
account-did-mandate-proposed = A mandate was proposed to you
account-did-mandate-accepted = The mandate was accepted
account-did-mandate-ended = The mandate ended
account-did-grant-given = The door to a service was opened
account-did-grant-changed = What you can do at a service was changed
account-did-grant-withdrawn = The door to a service was closed
account-did-consent-given = You agreed to what a service may know of you
account-did-session-ended = A session of yours was ended

# --- signing out
logout-title = Do you want to sign out?
logout-text = The session of { $name } in this browser will end, and the services you entered will know.
logout-asked = { $service } asks for it.
logout-submit = Sign out
logout-stay = Stay
signed-out-title = You are signed out
signed-out-text = The session of this browser is over. Some services may need a moment to notice.

# --- the answer to the service
continue-title = Going back to the service
continue-button = Continue

# --- setting up
setup-title = Let’s begin
setup-text = This link works once: it founds the first collectives and your account, which will be a steward’s. A second person will share that with you.
setup-you = You
setup-name = Your name
setup-username = Username
setup-email = E-mail address
setup-password = Password
setup-first = Your collective
setup-first-hint = The one that knows you and vouches for you.
setup-collective-name = Name of the collective
setup-collective-name-hint = As people call it.
setup-second = The second person
setup-second-text = Invite somebody from another collective, so that power is not in one hand. You may leave this for later.
setup-second-collective = Their collective
setup-second-name = Their name
setup-second-email = Their e-mail address
setup-second-incomplete = Fill in all three fields of the second person, or leave all of them empty.
setup-second-same = It has to be a different address from yours.
setup-collective-invalid = No identifier can be made of this name: it needs letters or digits.
setup-collective-taken = The two collectives are too much alike: change one of the names.
setup-submit = Found { $cluster }
setup-done-title = It is running
setup-done-text = Sign in with the username { $username }. We sent you a mail to check your address.
setup-done-second = We have also invited { $name }, who will get a mail to choose a password.
