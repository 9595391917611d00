//! The order to stop, heard by everything that runs.

use tokio::sync::watch;

/// Hears the order to stop. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Gives the order to stop. Dropping it gives the order too.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// The two ends of the order to stop.
pub fn channel() -> (Stopper, Stop) {
    let (send, receive) = watch::channel(false);
    (Stopper(send), Stop(receive))
}

impl Stopper {
    /// Gives the order.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the order was given.
    pub fn is_given(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
    /// Resolves when the order is given.
    pub async fn given(&mut self) {
        // an error means that nobody is left to give the order
        let _ = self.0.wait_for(|given| *given).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_order_is_heard_by_all_and_given_when_nobody_is_left_to_give_it() {
        let (stopper, mut one) = channel();
        let mut two = one.clone();
        assert!(!one.is_given());
        stopper.stop();
        one.given().await;
        two.given().await;
        assert!(two.is_given());
        let (stopper, mut orphan) = channel();
        drop(stopper);
        orphan.given().await;
        assert!(orphan.is_given());
    }
}
