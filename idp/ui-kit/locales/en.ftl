kit-skip = Skip to the content
kit-menu = Menu
kit-account = Your account
kit-languages = Language
kit-main-navigation = Main navigation
kit-required-note = Fields marked with an asterisk (*) are required.
kit-errors-title = { $n ->
    [one] There is one thing to put right
   *[other] There are { $n } things to put right
}
kit-next = Next
kit-previous = Previous
kit-pages = Pages
kit-search = Search
kit-clear-search = Clear the search
kit-step = Step { $n } of { $total }
kit-step-done = done
kit-used-of = { $used } of { $total }
kit-mail-from = From
kit-mail-to = To
kit-mail-subject = Subject
kit-mail-date = Date
kit-now = just now
kit-on-date = on { $date }
kit-minutes-ago = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
kit-hours-ago = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
kit-days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
kit-minutes-in = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
kit-hours-in = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
kit-days-in = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}
