# The mails.

mail-greeting = Hello { $name },
mail-button-hint = If the button does not work, copy this address into your browser:
mail-until = The link works until { $when }.
mail-username = Your username is { $username }.

mail-verify-subject = Confirm your address for { $cluster }
mail-verify-text = Somebody, we hope you, gave this address to join { $cluster }. Confirm that it is yours.
mail-verify-button = Confirm the address
mail-verify-ignore = If it was not you, there is nothing to do: without confirmation no account is opened.

mail-welcome-subject = Welcome to { $collective }
mail-welcome-text = A manager of { $collective } has validated you: your account works now.
mail-welcome-button = Sign in
mail-welcome-services = These doors are open to you already:
mail-welcome-no-services = No service is open to you yet; ask your collective’s managers for them.
mail-welcome-managers = If you need help, talk to { $managers }.

mail-request-subject = { $applicant } is waiting for an answer at { $collective }
mail-request-join = { $applicant } asks to join { $collective }.
mail-request-access = { $applicant } asks for access to { $service } through { $collective }.
mail-request-button = Open the requests
mail-request-any-manager = Every manager has received this; it is enough if one of you answers.

mail-refused-subject = { $collective } has answered your request
mail-refused-join = { $collective } did not accept your request to join.
mail-refused-access = { $collective } did not accept your request for access to { $service }.
mail-refused-reason = The reason:
mail-refused-talk = If you think this is a mistake, talk to { $collective }; you may ask again.
mail-refused-username = Your username is free again. You can still sign in with your e-mail address; when you ask to join a collective again, you choose a username.

mail-freed-subject = Your username at { $cluster } is free again
mail-freed-text = The invitation that waited for your answer is over, and no collective vouches for your account at { $cluster } now.

mail-granted-subject = You now have access to { $service }
mail-granted-text = { $collective } has opened the door to { $service } for you.
mail-granted-button = Go to { $service }
mail-granted-again = If you were already signed in there, sign out and in again for it to show.

mail-invitation-subject = { $collective } invites you
mail-invitation-text = { $collective } has opened an account for you at { $cluster }. Choose a password and you can sign in.
mail-invitation-button = Choose a password
mail-invitation-ignore = If you do not know this collective, there is nothing to do.

mail-invited-text = { $collective } invites you to become a member. You already have an account at { $cluster }: sign in as always and accept or decline the invitation in your account.
mail-invited-button = See the invitation

mail-already-subject = You already have an account at { $cluster }
mail-already-text = Somebody, perhaps you, tried to register at { $cluster } with this address, which already has an account.
mail-already-button = Sign in
mail-already-ignore = If it was not you, there is nothing to do: nobody got into your account.

mail-mandate-subject = Would you like to be a manager of { $collective }?
mail-mandate-text = You have been proposed as a manager of { $collective }.
mail-mandate-duties = Managers validate people, decide which services they can enter and are the first to help them.
mail-mandate-button = Look at the proposal
mail-mandate-free = It is up to you: if you do not accept, nothing changes and you are still a member of { $collective }.

mail-password-subject = Your password at { $cluster } was changed
mail-password-text = The password of your account at { $cluster } was changed: { $when }.
mail-password-not-you = Was it not you? Sign in and end the sessions you do not recognise. If the password you know does not work any more, tell the managers of your collective at once.
mail-password-button = See your sessions
mail-password-managers = They can help you: { $managers }.
mail-password-ignore = If it was you, there is nothing to do.

mailbox-title = Local mailbox
mailbox-detail = The mails that would have been sent if there were a mail server. Only visible on this machine.
mailbox-line = to { $to }, { $when }
mailbox-empty-title = No mails yet
mailbox-empty-text = This is where, for example, the links to confirm an address will appear.
mailbox-back = All mails
