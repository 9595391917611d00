//! What leaves the process: the real worker, the real database, real sockets, and a clock that moves when told.

mod logout;
