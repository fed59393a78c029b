//! Values that keep their rules, made up.

use super::{Least, Number, Rule, Simple};

impl Rule {
    /// A value that keeps the rule: `name` is what it is called, `number` sets it apart from others.
    pub(crate) fn sample(&self, name: &str, number: usize, pick: &mut dyn FnMut(usize) -> usize) -> String {
        let filled =
            |length: usize| format!("{number:0>length$}").chars().rev().take(length).collect::<String>();
        let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
        // Letters that XML and windows-1251 have to be careful with.
        let word = || format!("{name} № {number} <\"Ё\" & ₽>");
        match self {
            Self::Any => word(),
            Self::Simple(Simple::Text(most)) => cut(word(), *most),
            Self::Simple(Simple::Exactly(length)) => filled(*length),
            Self::Simple(Simple::InnOrganization) => format!("99{:0>8}", number % 100_000_000),
            Self::Simple(Simple::InnPerson) => format!("99{:0>10}", number % 100_000_000),
            Self::Simple(Simple::Kpp) => format!("9901{}001", ["01", "AZ", "5F"][pick(3)]),
            Self::Simple(Simple::KppHexadecimal) => format!("9901{}001", ["01", "5F"][pick(2)]),
            Self::Simple(Simple::Constant(constant)) => (*constant).to_owned(),
            Self::Simple(_) => format!("2BM-{number:0>10}"),
            Self::Between(least, most) => {
                let text = cut(word(), *most);
                let missing = least.saturating_sub(text.chars().count());
                text + &"x".repeat(missing)
            }
            Self::Digits(lengths) => filled(lengths[pick(lengths.len())]),
            Self::Guid => format!("0a6e4c1e-93d2-4f5e-8b1c-{number:0>12}"),
            Self::Date => format!("{:02}.{:02}.{}", 1 + number % 28, 1 + pick(12), 2020 + pick(8)),
            Self::Clock => format!("{:02}:{:02}:00", pick(24), pick(60)),
            Self::Time => format!("{:02}.{:02}.{:02}", pick(24), pick(60), number % 60),
            Self::Moment => {
                format!("{:02}.{:02}.{} 07.{:02}.00", 1 + number % 28, 1 + pick(12), 2020 + pick(8), pick(60))
            }
            Self::Decimal(number_rule) => number_rule.sample(number, pick),
            Self::OneOf(values) => values[pick(values.len())].to_owned(),
            Self::Map(map) => map.0[pick(map.0.len())].0.to_owned(),
            Self::Shape(classifier) | Self::Code(classifier) => {
                let codes = classifier.sorted();
                codes[pick(codes.len())].to_owned()
            }
            // No digit makes a better day or hour than a one.
            Self::Like(pictures) => pictures[pick(pictures.len())].replace('9', "1"),
            Self::Part(_) => "Лебедева Анна Павловна".to_owned(),
        }
    }
}

impl Number {
    fn sample(&self, number: usize, pick: &mut dyn FnMut(usize) -> usize) -> String {
        let whole =
            (1 + number) % 10_usize.pow(u32::try_from((self.total - self.fraction).min(6)).unwrap_or(1));
        let whole = whole.max(1);
        let sign = if self.least == Least::None && pick(4) == 1 { "-" } else { "" };
        match self.fraction {
            0 => format!("{sign}{whole}"),
            _ if self.written > 0 => format!("{sign}{whole}.{:02}", pick(100)),
            fraction => {
                let digits: String =
                    format!("{:0>11}", number + pick(9)).chars().rev().take(fraction).collect();
                format!("{sign}{whole}.{digits}")
            }
        }
    }
}
