//! A small real relying service that shows the claims it received and why.
