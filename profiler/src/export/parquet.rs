//! Parquet: columns of values, any of which may be missing. One row group, no compression but by dictionaries.

use crate::render::fields::{FIELDS, Field, rows};
use crate::report::Report;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::{self, Write};
use std::sync::Arc;

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    pub cells: Cells,
}

/// What is in it; nothing where nobody knows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cells {
    Text(Vec<Option<Arc<str>>>),
    Number(Vec<Option<u64>>),
    Real(Vec<Option<f64>>),
    /// Milliseconds since 1970, UTC.
    Time(Vec<Option<u64>>),
}

impl Cells {
    pub(crate) fn push(&mut self, field: Field) {
        match (self, field) {
            (Cells::Text(cells), Field::Text(text)) => cells.push(Some(text.into())),
            (Cells::Number(cells) | Cells::Time(cells), Field::Number(number)) => cells.push(number),
            (Cells::Real(cells), Field::Real(real)) => cells.push(real),
            (Cells::Text(cells), _) => cells.push(None),
            (Cells::Number(cells) | Cells::Time(cells), _) => cells.push(None),
            (Cells::Real(cells), _) => cells.push(None),
        }
    }

    /// Only the rows that are to stay.
    pub(crate) fn retain(&mut self, stays: &[bool]) {
        fn keep<T>(cells: &mut Vec<T>, stays: &[bool]) {
            let mut stays = stays.iter();
            cells.retain(|_| stays.next().copied().unwrap_or(false));
        }
        match self {
            Cells::Text(cells) => keep(cells, stays),
            Cells::Number(cells) | Cells::Time(cells) => keep(cells, stays),
            Cells::Real(cells) => keep(cells, stays),
        }
    }

    fn len(&self) -> usize {
        match self {
            Cells::Text(cells) => cells.len(),
            Cells::Number(cells) | Cells::Time(cells) => cells.len(),
            Cells::Real(cells) => cells.len(),
        }
    }
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    let column = |(name, field): &(&str, fn(&_) -> Field)| {
        let mut cells = match field(&Default::default()) {
            Field::Text(_) => Cells::Text(Vec::new()),
            Field::Number(_) => Cells::Number(Vec::new()),
            Field::Real(_) => Cells::Real(Vec::new()),
        };
        rows.iter().for_each(|row| cells.push(field(row)));
        Column { name: (*name).to_owned(), cells }
    };
    let columns: Vec<Column> = FIELDS.iter().map(column).collect();
    out.write_all(&encode(&columns)?)
}

/// Columns as a file.
pub(crate) fn encode(columns: &[Column]) -> io::Result<Vec<u8>> {
    // The writer wants to be sent about, which a terminal's lock does not allow; a table fits memory.
    table(columns).map_err(io::Error::other)
}

/// Columns of a file that [`encode`] has made, of any version of a schema.
pub(crate) fn decode(bytes: Vec<u8>, wanted: &dyn Fn(&str) -> bool) -> io::Result<Vec<Column>> {
    columns(bytes, wanted).map_err(io::Error::other)
}

fn table(columns: &[Column]) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder().set_created_by("loopscope".to_owned()).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema(columns)?, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in columns {
        if let Some(mut to) = group.next_column()? {
            fill(&mut to, &column.cells)?;
            to.close()?;
        }
    }
    group.close()?;
    writer.into_inner()
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let columns = columns.iter().map(|Column { name, cells }| {
        let (physical, logical) = match cells {
            Cells::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Cells::Number(_) => (Physical::INT64, Some(LogicalType::integer(64, false))),
            Cells::Real(_) => (Physical::DOUBLE, None),
            Cells::Time(_) => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        };
        let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        column.with_logical_type(logical).build().map(Arc::new)
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("loops").with_fields(columns).build()?))
}

fn fill(to: &mut SerializedColumnWriter<'_>, cells: &Cells) -> Result<(), ParquetError> {
    fn levels<T>(cells: &[Option<T>]) -> Vec<i16> {
        cells.iter().map(|cell| i16::from(cell.is_some())).collect()
    }
    match cells {
        Cells::Text(cells) => {
            let texts: Vec<ByteArray> = cells.iter().flatten().map(|text| ByteArray::from(&**text)).collect();
            to.typed::<ByteArrayType>().write_batch(&texts, Some(&levels(cells)), None)?;
        }
        Cells::Number(cells) | Cells::Time(cells) => {
            // Unsigned by its logical type: the bits are what counts.
            let numbers: Vec<i64> = cells.iter().flatten().map(|number| *number as i64).collect();
            to.typed::<Int64Type>().write_batch(&numbers, Some(&levels(cells)), None)?;
        }
        Cells::Real(cells) => {
            let reals: Vec<f64> = cells.iter().flatten().copied().collect();
            to.typed::<DoubleType>().write_batch(&reals, Some(&levels(cells)), None)?;
        }
    }
    Ok(())
}

fn columns(bytes: Vec<u8>, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Column>, ParquetError> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes))?;
    let about = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let mut columns = Vec::new();
    for (index, descr) in about.iter().enumerate().filter(|(_, descr)| wanted(descr.name())) {
        let mut cells = empty(descr.physical_type(), descr.logical_type_ref())?;
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group)?;
            let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            read(group.get_column_reader(index)?, rows, &mut cells)?;
        }
        columns.push(Column { name: descr.name().to_owned(), cells });
    }
    match columns.windows(2).all(|two| two[0].cells.len() == two[1].cells.len()) {
        true => Ok(columns),
        false => Err(ParquetError::General("columns of different lengths".to_owned())),
    }
}

fn empty(physical: Physical, logical: Option<&LogicalType>) -> Result<Cells, ParquetError> {
    Ok(match (physical, logical) {
        (Physical::BYTE_ARRAY, _) => Cells::Text(Vec::new()),
        (Physical::INT64, Some(LogicalType::Timestamp(_))) => Cells::Time(Vec::new()),
        (Physical::INT64, _) => Cells::Number(Vec::new()),
        (Physical::DOUBLE, _) => Cells::Real(Vec::new()),
        _ => return Err(ParquetError::General(format!("a column of type {physical}"))),
    })
}

fn read(column: ColumnReader, rows: usize, cells: &mut Cells) -> Result<(), ParquetError> {
    match (column, cells) {
        (ColumnReader::ByteArrayColumnReader(column), Cells::Text(cells)) => {
            cells.extend(values(column, rows)?.into_iter().map(|text: Option<ByteArray>| {
                text.map(|text| String::from_utf8_lossy(text.data()).as_ref().into())
            }));
        }
        (ColumnReader::Int64ColumnReader(column), Cells::Number(cells) | Cells::Time(cells)) => {
            cells.extend(
                values(column, rows)?.into_iter().map(|number| number.map(|number: i64| number as u64)),
            );
        }
        (ColumnReader::DoubleColumnReader(column), Cells::Real(cells)) => cells.extend(values(column, rows)?),
        _ => return Err(ParquetError::General("a column of another type than it says".to_owned())),
    }
    Ok(())
}

/// The values of a column, and where there are none.
fn values<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    rows: usize,
) -> Result<Vec<Option<T::T>>, ParquetError> {
    let (mut found, mut levels) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < rows {
        let (records, _, _) = column.read_records(rows - done, Some(&mut levels), None, &mut found)?;
        if records == 0 {
            break;
        }
        done += records;
    }
    let mut found = found.into_iter();
    Ok(levels.into_iter().map(|level| if level > 0 { found.next() } else { None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let columns = [
            Column {
                name: "a".to_owned(),
                cells: Cells::Text(vec![Some("x".into()), None, Some("".into())]),
            },
            Column { name: "b".to_owned(), cells: Cells::Number(vec![None, Some(u64::MAX), Some(0)]) },
            Column { name: "c".to_owned(), cells: Cells::Real(vec![Some(0.5), Some(-1.0), None]) },
            Column { name: "d".to_owned(), cells: Cells::Time(vec![Some(1_764_000_000_000), None, None]) },
        ];
        let mut read = decode(encode(&columns).unwrap(), &|_| true).unwrap();
        assert_eq!(read, columns);
        read.iter_mut().for_each(|column| column.cells.retain(&[false, true, false]));
        assert_eq!(read[1].cells, Cells::Number(vec![Some(u64::MAX)]));
        assert!(decode(b"PAR1 no".to_vec(), &|_| true).is_err() && decode(Vec::new(), &|_| true).is_err());
        let nothing = [Column { name: "a".to_owned(), cells: Cells::Number(Vec::new()) }];
        assert_eq!(decode(encode(&nothing).unwrap(), &|_| true).unwrap(), nothing);
    }
}
