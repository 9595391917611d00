continue-title = Continua cap al servei
continue-button = Continua
