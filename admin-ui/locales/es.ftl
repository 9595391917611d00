# General
app-name = Aplec · mesa de gestión
back = Vuelve atrás
menu-collectives = Tus colectivos
menu-portal = Mi cuenta
menu-sign-out = Cierra la sesión
nav-overview = Resumen
nav-requests = Solicitudes
nav-people = Personas
nav-services = Servicios
nav-audit = Registro
nav-settings = Colectivo

# Choosing a collective
collectives-title = Tus colectivos
collectives-lede = Elige el colectivo del que quieres ocuparte ahora.
collectives-nothing-waits = No hay nada pendiente.
collectives-waiting = { $n ->
    [one] { $n } solicitud espera
   *[other] { $n } solicitudes esperan
}
nothing-title = No eres gestora de ningún colectivo
nothing-lede = { $person }, este espacio es para las gestoras de los colectivos.
nothing-text = Si te han propuesto como gestora, primero tienes que aceptar el encargo desde tu cuenta. Si no, pídelo a una gestora de tu colectivo.
nothing-portal = Ir a tu cuenta
nothing-steward = Formas parte del equipo común. Esta mesa solo muestra los colectivos de los que eres gestora.

# Overview
overview-lede = Qué espera, quién está y qué hay que mirar.
overview-requests = Solicitudes que esperan
overview-oldest = La más antigua: { $since }
overview-people = Miembros activas
overview-managers = Gestoras
overview-one-manager-title = Os conviene otra gestora
overview-one-manager = { $collective } tiene menos de dos gestoras. Si la única no está, nadie podrá validar ni ayudar a la gente.
overview-queue = Las que más tiempo llevan esperando
overview-all-requests = Todas las solicitudes
overview-members-by-state = Miembros según su estado
overview-all-people = Todas las personas

# States, roles, kinds
state-requested = solicitada
state-invited = invitada
state-active = activa
state-suspended = en pausa
state-lapsed = caducada
state-ended = terminada
state-refused = denegada
states-requested = Solicitadas
states-invited = Invitadas
states-active = Activas
states-suspended = En pausa
states-lapsed = Caducadas
states-ended = Terminadas
states-refused = Denegadas
role-manager = gestora
role-coordinator = coordinadora
role-service-manager = gestora de un servicio
kind-join = Quiere ser miembro
kind-access = Pide un servicio
kind-support = Pide ayuda
kind-recovery = No puede entrar
service-role-admin = administra
service-role-editor = edita
service-role-member = miembro
service-role-viewer = solo lee
service-role-moderator = modera
door-open = abierta
door-expired = ha vencido
door-membership-not-active = cerrada: no es miembro activa
door-offer-withdrawn = cerrada: el servicio ya no se ofrece
door-collective-not-active = cerrada: el colectivo no está activo
door-service-not-active = cerrada: el servicio está parado
door-person-not-active = cerrada: la cuenta no está activa

# The queue
queue-title = Solicitudes
queue-lede = Quién espera una respuesta de { $collective }, de la más antigua a la más nueva. Cualquier gestora puede responder.
queue-kinds = Tipo de solicitud
queue-all = Todas
queue-empty-title = No espera nadie
queue-empty-text = Cuando alguien pida entrar, un servicio o ayuda, aparecerá aquí y recibiréis un correo.
request-asks = Qué pide
request-addresses = Correo verificado
request-address-domain = una dirección de { $domain }
request-no-address = ninguno
request-since = Espera desde
request-from = Viene de otro colectivo
request-rerouted-from = viene de { $collective }
request-no-text = No ha escrito ningún mensaje.
request-decided-accepted = Esta solicitud ya tiene respuesta: aceptada.
request-decided-refused = Esta solicitud ya tiene respuesta: denegada.
request-decided-withdrawn = Esta solicitud ya no espera respuesta: se ha retirado.
request-look-join = Revisa y valida
request-look-access = Revisa y abre la puerta
request-look-help = Revisa
request-refuse = Deniega la solicitud
request-reroute = Pásala a otro colectivo
request-otherwise = Si no es para vosotras
person-username = Nombre de usuaria

accept-title = Respuesta
accept-detail = Las puertas marcadas se abren enseguida, en nombre de { $collective }.
accept-access-detail = La puerta se abre enseguida, en nombre de { $collective }.
accept-terms = Rol, espacio y fecha para { $service }
accept-fresh-sign-in = Recibirá un solo correo de bienvenida. Los servicios nuevos se ven al volver a entrar.
accept-join-button = Valida a { $person } en { $collective }
accept-access-button = Abre la puerta a { $person } en nombre de { $collective }
accept-help-button = Ya está resuelto: { $person }, { $collective }
refuse-title = Denegar
refuse-heading = Deniega la solicitud de { $person } en { $collective }
refuse-reason = Por qué
refuse-reason-hint = La persona lo leerá tal como lo escribas.
refuse-button = Deniega la solicitud de { $person } en { $collective }
reroute-title = Pasar a otro colectivo
reroute-heading = Pasa la solicitud de { $person } a otro colectivo
reroute-lede = Equivocarse de colectivo es lo más normal del mundo. La persona no tendrá que volver a escribir nada.
reroute-search = Busca un colectivo
reroute-to = Colectivo
reroute-button = Pasa la solicitud que { $person } hizo a { $collective }
reroute-none-title = Ningún colectivo
reroute-none-text = Prueba con otra parte del nombre.
reroute-note = Aquí solo aparecen los colectivos que han querido estar en la lista. A los demás se entra con su enlace.

# People
people-title = Personas
people-lede = Quién es miembro de { $collective }.
people-search = Busca por nombre, nombre de usuaria o correo
people-states = Estado
people-all = Todas
people-empty-title = Todavía no hay nadie
people-empty-text = Invita a alguien o comparte el enlace del colectivo.
people-none-yet = Todavía no hay nadie.
people-none-title = No se ha encontrado a nadie
people-none-text = Prueba con otra parte del nombre o mira todos los estados.
people-note = Solo se ve a la gente de este colectivo.
people-count = { $n ->
    [one] { $n } persona
   *[other] { $n } personas
}
people-doors = { $n ->
    [0] ninguna puerta abierta
    [one] { $n } puerta abierta
   *[other] { $n } puertas abiertas
}
member-until = hasta el { $date }
member-title = Miembro de { $collective }
member-title-requested = Quiere ser miembro de { $collective }
member-title-invited = Invitada a { $collective }
member-since = Desde
member-ends = Hasta
member-email = Correo
member-email-unseen = no lo puedes ver
member-language = Idioma
member-home = colectivo de referencia
member-pending = todavía no ha entrado nunca
member-request-title = La solicitud
member-request-text = Ha pedido entrar y todavía espera una respuesta.
member-looked = Esta persona puede ver que has mirado su ficha.
doors-title = Puertas
doors-detail = Los accesos que { $collective } ha abierto a esta persona.
doors-service = Servicio
doors-terms = Condiciones
doors-no-terms = las del servicio
doors-state = Estado
doors-actions = Acciones
doors-change = Cambia { $service }
doors-close = Cierra { $service }
doors-none-title = Ninguna puerta abierta
doors-none-text = { $collective } no ha abierto ningún servicio a esta persona.
doors-others = Aquí solo están las puertas que ha abierto { $collective }. Otros colectivos pueden haber abierto las suyas.
told-title = Qué saben los servicios
told-detail = Los cambios de los últimos 30 días en las puertas que ha abierto { $collective }.
told-since = Cambio
told-state = Qué ha sido de él
told-confirmed = El servicio lo ha confirmado: { $at }.
told-waiting = Se está avisando al servicio.
told-trying-again = El servicio aún no ha respondido y lo volvemos a probar. Último intento: { $at }.
told-given-up = El servicio no ha respondido nunca y ya no lo probamos: { $at }. La sesión que tenga abierta dura hasta que el servicio la termine.
told-cannot-be-told = A este servicio no se le puede avisar: el acceso termina allí cuando termine su sesión.
offers-title = Abrir una puerta
offers-detail = Servicios que { $collective } puede abrir a esta persona.
offers-open = Abre { $service }
acts-title = La pertenencia
acts-detail = Solo afecta a la relación de { $person } con { $collective }: ni la cuenta ni los demás colectivos.

# Acts on a membership
reason-label = Motivo
reason-hint = Opcional. La persona lo puede leer y queda en el registro.
suspend-title = Pausa
suspend-heading = Pausa a { $person } en { $collective }
suspend-button = Pausa a { $person } en { $collective }
suspend-text = Esto cierra las puertas que ha abierto { $collective }; otros colectivos pueden haber abierto las suyas. La cuenta de { $person } continúa y lo puedes deshacer cuando quieras.
suspend-doors = Se cerrarán estas puertas
resume-title = Reactiva
resume-heading = Reactiva a { $person } en { $collective }
resume-button = Reactiva a { $person } en { $collective }
resume-text = { $person } vuelve a ser miembro activa de { $collective } y se abren de nuevo las puertas que tenía.
resume-doors = Se volverán a abrir estas puertas
end-title = Termina
end-heading = Termina la pertenencia de { $person } a { $collective }
end-button = Termina la pertenencia de { $person } a { $collective }
end-text = Esto cierra las puertas que ha abierto { $collective }; otros colectivos pueden haber abierto las suyas. Para volver, { $person } tendrá que pedirlo o tendréis que invitarla. La cuenta y los datos en los servicios no se borran.
end-doors = Se cerrarán estas puertas
uninvite-title = Retirar la invitación
uninvite-heading = Retira la invitación de { $collective } a { $person }
uninvite-button = Retira la invitación de { $collective } a { $person }
uninvite-text = { $person } ya no la podrá aceptar. Podéis volver a invitar a la misma dirección cuando queráis.
uninvite-doors = Se cerrarán estas puertas

# The mail that leads in, again
resend-invitation-section = La invitación
resend-invitation-detail = Todavía no la ha respondido. Los correos se pierden: se la puedes volver a enviar.
resend-invitation-heading = Vuelve a enviar la invitación a { $person }
resend-invitation-button = Vuelve a enviar la invitación de { $collective }
resend-invitation-text = { $person } recibirá otro correo de { $collective } con un enlace que funciona treinta días. Se puede enviar hasta tres veces al día.
resend-welcome-section = La bienvenida
resend-welcome-detail = Hace poco que es miembro. Si el correo de bienvenida se ha perdido, se lo puedes volver a enviar.
resend-welcome-heading = Vuelve a enviar la bienvenida a { $person }
resend-welcome-button = Vuelve a enviar la bienvenida de { $collective }
resend-welcome-text = { $person } recibirá otro correo de { $collective } que explica cómo entrar. Se puede enviar hasta tres veces al día.

# Managing the collective together
management-title = Gestión
management-propose = Si lo acepta, { $person } llevará { $collective } contigo. Conviene que haya al menos dos gestoras.
management-take-back = { $person } está propuesta como gestora de { $collective } desde el { $since }. Todavía tiene que aceptarlo.
management-end-mandate = { $person } es gestora de { $collective } desde el { $since }.
management-resign = Eres gestora de { $collective } desde el { $since }.
propose-title = Proponer una gestora
propose-heading = Propón a { $person } como gestora de { $collective }
propose-button = Propón a { $person } como gestora de { $collective }
propose-text = Recibirá un correo y lo decidirá en su espacio personal; mientras no lo acepte no cambia nada. Como gestora de { $collective } podrá hacer lo mismo que tú: validar personas, abrir y cerrar puertas y proponer a otras gestoras.
take-back-title = Retirar la propuesta
take-back-heading = Retira la propuesta hecha a { $person }
take-back-button = Retira la propuesta de { $collective } a { $person }
take-back-text = { $person } ya no podrá aceptarla. Sigue siendo miembro de { $collective } con las mismas puertas.
end-mandate-title = Terminar un encargo
end-mandate-heading = Termina el encargo de { $person } como gestora de { $collective }
end-mandate-button = Termina el encargo de { $person } en { $collective }
end-mandate-text = { $person } dejará de ser gestora de { $collective } ahora mismo. Sigue siendo miembro con las mismas puertas, y se avisa a los servicios del cambio.
resign-title = Dejar de ser gestora
resign-heading = Deja de ser gestora de { $collective }
resign-button = Deja de ser gestora de { $collective }
resign-text = Ya no podrás validar ni ayudar a la gente de { $collective } desde esta mesa. Sigues siendo miembro con las mismas puertas.
resigned-title = El encargo ha terminado
resigned-text = Gracias por el trabajo hecho. Sigues siendo miembro del colectivo.
step-up-note = Es un paso delicado: si hace más de cinco minutos que has entrado, te volveremos a pedir la contraseña.

# Doors
terms-role = Rol
terms-quota = Espacio
terms-quota-hint = Por ejemplo «5 GB». Vacío: el que da el servicio.
terms-quota-ceiling = Por ejemplo «5 GB»; como máximo { $most }. Vacío: el que da el servicio.
terms-ends-at = Último día
terms-ends-at-hint = Vacío: sin fecha de final.
terms-until = hasta el { $date }
open-title = Abrir una puerta
open-heading = Abre { $service } a { $person }
open-lede = En nombre de { $collective }.
open-button = Abre { $service } a { $person } en nombre de { $collective }
change-title = Cambiar una puerta
change-heading = Cambia { $service } para { $person }
change-lede = Solo la puerta que ha abierto { $collective }.
change-button = Guarda los cambios de { $person } en { $service } ({ $collective })
change-now = Ahora: { $terms }. Lo que no habías tocado ya sale así en el formulario.
close-title = Cerrar una puerta
close-heading = Cierra { $service } a { $person }
close-text = Esto cierra la puerta que ha abierto { $collective } a { $service }; otros colectivos pueden haber abierto la suya. { $person } sigue siendo miembro de { $collective }.
close-button = Cierra { $service } a { $person } en nombre de { $collective }

# What an act did
effect-closed-being-told = { $service }: la puerta está cerrada y se avisa al servicio para que cierre la sesión.
effect-closed-cannot-be-told = { $service }: la puerta está cerrada, pero la sesión que tenga abierta sigue hasta que el servicio la termine.
effect-closed-no-session = { $service }: la puerta está cerrada; no tenía ninguna sesión abierta desde aquí.
effect-told = { $service }: se avisa al servicio del cambio.
effect-later = { $service }: verá el cambio cuando la persona vuelva a entrar.
effect-more = { $n ->
    [one] Y un servicio más
   *[other] Y { $n } servicios más
}
effect-tokens = Esto cierra lo que ha abierto este colectivo; otros pueden haber abierto sus puertas. En un servicio que no nos pregunta cada vez, un acceso ya dado deja de valer
effect-sign-in-again = Los accesos nuevos se ven cuando la persona vuelve a entrar.
done-accept-join = { $person } ya es miembro de { $what }.
done-accept = Solicitud de { $person } resuelta en { $what }.
done-refuse = Se ha denegado la solicitud de { $person } en { $what }. Podrá leer el motivo.
done-reroute = La solicitud de { $person } ya está en el otro colectivo.
done-suspend = { $person } está en pausa en { $what }.
done-resume = { $person } vuelve a ser miembro activa de { $what }.
done-end = { $person } ya no es miembro de { $what }.
done-uninvite = Se ha retirado la invitación de { $what } a { $person }.
done-open = { $what } está abierto para { $person }.
done-change = Se han guardado los cambios de { $person } en { $what }.
done-close = { $what }: la puerta de { $person } está cerrada.
done-invite = Se ha enviado la invitación de { $what } a { $person }.
done-propose = { $person } ha recibido la propuesta de ser gestora de { $what }. Falta que la acepte.
done-take-back = Se ha retirado la propuesta hecha a { $person }.
done-end-mandate = { $person } ya no es gestora de { $what }.
done-resign = Ya no eres gestora de { $what }.
done-resend = Se ha vuelto a enviar el correo de { $what } a { $person }.
done-settings = Se han guardado los cambios de { $what }.

# Inviting
invite-action = Invita a alguien
invite-title = Invitar
invite-heading = Invita a alguien a { $collective }
invite-lede = Recibirá un correo con un enlace y decidirá si lo acepta. Si ya tiene cuenta, podrá usarla.
invite-email = Correo electrónico
invite-name = Nombre
invite-name-hint = Opcional: cómo la nombra el correo.
invite-language = Idioma del correo
invite-button = Envía la invitación de { $collective }
join-link-title = El enlace del colectivo
join-link-text = Quien entre podrá pedir ser miembro. Lo recibiréis en las solicitudes.

# Services
services-title = Servicios
services-lede = Los servicios que { $collective } puede abrir a su gente.
services-note = Ser miembro no significa tener un servicio: cada puerta la abre una gestora.
services-none-title = Ningún servicio
services-none-text = Todavía no se ha ofrecido ningún servicio a este colectivo. Hablad con el equipo común.
services-roles = Roles
services-default-role = { $role } (por defecto)
services-ceiling = Espacio máximo por persona
services-new-members = Miembros nuevas
services-automatic = lo tienen desde que son validadas
services-by-hand = una gestora lo decide para cada una
services-doors = Puertas abiertas
services-visit = Ir al servicio
offer-active = disponible
offer-service-paused = servicio parado
offer-withdrawn = ya no se ofrece

# Record
audit-title = Registro
audit-lede = Todo lo que ha pasado en { $collective }, de lo más nuevo a lo más antiguo.
audit-when = Cuándo
audit-what = Qué
audit-whom = Sobre quién
audit-who = Quién lo ha hecho
audit-somebody = una persona
audit-operator = operaciones, desde el servidor
audit-system = el programa
audit-none-title = Todavía no ha pasado nada
audit-none-text = Aquí quedará todo lo que hagan las gestoras.
audit-note = Cada persona puede leer lo que se ha hecho sobre ella.
fact-person-registered = Se ha registrado
fact-person-email-verified = Ha verificado el correo
fact-person-activated = La cuenta está activa
fact-person-language-changed = Ha cambiado de lengua
fact-person-profile-changed = Se han cambiado sus datos
fact-person-viewed = Se ha mirado la ficha
fact-credential-password-set = Se ha puesto una contraseña
fact-collective-founded = Se ha fundado el colectivo
fact-collective-edited = Se ha cambiado el colectivo
fact-request-join = Pide ser miembro
fact-request-access = Pide un servicio
fact-request-accepted = Solicitud aceptada
fact-request-refused = Solicitud denegada
fact-request-withdrawn = Solicitud retirada por quien la hizo
fact-request-rerouted = Solicitud pasada a otro colectivo
fact-membership-activated = Es miembro
fact-membership-suspended = En pausa
fact-membership-resumed = Vuelve a ser miembro activa
fact-membership-extended = Se ha alargado hasta otra fecha
fact-membership-made-home = Es su colectivo de referencia
fact-membership-working-groups-joined = Ha entrado en grupos de trabajo
fact-membership-lapsed = Ha caducado
fact-membership-ended = Ya no es miembro
fact-membership-invited = Invitada
fact-membership-invitation-resent = Se ha vuelto a enviar el correo para entrar
fact-mandate-proposed = Propuesta como gestora
fact-mandate-accepted = Ha aceptado el encargo
fact-mandate-ended = Ha terminado el encargo
fact-offer-made = Servicio ofrecido al colectivo
fact-offer-edited = Ha cambiado lo que se ofrece
fact-grant-given = Puerta abierta
fact-grant-changed = Puerta cambiada
fact-grant-withdrawn = Puerta cerrada

# The collective
settings-title = { $collective }
settings-name = Nombre
settings-language = Idioma de los correos
settings-language-hint = Para quien no ha elegido ninguno.
settings-listed = Aparece en la lista pública de colectivos
settings-is-listed = sale en la lista pública
settings-is-not-listed = no sale en la lista pública
settings-listed-hint = Si no, se entra con el enlace.
settings-button = Guarda los cambios de { $collective }
settings-slug = Los servicios conocen este colectivo como «{ $slug }»; esto no cambia aunque cambies el nombre.

# A form shown again
draft-invalid = Hay algo que corregir. Lo que has escrito sigue aquí.
draft-signed-in-again = Has vuelto a entrar y lo que habías escrito sigue aquí. Repásalo y vuelve a enviarlo.
draft-stale = El formulario era antiguo. Lo que has escrito sigue aquí: repásalo y vuelve a enviarlo.
draft-changed = Mientras tanto alguien ha hecho un cambio. Mira cómo está ahora y, si hace falta, vuelve a enviarlo.
draft-too-many = Has ido muy deprisa y esto no se ha enviado. Lo que has escrito sigue aquí: espera un minuto y vuelve a enviarlo.
draft-unavailable = El servidor de cuentas no responde. Vuelve a enviarlo dentro de un rato.
kept-title = Lo que has escrito no se ha perdido
kept-text = No cierres esta página antes de haberlo vuelto a enviar.
kept-long-title = Es demasiado largo para guardarlo mientras vuelves a entrar
kept-long-text = La sesión se ha terminado. Lo que has escrito está aquí abajo: no cierres esta página, entra en otra pestaña y luego vuelve a enviarlo.
kept-sign-in = Entra en otra pestaña y luego vuelve aquí
kept-send = Vuelve a enviarlo
field-empty = No puede quedar vacío.
field-too-long = Es demasiado largo.
field-control-characters = Hay caracteres que no se pueden mostrar.
field-invalid = Esto no es válido.
field-unknown = Esto no existe.
field-not-offered = El colectivo no lo tiene disponible.
field-above-ceiling = Es más de lo que puede dar el colectivo.
field-in-the-past = Tiene que ser una fecha futura.
field-quota = Escríbelo así: 5 GB.
field-date = Escríbelo así: 2026-03-31.
field-choose = Elige uno.

# Errors
error-home = Ir al inicio
error-look-again = Míralo otra vez
error-sign-in-again = Vuelve a entrar
error-instance = Si se lo cuentas a alguien, dile este código: { $id }
error-bad-request-title = No se ha entendido
error-bad-request-text = La dirección o el formulario no es como esperábamos. Vuelve atrás y prueba de nuevo.
error-cross-site-title = El formulario no viene de aquí
error-cross-site-text = No se ha hecho nada. Vuelve a la página y envíalo desde allí.
error-session-refused-title = La sesión no sirve
error-session-refused-text = Has entrado, pero el servidor no acepta la sesión. Vuelve a probar; si sigue igual, habla con el equipo común.
error-sign-in-title = No has entrado
error-sign-in-text = La entrada no se ha podido terminar, quizá porque ha pasado demasiado tiempo o era de otra pestaña.
error-forbidden-title = Esto no te toca a ti
error-forbidden-text = Lo puede hacer otra gestora o el equipo común.
error-not-found-title = Aquí no hay nada
error-not-found-text = Puede que la dirección esté mal escrita, que ya no exista o que no sea de tu colectivo.
error-conflict-title = Ahora no se puede hacer
error-conflict-text = Las cosas han cambiado: quizá alguien ya lo ha hecho.
error-changed-title = Alguien lo ha cambiado
error-changed-text = Mientras lo mirabas, otra persona ha hecho un cambio. No se ha hecho nada de lo que pedías.
error-too-large-title = Es demasiado largo
error-too-large-text = Acorta el texto y vuelve a enviarlo.
error-too-many-title = Un poco demasiado deprisa
error-too-many-text = Has pedido muchas cosas en poco tiempo. Espera un minuto y vuelve a intentarlo.
error-unavailable-title = Ahora mismo no llegamos
error-unavailable-text = El servidor de cuentas no responde. No se ha perdido nada: vuelve a probar dentro de un rato.
error-unexpected-title = Algo ha fallado
error-unexpected-text = No es culpa tuya. Vuelve a probar; si continúa, avisa al equipo común.
code-own-membership = Nadie decide sobre sí misma: pídelo a otra gestora o, si no hay ninguna más, al equipo común.
code-last-manager = Es la última gestora del colectivo. Primero otra persona tiene que aceptar el encargo.
code-already-decided = Esta solicitud ya tiene respuesta.
code-already-open = El colectivo ya tiene abierta esta puerta.
code-already-member = Ya es miembro del colectivo.
code-already-manager = Ya es gestora del colectivo.
code-already-proposed = Ya se lo habéis propuesto y todavía no ha respondido.
code-too-many-invitations = Hoy ya se ha invitado a bastantes personas desde aquí. Vuelve a probar mañana.
code-too-many-mails = Hoy ya se le ha enviado bastantes veces. Dile que mire el correo no deseado o vuelve a probar mañana.
code-no-address = No tiene ninguna dirección de correo adonde enviarlo.
code-wrong-state = Su estado ha cambiado y ahora no se puede hacer. Mira cómo está.
code-address-not-verified = Todavía no ha verificado el correo. Cuando lo haga podrás responder.
code-account-not-open = La cuenta está parada o se cierra. Habla con el equipo común.
code-membership-not-active = Ahora no es miembro activa: primero hay que reanudar la pertenencia.
code-not-asked-for = La solicitud pide otra cosa.
code-not-a-join-request = Solo se pueden pasar las solicitudes de quien quiere ser miembro.
code-unknown-target = Ese colectivo no puede recibir la solicitud. Elige otro de la lista.
code-already-asked = Ya lo ha pedido: responde a su solicitud.
code-not-offered = El colectivo ya no tiene disponible este servicio.
code-service-not-active = El servicio está parado.
code-access-denied = No se ha dado permiso para entrar.
signed-out-title = Has salido
signed-out-text = Hasta pronto.
signed-out-again = Vuelve a entrar
