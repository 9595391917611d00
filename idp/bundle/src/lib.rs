//! The newcomer's single process: idp and admin-ui together, the demo beside them.
