kit-skip = Ir al contenido
kit-menu = Menú
kit-account = Tu cuenta
kit-languages = Idioma
kit-main-navigation = Navegación principal
kit-required-note = Los campos marcados con un asterisco (*) son obligatorios.
kit-errors-title = { $n ->
    [one] Hay una cosa que corregir
   *[other] Hay { $n } cosas que corregir
}
kit-next = Siguiente
kit-previous = Anterior
kit-pages = Páginas
kit-search = Buscar
kit-clear-search = Quitar la búsqueda
kit-step = Paso { $n } de { $total }
kit-step-done = hecho
kit-used-of = { $used } de { $total }
kit-mail-from = De
kit-mail-to = Para
kit-mail-subject = Asunto
kit-mail-date = Fecha
kit-now = ahora mismo
kit-on-date = el { $date }
kit-minutes-ago = { $n ->
    [one] hace { $n } minuto
   *[other] hace { $n } minutos
}
kit-hours-ago = { $n ->
    [one] hace { $n } hora
   *[other] hace { $n } horas
}
kit-days-ago = { $n ->
    [one] hace { $n } día
   *[other] hace { $n } días
}
kit-minutes-in = { $n ->
    [one] dentro de { $n } minuto
   *[other] dentro de { $n } minutos
}
kit-hours-in = { $n ->
    [one] dentro de { $n } hora
   *[other] dentro de { $n } horas
}
kit-days-in = { $n ->
    [one] dentro de { $n } día
   *[other] dentro de { $n } días
}
