use std::task::Poll;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::task::JoinHandle;

use super::{
    super::{Database, Transaction},
    *,
};

const PATIENCE: Duration = Duration::from_millis(50);

fn file() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let made = Connection::open(file.path()).expect("opens");
    made.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT NOT NULL)").expect("creates");
    file
}

fn open(file: &tempfile::NamedTempFile, role: Role, most: u32) -> Database {
    Database::sqlite(file.path(), role, most, PATIENCE).expect("opens")
}

fn note(text: &str) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, "INSERT INTO notes (text) VALUES (?)", [text.into()])
}

async fn notes(on: &impl ConnectionTrait) -> Vec<String> {
    let rows = on.query_all_raw(Statement::from_string(DbBackend::Sqlite, "SELECT text FROM notes ORDER BY text")).await.expect("asks");
    rows.iter().map(|row| row.try_get("", "text").expect("a text")).collect()
}

async fn began(database: &Database) -> Transaction {
    database.begin().await.expect("begins")
}

#[tokio::test]
async fn what_is_committed_stays_and_what_is_taken_back_or_dropped_does_not() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let kept = began(&database).await;
    assert_eq!(kept.execute_raw(note("kept")).await.expect("writes").rows_affected(), 1);
    assert_eq!(notes(&kept).await, ["kept"]);
    kept.commit().await.expect("commits");
    let taken_back = began(&database).await;
    taken_back.execute_raw(note("taken back")).await.expect("writes");
    taken_back.rollback().await.expect("rolls back");
    let dropped = began(&database).await;
    dropped.execute_raw(note("dropped")).await.expect("writes");
    drop(dropped);
    let again = began(&database).await;
    again.execute_raw(note("later")).await.expect("writes");
    again.commit().await.expect("commits");
    assert_eq!(notes(&database).await, ["kept", "later"]);
}

#[tokio::test]
async fn a_commit_nobody_waits_for_is_done_all_the_same() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let transaction = began(&database).await;
    transaction.execute_raw(note("kept")).await.expect("writes");
    let mut commit = Box::pin(transaction.commit());
    let polled = std::future::poll_fn(|context| Poll::Ready(commit.as_mut().poll(context).is_ready())).await;
    assert!(!polled, "a commit is done elsewhere");
    drop(commit);
    // the only connection: whoever asks next waits until it is free
    assert_eq!(notes(&database).await, ["kept"]);
}

/// A transaction that is done and waits for its commit, and one that queued behind it and is open.
async fn queued(database: &Database) -> (JoinHandle<Result<(), DbErr>>, Transaction) {
    let first = began(database).await;
    first.execute_raw(note("first")).await.expect("writes");
    let behind = database.clone();
    let mut begin = Box::pin(async move { behind.begin().await });
    assert!(std::future::poll_fn(|context| Poll::Ready(begin.as_mut().poll(context).is_pending())).await, "there is one writer");
    let done = tokio::spawn(first.commit());
    let second = begin.await.expect("begins");
    second.execute_raw(note("second")).await.expect("writes");
    (done, second)
}

#[tokio::test]
async fn those_who_queue_share_a_commit_and_are_told_when_it_is_done() {
    let file = file();
    let (database, reader) = (open(&file, Role::Writer, 1), open(&file, Role::Reader, 1));
    let (first, second) = queued(&database).await;
    assert!(!first.is_finished(), "not on the disk yet");
    assert_eq!(notes(&reader).await, Vec::<String>::new());
    assert_eq!(notes(&second).await, ["first", "second"]);
    second.commit().await.expect("commits");
    first.await.expect("runs").expect("commits");
    assert_eq!(notes(&reader).await, ["first", "second"]);
}

#[tokio::test]
async fn what_one_drops_leaves_the_work_of_those_before() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let (first, second) = queued(&database).await;
    drop(second);
    first.await.expect("runs").expect("commits");
    assert_eq!(notes(&database).await, ["first"]);
}

#[tokio::test]
async fn who_takes_back_waits_until_what_they_saw_is_kept() {
    let file = file();
    let (database, reader) = (open(&file, Role::Writer, 1), open(&file, Role::Reader, 1));
    let (first, second) = queued(&database).await;
    second.rollback().await.expect("rolls back");
    assert_eq!(notes(&reader).await, ["first"]);
    first.await.expect("runs").expect("commits");
}

#[tokio::test]
async fn who_saw_what_was_never_kept_is_told() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let (first, second) = queued(&database).await;
    second.execute_unprepared("INSERT OR ROLLBACK INTO notes (text) VALUES (NULL)").await.expect_err("taken back as on a full disk");
    second.rollback().await.expect_err("what it saw is gone");
    first.await.expect("runs").expect_err("nothing was kept");
}

#[tokio::test]
async fn a_transaction_nobody_waits_for_any_more_is_taken_back() {
    let file = file();
    let patient = || Database::sqlite(file.path(), Role::Writer, 1, Duration::from_secs(30)).expect("opens");
    let (database, another) = (patient(), patient());
    let held = began(&another).await;
    let waiting = database.clone();
    let mut begin = Box::pin(async move { waiting.begin().await });
    assert!(std::future::poll_fn(|context| Poll::Ready(begin.as_mut().poll(context).is_pending())).await, "waits for the lock");
    drop(begin);
    held.commit().await.expect("commits");
    drop(database.begin().await.expect("begins once the other has given up"));
    drop(another.begin().await.expect("nobody holds the lock"));
}

#[tokio::test]
async fn when_everything_is_taken_back_nobody_is_told_it_was_kept() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let (first, second) = queued(&database).await;
    second.execute_unprepared("INSERT OR ROLLBACK INTO notes (text) VALUES (NULL)").await.expect_err("taken back as on a full disk");
    second.commit().await.expect_err("nothing to commit");
    first.await.expect("runs").expect_err("nothing was kept");
    assert_eq!(notes(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_commit_that_fails_keeps_nothing_and_everybody_is_told() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let late = "CREATE UNIQUE INDEX by_text ON notes (text);
        CREATE TABLE late (note TEXT REFERENCES notes (text) DEFERRABLE INITIALLY DEFERRED)";
    database.execute_unprepared(late).await.expect("creates");
    let (first, second) = queued(&database).await;
    second.execute_unprepared("INSERT INTO late VALUES ('nobody')").await.expect("checked at the commit");
    second.commit().await.expect_err("refused");
    first.await.expect("runs").expect_err("refused");
    assert_eq!(notes(&database).await, Vec::<String>::new());
    let again = began(&database).await;
    again.execute_raw(note("later")).await.expect("writes");
    again.commit().await.expect("commits");
    assert_eq!(notes(&database).await, ["later"]);
}

#[tokio::test]
async fn a_statement_that_fails_leaves_its_transaction_open() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let transaction = began(&database).await;
    transaction.execute_raw(note("before")).await.expect("writes");
    let wrong = transaction.execute_unprepared("INSERT INTO notes (text) VALUES (NULL)").await;
    assert!(matches!(wrong, Err(DbErr::Exec(RuntimeErr::Internal(_)))), "{wrong:?}");
    transaction.commit().await.expect("commits");
    assert_eq!(notes(&database).await, ["before"]);
}

#[tokio::test]
async fn nothing_is_done_outside_a_transaction_that_was_taken_back() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let transaction = began(&database).await;
    transaction.execute_unprepared("INSERT OR ROLLBACK INTO notes (text) VALUES (NULL)").await.expect_err("taken back as on a full disk");
    transaction.execute_raw(note("alone")).await.expect_err("refused");
    transaction.commit().await.expect_err("nothing to commit");
    assert_eq!(notes(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_finds_no_connection_waits_and_is_then_told() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    let held = began(&database).await;
    let waited = database.execute_unprepared("SELECT 1").await;
    assert!(matches!(waited, Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))), "{waited:?}");
    held.commit().await.expect("commits");
    database.execute_unprepared("SELECT 1").await.expect("answers");
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_for() {
    let file = file();
    let (database, another) = (open(&file, Role::Writer, 1), open(&file, Role::Writer, 1));
    let held = began(&another).await;
    held.execute_raw(note("first")).await.expect("writes");
    let second = database.clone();
    let waiting = tokio::spawn(async move { second.begin().await });
    tokio::task::yield_now().await;
    held.commit().await.expect("commits");
    let second = waiting.await.expect("runs").expect("begins");
    second.execute_raw(note("second")).await.expect("writes");
    second.commit().await.expect("commits");
    assert_eq!(notes(&database).await, ["first", "second"]);
}

#[tokio::test]
async fn a_reader_sees_what_is_committed_and_changes_nothing() {
    let file = file();
    let (writer, reader) = (open(&file, Role::Writer, 1), open(&file, Role::Reader, 2));
    let transaction = began(&writer).await;
    transaction.execute_raw(note("new")).await.expect("writes");
    assert_eq!(notes(&reader).await, Vec::<String>::new());
    transaction.commit().await.expect("commits");
    assert_eq!(notes(&reader).await, ["new"]);
    reader.execute_raw(note("refused")).await.expect_err("may only look");
    assert_eq!(notes(&reader).await, ["new"]);
}

#[tokio::test]
async fn a_closed_file_says_so() {
    let file = file();
    let database = open(&file, Role::Reader, 2);
    database.close().await.expect("closes");
    let asked = database.execute_unprepared("SELECT 1").await;
    assert!(matches!(asked, Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))), "{asked:?}");
}

#[tokio::test]
async fn a_value_is_read_as_what_its_column_holds() {
    let file = file();
    let database = open(&file, Role::Writer, 1);
    database.execute_unprepared("CREATE TABLE things (id uuid_text, count bigint, name text, bytes blob)").await.expect("creates");
    let id = uuid::Uuid::from_u128(7);
    let values = [id.into(), 5_i64.into(), "Col·lectiu".into(), vec![1_u8; 16].into()];
    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, "INSERT INTO things VALUES (?, ?, ?, ?) RETURNING *", values);
    let row = database.query_one_raw(insert).await.expect("writes").expect("returns");
    assert_eq!(row.try_get::<uuid::Uuid>("", "id").expect("an identifier"), id);
    assert_eq!(row.try_get::<i64>("", "count").expect("a number"), 5);
    assert_eq!(row.try_get::<String>("", "name").expect("a text"), "Col·lectiu");
    assert_eq!(row.try_get::<Vec<u8>>("", "bytes").expect("bytes"), [1; 16]);
    database.execute_unprepared("UPDATE things SET id = NULL, count = NULL, name = NULL, bytes = NULL").await.expect("empties");
    let row = database.query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT * FROM things")).await.expect("asks").expect("one");
    assert_eq!(row.try_get::<Option<uuid::Uuid>>("", "id").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<i64>>("", "count").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<String>>("", "name").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<Vec<u8>>>("", "bytes").expect("nothing"), None);
}

#[tokio::test]
async fn what_could_be_misread_is_refused() {
    let file = file();
    let database = open(&file, Role::Reader, 1);
    for sql in ["SELECT x'00' AS bytes_of_an_expression", "SELECT 1 AS same, 2 AS same"] {
        assert!(database.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.is_err(), "{sql}");
    }
}

#[test]
fn what_passes_by_itself_is_told_from_what_is_broken() {
    for code in [5, 517, 13, 778, 14] {
        assert!(passes_by_itself(code), "{code}");
    }
    for code in [1, 11, 19, 2067] {
        assert!(!passes_by_itself(code), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_lose_nothing() {
    let file = file();
    let database = Database::sqlite(file.path(), Role::Writer, 1, Duration::from_secs(30)).expect("opens");
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let database = database.clone();
            tokio::spawn(async move {
                for round in 0..10 {
                    let transaction = began(&database).await;
                    transaction.execute_raw(note(&format!("{number:02} {round}"))).await.expect("writes");
                    if number % 4 == 0 {
                        drop(transaction);
                    } else {
                        transaction.commit().await.expect("commits");
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("runs");
    }
    let kept: Vec<String> =
        (0..20).filter(|number| number % 4 != 0).flat_map(|n| (0..10).map(move |round| format!("{n:02} {round}"))).collect();
    assert_eq!(notes(&database).await, kept);
}
