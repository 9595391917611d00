# Els correus. El català és la referència.

mail-greeting = Hola, { $name }:
mail-button-hint = Si el botó no funciona, copia aquesta adreça al navegador:
mail-until = L’enllaç funciona fins { AL($when) }.
mail-username = El teu nom d’usuària és { $username }.

mail-verify-subject = Confirma la teva adreça per a { $cluster }
mail-verify-text = Algú, esperem que tu, ha donat aquesta adreça per entrar a { $cluster }. Confirma que és teva.
mail-verify-button = Confirma l’adreça
mail-verify-ignore = Si no has estat tu, no cal que facis res: sense confirmació no s’obrirà cap compte.

mail-welcome-subject = Et donem la benvinguda a { $collective }
mail-welcome-text = Una gestora { DE($collective) } t’ha validat: el teu compte ja funciona.
mail-welcome-button = Entra-hi
mail-welcome-services = Ja tens obertes aquestes portes:
mail-welcome-no-services = De moment no tens cap servei obert; demana’ls a les gestores del teu col·lectiu.
mail-welcome-managers = Si necessites ajuda, parla amb { $managers }.

mail-request-subject = { $applicant } espera resposta a { $collective }
mail-request-join = { $applicant } demana entrar a { $collective }.
mail-request-access = { $applicant } demana accés a { $service } a través { DE($collective) }.
mail-request-button = Obre les sol·licituds
mail-request-any-manager = Ho han rebut totes les gestores; n’hi ha prou que respongui una.

mail-refused-subject = Resposta { DE($collective) } a la teva sol·licitud
mail-refused-join = { $collective } no ha acceptat la teva sol·licitud per entrar-hi.
mail-refused-access = { $collective } no ha acceptat la teva sol·licitud d’accés a { $service }.
mail-refused-reason = El motiu:
mail-refused-talk = Si creus que és un error, parla amb { $collective }; pots tornar-ho a demanar.
mail-refused-username = El teu nom d’usuària torna a ser lliure. Pots continuar iniciant la sessió amb la teva adreça electrònica; quan tornis a demanar entrar en un col·lectiu, triaràs un nom d’usuària.

mail-freed-subject = El teu nom d’usuària a { $cluster } torna a ser lliure
mail-freed-text = La invitació que esperava la teva resposta ja no hi és, i ara cap col·lectiu no respon pel teu compte a { $cluster }.

mail-granted-subject = Ja tens accés a { $service }
mail-granted-text = { $collective } t’ha obert la porta { DE($service) }.
mail-granted-button = Entra a { $service }
mail-granted-again = Si ja hi tenies la sessió oberta, surt i torna a entrar perquè es noti.

mail-invitation-subject = { $collective } et convida
mail-invitation-text = { $collective } t’ha obert un compte a { $cluster }. Tria una contrasenya i ja hi podràs entrar.
mail-invitation-button = Tria una contrasenya
mail-invitation-ignore = Si no coneixes aquest col·lectiu, no cal que facis res.

mail-invited-text = { $collective } et convida a ser-ne membre. Ja tens un compte a { $cluster }: inicia-hi la sessió com sempre i, al teu compte, accepta o rebutja la invitació.
mail-invited-button = Mira la invitació

mail-already-subject = Ja tens un compte a { $cluster }
mail-already-text = Algú, potser tu, ha intentat registrar-se a { $cluster } amb aquesta adreça, que ja té un compte.
mail-already-button = Inicia la sessió
mail-already-ignore = Si no has estat tu, no cal que facis res: ningú no ha entrat al teu compte.

mail-mandate-subject = Vols ser gestora { DE($collective) }?
mail-mandate-text = T’han proposat com a gestora { DE($collective) }.
mail-mandate-duties = Les gestores validen les persones, decideixen a quins serveis poden entrar i són les primeres a ajudar-les.
mail-mandate-button = Mira la proposta
mail-mandate-free = Tu decideixes: si no l’acceptes, no canvia res i continues sent membre { DE($collective) }.

mail-password-subject = La teva contrasenya a { $cluster } ha canviat
mail-password-text = La contrasenya del teu compte a { $cluster } s’ha canviat: { $when }.
mail-password-not-you = No has estat tu? Entra-hi i tanca les sessions que no reconeguis. Si la contrasenya que saps ja no hi entra, avisa de seguida les gestores del teu col·lectiu.
mail-password-button = Mira les teves sessions
mail-password-managers = Et poden ajudar: { $managers }.
mail-password-ignore = Si has estat tu, no cal que facis res.

mailbox-title = Bústia local
mailbox-detail = Els correus que s’haurien enviat si hi hagués un servidor de correu. Només es veu en aquesta màquina.
mailbox-line = per a { $to }, { $when }
mailbox-empty-title = Encara no hi ha cap correu
mailbox-empty-text = Aquí hi apareixeran, per exemple, els enllaços per confirmar una adreça.
mailbox-back = Tots els correus
