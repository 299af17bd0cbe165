//! Parquet: CSV's columns, typed.

use crate::render::fields::{FIELDS, Field, rows};
use crate::report::{LoopReport, Report};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::{self, Write};
use std::sync::Arc;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // The writer wants to be sent about, which a terminal's lock does not allow; a table of loops fits memory.
    let bytes = table(report).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn table(report: &Report) -> Result<Vec<u8>, ParquetError> {
    let rows = rows(report);
    let properties = WriterProperties::builder().set_created_by("loopscope".to_owned()).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema()?, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (_, field) in FIELDS {
        let column = rows.iter().map(field).collect();
        if let Some(mut to) = group.next_column()? {
            fill(&mut to, column)?;
            to.close()?;
        }
    }
    group.close()?;
    writer.into_inner()
}

/// The type of a field is the type of anything in it.
fn schema() -> Result<TypePtr, ParquetError> {
    let columns = FIELDS.iter().map(|(name, field)| {
        let unsigned = LogicalType::integer(64, false);
        let (physical, logical) = match field(&LoopReport::default()) {
            Field::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Field::Number(_) => (Physical::INT64, Some(unsigned)),
            Field::Real(_) => (Physical::DOUBLE, None),
        };
        let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        column.with_logical_type(logical).build().map(Arc::new)
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("loops").with_fields(columns).build()?))
}

fn fill(to: &mut SerializedColumnWriter<'_>, column: Vec<Field>) -> Result<(), ParquetError> {
    let (mut texts, mut numbers, mut reals) = (Vec::new(), Vec::new(), Vec::new());
    let levels: Vec<i16> = column.iter().map(|field| i16::from(is_there(field))).collect();
    let kind = column.first().cloned();
    for field in column {
        match field {
            Field::Text(text) => texts.push(ByteArray::from(text.into_bytes())),
            // Unsigned by its logical type: the bits are what counts.
            Field::Number(number) => numbers.extend(number.map(|number| number as i64)),
            Field::Real(real) => reals.extend(real),
        }
    }
    match kind {
        Some(Field::Text(_)) => to.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?,
        Some(Field::Number(_)) => to.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?,
        Some(Field::Real(_)) => to.typed::<DoubleType>().write_batch(&reals, Some(&levels), None)?,
        None => 0,
    };
    Ok(())
}

fn is_there(field: &Field) -> bool {
    !matches!(field, Field::Number(None) | Field::Real(None))
}
