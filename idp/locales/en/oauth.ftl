continue-title = On to the service
continue-button = Continue
