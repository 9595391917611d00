// The page of response mode form_post holds one form: send it on.
document.forms[0].requestSubmit();
