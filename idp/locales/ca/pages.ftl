# El que diuen les pàgines. El català és la referència; el femení és el genèric.

# --- comú
page-sign-in = Inicia la sessió
page-sign-out = Surt
page-my-account = El meu compte

# --- camps que es repeteixen
field-name-empty = Escriu un nom.
field-name-long = El nom té massa caràcters: 120 com a màxim.
field-name-control = El nom conté signes que no es poden mostrar.
field-username-short = El nom d’usuària té 3 caràcters com a mínim.
field-username-long = El nom d’usuària té 30 caràcters com a màxim.
field-username-characters = Fes servir només lletres sense accents, xifres i, entremig, punts, guions o guions baixos.
field-username-reserved = Aquest nom està reservat. Tria’n un altre.
field-username-taken = Aquest nom ja el té algú. Tria’n un altre.
field-email-invalid = Escriu una adreça completa, com ara laia@exemple.cat.
field-password-short = Són poques lletres: en calen 15 com a mínim. Una frase que recordis és una bona contrasenya.
field-password-long = La contrasenya té 128 caràcters com a màxim.
field-password-guessable = Aquesta contrasenya és massa fàcil d’endevinar. Prova amb quatre paraules que no vagin juntes.
field-password-again = Escriu de nou la contrasenya: per seguretat no la desem al formulari.
field-text-long = El text té massa caràcters: 2.000 com a màxim.
field-text-control = El text conté signes que no es poden mostrar.

# --- inici
home-title = Una sola porta per als serveis del teu col·lectiu
home-text = { $cluster } és de les persones i els col·lectius que en formen part. Amb un sol compte arribes als serveis que el teu col·lectiu t’ha obert.
home-join = Demana entrar en un col·lectiu

# --- inici de sessió
login-title = Inicia la sessió
login-to-service = per anar a { $service }
login-identifier = Nom d’usuària o adreça electrònica
login-password = Contrasenya
login-own-device = Aquest dispositiu és meu
login-own-device-hint = La sessió es mantindrà oberta més estona. No ho marquis en un ordinador compartit.
login-submit = Entra
login-wrong-title = No has pogut entrar
login-wrong = El nom i la contrasenya no coincideixen. Comprova’ls i torna-ho a provar.
login-throttled = Hi ha hagut massa intents seguits. Podràs tornar-ho a provar { $when }.
login-throttled-soon = Hi ha hagut massa intents seguits. Espera uns segons i torna-ho a provar.
login-not-allowed = Ara mateix no es pot entrar amb aquest compte. Si t’acabes de registrar, obre primer l’enllaç del correu que t’hem enviat; si no, parla amb una gestora del teu col·lectiu.
login-new = Encara no tens compte?
login-join = Demana entrar en un col·lectiu
login-forgotten = Has perdut la contrasenya? Demana ajuda a una gestora del teu col·lectiu.

# --- triar compte
choose-title = Amb quin compte?
choose-to-service = per anar a { $service }
choose-other = Entra amb un altre compte

# --- consentiment
consent-title = { $service } vol saber qui ets
consent-text = Si hi estàs d’acord, { $service } rebrà això del teu compte:
consent-owner = Qui se n’ocupa
consent-host = On torna la resposta
consent-person = El teu compte
consent-scope-openid = Un identificador teu per a aquest servei
consent-scope-profile = El teu nom, el nom d’usuària i l’idioma
consent-scope-email = La teva adreça electrònica
consent-scope-groups = Els teus grups que tenen a veure amb aquest servei
consent-scope-collectives = Tots els col·lectius de què ets membre i què hi fas
consent-scope-services = Tots els serveis on pots entrar
consent-scope-offline_access = Poder demanar aquestes dades també quan no hi siguis
consent-scope-manage = Actuar en nom teu a la taula de les gestores
consent-agree = Hi estic d’acord
consent-refuse = No, torna enrere
consent-note = Ho recordarem i no t’ho tornarem a preguntar, si no és que demana més coses.

# --- sense accés
no-access-title = No tens accés a { $service }
no-access-title-plain = Ara no hi pots entrar
no-access-ask-text = Una gestora del teu col·lectiu et pot obrir aquesta porta.
no-access-nobody = Cap dels teus col·lectius no té aquest servei. Parla’n amb les gestores, per si el volen demanar.
no-access-no-membership = Ara mateix no ets membre activa de cap col·lectiu amb aquest servei.
no-access-resting = La teva pertinença és en pausa o ha caducat, i per això la porta és tancada. Parla’n amb les gestores: elles la poden tornar a obrir.
no-access-managers = Les gestores { DE($collective) }
no-access-managers-none = Ara mateix { $collective } no té cap gestora activa.
no-access-paused = Aquest servei està en pausa. Torna-ho a provar més tard.
no-access-disabled = Aquest servei està desactivat.
no-access-mandate = La taula és per a les gestores dels col·lectius. Si n’has de ser, accepta l’encàrrec al teu compte o parla amb les altres gestores.
no-access-person = El teu compte encara no està actiu: una gestora ha de validar la teva sol·licitud.
no-access-outside = El teu compte encara no està actiu, perquè no ets de cap col·lectiu. Demana entrar en un i, quan una gestora et validi, torna a entrar al servei.
no-access-which = A quin col·lectiu ho demanes?
no-access-text = Per a què el vols?
no-access-text-hint = Dues ratlles ajuden la gestora a decidir. No és obligatori.
no-access-submit = Demana l’accés
no-access-asked = Sol·licitud enviada a { $collective } { $when }. T’avisarem per correu; quan et diguin que sí, torna a entrar al servei.
no-access-sent-title = Sol·licitud enviada
no-access-back = Torna al servei
no-access-choose = Tria un dels teus col·lectius.
no-access-already = Ja tens accés a aquest servei. Torna a entrar-hi.
no-access-too-many = Avui ja has demanat moltes coses. Torna-ho a provar demà.

# --- registre
join-title = De quin col·lectiu ets?
join-text = Cada col·lectiu valida la seva gent. Si tens l’enllaç del teu, fes-lo servir: hi arribaràs directament.
join-search = Cerca un col·lectiu
join-empty-title = No n’hem trobat cap
join-empty-text = Hi ha col·lectius que no surten en aquesta llista: demana’ls l’enllaç.
join-none-text = De moment cap col·lectiu no surt a la llista. Demana l’enllaç al teu.
join-have-account = Ja tens compte?
join-step-form = Qui ets
join-step-mail = El teu correu
join-step-validation = La validació
join-form-title = Entra a { $collective }
join-form-text = Una gestora { DE($collective) } llegirà la sol·licitud i et validarà.
join-field-name = Com vols que et diguem?
join-field-name-hint = Pot ser un pseudònim.
join-field-username = Nom d’usuària
join-field-username-hint = Per iniciar la sessió. Només lletres sense accents, xifres, punts i guions; després costa de canviar.
join-field-email = Adreça electrònica
join-field-email-hint = T’hi enviarem un enllaç per comprovar que és teva.
join-field-password = Contrasenya
join-field-password-hint = 15 caràcters o més: una frase que recordis. Els espais i els accents hi caben.
join-field-text = Qui ets?
join-field-text-hint = Dues ratlles perquè la gestora et reconegui. Ho llegiran només les gestores { DE($collective) }.
join-submit = Envia la sol·licitud
join-wrong-collective = No és aquest? Tria un altre col·lectiu
join-mail-title = Mira el teu correu
join-mail-text = Hem enviat un missatge a { $address }. Obre’l i segueix l’enllaç per continuar.
join-mail-hint = L’enllaç serveix 24 hores. Si no el trobes, mira la carpeta de correu brossa; si l’adreça és mal escrita, torna a començar.
join-mail-again = Torna a començar

# --- comprovar l’adreça
verify-title = Confirma la teva adreça
verify-text = Confirma que { $address } és teva i que has demanat això:
verify-text-plain = Confirma que { $address } és teva.
verify-collective = Col·lectiu
verify-password-text = Tria ara la contrasenya amb què iniciaràs la sessió. Substitueix la que s’hagi escrit en enviar la sol·licitud.
verify-submit = Sí, és la meva adreça
verify-not-me = No has estat tu? Tanca aquesta pàgina: sense el teu sí no passa res.
verify-done-title = Adreça confirmada
verify-done-text = A partir d’ara la pots fer servir per iniciar la sessió.
verify-already-title = Aquesta adreça ja està confirmada
verify-already-text = No has de fer res més aquí: ja pots iniciar la sessió.
verify-taken-title = Aquesta adreça ja és d’un altre compte
verify-taken-text = Hi ha un compte que ja entra amb aquesta adreça. Inicia la sessió amb aquell compte.
waiting-title = Ara toca esperar una mica
waiting-text = { $collective } ha rebut la teva sol·licitud. Quan una gestora et validi, t’ho direm amb un correu.
waiting-text-plain = L’adreça ja és teva. Ara demana entrar en un col·lectiu.
waiting-managers = Si et corre pressa, pots parlar amb { $names }.
waiting-account = Mentrestant, mira el teu compte

# --- activar el compte
welcome-title = Et donem la benvinguda
welcome-text = { $collective } t’ha creat un compte. Només falta que triïs una contrasenya.
welcome-text-plain = Només falta que triïs una contrasenya.
welcome-name = Nom
welcome-username = Nom d’usuària
welcome-submit = Desa la contrasenya
welcome-done-title = El compte ja és teu
welcome-done-text = Inicia la sessió amb el nom d’usuària { $username } i la contrasenya que acabes de triar.

# --- el compte
account-nav-services = Serveis
account-nav-collectives = Col·lectius
account-nav-security = Seguretat i idioma
account-services-title = Hola, { $name }
account-services-text = Aquests són els serveis on pots entrar.
account-services-empty-title = Encara no tens cap servei
account-services-empty-text = Quan una gestora te n’obri la porta, el trobaràs aquí.
account-via = obert per { $name }
account-quota = { $quota }
account-closed-title = També pots demanar
account-closed-text = Serveis que tenen els teus col·lectius.
account-ask = Demana { $service }
account-waiting = Demanat
account-to-answer = { $n ->
    [one] Hi ha una cosa que espera la teva resposta
   *[other] Hi ha { $n } coses que esperen la teva resposta
}
account-awaiting = El teu compte espera que una gestora el validi. T’avisarem per correu.
account-outside = Encara no ets de cap col·lectiu. Demana entrar en un: una gestora llegirà la sol·licitud i et respondrà.
account-collectives-title = Els teus col·lectius
account-collectives-empty-title = No ets membre de cap col·lectiu
account-collectives-empty-text = Els serveis arriben sempre a través d’un col·lectiu.
account-collectives-join = Demana entrar en un altre
account-membership-requested = en espera
account-membership-invited = convidada
account-membership-active = activa
account-membership-suspended = en pausa
account-membership-lapsed = caducada
account-membership-ended = acabada
account-membership-refused = no acceptada
account-membership-home = col·lectiu de referència
account-role-manager = gestora
account-role-coordinator = coordinadora
account-role-service_manager = gestora { DE($service) }
account-role-community_steward = equip comú: comunitat
account-role-operations_steward = equip comú: operacions
account-membership-since = Membre des { DEL($date) }
account-membership-until = fins { AL($date) }
account-membership-managers = Gestores: { $names }
account-invitation-title = { $collective } et convida a ser-ne membre
account-invitation-text = Si acceptes, les seves gestores podran obrir-te serveis i veuran el teu nom i la teva adreça.
account-invitation-accept = Accepta la invitació { DE($collective) }
account-invitation-decline = No, gràcies
account-mandate-title = Et proposen un encàrrec a { $collective }
account-mandate-text-manager = Seràs gestora { DE($collective) }: validaràs persones, obriràs i tancaràs serveis i faràs el primer suport. Tot el que facis queda escrit.
account-mandate-text-coordinator = Coordinaràs un grup de treball { DE($collective) }.
account-mandate-text-service_manager = Seràs gestora { DE($service) } en nom { DE($collective) }: podràs admetre-hi persones.
account-mandate-text-community_steward = Seràs de l’equip comú, a la taula de la comunitat: col·lectius i suport que arriba d’ells.
account-mandate-text-operations_steward = Seràs de l’equip comú, a operacions: serveis, claus i feines. No llegiràs dades de persones.
account-mandate-accept = Accepta l’encàrrec a { $collective }
account-mandate-decline = Ara no
account-requests-title = El que has demanat
account-request-join = Entrar a { $collective }
account-request-access = { $service }, a { $collective }
account-request-support = Ajuda { DE($collective) }
account-request-column = Què
account-request-when = Quan
account-request-state = Resposta
account-request-act = Acció
account-request-open = en espera
account-request-accepted = acceptada
account-request-refused = no acceptada
account-request-withdrawn = retirada
account-request-reason = Motiu: { $reason }
account-request-withdraw = Retira la sol·licitud
account-security-title = Seguretat i idioma
account-facts = El teu compte
account-fact-name = Nom
account-fact-username = Nom d’usuària
account-fact-email = Adreça electrònica
account-fact-email-none = Cap
account-password-title = Canvia la contrasenya
account-password-current = Contrasenya d’ara
account-password-new = Contrasenya nova
account-password-elsewhere = Tanca les altres sessions
account-password-elsewhere-hint = Fes-ho si sospites que algú més la sap.
account-password-submit = Canvia la contrasenya
account-password-wrong = Aquesta no és la contrasenya d’ara.
account-password-done = La contrasenya ha canviat.
account-sessions-title = Sessions obertes
account-sessions-text = Si no en reconeixes alguna, tanca-la i canvia la contrasenya.
account-session-here = aquest navegador
account-session-elsewhere = un altre navegador
account-session-browser = On
account-session-column = Oberta
account-session-used = Feta servir
account-session-end = Tanca aquesta sessió
account-session-end-label = Tanca la sessió oberta { $when }
account-session-ended = La sessió és tancada i ho estem dient als serveis.
account-language-title = Idioma
account-language-field = Idioma de les pàgines i dels correus
account-language-submit = Desa l’idioma
account-language-done = Des d’ara et parlarem en català.
account-desk = La taula de les gestores
account-accepted = Ja ho has acceptat.
account-declined = D’acord: no has acceptat.
account-withdrawn = Has retirat la sol·licitud.
account-ask-title = Demana { $service }
account-gone = Això ja no hi és: potser algú ho ha canviat mentrestant.

# --- què s’ha fet amb el compte
account-nav-record = Registre
account-record-title = Què s’ha fet amb el teu compte
account-record-text = Qui hi ha fet què, quan i per què: també qui ha mirat la teva fitxa.
account-record-note = Una gestora que mira la teva fitxa més d’un cop el mateix dia hi surt una sola vegada. Quan inicies la sessió no queda escrit aquí.
account-record-empty-title = Encara no ha passat res
account-record-empty-text = Quan algú faci alguna cosa amb el teu compte, ho llegiràs aquí.
account-record-what = Què
account-record-where = On
account-record-who = Qui
account-record-when = Quan
account-record-reason = Motiu:
account-record-newest = El més nou
account-record-older = Més antic
account-record-oneself = tu
account-record-manager = { $name }, { DE($collective) }
account-record-erased = una persona que ja no té compte
account-record-operator = operacions, des del servidor
account-record-system = el programa
account-record-other = Una cosa que aquesta pàgina encara no sap explicar
account-did-person-registered = S’ha creat el compte
account-did-person-email-verified = S’ha confirmat la teva adreça
account-did-person-activated = El compte ha quedat actiu
account-did-person-language-changed = S’ha canviat l’idioma
account-did-person-profile-changed = S’han canviat les teves dades
account-did-person-viewed = S’ha mirat la teva fitxa
account-did-credential-password-set = S’ha posat una contrasenya nova
account-did-request-join = Sol·licitud per ser-ne membre
account-did-request-access = Sol·licitud d’un servei
account-did-request-accepted = S’ha acceptat la teva sol·licitud
account-did-request-refused = No s’ha acceptat la teva sol·licitud
account-did-request-withdrawn = S’ha retirat la teva sol·licitud
account-did-request-rerouted = La teva sol·licitud ha passat a { $collective }
account-did-membership-activated = Has passat a ser-ne membre
account-did-membership-suspended = La teva condició de membre ha quedat en pausa
account-did-membership-resumed = Tornes a ser-ne membre activa
account-did-membership-extended = S’ha canviat fins quan n’ets membre
account-did-membership-made-home = És el teu col·lectiu de referència
account-did-membership-working-groups-joined = Has entrat a grups de treball
account-did-membership-lapsed = La teva condició de membre ha caducat
account-did-membership-ended = Has deixat de ser-ne membre
account-did-membership-invited = T’han convidat a ser-ne membre
account-did-membership-invitation-resent = S’ha tornat a enviar el correu per entrar
account-did-mandate-proposed = T’han proposat un encàrrec
account-did-mandate-accepted = S’ha acceptat l’encàrrec
account-did-mandate-ended = S’ha acabat l’encàrrec
account-did-grant-given = S’ha obert la porta d’un servei
account-did-grant-changed = Ha canviat què pots fer en un servei
account-did-grant-withdrawn = S’ha tancat la porta d’un servei
account-did-consent-given = Has acceptat què pot saber de tu un servei
account-did-session-ended = S’ha tancat una sessió teva

# --- sortir
logout-title = Vols sortir?
logout-text = Es tancarà la sessió { DE($name) } en aquest navegador, i els serveis on has entrat ho sabran.
logout-asked = T’ho demana { $service }.
logout-submit = Surt
logout-stay = Queda’t
signed-out-title = Has sortit
signed-out-text = La sessió d’aquest navegador és tancada. Alguns serveis poden trigar una mica a adonar-se’n.

# --- resposta al servei
continue-title = Tornes al servei
continue-button = Continua

# --- posar en marxa
setup-title = Comencem
setup-text = Aquest enllaç serveix un sol cop: funda els primers col·lectius i el teu compte, que serà de l’equip comú. Una segona persona el compartirà amb tu.
setup-you = Tu
setup-name = El teu nom
setup-username = Nom d’usuària
setup-email = Adreça electrònica
setup-password = Contrasenya
setup-first = El teu col·lectiu
setup-first-hint = El que et coneix i respon per tu.
setup-collective-name = Nom del col·lectiu
setup-collective-name-hint = Tal com el diu la gent.
setup-second = La segona persona
setup-second-text = Convida algú d’un altre col·lectiu: així el poder no és en una sola mà. Ho pots deixar per a després.
setup-second-collective = El seu col·lectiu
setup-second-name = El seu nom
setup-second-email = La seva adreça electrònica
setup-second-incomplete = Omple els tres camps de la segona persona, o deixa’ls tots buits.
setup-second-same = Ha de ser una adreça diferent de la teva.
setup-collective-invalid = Amb aquest nom no en surt cap identificador: cal que tingui lletres o xifres.
setup-collective-taken = Els dos col·lectius s’assemblen massa: canvia un dels noms.
setup-submit = Funda { $cluster }
setup-done-title = Ja està en marxa
setup-done-text = Inicia la sessió amb el nom d’usuària { $username }. T’hem enviat un correu per comprovar la teva adreça.
setup-done-second = També hem convidat { $name }: rebrà un correu per triar la contrasenya.
