continue-title = Continúa hacia el servicio
continue-button = Continuar
