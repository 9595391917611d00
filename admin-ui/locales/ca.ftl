# General
app-name = Aplec · taula de gestió
back = Torna enrere
menu-collectives = Els teus col·lectius
menu-portal = El meu compte
menu-sign-out = Surt
nav-overview = Resum
nav-requests = Sol·licituds
nav-people = Persones
nav-services = Serveis
nav-audit = Registre
nav-settings = Col·lectiu

# Choosing a collective
collectives-title = Els teus col·lectius
collectives-lede = Tria el col·lectiu del qual et vols ocupar ara.
collectives-nothing-waits = No hi ha res pendent.
collectives-waiting = { $n ->
    [one] { $n } sol·licitud espera
   *[other] { $n } sol·licituds esperen
}
nothing-title = No ets gestora de cap col·lectiu
nothing-lede = { $person }, aquest espai és per a les gestores dels col·lectius.
nothing-text = Si t’han proposat com a gestora, primer has d’acceptar l’encàrrec des del teu compte. Si no, demana-ho a una gestora del teu col·lectiu.
nothing-portal = Ves al teu compte
nothing-steward = Formes part de l’equip comú. Aquesta taula només mostra els col·lectius dels quals ets gestora.

# Overview
overview-lede = Què espera, qui hi és i què cal mirar.
overview-requests = Sol·licituds que esperen
overview-oldest = La més antiga: { $since }
overview-people = Membres actives
overview-managers = Gestores
overview-one-manager-title = Us convé una altra gestora
overview-one-manager = { $collective } té menys de dues gestores. Si l’única no hi és, ningú no podrà validar ni ajudar la gent.
overview-queue = Les que fa més temps que esperen
overview-all-requests = Totes les sol·licituds
overview-members-by-state = Membres segons l’estat
overview-all-people = Totes les persones

# States, roles, kinds
state-requested = sol·licitada
state-invited = convidada
state-active = activa
state-suspended = en pausa
state-lapsed = caducada
state-ended = acabada
state-refused = denegada
states-requested = Sol·licitades
states-invited = Convidades
states-active = Actives
states-suspended = En pausa
states-lapsed = Caducades
states-ended = Acabades
states-refused = Denegades
role-manager = gestora
role-coordinator = coordinadora
role-service-manager = gestora d’un servei
kind-join = Vol ser-ne membre
kind-access = Demana un servei
kind-support = Demana ajuda
kind-recovery = No pot entrar
service-role-admin = administra
service-role-editor = edita
service-role-member = membre
service-role-viewer = només llegeix
service-role-moderator = modera
door-open = oberta
door-expired = ha vençut
door-membership-not-active = tancada: no és membre activa
door-offer-withdrawn = tancada: el servei ja no s’ofereix
door-collective-not-active = tancada: el col·lectiu no és actiu
door-service-not-active = tancada: el servei està aturat
door-person-not-active = tancada: el compte no és actiu

# The queue
queue-title = Sol·licituds
queue-lede = Qui espera una resposta { DE($collective) }, de la més antiga a la més nova. Qualsevol gestora pot respondre.
queue-kinds = Tipus de sol·licitud
queue-all = Totes
queue-empty-title = No espera ningú
queue-empty-text = Quan algú demani entrar, un servei o ajuda, sortirà aquí i rebreu un correu.
request-asks = Què demana
request-addresses = Correu verificat
request-address-domain = una adreça { DE($domain) }
request-no-address = cap
request-since = Espera des de
request-from = Ve d’un altre col·lectiu
request-rerouted-from = ve { DE($collective) }
request-no-text = No ha escrit cap missatge.
request-decided-accepted = Aquesta sol·licitud ja té resposta: acceptada.
request-decided-refused = Aquesta sol·licitud ja té resposta: denegada.
request-decided-withdrawn = Aquesta sol·licitud ja no espera resposta: s’ha retirat.
request-look-join = Revisa i valida
request-look-access = Revisa i obre la porta
request-look-help = Revisa
request-refuse = Denega la sol·licitud
request-reroute = Passa-la a un altre col·lectiu
request-otherwise = Si no és per a vosaltres
person-username = Nom d’usuària

accept-title = Resposta
accept-detail = Les portes marcades s’obren de seguida, en nom { DE($collective) }.
accept-access-detail = La porta s’obre de seguida, en nom { DE($collective) }.
accept-terms = Rol, espai i data per a { $service }
accept-fresh-sign-in = Rebrà un sol correu de benvinguda. Els serveis nous es veuen quan torna a entrar.
accept-join-button = Valida { $person } a { $collective }
accept-access-button = Obre la porta a { $person } en nom { DE($collective) }
accept-help-button = Ja està resolt: { $person }, { $collective }
refuse-title = Denegar
refuse-heading = Denega la sol·licitud { DE($person) } a { $collective }
refuse-reason = Per què
refuse-reason-hint = La persona ho llegirà tal com ho escriguis.
refuse-button = Denega la sol·licitud { DE($person) } a { $collective }
reroute-title = Passar a un altre col·lectiu
reroute-heading = Passa la sol·licitud { DE($person) } a un altre col·lectiu
reroute-lede = Equivocar-se de col·lectiu és el més normal del món. La persona no haurà de tornar a escriure res.
reroute-search = Cerca un col·lectiu
reroute-to = Col·lectiu
reroute-button = Passa-hi la sol·licitud que { $person } havia fet a { $collective }
reroute-none-title = Cap col·lectiu
reroute-none-text = Prova amb una altra part del nom.
reroute-note = Aquí només surten els col·lectius que han volgut sortir a la llista. Als altres s’hi entra amb el seu enllaç.

# People
people-title = Persones
people-lede = Qui és membre { DE($collective) }.
people-search = Cerca per nom, nom d’usuària o correu
people-states = Estat
people-all = Totes
people-empty-title = Encara no hi ha ningú
people-empty-text = Convida algú o comparteix l’enllaç del col·lectiu.
people-none-yet = Encara no hi ha ningú.
people-none-title = No s’ha trobat ningú
people-none-text = Prova amb una altra part del nom o mira tots els estats.
people-note = Només es veu la gent d’aquest col·lectiu.
people-count = { $n ->
    [one] { $n } persona
   *[other] { $n } persones
}
people-doors = { $n ->
    [0] cap porta oberta
    [one] { $n } porta oberta
   *[other] { $n } portes obertes
}
member-until = fins { AL($date) }
member-title = Membre { DE($collective) }
member-title-requested = Vol ser membre { DE($collective) }
member-title-invited = Convidada a { $collective }
member-since = Des de
member-ends = Fins a
member-email = Correu
member-email-unseen = no el pots veure
member-language = Idioma
member-home = col·lectiu de referència
member-pending = encara no ha entrat mai
member-request-title = La sol·licitud
member-request-text = Ha demanat entrar i encara espera una resposta.
member-looked = Aquesta persona pot veure que has mirat la seva fitxa.
doors-title = Portes
doors-detail = Els accessos que { $collective } ha obert a aquesta persona.
doors-service = Servei
doors-terms = Condicions
doors-no-terms = les del servei
doors-state = Estat
doors-actions = Accions
doors-change = Canvia { $service }
doors-close = Tanca { $service }
doors-none-title = Cap porta oberta
doors-none-text = { $collective } no ha obert cap servei a aquesta persona.
doors-others = Aquí només hi ha les portes que ha obert { $collective }. Altres col·lectius poden haver obert les seves.
told-title = Què en saben els serveis
told-detail = Els canvis dels últims 30 dies a les portes que ha obert { $collective }.
told-since = Canvi
told-state = Què se n’ha fet
told-confirmed = El servei ho ha confirmat: { $at }.
told-waiting = S’està avisant el servei.
told-trying-again = El servei encara no ha respost i ho tornem a provar. Últim intent: { $at }.
told-given-up = El servei no ha respost mai i ja no ho provem: { $at }. La sessió que hi tingui oberta dura fins que el servei l’acabi.
told-cannot-be-told = Aquest servei no es pot avisar: l’accés hi acaba quan s’hi acabi la sessió.
offers-title = Obrir una porta
offers-detail = Serveis que { $collective } pot obrir a aquesta persona.
offers-open = Obre { $service }
acts-title = La pertinença
acts-detail = Només afecta la relació { DE($person) } amb { $collective }: ni el compte ni els altres col·lectius.

# Acts on a membership
reason-label = Motiu
reason-hint = Opcional. La persona el pot llegir i queda al registre.
suspend-title = Pausa
suspend-heading = Pausa { $person } a { $collective }
suspend-button = Pausa { $person } a { $collective }
suspend-text = Això tanca les portes que ha obert { $collective }; altres col·lectius poden haver obert les seves. El compte { DE($person) } continua i ho pots desfer quan vulguis.
suspend-doors = Es tancaran aquestes portes
resume-title = Reprèn
resume-heading = Reprèn { $person } a { $collective }
resume-button = Reprèn { $person } a { $collective }
resume-text = { $person } torna a ser membre activa { DE($collective) } i s’obren de nou les portes que tenia.
resume-doors = Es tornaran a obrir aquestes portes
end-title = Acaba
end-heading = Acaba la pertinença { DE($person) } a { $collective }
end-button = Acaba la pertinença { DE($person) } a { $collective }
end-text = Això tanca les portes que ha obert { $collective }; altres col·lectius poden haver obert les seves. Per tornar, { $person } ho haurà de demanar o l’haureu de convidar. El compte i les dades als serveis no s’esborren.
end-doors = Es tancaran aquestes portes
uninvite-title = Retirar la invitació
uninvite-heading = Retira la invitació { DE($collective) } a { $person }
uninvite-button = Retira la invitació { DE($collective) } a { $person }
uninvite-text = { $person } ja no la podrà acceptar. Podeu tornar a convidar la mateixa adreça quan vulgueu.
uninvite-doors = Es tancaran aquestes portes

# The mail that leads in, again
resend-invitation-section = La invitació
resend-invitation-detail = Encara no hi ha respost. Els correus es perden: la hi pots tornar a enviar.
resend-invitation-heading = Torna a enviar la invitació a { $person }
resend-invitation-button = Torna a enviar la invitació { DE($collective) }
resend-invitation-text = { $person } rebrà un altre correu { DE($collective) } amb un enllaç que funciona trenta dies. Es pot enviar fins a tres vegades al dia.
resend-welcome-section = La benvinguda
resend-welcome-detail = Fa poc que és membre. Si el correu de benvinguda s’ha perdut, l’hi pots tornar a enviar.
resend-welcome-heading = Torna a enviar la benvinguda a { $person }
resend-welcome-button = Torna a enviar la benvinguda { DE($collective) }
resend-welcome-text = { $person } rebrà un altre correu { DE($collective) } que explica com entrar. Es pot enviar fins a tres vegades al dia.

# Managing the collective together
management-title = Gestió
management-propose = Si ho accepta, { $person } portarà { $collective } amb tu. Convé que hi hagi almenys dues gestores.
management-take-back = { $person } està proposada com a gestora { DE($collective) } des { DEL($since) }. Encara ho ha d’acceptar.
management-end-mandate = { $person } és gestora { DE($collective) } des { DEL($since) }.
management-resign = Ets gestora { DE($collective) } des { DEL($since) }.
propose-title = Proposar una gestora
propose-heading = Proposa { $person } com a gestora { DE($collective) }
propose-button = Proposa { $person } com a gestora { DE($collective) }
propose-text = Rebrà un correu i ho decidirà al seu espai personal; mentre no ho accepti no canvia res. Com a gestora { DE($collective) } podrà fer el mateix que tu: validar persones, obrir i tancar portes i proposar altres gestores.
take-back-title = Retirar la proposta
take-back-heading = Retira la proposta feta a { $person }
take-back-button = Retira la proposta { DE($collective) } a { $person }
take-back-text = { $person } ja no la podrà acceptar. Continua sent membre { DE($collective) } amb les mateixes portes.
end-mandate-title = Acabar un encàrrec
end-mandate-heading = Acaba l’encàrrec { DE($person) } com a gestora { DE($collective) }
end-mandate-button = Acaba l’encàrrec { DE($person) } a { $collective }
end-mandate-text = { $person } deixarà de ser gestora { DE($collective) } ara mateix. Continua sent-ne membre amb les mateixes portes, i s’avisa els serveis del canvi.
resign-title = Deixar de ser gestora
resign-heading = Deixa de ser gestora { DE($collective) }
resign-button = Deixa de ser gestora { DE($collective) }
resign-text = Ja no podràs validar ni ajudar la gent { DE($collective) } des d’aquesta taula. Continues sent-ne membre amb les mateixes portes.
resigned-title = L’encàrrec s’ha acabat
resigned-text = Gràcies per la feina feta. Continues sent membre del col·lectiu.
step-up-note = És un pas delicat: si fa més de cinc minuts que has entrat, et tornarem a demanar la contrasenya.

# Doors
terms-role = Rol
terms-quota = Espai
terms-quota-hint = Per exemple «5 GB». Buit: el que dona el servei.
terms-quota-ceiling = Per exemple «5 GB»; com a màxim { $most }. Buit: el que dona el servei.
terms-ends-at = Últim dia
terms-ends-at-hint = Buit: sense data de final.
terms-until = fins { AL($date) }
open-title = Obrir una porta
open-heading = Obre { $service } a { $person }
open-lede = En nom { DE($collective) }.
open-button = Obre { $service } a { $person } en nom { DE($collective) }
change-title = Canviar una porta
change-heading = Canvia { $service } per a { $person }
change-lede = Només la porta que ha obert { $collective }.
change-button = Desa els canvis { DE($person) } a { $service } ({ $collective })
change-now = Ara: { $terms }. El que no havies tocat ja surt així al formulari.
close-title = Tancar una porta
close-heading = Tanca { $service } a { $person }
close-text = Això tanca la porta que ha obert { $collective } a { $service }; altres col·lectius poden haver obert la seva. { $person } continua sent membre { DE($collective) }.
close-button = Tanca { $service } a { $person } en nom { DE($collective) }

# What an act did
effect-closed-being-told = { $service }: la porta és tancada i s’avisa el servei perquè tanqui la sessió.
effect-closed-cannot-be-told = { $service }: la porta és tancada, però la sessió que hi tingui oberta continua fins que el servei l’acabi.
effect-closed-no-session = { $service }: la porta és tancada; no hi tenia cap sessió oberta des d’aquí.
effect-told = { $service }: s’avisa el servei del canvi.
effect-later = { $service }: veurà el canvi quan la persona torni a entrar.
effect-more = { $n ->
    [one] I un servei més
   *[other] I { $n } serveis més
}
effect-tokens = Això tanca el que ha obert aquest col·lectiu; altres poden haver obert les seves portes. En un servei que no ens pregunta cada vegada, un accés ja donat deixa de valer
effect-sign-in-again = Els accessos nous es veuen quan la persona torna a entrar.
done-accept-join = { $person } ja és membre { DE($what) }.
done-accept = Sol·licitud { DE($person) } resolta a { $what }.
done-refuse = S’ha denegat la sol·licitud { DE($person) } a { $what }. En podrà llegir el motiu.
done-reroute = La sol·licitud { DE($person) } ja és a l’altre col·lectiu.
done-suspend = { $person } està en pausa a { $what }.
done-resume = { $person } torna a ser membre activa { DE($what) }.
done-end = { $person } ja no és membre { DE($what) }.
done-uninvite = S’ha retirat la invitació { DE($what) } a { $person }.
done-open = { $what } és obert per a { $person }.
done-change = S’han desat els canvis { DE($person) } a { $what }.
done-close = { $what }: la porta { DE($person) } és tancada.
done-invite = S’ha enviat la invitació { DE($what) } a { $person }.
done-propose = { $person } ha rebut la proposta de ser gestora { DE($what) }. Falta que l’accepti.
done-take-back = S’ha retirat la proposta feta a { $person }.
done-end-mandate = { $person } ja no és gestora { DE($what) }.
done-resign = Ja no ets gestora { DE($what) }.
done-resend = S’ha tornat a enviar el correu { DE($what) } a { $person }.
done-settings = S’han desat els canvis { DE($what) }.

# Inviting
invite-action = Convida algú
invite-title = Convidar
invite-heading = Convida algú a { $collective }
invite-lede = Rebrà un correu amb un enllaç i decidirà si l’accepta. Si ja té compte, el podrà fer servir.
invite-email = Correu electrònic
invite-name = Nom
invite-name-hint = Opcional: com l’anomena el correu.
invite-language = Idioma del correu
invite-button = Envia la invitació { DE($collective) }
join-link-title = L’enllaç del col·lectiu
join-link-text = Qui hi entri podrà demanar ser-ne membre. Ho rebreu a les sol·licituds.

# Services
services-title = Serveis
services-lede = Els serveis que { $collective } pot obrir a la seva gent.
services-note = Ser membre no vol dir tenir un servei: cada porta l’obre una gestora.
services-none-title = Cap servei
services-none-text = Encara no s’ha ofert cap servei a aquest col·lectiu. Parleu-ne amb l’equip comú.
services-roles = Rols
services-default-role = { $role } (per defecte)
services-ceiling = Espai màxim per persona
services-new-members = Membres noves
services-automatic = el tenen des que són validades
services-by-hand = una gestora ho decideix per a cadascuna
services-doors = Portes obertes
services-visit = Ves al servei
offer-active = disponible
offer-service-paused = servei aturat
offer-withdrawn = ja no s’ofereix

# Record
audit-title = Registre
audit-lede = Tot el que ha passat a { $collective }, del més nou al més antic.
audit-when = Quan
audit-what = Què
audit-whom = Sobre qui
audit-who = Qui ho ha fet
audit-somebody = una persona
audit-operator = operacions, des del servidor
audit-system = el programa
audit-none-title = Encara no ha passat res
audit-none-text = Aquí hi quedarà tot el que facin les gestores.
audit-note = Cada persona pot llegir el que s’ha fet sobre ella.
fact-person-registered = S’ha registrat
fact-person-email-verified = Ha verificat el correu
fact-person-activated = El compte és actiu
fact-person-language-changed = Ha canviat de llengua
fact-person-profile-changed = S’han canviat les seves dades
fact-person-viewed = S’ha mirat la fitxa
fact-credential-password-set = S’ha posat una contrasenya
fact-collective-founded = S’ha fundat el col·lectiu
fact-collective-edited = S’ha canviat el col·lectiu
fact-request-join = Demana ser membre
fact-request-access = Demana un servei
fact-request-accepted = Sol·licitud acceptada
fact-request-refused = Sol·licitud denegada
fact-request-withdrawn = Sol·licitud retirada per qui la va fer
fact-request-rerouted = Sol·licitud passada a un altre col·lectiu
fact-membership-activated = És membre
fact-membership-suspended = En pausa
fact-membership-resumed = Torna a ser membre activa
fact-membership-extended = S’ha allargat fins a una altra data
fact-membership-made-home = És el seu col·lectiu de referència
fact-membership-working-groups-joined = Ha entrat a grups de treball
fact-membership-lapsed = Ha caducat
fact-membership-ended = Ja no és membre
fact-membership-invited = Convidada
fact-membership-invitation-resent = S’ha tornat a enviar el correu per entrar
fact-mandate-proposed = Proposada com a gestora
fact-mandate-accepted = Ha acceptat l’encàrrec
fact-mandate-ended = Ha acabat l’encàrrec
fact-offer-made = Servei ofert al col·lectiu
fact-offer-edited = Ha canviat el que s’ofereix
fact-grant-given = Porta oberta
fact-grant-changed = Porta canviada
fact-grant-withdrawn = Porta tancada

# The collective
settings-title = { $collective }
settings-name = Nom
settings-language = Idioma dels correus
settings-language-hint = Per a qui no n’ha triat cap.
settings-listed = Surt a la llista pública de col·lectius
settings-is-listed = surt a la llista pública
settings-is-not-listed = no surt a la llista pública
settings-listed-hint = Si no, s’hi entra amb l’enllaç.
settings-button = Desa els canvis { DE($collective) }
settings-slug = Els serveis coneixen aquest col·lectiu com a «{ $slug }»; això no canvia encara que en canviïs el nom.

# A form shown again
draft-invalid = Hi ha alguna cosa per corregir. El que has escrit encara hi és.
draft-signed-in-again = Has tornat a entrar i el que havies escrit encara hi és. Repassa-ho i torna-ho a enviar.
draft-stale = El formulari era antic. El que has escrit encara hi és: repassa-ho i torna-ho a enviar.
draft-changed = Mentrestant algú altre hi ha fet un canvi. Mira com està ara i, si cal, torna-ho a enviar.
draft-too-many = Has anat molt de pressa i això no s’ha enviat. El que has escrit encara hi és: espera un minut i torna-ho a enviar.
draft-unavailable = El servidor de comptes no respon. Torna-ho a enviar d’aquí a una estona.
kept-title = El que has escrit no s’ha perdut
kept-text = No tanquis aquesta pàgina abans d’haver-ho tornat a enviar.
kept-long-title = És massa llarg per guardar-ho mentre tornes a entrar
kept-long-text = La sessió s’ha acabat. El que has escrit és aquí sota: no tanquis aquesta pàgina, entra en una altra pestanya i després torna-ho a enviar.
kept-sign-in = Entra en una altra pestanya i després torna aquí
kept-send = Torna-ho a enviar
field-empty = No pot quedar buit.
field-too-long = És massa llarg.
field-control-characters = Hi ha caràcters que no es poden mostrar.
field-invalid = Això no és vàlid.
field-unknown = Això no existeix.
field-not-offered = El col·lectiu no ho té disponible.
field-above-ceiling = És més del que pot donar el col·lectiu.
field-in-the-past = Ha de ser una data futura.
field-quota = Escriu-ho així: 5 GB.
field-date = Escriu-ho així: 2026-03-31.
field-choose = Tria’n un.

# Errors
error-home = Ves a l’inici
error-look-again = Torna-ho a mirar
error-sign-in-again = Torna a entrar
error-instance = Si ho expliques a algú, digues-li aquest codi: { $id }
error-bad-request-title = No s’ha entès
error-bad-request-text = L’adreça o el formulari no és com l’esperàvem. Torna enrere i prova-ho de nou.
error-cross-site-title = El formulari no ve d’aquí
error-cross-site-text = No s’ha fet res. Torna a la pàgina i envia’l des d’allà.
error-session-refused-title = La sessió no serveix
error-session-refused-text = Has entrat, però el servidor no accepta la sessió. Torna-hi; si continua igual, parla amb l’equip comú.
error-sign-in-title = No has entrat
error-sign-in-text = L’entrada no s’ha pogut acabar, potser perquè ha passat massa temps o era d’una altra pestanya.
error-forbidden-title = Això no et toca a tu
error-forbidden-text = Ho pot fer una altra gestora o l’equip comú.
error-not-found-title = Aquí no hi ha res
error-not-found-text = Pot ser que l’adreça estigui mal escrita, que ja no existeixi o que no sigui del teu col·lectiu.
error-conflict-title = Ara no es pot fer
error-conflict-text = Les coses han canviat: potser algú altre ja ho ha fet.
error-changed-title = Algú altre ho ha canviat
error-changed-text = Mentre ho miraves, una altra persona hi ha fet un canvi. No s’ha fet res del que demanaves.
error-too-large-title = És massa llarg
error-too-large-text = Escurça el text i torna-ho a enviar.
error-too-many-title = Una mica massa de pressa
error-too-many-text = Has demanat moltes coses en poca estona. Espera un minut i torna-ho a provar.
error-unavailable-title = Ara mateix no hi arribem
error-unavailable-text = El servidor de comptes no respon. No s’ha perdut res: torna-ho a provar d’aquí a una estona.
error-unexpected-title = Alguna cosa ha fallat
error-unexpected-text = No és culpa teva. Torna-ho a provar; si continua, avisa l’equip comú.
code-own-membership = Ningú no decideix sobre si mateixa: demana-ho a una altra gestora o, si no n’hi ha cap més, a l’equip comú.
code-last-manager = És l’última gestora del col·lectiu. Primer cal que una altra persona n’accepti l’encàrrec.
code-already-decided = Aquesta sol·licitud ja té resposta.
code-already-open = El col·lectiu ja té oberta aquesta porta.
code-already-member = Ja és membre del col·lectiu.
code-already-manager = Ja és gestora del col·lectiu.
code-already-proposed = Ja li ho heu proposat i encara no ha respost.
code-too-many-invitations = Avui ja s’han convidat prou persones des d’aquí. Torna-ho a provar demà.
code-too-many-mails = Avui ja se li ha enviat prou vegades. Digues-li que miri el correu brossa o torna-ho a provar demà.
code-no-address = No té cap adreça de correu on enviar-ho.
code-wrong-state = El seu estat ha canviat i ara no es pot fer. Mira com està.
code-address-not-verified = Encara no ha verificat el correu. Quan ho faci podràs respondre.
code-account-not-open = El compte està aturat o es tanca. Parla amb l’equip comú.
code-membership-not-active = Ara no és membre activa: primer cal reprendre la pertinença.
code-not-asked-for = La sol·licitud demana una altra cosa.
code-not-a-join-request = Només es poden passar les sol·licituds de qui vol ser membre.
code-unknown-target = Aquest col·lectiu no pot rebre la sol·licitud. Tria’n un altre de la llista.
code-already-asked = Ja ho ha demanat: respon la seva sol·licitud.
code-not-offered = El col·lectiu ja no té disponible aquest servei.
code-service-not-active = El servei està aturat.
code-access-denied = No s’ha donat permís per entrar.
signed-out-title = Has sortit
signed-out-text = Fins aviat.
signed-out-again = Torna a entrar
