//! Codes over rows: what a row says is used only when it was written with the passphrase.
//!
//! The code of a row covers the name of its table and every column with its name, whatever the order of a query. Bytes that are
//! found by their hash, certificates and issuers, need none.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Params, Row, Statement, params_from_iter};

use crate::store::{StoreError, StoreKey};
use certroll_base::mac::Mac;

/// A result of the database around a result of the domain.
pub(super) type QueryResult<T> = rusqlite::Result<Result<T, StoreError>>;

/// The tables whose rows carry a code.
pub(super) const TABLES: [&str; 10] = [
    "certificate",
    "certificate_chain",
    "held_key",
    "installation",
    "open_intent",
    "authority",
    "crl",
    "in_force",
    "service",
    "crl_publication",
];

/// The column that holds it.
const CODE: &str = "code";
/// What the number of a row is called in a query.
const NUMBER: &str = "row_number";

/// Checks the rows of one query, which must ask for all columns of its table.
pub(super) struct SealCheck<'k> {
    key: Option<&'k StoreKey>,
    table: &'static str,
    /// Names and places of the columns, by name.
    columns: Vec<(String, usize)>,
    code: usize,
}

impl<'k> SealCheck<'k> {
    /// For the rows of that statement; without a key, as a reader is without the passphrase, every row passes.
    pub(super) fn of(
        statement: &Statement<'_>,
        table: &'static str,
        key: Option<&'k StoreKey>,
    ) -> rusqlite::Result<Self> {
        let names = statement.column_names();
        let code = if key.is_some() { statement.column_index(CODE)? } else { 0 };
        let mut columns: Vec<_> = names.into_iter().map(str::to_owned).zip(0..).collect();
        columns.retain(|(name, _)| name != CODE && name != NUMBER);
        columns.sort();
        Ok(Self { key, table, columns, code })
    }

    /// Whether the row is as it was written.
    pub(super) fn check(&self, row: &Row<'_>) -> QueryResult<()> {
        let Some(key) = self.key else { return Ok(Ok(())) };
        let code = row.get_ref(self.code)?;
        let found = self.code_of(key, row)?;
        Ok(if code.as_blob().is_ok_and(|code| code == found) { Ok(()) } else { Err(changed(self.table)) })
    }

    fn code_of(&self, key: &StoreKey, row: &Row<'_>) -> rusqlite::Result<Mac> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (_, at) in &self.columns {
            values.push(encoded(row.get_ref(*at)?));
        }
        let names = self.columns.iter().map(|(name, _)| name.as_str());
        Ok(code(key, self.table, names.zip(values.iter().map(Vec::as_slice))))
    }
}

fn changed(table: &str) -> StoreError {
    StoreError::Damaged(format!("a row of the table `{table}` was not written with the passphrase of this home"))
}

fn code<'a>(key: &StoreKey, table: &str, columns: impl Iterator<Item = (&'a str, &'a [u8])>) -> Mac {
    let mut parts: Vec<&[u8]> = vec![table.as_bytes()];
    columns.for_each(|(name, value)| parts.extend([name.as_bytes(), value]));
    key.code(&parts)
}

/// A value with its type: the text `1` is not the number.
fn encoded(value: ValueRef<'_>) -> Vec<u8> {
    let (kind, bytes) = match value {
        ValueRef::Null => (0, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_be_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_be_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(bytes) => (4, bytes.to_vec()),
    };
    [&[kind], bytes.as_slice()].concat()
}

/// Adds a row with its code. `or` is what the database does when the row is there already, such as `ON CONFLICT DO NOTHING`;
/// answers how many rows were written.
pub(super) fn insert(
    connection: &Connection,
    key: &StoreKey,
    table: &'static str,
    mut columns: Vec<(&'static str, Value)>,
    or: &str,
) -> rusqlite::Result<usize> {
    columns.sort_unstable_by_key(|(name, _)| *name);
    let values: Vec<_> = columns.iter().map(|(_, value)| encoded(value.into())).collect();
    let code = code(key, table, columns.iter().map(|(name, _)| *name).zip(values.iter().map(Vec::as_slice)));
    columns.push((CODE, Value::Blob(code.to_vec())));
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<_> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({}) {or}", names.join(", "), places.join(", "));
    connection.prepare_cached(&sql)?.execute(params_from_iter(columns.into_iter().map(|(_, value)| value)))
}

/// Sets columns of the rows that fit the condition, and their codes. Rows that were changed otherwise are not touched, and are an
/// error: a change must not make them look genuine. Answers how many rows were written.
pub(super) fn update(
    connection: &Connection,
    key: &StoreKey,
    table: &'static str,
    set: &[(&str, Value)],
    condition: &str,
    parameters: impl Params,
) -> QueryResult<usize> {
    let rows = match select(connection, key, table, condition, parameters)? {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let count = rows.len();
    for (rowid, mut columns) in rows {
        for (name, value) in set {
            if let Some(column) = columns.iter_mut().find(|(column, _)| column == name) {
                column.1 = value.clone();
            }
        }
        let values: Vec<_> = columns.iter().map(|(_, value)| encoded(value.into())).collect();
        let code =
            code(key, table, columns.iter().map(|(name, _)| name.as_str()).zip(values.iter().map(Vec::as_slice)));
        let assign: Vec<_> = set.iter().enumerate().map(|(at, (name, _))| format!("{name} = ?{}", at + 3)).collect();
        let sql = format!("UPDATE {table} SET {CODE} = ?2, {} WHERE rowid = ?1", assign.join(", "));
        let fixed = [Value::Integer(rowid), Value::Blob(code.to_vec())];
        let values = fixed.into_iter().chain(set.iter().map(|(_, value)| value.clone()));
        connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    }
    Ok(Ok(count))
}

/// The rows of a query over a sealed table, each checked and read.
pub(super) fn sealed<T>(
    connection: &Connection,
    key: Option<&StoreKey>,
    table: &'static str,
    rest: &str,
    parameters: impl Params,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> QueryResult<Vec<T>> {
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {table} {rest}"))?;
    let check = SealCheck::of(&statement, table, key)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        found.push(read(row)?);
    }
    Ok(Ok(found))
}

/// Gives every row a code: once, in a home that was made before there were codes.
pub(super) fn seal_all(connection: &Connection, key: &StoreKey) -> rusqlite::Result<()> {
    for table in TABLES {
        let mut statement = connection.prepare(&format!("SELECT rowid AS {NUMBER}, * FROM {table}"))?;
        let check = SealCheck::of(&statement, table, Some(key))?;
        let mut write = connection.prepare(&format!("UPDATE {table} SET {CODE} = ?2 WHERE rowid = ?1"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            write.execute((row.get::<_, i64>(NUMBER)?, check.code_of(key, row)?))?;
        }
    }
    Ok(())
}

/// Looks at every row that carries a code.
pub(super) fn check_all(connection: &Connection, key: &StoreKey) -> QueryResult<()> {
    let mut there = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    for table in TABLES {
        // A home of the version before has none of those that came since, until it is changed.
        if !there.exists([table])? {
            continue;
        }
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let check = SealCheck::of(&statement, table, Some(key))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Err(error) = check.check(row)? {
                return Ok(Err(error));
            }
        }
    }
    Ok(Ok(()))
}

/// Gives every row a code of the key that follows, once each is found to have one of the key before.
pub(super) fn seal_again(connection: &Connection, before: &StoreKey, after: &StoreKey) -> QueryResult<()> {
    match check_all(connection, before)? {
        Ok(()) => seal_all(connection, after).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// A row by its number: columns by name, the code left out.
type FoundRow = (i64, Vec<(String, Value)>);

/// The rows that fit, each checked.
fn select(
    connection: &Connection,
    key: &StoreKey,
    table: &'static str,
    condition: &str,
    parameters: impl Params,
) -> QueryResult<Vec<FoundRow>> {
    let sql = format!("SELECT rowid AS {NUMBER}, * FROM {table} WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let check = SealCheck::of(&statement, table, Some(key))?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Err(error) = check.check(row)? {
            return Ok(Err(error));
        }
        let mut columns = Vec::with_capacity(check.columns.len());
        for (name, at) in &check.columns {
            columns.push((name.clone(), row.get::<_, Value>(*at)?));
        }
        found.push((row.get(NUMBER)?, columns));
    }
    Ok(Ok(found))
}
