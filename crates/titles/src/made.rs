//! A title on its way out.

use potok_fns::xml::Writer;

/// An element of a title that is being made.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) children: Vec<Made>,
    pub(crate) text: Option<String>,
    /// Whether anything in it was said by somebody: what is always the same makes no element worth writing.
    pub(crate) said: bool,
}

impl Made {
    /// The bytes of the document.
    pub(crate) fn write(&self, mut writer: Writer) -> Result<Vec<u8>, char> {
        self.element(&mut writer)?;
        Ok(writer.finish())
    }

    fn element(&self, writer: &mut Writer) -> Result<(), char> {
        writer.open(self.name);
        for (name, value) in &self.attributes {
            writer.attribute(name, value)?;
        }
        if let Some(text) = &self.text {
            return writer.close_with_text(text);
        }
        self.children.iter().try_for_each(|child| child.element(writer))?;
        writer.close();
        Ok(())
    }

    /// Whether anything inside is so.
    pub(crate) fn any(&self, is_so: &impl Fn(&Self) -> bool) -> bool {
        is_so(self) || self.children.iter().any(|child| child.any(is_so))
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
