# Lo que dicen las páginas. El femenino es el genérico.

# --- común
page-sign-in = Iniciar sesión
page-sign-out = Salir
page-my-account = Mi cuenta

# --- campos que se repiten
field-name-empty = Escribe un nombre.
field-name-long = El nombre es demasiado largo: 120 caracteres como máximo.
field-name-control = El nombre contiene signos que no se pueden mostrar.
field-username-short = El nombre de usuaria tiene 3 caracteres como mínimo.
field-username-long = El nombre de usuaria tiene 30 caracteres como máximo.
field-username-characters = Usa solo letras sin acentos, cifras y, en medio, puntos, guiones o guiones bajos.
field-username-reserved = Este nombre está reservado. Elige otro.
field-username-taken = Alguien ya tiene este nombre. Elige otro.
field-email-invalid = Escribe una dirección completa, como laia@ejemplo.cat.
field-password-short = Es demasiado corta: hacen falta 15 caracteres como mínimo. Una frase que recuerdes es una buena contraseña.
field-password-long = La contraseña tiene 128 caracteres como máximo.
field-password-guessable = Esta contraseña es demasiado fácil de adivinar. Prueba con cuatro palabras que no vayan juntas.
field-password-again = Escribe otra vez la contraseña: por seguridad no la guardamos en el formulario.
field-text-long = El texto es demasiado largo: 2.000 caracteres como máximo.
field-text-control = El texto contiene signos que no se pueden mostrar.

# --- inicio
home-title = Una sola puerta a los servicios de tu colectivo
home-text = { $cluster } es de las personas y los colectivos que lo forman. Con una sola cuenta llegas a los servicios que tu colectivo te ha abierto.
home-join = Pedir entrar en un colectivo

# --- inicio de sesión
login-title = Iniciar sesión
login-to-service = para ir a { $service }
login-identifier = Nombre de usuaria o dirección de correo
login-password = Contraseña
login-own-device = Este dispositivo es mío
login-own-device-hint = La sesión se mantendrá abierta más tiempo. No lo marques en un ordenador compartido.
login-submit = Entrar
login-wrong-title = No has podido entrar
login-wrong = El nombre y la contraseña no coinciden. Compruébalos y vuelve a intentarlo.
login-throttled = Ha habido demasiados intentos seguidos. Podrás volver a intentarlo { $when }.
login-throttled-soon = Ha habido demasiados intentos seguidos. Espera unos segundos y vuelve a intentarlo.
login-not-allowed = Ahora mismo no se puede entrar con esta cuenta. Si te acabas de registrar, abre primero el enlace del correo que te hemos enviado; si no, habla con una gestora de tu colectivo.
login-new = ¿Aún no tienes cuenta?
login-join = Pide entrar en un colectivo
login-forgotten = ¿Has perdido la contraseña? Pide ayuda a una gestora de tu colectivo.

# --- elegir cuenta
choose-title = ¿Con qué cuenta?
choose-to-service = para ir a { $service }
choose-other = Entrar con otra cuenta

# --- consentimiento
consent-title = { $service } quiere saber quién eres
consent-text = Si estás de acuerdo, { $service } recibirá esto de tu cuenta:
consent-owner = Quién lo cuida
consent-host = Adónde va la respuesta
consent-person = Tu cuenta
consent-scope-openid = Un identificador tuyo para este servicio
consent-scope-profile = Tu nombre, tu nombre de usuaria y tu idioma
consent-scope-email = Tu dirección de correo
consent-scope-groups = Tus grupos que tienen que ver con este servicio
consent-scope-collectives = Todos los colectivos de los que eres miembro y qué haces en ellos
consent-scope-services = Todos los servicios en los que puedes entrar
consent-scope-offline_access = Poder pedir estos datos también cuando no estés
consent-scope-manage = Actuar en tu nombre en la mesa de las gestoras
consent-agree = Estoy de acuerdo
consent-refuse = No, volver atrás
consent-note = Lo recordaremos y no te lo volveremos a preguntar, a no ser que pida más cosas.

# --- sin acceso
no-access-title = No tienes acceso a { $service }
no-access-title-plain = Ahora no puedes entrar
no-access-ask-text = Una gestora de tu colectivo te puede abrir esta puerta.
no-access-nobody = Ninguno de tus colectivos tiene este servicio. Háblalo con las gestoras, por si quieren pedirlo.
no-access-no-membership = Ahora mismo no eres miembro activa de ningún colectivo con este servicio.
no-access-resting = Tu pertenencia está en pausa o ha caducado, y por eso la puerta está cerrada. Háblalo con las gestoras: ellas pueden volver a abrirla.
no-access-managers = Las gestoras de { $collective }
no-access-managers-none = Ahora mismo { $collective } no tiene ninguna gestora activa.
no-access-paused = Este servicio está en pausa. Vuelve a intentarlo más tarde.
no-access-disabled = Este servicio está desactivado.
no-access-mandate = La mesa es para las gestoras de los colectivos. Si tienes que serlo, acepta el encargo en tu cuenta o habla con las otras gestoras.
no-access-person = Tu cuenta aún no está activa: una gestora tiene que validar tu solicitud.
no-access-outside = Tu cuenta aún no está activa, porque no eres de ningún colectivo. Pide entrar en uno y, cuando una gestora te valide, vuelve a entrar en el servicio.
no-access-which = ¿A qué colectivo lo pides?
no-access-text = ¿Para qué lo quieres?
no-access-text-hint = Dos líneas ayudan a la gestora a decidir. No es obligatorio.
no-access-submit = Pedir el acceso
no-access-asked = Solicitud enviada a { $collective } { $when }. Te avisaremos por correo; cuando te digan que sí, vuelve a entrar en el servicio.
no-access-sent-title = Solicitud enviada
no-access-back = Volver al servicio
no-access-choose = Elige uno de tus colectivos.
no-access-already = Ya tienes acceso a este servicio. Vuelve a entrar.
no-access-too-many = Hoy ya has pedido muchas cosas. Vuelve a intentarlo mañana.

# --- registro
join-title = ¿De qué colectivo eres?
join-text = Cada colectivo valida a su gente. Si tienes el enlace del tuyo, úsalo: llegarás directamente.
join-search = Buscar un colectivo
join-empty-title = No hemos encontrado ninguno
join-empty-text = Hay colectivos que no aparecen en esta lista: pídeles el enlace.
join-none-text = De momento ningún colectivo aparece en la lista. Pide el enlace al tuyo.
join-have-account = ¿Ya tienes cuenta?
join-step-form = Quién eres
join-step-mail = Tu correo
join-step-validation = La validación
join-form-title = Entra en { $collective }
join-form-text = Una gestora de { $collective } leerá la solicitud y te validará.
join-field-name = ¿Cómo quieres que te llamemos?
join-field-name-hint = Puede ser un seudónimo.
join-field-username = Nombre de usuaria
join-field-username-hint = Para iniciar sesión. Solo letras sin acentos, cifras, puntos y guiones; después cuesta cambiarlo.
join-field-email = Dirección de correo
join-field-email-hint = Te enviaremos un enlace para comprobar que es tuya.
join-field-password = Contraseña
join-field-password-hint = 15 caracteres o más: una frase que recuerdes. Puedes usar espacios y acentos.
join-field-text = ¿Quién eres?
join-field-text-hint = Dos líneas para que la gestora te reconozca. Solo lo leerán las gestoras de { $collective }.
join-submit = Enviar la solicitud
join-wrong-collective = ¿No es este? Elige otro colectivo
join-mail-title = Mira tu correo
join-mail-text = Hemos enviado un mensaje a { $address }. Ábrelo y sigue el enlace para continuar.
join-mail-hint = El enlace sirve 24 horas. Si no lo encuentras, mira la carpeta de correo no deseado; si la dirección está mal escrita, vuelve a empezar.
join-mail-again = Volver a empezar

# --- comprobar la dirección
verify-title = Confirma tu dirección
verify-text = Confirma que { $address } es tuya y que has pedido esto:
verify-text-plain = Confirma que { $address } es tuya.
verify-collective = Colectivo
verify-password-text = Elige ahora la contraseña con la que iniciarás sesión. Sustituye a la que se haya escrito al enviar la solicitud.
verify-submit = Sí, es mi dirección
verify-not-me = ¿No has sido tú? Cierra esta página: sin tu sí no pasa nada.
verify-done-title = Dirección confirmada
verify-done-text = A partir de ahora la puedes usar para iniciar sesión.
verify-already-title = Esta dirección ya está confirmada
verify-already-text = No tienes que hacer nada más aquí: ya puedes iniciar sesión.
verify-taken-title = Esta dirección ya es de otra cuenta
verify-taken-text = Hay una cuenta que ya entra con esta dirección. Inicia sesión con esa cuenta.
waiting-title = Ahora toca esperar un poco
waiting-text = { $collective } ha recibido tu solicitud. Cuando una gestora te valide, te avisaremos por correo.
waiting-text-plain = La dirección ya es tuya. Ahora pide entrar en un colectivo.
waiting-managers = Si tienes prisa, puedes hablar con { $names }.
waiting-account = Mientras tanto, mira tu cuenta

# --- activar la cuenta
welcome-title = Te damos la bienvenida
welcome-text = { $collective } te ha creado una cuenta. Solo falta que elijas una contraseña.
welcome-text-plain = Solo falta que elijas una contraseña.
welcome-name = Nombre
welcome-username = Nombre de usuaria
welcome-submit = Guardar la contraseña
welcome-done-title = La cuenta ya es tuya
welcome-done-text = Inicia sesión con el nombre de usuaria { $username } y la contraseña que acabas de elegir.

# --- la cuenta
account-nav-services = Servicios
account-nav-collectives = Colectivos
account-nav-security = Seguridad e idioma
account-services-title = Hola, { $name }
account-services-text = Estos son los servicios en los que puedes entrar.
account-services-empty-title = Aún no tienes ningún servicio
account-services-empty-text = Cuando una gestora te abra uno, lo encontrarás aquí.
account-via = abierto por { $name }
account-quota = { $quota }
account-closed-title = También puedes pedir
account-closed-text = Servicios que tienen tus colectivos.
account-ask = Pedir { $service }
account-waiting = Pedido
account-to-answer = { $n ->
    [one] Hay una cosa que espera tu respuesta
   *[other] Hay { $n } cosas que esperan tu respuesta
}
account-awaiting = Tu cuenta espera que una gestora la valide. Te avisaremos por correo.
account-outside = Aún no eres de ningún colectivo. Pide entrar en uno: una gestora leerá la solicitud y te responderá.
account-collectives-title = Tus colectivos
account-collectives-empty-title = No eres miembro de ningún colectivo
account-collectives-empty-text = Los servicios llegan siempre a través de un colectivo.
account-collectives-join = Pedir entrar en otro
account-membership-requested = en espera
account-membership-invited = invitada
account-membership-active = activa
account-membership-suspended = en pausa
account-membership-lapsed = caducada
account-membership-ended = terminada
account-membership-refused = no aceptada
account-membership-home = colectivo de referencia
account-role-manager = gestora
account-role-coordinator = coordinadora
account-role-service_manager = gestora de { $service }
account-role-community_steward = equipo común: comunidad
account-role-operations_steward = equipo común: operaciones
account-membership-since = Miembro desde el { $date }
account-membership-until = hasta el { $date }
account-membership-managers = Gestoras: { $names }
account-invitation-title = { $collective } te invita a ser miembro
account-invitation-text = Si aceptas, sus gestoras podrán abrirte servicios y verán tu nombre y tu dirección.
account-invitation-accept = Aceptar la invitación de { $collective }
account-invitation-decline = No, gracias
account-mandate-title = Te proponen un encargo en { $collective }
account-mandate-text-manager = Serás gestora de { $collective }: validarás a personas, abrirás y cerrarás servicios y darás el primer apoyo. Todo lo que hagas queda escrito.
account-mandate-text-coordinator = Coordinarás un grupo de trabajo de { $collective }.
account-mandate-text-service_manager = Serás gestora de { $service } en nombre de { $collective }: podrás admitir a personas.
account-mandate-text-community_steward = Serás del equipo común, en la mesa de la comunidad: colectivos y el apoyo que llega de ellos.
account-mandate-text-operations_steward = Serás del equipo común, en operaciones: servicios, claves y tareas. No leerás datos de personas.
account-mandate-accept = Aceptar el encargo en { $collective }
account-mandate-decline = Ahora no
account-requests-title = Lo que has pedido
account-request-join = Entrar en { $collective }
account-request-access = { $service }, en { $collective }
account-request-support = Ayuda de { $collective }
account-request-column = Qué
account-request-when = Cuándo
account-request-state = Respuesta
account-request-act = Acción
account-request-open = en espera
account-request-accepted = aceptada
account-request-refused = no aceptada
account-request-withdrawn = retirada
account-request-reason = Motivo: { $reason }
account-request-withdraw = Retirar la solicitud
account-security-title = Seguridad e idioma
account-facts = Tu cuenta
account-fact-name = Nombre
account-fact-username = Nombre de usuaria
account-fact-email = Dirección de correo
account-fact-email-none = Ninguna
account-password-title = Cambiar la contraseña
account-password-current = Contraseña actual
account-password-new = Contraseña nueva
account-password-elsewhere = Cerrar las otras sesiones
account-password-elsewhere-hint = Hazlo si sospechas que alguien más la sabe.
account-password-submit = Cambiar la contraseña
account-password-wrong = Esta no es la contraseña actual.
account-password-done = La contraseña ha cambiado.
account-sessions-title = Sesiones abiertas
account-sessions-text = Si no reconoces alguna, ciérrala y cambia la contraseña.
account-session-here = este navegador
account-session-elsewhere = otro navegador
account-session-browser = Dónde
account-session-column = Abierta
account-session-used = Usada
account-session-end = Cierra esta sesión
account-session-end-label = Cierra la sesión abierta { $when }
account-session-ended = La sesión está cerrada y lo estamos diciendo a los servicios.
account-language-title = Idioma
account-language-field = Idioma de las páginas y de los correos
account-language-submit = Guardar el idioma
account-language-done = Desde ahora te hablaremos en castellano.
account-desk = La mesa de las gestoras
account-accepted = Ya lo has aceptado.
account-declined = De acuerdo: no has aceptado.
account-withdrawn = Has retirado la solicitud.
account-ask-title = Pedir { $service }
account-gone = Esto ya no está: quizá alguien lo ha cambiado mientras tanto.

# --- qué se ha hecho con la cuenta
account-nav-record = Registro
account-record-title = Qué se ha hecho con tu cuenta
account-record-text = Quién ha hecho qué, cuándo y por qué: también quién ha mirado tu ficha.
account-record-note = Una gestora que mira tu ficha más de una vez el mismo día sale una sola vez. Cuando inicias sesión no queda escrito aquí.
account-record-empty-title = Todavía no ha pasado nada
account-record-empty-text = Cuando alguien haga algo con tu cuenta, lo leerás aquí.
account-record-what = Qué
account-record-where = Dónde
account-record-who = Quién
account-record-when = Cuándo
account-record-reason = Motivo:
account-record-newest = Lo más nuevo
account-record-older = Más antiguo
account-record-oneself = tú
account-record-manager = { $name }, de { $collective }
account-record-erased = una persona que ya no tiene cuenta
account-record-operator = operaciones, desde el servidor
account-record-system = el programa
account-record-other = Algo que esta página todavía no sabe explicar
account-did-person-registered = Se ha creado la cuenta
account-did-person-email-verified = Se ha confirmado tu dirección
account-did-person-activated = La cuenta ha quedado activa
account-did-person-language-changed = Se ha cambiado el idioma
account-did-person-profile-changed = Se han cambiado tus datos
account-did-person-viewed = Se ha mirado tu ficha
account-did-credential-password-set = Se ha puesto una contraseña nueva
account-did-request-join = Solicitud para ser miembro
account-did-request-access = Solicitud de un servicio
account-did-request-accepted = Se ha aceptado tu solicitud
account-did-request-refused = No se ha aceptado tu solicitud
account-did-request-withdrawn = Se ha retirado tu solicitud
account-did-request-rerouted = Tu solicitud ha pasado a { $collective }
account-did-membership-activated = Has pasado a ser miembro
account-did-membership-suspended = Tu condición de miembro ha quedado en pausa
account-did-membership-resumed = Vuelves a ser miembro activa
account-did-membership-extended = Se ha cambiado hasta cuándo eres miembro
account-did-membership-made-home = Es tu colectivo de referencia
account-did-membership-working-groups-joined = Has entrado en grupos de trabajo
account-did-membership-lapsed = Tu condición de miembro ha caducado
account-did-membership-ended = Has dejado de ser miembro
account-did-membership-invited = Te han invitado a ser miembro
account-did-membership-invitation-resent = Se ha vuelto a enviar el correo para entrar
account-did-mandate-proposed = Te han propuesto un encargo
account-did-mandate-accepted = Se ha aceptado el encargo
account-did-mandate-ended = Se ha terminado el encargo
account-did-grant-given = Se ha abierto la puerta de un servicio
account-did-grant-changed = Ha cambiado lo que puedes hacer en un servicio
account-did-grant-withdrawn = Se ha cerrado la puerta de un servicio
account-did-consent-given = Has aceptado qué puede saber de ti un servicio
account-did-session-ended = Se ha cerrado una sesión tuya

# --- salir
logout-title = ¿Quieres salir?
logout-text = Se cerrará la sesión de { $name } en este navegador, y los servicios en los que has entrado lo sabrán.
logout-asked = Te lo pide { $service }.
logout-submit = Salir
logout-stay = Quedarme
signed-out-title = Has salido
signed-out-text = La sesión de este navegador está cerrada. Algunos servicios pueden tardar un poco en darse cuenta.

# --- respuesta al servicio
continue-title = Vuelves al servicio
continue-button = Continuar

# --- poner en marcha
setup-title = Empecemos
setup-text = Este enlace sirve una sola vez: funda los primeros colectivos y tu cuenta, que será del equipo común. Una segunda persona lo compartirá contigo.
setup-you = Tú
setup-name = Tu nombre
setup-username = Nombre de usuaria
setup-email = Dirección de correo
setup-password = Contraseña
setup-first = Tu colectivo
setup-first-hint = El que te conoce y responde por ti.
setup-collective-name = Nombre del colectivo
setup-collective-name-hint = Tal como lo llama la gente.
setup-second = La segunda persona
setup-second-text = Invita a alguien de otro colectivo: así el poder no está en una sola mano. Lo puedes dejar para después.
setup-second-collective = Su colectivo
setup-second-name = Su nombre
setup-second-email = Su dirección de correo
setup-second-incomplete = Rellena los tres campos de la segunda persona, o déjalos todos vacíos.
setup-second-same = Tiene que ser una dirección distinta de la tuya.
setup-collective-invalid = Con este nombre no sale ningún identificador: tiene que tener letras o cifras.
setup-collective-taken = Los dos colectivos se parecen demasiado: cambia uno de los nombres.
setup-submit = Fundar { $cluster }
setup-done-title = Ya está en marcha
setup-done-text = Inicia sesión con el nombre de usuaria { $username }. Te hemos enviado un correo para comprobar tu dirección.
setup-done-second = También hemos invitado a { $name }: recibirá un correo para elegir la contraseña.
