# Los correos.

mail-greeting = Hola, { $name }:
mail-button-hint = Si el botón no funciona, copia esta dirección en el navegador:
mail-until = El enlace funciona hasta el { $when }.
mail-username = Tu nombre de usuaria es { $username }.

mail-verify-subject = Confirma tu dirección para { $cluster }
mail-verify-text = Alguien, esperamos que tú, ha dado esta dirección para entrar en { $cluster }. Confirma que es tuya.
mail-verify-button = Confirmar la dirección
mail-verify-ignore = Si no has sido tú, no hace falta que hagas nada: sin confirmación no se abrirá ninguna cuenta.

mail-welcome-subject = Te damos la bienvenida a { $collective }
mail-welcome-text = Una gestora de { $collective } te ha validado: tu cuenta ya funciona.
mail-welcome-button = Entrar
mail-welcome-services = Ya tienes abiertas estas puertas:
mail-welcome-no-services = De momento no tienes ningún servicio abierto; pídelos a las gestoras de tu colectivo.
mail-welcome-managers = Si necesitas ayuda, habla con { $managers }.

mail-request-subject = { $applicant } espera respuesta en { $collective }
mail-request-join = { $applicant } pide entrar en { $collective }.
mail-request-access = { $applicant } pide acceso a { $service } a través de { $collective }.
mail-request-button = Abrir las solicitudes
mail-request-any-manager = Lo han recibido todas las gestoras; basta con que responda una.

mail-refused-subject = Respuesta de { $collective } a tu solicitud
mail-refused-join = { $collective } no ha aceptado tu solicitud para entrar.
mail-refused-access = { $collective } no ha aceptado tu solicitud de acceso a { $service }.
mail-refused-reason = El motivo:
mail-refused-talk = Si crees que es un error, habla con { $collective }; puedes volver a pedirlo.
mail-refused-username = Tu nombre de usuaria vuelve a estar libre. Puedes seguir iniciando sesión con tu dirección electrónica; cuando vuelvas a pedir entrar en un colectivo, elegirás un nombre de usuaria.

mail-freed-subject = Tu nombre de usuaria en { $cluster } vuelve a estar libre
mail-freed-text = La invitación que esperaba tu respuesta ya no está, y ahora ningún colectivo responde por tu cuenta en { $cluster }.

mail-granted-subject = Ya tienes acceso a { $service }
mail-granted-text = { $collective } te ha abierto la puerta de { $service }.
mail-granted-button = Entrar en { $service }
mail-granted-again = Si ya tenías la sesión abierta, sal y vuelve a entrar para que se note.

mail-invitation-subject = { $collective } te invita
mail-invitation-text = { $collective } te ha abierto una cuenta en { $cluster }. Elige una contraseña y ya podrás entrar.
mail-invitation-button = Elegir una contraseña
mail-invitation-ignore = Si no conoces este colectivo, no hace falta que hagas nada.

mail-invited-text = { $collective } te invita a formar parte. Ya tienes una cuenta en { $cluster }: inicia sesión como siempre y, en tu cuenta, acepta o rechaza la invitación.
mail-invited-button = Ver la invitación

mail-already-subject = Ya tienes una cuenta en { $cluster }
mail-already-text = Alguien, quizá tú, ha intentado registrarse en { $cluster } con esta dirección, que ya tiene una cuenta.
mail-already-button = Iniciar sesión
mail-already-ignore = Si no has sido tú, no hace falta que hagas nada: nadie ha entrado en tu cuenta.

mail-mandate-subject = ¿Quieres ser gestora de { $collective }?
mail-mandate-text = Te han propuesto como gestora de { $collective }.
mail-mandate-duties = Las gestoras validan a las personas, deciden a qué servicios entran y son quienes primero las ayudan.
mail-mandate-button = Mira la propuesta
mail-mandate-free = Tú decides: si no la aceptas, no cambia nada y sigues siendo miembro de { $collective }.

mail-password-subject = Se ha cambiado tu contraseña de { $cluster }
mail-password-text = La contraseña de tu cuenta en { $cluster } se ha cambiado: { $when }.
mail-password-not-you = ¿No has sido tú? Entra y cierra las sesiones que no reconozcas. Si la contraseña que sabes ya no entra, avisa enseguida a las gestoras de tu colectivo.
mail-password-button = Ver tus sesiones
mail-password-managers = Te pueden ayudar: { $managers }.
mail-password-ignore = Si has sido tú, no hace falta que hagas nada.

mailbox-title = Buzón local
mailbox-detail = Los correos que se habrían enviado si hubiera un servidor de correo. Solo se ve en esta máquina.
mailbox-line = para { $to }, { $when }
mailbox-empty-title = Todavía no hay ningún correo
mailbox-empty-text = Aquí aparecerán, por ejemplo, los enlaces para confirmar una dirección.
mailbox-back = Todos los correos
