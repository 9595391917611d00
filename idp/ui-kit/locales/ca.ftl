# The words of the kit itself. Catalan is the reference.

kit-skip = Ves al contingut
kit-menu = Menú
kit-account = El teu compte
kit-languages = Idioma
kit-main-navigation = Navegació principal
kit-required-note = Els camps marcats amb un asterisc (*) són obligatoris.
kit-errors-title = { $n ->
    [one] Hi ha una cosa per corregir
   *[other] Hi ha { $n } coses per corregir
}
kit-next = Següent
kit-previous = Anterior
kit-pages = Pàgines
kit-search = Cerca
kit-clear-search = Treu la cerca
kit-step = Pas { $n } de { $total }
kit-step-done = fet
kit-used-of = { $used } { DE($total) }
kit-mail-from = De
kit-mail-to = Per a
kit-mail-subject = Assumpte
kit-mail-date = Data
kit-now = ara mateix
kit-on-date = { EL($date) }
kit-minutes-ago = { $n ->
    [one] fa { $n } minut
   *[other] fa { $n } minuts
}
kit-hours-ago = { $n ->
    [one] fa { $n } hora
   *[other] fa { $n } hores
}
kit-days-ago = { $n ->
    [one] fa { $n } dia
   *[other] fa { $n } dies
}
kit-minutes-in = { $n ->
    [one] d’aquí a { $n } minut
   *[other] d’aquí a { $n } minuts
}
kit-hours-in = { $n ->
    [one] d’aquí a { $n } hora
   *[other] d’aquí a { $n } hores
}
kit-days-in = { $n ->
    [one] d’aquí a { $n } dia
   *[other] d’aquí a { $n } dies
}
